"""Seeing to an errand: gathering what it needs, calling its function, confirming a quote."""

from __future__ import annotations

import re
from dataclasses import replace

from emulators.gemini.brain import lines
from emulators.gemini.brain.asking import ask, can_connect, still_working
from emulators.gemini.brain.declared import Function
from emulators.gemini.brain.errands import END_CALL, ERRANDS, Errand
from emulators.gemini.brain.heard import Heard
from emulators.gemini.brain.intents import Intent
from emulators.gemini.brain.memory import ANYTHING, PERSON, Memory, Pending, Turn
from emulators.gemini.brain.slots import DETAILS, KIND, QUESTION, REASON, REFERENCE, SURNAME

_WORDS_OF_A_STORY = 4
_SAYS_IT_ALL = ("wheelchair", "meal")
_REFUND = re.compile(r"refund|money|paid back|reimburse", re.IGNORECASE)
_SORRY_FOR = ("baggage", "delay")
_HANG_UP = Errand(Intent.BYE, END_CALL, lines.GOODBYE)


def begin(memory: Memory, turn: Turn, intent: Intent, heard: Heard) -> None:
    """Take up an errand with what the utterance tells of it."""
    errand = ERRANDS[intent]
    if not memory.can(errand.function):
        _cannot(memory, turn)
        return
    if intent is Intent.ENQUIRY:  # answered beside whatever else is in hand
        _run(memory, turn, errand, {QUESTION: heard.text})
        return
    memory.errand, memory.told, memory.quote, memory.asked = errand, {}, None, ""
    learn(memory, heard, errand)
    if intent is Intent.CLAIM and _tells_a_story(heard):
        memory.told[DETAILS] = heard.text
    if intent is Intent.PROGRESS:
        memory.told[KIND] = "refund" if _REFUND.search(heard.text) else "request"
    sorry = intent is Intent.CLAIM and memory.told.get(KIND) in _SORRY_FOR
    turn_opening = lines.SORRY_TO_HEAR if sorry else lines.HAPPY_TO.get(intent, "")
    proceed(memory, turn, opening=turn_opening)


def connect(memory: Memory, turn: Turn, reason: str) -> None:
    """Hand the caller to a person."""
    errand = ERRANDS[Intent.HUMAN]
    if not memory.can(errand.function):
        turn.say(lines.NO_COLLEAGUE)
        ask(memory, turn, ANYTHING)
        return
    about = f" They were asking about: {memory.errand.intent}." if memory.errand else ""
    memory.asked, memory.quote = "", None
    memory.errand, memory.told = errand, {REASON: reason + about}
    proceed(memory, turn)


def learn(memory: Memory, heard: Heard, errand: Errand | None) -> bool:
    """Take what the utterance tells for the errand; true where it is news."""
    news = False
    if _names_another_booking(memory, heard):
        memory.booking.pop(SURNAME, None)
    for slot, value in heard.slots.items():
        if slot == SURNAME and errand and errand.intent is Intent.NAME and memory.asked != SURNAME:
            continue  # the name in question is not the one to verify by
        keep = memory.booking if slot in (REFERENCE, SURNAME) else memory.told
        if keep is memory.told and (errand is None or slot not in errand.slots):
            continue
        if slot == KIND and KIND in memory.told and memory.asked != KIND:
            continue
        news = news or keep.get(slot) != value
        keep[slot] = value
    if REFERENCE in heard.slots:
        memory.partial = ""
        memory.times_asked.pop(REFERENCE, None)
    return news


def _names_another_booking(memory: Memory, heard: Heard) -> bool:
    """Whether the reference is another than the one opened: the surname may be another too, and
    a wrong one counts against the caller."""
    reference = heard.slots.get(REFERENCE)
    known = memory.booking.get(REFERENCE)
    return bool(reference and known) and reference != known == memory.opened


def proceed(memory: Memory, turn: Turn, opening: str = "") -> None:
    """Ask for the next thing the errand in hand needs, or call its function."""
    errand = memory.errand
    if errand is None:
        return
    missing = _missing(memory, errand, memory.functions[errand.function])
    if missing and _booking_comes_first(memory, errand):
        _look_up_ahead(memory, turn, errand)
        return
    if missing:
        turn.say(opening)
        ask(memory, turn, missing)
        return
    known = {slot: memory.knows(slot) for slot in errand.slots if memory.knows(slot)}
    _run(memory, turn, errand, known)


def confirm(memory: Memory, turn: Turn) -> None:
    """The caller said yes to the quote."""
    quote = memory.quote
    if quote is None:
        return
    memory.quote, memory.asked = None, ""
    errand = quote.made_by.errand
    known = {**quote.made_by.known, "action": "confirm", "quote_id": quote.id}
    arguments = memory.functions[errand.function].arguments(known)
    turn.say(lines.DOING)
    turn.call(Pending(errand, known, arguments, confirms=True))


def try_again(memory: Memory, turn: Turn) -> None:
    """Repeat the call that failed."""
    pending, memory.retry, memory.asked = memory.retry, None, ""
    if pending is not None:
        turn.say(lines.AGAIN)
        turn.call_again(pending)


def hang_up(memory: Memory, turn: Turn, farewell: str, *, by_function: bool = True) -> None:
    """Say goodbye, then end the call, unless it ends by itself."""
    memory.ended, memory.asked, memory.quote = True, "", None
    memory.dropped.clear()
    turn.say(farewell)
    if by_function and memory.can(END_CALL):
        turn.call(Pending(_HANG_UP, {}, memory.functions[END_CALL].arguments({REASON: "goodbye"})))


def _run(memory: Memory, turn: Turn, errand: Errand, known: dict[str, str]) -> None:
    """Call the errand's function; a quote comes first where it offers one.

    Earlier calls of the errand that only read are overtaken: their results are not spoken of.
    """
    function = memory.functions[errand.function]
    if function.offers("action", "quote"):
        known = {**known, "action": "quote"}
    pending = Pending(errand, known, function.arguments(known))
    earlier = {
        call_id: other
        for call_id, other in memory.pending.items()
        if other.errand is errand and not other.confirms
    }
    if any(other.arguments == pending.arguments for other in earlier.values()):
        still_working(memory, turn)
        return
    if errand.intent is not Intent.ENQUIRY:
        for call_id in earlier:
            del memory.pending[call_id]
        memory.asked = ""
        memory.dropped = [other for other in memory.dropped if other.errand is not errand]
    turn.say(errand.filler)
    turn.call(pending)


def quote_anew(memory: Memory, turn: Turn, pending: Pending) -> None:
    """The quote is no longer good: ask for another of the same."""
    known = {**pending.booking_only, "action": "quote"}
    arguments = memory.functions[pending.errand.function].arguments(known)
    turn.call(replace(pending, known=known, arguments=arguments, confirms=False, attempt=2))


def _booking_comes_first(memory: Memory, errand: Errand) -> bool:
    """A booking is looked up as soon as its reference is heard, before more is asked."""
    reference = memory.booking.get(REFERENCE, "")
    return (
        bool(reference)
        and reference != memory.opened
        and REFERENCE in errand.needs
        and memory.can(ERRANDS[Intent.DETAILS].function)
    )


def _look_up_ahead(memory: Memory, turn: Turn, errand: Errand) -> None:
    details = ERRANDS[Intent.DETAILS]
    known = {slot: memory.knows(slot) for slot in details.slots if memory.knows(slot)}
    arguments = memory.functions[details.function].arguments(known)
    if any(p.arguments == arguments and p.ahead_of for p in memory.pending.values()):
        still_working(memory, turn)
        return
    memory.asked = ""
    turn.say(details.filler)
    turn.call(Pending(details, known, arguments, ahead_of=errand))


def _missing(memory: Memory, errand: Errand, function: Function) -> str:
    """The first slot to ask for: the errand's own needs, then what the declaration requires."""
    needs = [slot for slot in errand.needs if function.takes(slot)]
    needs += [slot for slot in function.required() if slot in errand.slots and slot not in needs]
    return next((slot for slot in needs if not memory.knows(slot)), "")


def _tells_a_story(heard: Heard) -> bool:
    kind = heard.slots.get(KIND, "")
    return kind in _SAYS_IT_ALL or bool(kind and len(heard.text.split()) >= _WORDS_OF_A_STORY)


def _cannot(memory: Memory, turn: Turn) -> None:
    turn.say(lines.CANNOT)
    ask(memory, turn, PERSON if can_connect(memory) else ANYTHING)
