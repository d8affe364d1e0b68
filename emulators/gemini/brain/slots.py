"""What an utterance tells besides its intent: reference, names, seat, channel, kind of claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher

from emulators.gemini.brain.dates import date_in
from emulators.gemini.brain.spelling import Spelled, spelled
from emulators.gemini.brain.wording import normal, words

REFERENCE = "booking_reference"
SURNAME = "surname"
PASSENGER = "passenger"
DATE = "new_date"
CORRECTED = "corrected_name"
CHANNEL = "channel"
SEAT = "seat"
KIND = "kind"
DETAILS = "details"
QUESTION = "question"
REASON = "reason"

REFERENCE_LENGTH = 6
_SHORTEST, _LONGEST = 5, 8
_SPELLS = 0.5  # of likeness between a name said and a name spelled
_AS_LETTERS = str.maketrans("08", "OA")
_AS_DIGITS = str.maketrans("OIA", "018")
_PARTICLES = frozenset(words("van von de der den la del di da el al bin ibn mac mc st o le"))
_NO_NAME = frozenset(
    words(
        "um uh er yes yeah sure okay ok no sorry well it it's its is was that that's thats "
        "would be my the a surname last family name first names please thanks thank you under "
        "on for booking and spelled spelt mr mrs ms miss doctor i i'm im am this here s as in "
        "of course should read correct actually meant mean not to say said hi hello called goes "
        "by so wrong wrongly incorrect incorrectly badly mistake typo misspelled misspelt"
    )
)
_OF_A_SENTENCE = re.compile(
    r"\b(?:they|then|these|this|there|have|has|do|does|are|were|be|both|either|if|you|your|we|can|"
    r"will|want|need|what|when|how|really|with|from|at|about)\b",
    re.IGNORECASE,
)
_OF_A_QUESTION = re.compile(
    r"\b(?:baggage|luggage|rules?|policy|policies|flights?|tickets?|refunds?)\b", re.IGNORECASE
)
_SURNAME_GIVEN = re.compile(
    r"\b(?:sur ?name|last name|family name|my name|the name|name on the booking|booked under|"
    r"under the name(?: of)?)(?: is|'s| was| of)?[,:]?\s+(.+)",
    re.IGNORECASE,
)
_NAME_SHOULD_BE = re.compile(
    r"\b(?:should (?:be|read|say)|it's actually|is actually|supposed to be|"
    r"(?:correct|new|married|legal) (?:name|surname|spelling) is|"
    r"is spel(?:led|t)(?! (?:wrong|incorrect|bad|mistake))|"
    r"changed? (?:it |my name |my surname |the name )?(?:from \w+ )?to)"
    r"[,:]?\s+(.+)",
    re.IGNORECASE,
)
_KINDS = (
    ("wheelchair", r"\bwheelchair\b|\bcan't walk|\bwalk\b|\bmobility\b"),
    ("meal", r"\bmeals?\b|\bvegetarian\b|\bvegan\b|\bhalal\b|\bkosher\b|\bgluten\b|\ballerg"),
    ("baggage", r"\bbags?\b|\bbaggage\b|\bluggage\b|\bsuitcases?\b|\bbackpack\b"),
    ("delay", r"\bdelay\w*|\blate\b|\bcompensat|\bcancel\w*|\bmissed\b"),
    ("medical", r"\bmedical\b|\boxygen\b|\bpregnan|\bdoctor\b|\bsick\b|\bdiabet|\binsulin"),
)
_SEATS = (("window", r"\bwindow\b"), ("aisle", r"\baisle\b"), ("middle", r"\bmiddle seat\b"))


def reference_in(text: str, asked: bool) -> str:
    """A booking reference, joined where it is clear, as heard where it is not, or "".

    ``asked`` says that a reference was asked for: then less is enough.
    """
    best = max(spelled(text), key=_likeness, default=None)
    if best is None:
        return ""
    if _SHORTEST <= len(best.text) <= _LONGEST and best.letters and (asked or _unasked(best)):
        whole = best.whole and len(best.text) == REFERENCE_LENGTH
        text = _as_a_reference(best.text)
        clear = best.sure >= _SHORTEST - 1 or (asked and whole)
        return text if clear else best.raw
    if asked and len(best.text) > _LONGEST and best.sure >= _SHORTEST:
        return best.raw
    return ""


def _as_a_reference(text: str) -> str:
    """Three letters, three digits: what the ear took for the other kind is put right."""
    if len(text) != REFERENCE_LENGTH:
        return text
    return text[:3].translate(_AS_LETTERS) + text[3:].translate(_AS_DIGITS)


def part_of_reference(text: str) -> Spelled | None:
    """Two to four spelled characters, said before a pause."""
    parts = [part for part in spelled(text) if len(part.text) < _SHORTEST]
    return max(parts, key=lambda part: len(part.text), default=None)


def _likeness(run: Spelled) -> tuple[int, int]:
    return (-abs(len(run.text) - REFERENCE_LENGTH), run.sure)


def _unasked(run: Spelled) -> bool:
    return len(run.text) >= REFERENCE_LENGTH - 1 and run.sure >= 4 and len(run.digits) >= 2


# How a question or an order begins; somebody who was asked for a name may say one instead.
_ASKS_OR_ORDERS = re.compile(
    r"\s*(?:(?:well|oh|um|okay|and|but|so|actually|sorry),? )*"
    r"(?:how|what|when|where|why|who|which|can|could|do|does|did|is|are|will|would|may|should|"
    r"wait|stop|no|hold on|i(?:'d| would) like|i want|i need|please (?!it))\b",
    re.IGNORECASE,
)


def name_in(text: str) -> str:
    """A name from its spelling where it was spelled, else its words, or ""."""
    if len(_OF_A_SENTENCE.findall(text)) > 1:
        return ""
    if any(run.digits and run.letters for run in spelled(text, name=True)):
        return ""  # a reference, not a name
    letters = _spelled_name(text)
    if letters:
        text = _without_spelling(text)
    said = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
    names = [word for word in said if word.lower().replace("’", "'") not in _NO_NAME]
    names = [n if n in _PARTICLES else n[:1].upper() + n[1:] for n in names]
    return " ".join(_spelled_into(names, letters))


def _spelled_into(names: list[str], letters: str) -> list[str]:
    """ "John Miller, J O N" is Jon Miller: the spelling replaces the name that it spells."""
    if not letters:
        return names
    likeness = [SequenceMatcher(None, n.lower(), letters.lower()).ratio() for n in names]
    if not names or max(likeness) < _SPELLS:
        return [letters]
    at = likeness.index(max(likeness))
    return [*names[:at], letters, *names[at + 1 :]]


def _without_spelling(text: str) -> str:
    """The words of a text that are no single letters."""
    return re.sub(r"\b[A-Za-z]\b[.,-]?", " ", text)


def _spelled_name(text: str) -> str:
    runs = [run for run in spelled(text, name=True) if len(run.letters) >= 3 and not run.digits]
    longest = max(runs, key=lambda run: len(run.text), default=None)
    if longest is None or longest.sure < 2 or " " not in longest.raw:
        return ""
    return longest.letters.capitalize()


def surname_in(text: str, asked: bool) -> str:
    """A surname, or "". Where it was asked for, it is all of the name that was said: surnames
    have parts ("Foster Stone"); of a name given unasked it is the last, with its particles."""
    given = _SURNAME_GIVEN.search(text)
    if _NAME_SHOULD_BE.search(text) or (not given and (not asked or len(text.split()) > 12)):
        return ""
    if not given and (_ASKS_OR_ORDERS.match(text) or _OF_A_QUESTION.search(text)):
        return ""
    if asked and (letters := _spelled_name(given[1] if given else text)):
        return letters
    said = re.split(
        r"[.?!;]\s|,\s*(?:and|my|the) |\band (?:my|the)\b", given[1] if given else text
    )[0]
    name = name_in(said) or (_odd_name(text) if asked else "")
    if asked:
        return name
    parts = name.split(" ")
    start = len(parts) - 1
    while start > 0 and parts[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(parts[start:])


def _odd_name(text: str) -> str:
    """Words that are no name by themselves but were given as one: "okay for", for Okafor."""
    said = re.findall(r"[A-Za-z']+", text.removeprefix("It's ").removeprefix("it's "))
    odd = len(said) == 2 and said[0].lower() in ("okay", "ok", "so", "well")
    return " ".join(said) if odd else ""


def corrected_name_in(text: str, asked: bool) -> str:
    given = _NAME_SHOULD_BE.search(text)
    if given:
        return name_in(re.split(r"\bwith an? |\bnot\b|\binstead\b|[.?!]\s", given[1])[0])
    return name_in(text) if asked and len(text.split()) <= 14 else ""


def slots_in(text: str, asked: str) -> dict[str, str]:
    """Every slot an utterance fills. ``asked`` names the slot that was asked for, or is ""."""
    utterance = normal(text)
    readers: Mapping[str, Callable[[], str]] = {
        REFERENCE: lambda: reference_in(text, asked == REFERENCE),
        SURNAME: lambda: surname_in(text, asked == SURNAME),
        DATE: lambda: date_in(utterance),
        CORRECTED: lambda: corrected_name_in(text, asked == CORRECTED),
        CHANNEL: lambda: _channel(utterance),
        SEAT: lambda: _seat(text, utterance),
        KIND: lambda: next((kind for kind, p in _KINDS if re.search(p, utterance)), ""),
        PASSENGER: lambda: name_in(text) if asked == PASSENGER else "",
        DETAILS: lambda: text if asked == DETAILS else "",
        QUESTION: lambda: text if asked == QUESTION else "",
    }
    found = {slot: read() for slot, read in readers.items()}
    return {slot: value for slot, value in found.items() if value}


def _channel(utterance: str) -> str:
    if re.search(r"\btext\b|\bsms\b|\b(?:to|on) my (?:phone|mobile|cell)\b", utterance):
        return "sms"
    return "email" if re.search(r"\bemail\b|\bmail\b", utterance) else ""


def _seat(text: str, utterance: str) -> str:
    number = re.search(r"\b(\d{1,2})\s?([A-Ka-k])\b", text)
    if number and re.search(r"\bseat\b|\brow\b", utterance):
        return number[1] + number[2].upper()
    if match := re.search(r"\bseat ([a-z0-9 -]{3,24})", utterance):
        runs = spelled(match[1])
        if runs and re.fullmatch(r"\d{1,2}[A-K]", runs[0].text):
            return runs[0].text
    return next((seat for seat, p in _SEATS if re.search(p, utterance)), "")
