"""What a caller wants, read from one utterance by weighted patterns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class Intent(StrEnum):
    """Errands first, then what belongs to any conversation."""

    CANCEL = "cancel"
    CHANGE = "change"
    NAME = "name"
    CHECKIN = "checkin"
    ETICKET = "eticket"
    CLAIM = "claim"
    PROGRESS = "progress"
    ENQUIRY = "enquiry"
    DETAILS = "details"
    HUMAN = "human"
    WHO = "who"
    CALLED = "called"
    BYE = "bye"
    REPEAT = "repeat"
    GO_ON = "go_on"
    WAIT = "wait"
    PRESENCE = "presence"
    HELP = "help"
    HOW = "how"
    HELLO = "hello"
    THANKS = "thanks"


ERRANDS = frozenset(
    {
        Intent.CANCEL,
        Intent.CHANGE,
        Intent.NAME,
        Intent.CHECKIN,
        Intent.ETICKET,
        Intent.CLAIM,
        Intent.PROGRESS,
        Intent.ENQUIRY,
        Intent.DETAILS,
        Intent.HUMAN,
    }
)

_BAG = r"(?:bags?|baggage|luggage|suitcases?|case|backpack)"
_BOOKING = r"(?:booking|reservation|trip|flight|itinerary|ticket|hotel|journey)"
_REQUEST = r"(?:refund|money|request|claim|case|complaint|correction|reimbursement)"
_GONE = (
    r"(?:lost|missing|damaged|broken|broke|ruined|torn|stolen|never (?:came|arrived|showed)|"
    r"(?:did not|didn't|has not|hasn't|have not|haven't|not) (?:come|arriv|show|turn)\w*)"
)
_MISSPELT = (
    r"(?:wrong\w*|incorrect\w*|misspel\w*|miss spel\w*|mistake|typo|error|spell(?:ed|ing)|spelt)"
)
_HUMAN = r"(?:human|person|robot|bot|machine|computer|ai|recording|real|program|assistant)"

_PATTERNS: dict[Intent, Sequence[tuple[int, str]]] = {
    Intent.CANCEL: (
        (5, r"\bcancel(?!lation)\w*|\bcall(?:ing)? (?:it|\w+ \w+) off\b"),
        (3, r"\bcancellation\b"),
        (4, r"\b(?:can't|cannot|won't|unable to|not able to|no longer|not be) (?:\w+ )?"
            r"(?:travel|fly|go|make it|flying|travelling|traveling)\b"),
        (4, r"\b(?:want|like|get|need)\b.*\b(?:money back|a refund)\b"),
    ),
    Intent.PROGRESS: (
        (6, rf"\bwhere(?:'s| is| are)\b.*\b{_REQUEST}\b"),
        (6, rf"\b(?:status|progress|news|update)\b.*\b{_REQUEST}\b"),
        (7, rf"\b(?:when|how long)\b.*\b(?:{_REQUEST}|paid back|get it back)\b"),
        (6, rf"\b{_REQUEST}\b.*\b(?:status|yet|progress|arrived?|received?|pending|come)\b"),
        (3, r"\brefund\b|\bmy request\b|\bmy claim\b"),
    ),
    Intent.CHANGE: (
        (6, r"\breschedul\w*|\brebook\w*|\bpostpon\w*|\bbring (?:\w+ ){0,3}forward"),
        (6, r"\b(?:change|move|switch|shift|push|put)\b.*\b(?:dates?|day|flights?|trip|travel|"
            r"departure|booking|reservation|it to|return|monday|tuesday|wednesday|thursday|"
            r"friday|saturday|sunday|week|back to)\b"),
        (4, r"\b(?:earlier|later|another|different|new) (?:date|day|flight|time)\b"),
        (4, r"\b(?:fly|travel|leave|go)\b.*\binstead\b"),
        (2, r"\bchange\b"),
    ),
    Intent.NAME: (
        (8, rf"\b(?:name|surname)\b.*\b{_MISSPELT}|\b{_MISSPELT}.*\b(?:name|surname)\b"),
        (8, r"\b(?:correct|fix|change|update|amend)\b.*\b(?:name|surname)\b"),
        (8, r"\bname correction\b|\bcorrection\b.*\bname\b"),
        (4, r"\b(?:got|just|been|recently) married\b|\bmaiden name\b"),
        (3, rf"\b{_MISSPELT}.*\b(?:ticket|booking)\b|\btypo\b"),
    ),
    Intent.CHECKIN: (
        (5, r"\bcheckin\b|\bcheck(?:ed|ing)? (?:me|us|him|her|them|my \w+) in\b|\bchecked in\b"),
        (5, r"\bboarding (?:pass(?:es)?|cards?)\b"),
        (4, r"\b(?:window|aisle|middle) seat\b|\bseat (?:by|on|next|near)\b|\bmy seats?\b"),
        (2, r"\bseats?\b"),
    ),
    Intent.ETICKET: (
        (6, r"\b(?:re ?send|send|mail|email|text|forward|get)\b.*"
            r"\b(?:e?tickets?|itinerary|confirmation|receipt)\b"),
        (5, r"\b(?:send|mail|email|text)\b.* (?:it|them|that|documents?|papers)\b"),
        (5, r"\betickets?\b|\bcopy of (?:my|the) (?:ticket|itinerary|booking)\b"),
        (5, r"\b(?:never|not|didn't|haven't|hasn't) (?:get|got|gotten|receive|received|have)\b.*"
            r"\b(?:tickets?|confirmation|email)\b"),
        (2, r"\btickets?\b"),
    ),
    Intent.CLAIM: (
        (7, rf"\b{_BAG}\b.*\b{_GONE}|\b{_GONE}.*\b{_BAG}\b"),
        (7, r"\bwheelchair\b|\bspecial (?:meal|assistance|needs?|request)\b|\boxygen\b"),
        (6, r"\b(?:vegetarian|vegan|halal|kosher|gluten|diabetic|lactose|hindu|jain)\b"),
        (6, r"\bflight (?:was|got|has been) (?:\w+ )?(?:delayed|late|cancel\w*)\b"),
        (6, r"\bcompensat\w*|\bmake a claim\b|\bfile a claim\b|\bcomplain\w*|\breimburse\b"),
        (4, r"\bmeals?\b|\bassistance\b|\bmedical\b|\bblind\b|\bdeaf\b|\bwalk\b|\ballerg\w*"),
        (3, r"\bclaim\b"),
    ),
    Intent.ENQUIRY: (
        (7, r"\bpolic(?:y|ies)\b|\brules?\b|\bwhat happens if\b|\bwhat if\b|\ballowances?\b"),
        (6, rf"\bhow (?:many|much|heavy|big|large)\b.*\b{_BAG}|\bextra {_BAG}"),
        (7, r"\b(?:when|how (?:early|late|long))\b.*\b(?:checkin|check in|boarding|gate)\b.*"
            r"\b(?:open|opens|close|closes|start|starts|before|be there)\b"),
        (7, r"\bcheckin (?:\w+ )?(?:opens?|closes?)\b"),
        (6, r"\bhow (?:early|long before)\b|\bwhat time should i (?:be|arrive|come)\b"),
        (6, r"\b(?:can|could|may|am i allowed to|are we allowed to) (?:i|we|to)?\s?"
            r"(?:bring|take|carry|travel with|fly with)\b"),
        (6, r"\b(?:pets?|dogs?|cats?|visas?|passports?|documents?|liquids?|infants?|pregnant|"
            r"unaccompanied|power bank|batteries|pram|stroller)\b"),
        (5, r"\bdo (?:you|i|we) (?:allow|accept|offer|need|have to|serve)\b"),
        (4, rf"\b{_BAG}\b|\bcarry on\b|\bhand luggage\b"),
    ),
    Intent.DETAILS: (
        (4, rf"\b(?:look\w* up|look at|look into|find|see|check|pull up|tell me about|details|"
            rf"read|confirm|info\w*|status|know about)\b.*\b{_BOOKING}\b"),
        (4, rf"\b{_BOOKING}\b.*\b(?:details|status|on time|delayed|confirmed|information)\b"),
        (4, r"\b(?:when|what time|where)\b.*\b(?:flight|plane|leave|depart|arrive|land|fly|"
            r"flying|hotel|take off)\b"),
        (4, r"\bon time\b|\bitinerary\b|\bflight status\b|\b(?:which|what) (?:gate|terminal)\b"),
        (2, r"\bbooking\b|\breservation\b|\breference\b|\bbooked\b|\bi have a (?:flight|trip)\b"),
        (1, r"\bflight\b|\bhotel\b|\btrip\b"),
    ),
    Intent.HUMAN: (
        (7, r"\b(?:human|agent|representative|operator|supervisor|colleague|manager)\b"),
        (7, r"\b(?:real|live|actual) (?:person|people)\b|\bput me through\b|\btransfer me\b"),
        (6, r"\b(?:speak|talk|connect me|chat) (?:to|with)\b|\b(?:someone|somebody) else\b"),
        (4, r"\bperson\b|\bsomebody\b|\bsomeone\b"),
    ),
    Intent.WHO: (
        (12, rf"\b(?:are you|is this|you're|am i (?:talking|speaking) (?:to|with))\b"
             rf"(?: \w+){{0,2}} {_HUMAN}\b"),
        (12, r"\bwhat are you\b(?! \w+ing)|\bwhich (?:ai|model) are you\b|\bare you human\b"),
    ),
    Intent.CALLED: (
        (11, r"\bwho are you\b|\bwho am i (?:talking|speaking)\b|\bwho is this\b"),
        (11, r"\bwhat(?:'s| is|s) your name\b|\byour name again\b"),
    ),
    Intent.BYE: (
        (4, r"\bgoodbye\b|\bbye\b|\bhang up\b|\btake care\b|\bsee you\b"),
        (4, r"\bthat(?:'s| is|'ll be| will be|s) (?:all|it|everything)\b|\bnothing else\b"),
        (4, r"\bhave a (?:nice|good|great|lovely)\b|\b(?:i'm|we're|i am|we are) (?:all )?(?:done|"
            r"good|set|fine)\b|\bno more questions\b"),
    ),
    Intent.REPEAT: (
        (5, r"\b(?:say|repeat|tell me)\b.*\bagain\b|\bthat again\b"),
        (5, r"\brepeat\b|\bonce more\b|\bone more time\b"),
        (5, r"\bpardon\b|\bwhat (?:did|was) (?:you|that)\b|\bcome again\b|\bexcuse me$|^what$"),
        (5, r"\b(?:didn't|did not|couldn't|can't) (?:quite )?(?:catch|hear|get|understand)\b"),
        (5, r"^(?:i'm )?sorry(?: what)?$|^again(?: please)?$"),
    ),
    Intent.GO_ON: (
        (4, r"\bgo on\b|\bcontinue\b|\bcarry on\b|\byou were saying\b"),
        (4, r"^(?:m+ ?h+m+|uh huh)$"),
    ),
    Intent.WAIT: (
        (4, r"\b(?:hold|hang) on\b|\bone (?:moment|second|minute|sec)\b|\bbear with\b|^wait\b"),
        (4, r"\b(?:just )?a (?:moment|second|minute|sec)\b|\blet me (?:find|look|check|get|see)\b"),
        (4, r"^(?:please )?stop(?: (?:please|talking|it|there))*$"),
    ),
    Intent.PRESENCE: (
        (4, r"\bare you (?:still )?(?:there|here|with me|listening)\b|\banybody there\b"),
        (4, r"\bcan you hear me\b|\banyone there\b"),
    ),
    Intent.HELP: (
        (3, r"\bwhat can you (?:do|help)|\b(?:what are )?(?:my|the) options\b|\bmenu\b"),
        (2, r"\b(?:i need|i want|can i get|can you) (?:some )?help\b|\bhelp me$|^help$"),
    ),
    Intent.HOW: ((3, r"\bhow are you\b|\bhow(?:'s| is) it going\b|\bhow do you do\b"),),
    Intent.HELLO: ((1, r"^(?:hello|hi|hey|good (?:morning|afternoon|evening))\b"),),
    Intent.THANKS: ((2, r"\bthanks?\b|\bthank you\b|\bcheers\b|\bappreciate\b"),),
}  # fmt: skip
_COMPILED = [
    (intent, weight, re.compile(pattern))
    for intent, patterns in _PATTERNS.items()
    for weight, pattern in patterns
]

_YES = re.compile(
    r"^(?:(?:oh|well|um|uh|ah) )*(?:yes|yeah|yep|yup|yah|ya|sure|okay|ok|of course|please do|"
    r"absolutely|correct|right|exactly|definitely|fine|all ?right|sounds? (?:good|fine)|perfect|"
    r"that(?:'s| is|s| sounds| would be) (?:right|correct|fine|good|great|okay|ok|it|perfect)|"
    r"go (?:ahead|for it)|do (?:it|that|so)|confirm\w*|i do|please|why not|certainly|indeed|"
    r"proceed|affirmative|great|i agree|i accept|let's do (?:it|that))\b"
    r"|\bgo ahead\b|\bplease do\b|\byes please\b"
)
_NO = re.compile(
    r"^(?:(?:oh|well|um|uh|ah|wait|actually|sorry) )*(?:no|nope|nah|not|don't|do not|never ?mind|"
    r"negative|stop|leave it|forget it|wrong|incorrect|i don't|i do not|i(?:'ve| have)? changed my "
    r"mind|rather not|i'd rather not|that's (?:not|wrong)|too (?:expensive|much))\b|^(?:now|know)$"
    r"|\bno thank|\bdo not\b.*\b(?:cancel|change|do that)\b|\bdon't\b.*\b(?:cancel|change|do)\b"
)


_QUESTION = re.compile(
    r"^(?:and |but |so )?(?:what|how|when|where|which|why|do|does|can|could|is|are|may|will)"
    r"(?: [a-z0-9']+){2,}$"
)


def intent_of(utterance: str) -> Intent | None:
    """The strongest intent of an utterance in normal form, or none."""
    scores: dict[Intent, int] = {}
    for intent, weight, pattern in _COMPILED:
        if pattern.search(utterance):
            scores[intent] = scores.get(intent, 0) + weight
    if not scores:
        return Intent.ENQUIRY if _QUESTION.search(utterance) else None
    return max(scores, key=lambda intent: scores[intent])


def answer_of(utterance: str) -> bool | None:
    """Yes, no, or neither, of an utterance in normal form."""
    if _NO.search(utterance):
        return False
    return True if _YES.search(utterance) else None
