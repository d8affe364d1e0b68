"""What an utterance makes Myra do."""

from __future__ import annotations

from emulators.gemini.brain import lines
from emulators.gemini.brain.asking import ask, carry_on, not_understood, still_working
from emulators.gemini.brain.heard import Heard
from emulators.gemini.brain.intents import ERRANDS, Intent
from emulators.gemini.brain.memory import ANYTHING, CONFIRM, OPEN, PERSON, RETRY, Memory, Turn
from emulators.gemini.brain.running import (
    begin,
    confirm,
    connect,
    hang_up,
    learn,
    proceed,
    try_again,
)
from emulators.gemini.brain.slots import DETAILS, QUESTION, REFERENCE, part_of_reference
from emulators.gemini.brain.small_talk import small_talk

ASKED_FOR_PERSON = "The caller asked to speak with a person."
_OFFERED = "The caller accepted the offer of a person."
_NOT_UNDERSTOOD = "The caller could not be understood."


def answer(memory: Memory, turn: Turn, heard: Heard) -> None:
    """Deal with one utterance: what it answers, begins, tells or leaves."""
    memory.ended = False
    done = (
        small_talk(memory, turn, heard)
        or _answered(memory, turn, heard)
        or _left(memory, turn, heard)
        or _told(memory, turn, heard)
        or _went_on(memory, turn, heard)
    )
    if done:
        memory.misses = 0
    elif memory.asked == PERSON:
        connect(memory, turn, _NOT_UNDERSTOOD)
    else:
        not_understood(memory, turn)


def _answered(memory: Memory, turn: Turn, heard: Heard) -> bool:
    """A yes or no to what was asked."""
    answer = heard.answer
    another = heard.intent in ERRANDS and not _same_errand(memory, heard)
    if another or memory.asked not in (CONFIRM, PERSON, RETRY, ANYTHING):
        return False
    if memory.asked == CONFIRM:
        if learn(memory, heard, memory.errand):
            memory.quote = None
            proceed(memory, turn)
            return True
        if answer is None and heard.intent is not None and _same_errand(memory, heard):
            answer = True  # "cancel it" is a yes to "shall I cancel it?"
    if answer is None or heard.slots.get(REFERENCE):
        return False
    (_yes if answer else _no)(memory, turn)
    return True


def _same_errand(memory: Memory, heard: Heard) -> bool:
    if memory.asked == PERSON:
        return heard.intent is Intent.HUMAN
    return memory.errand is not None and memory.errand.intent is heard.intent


def _yes(memory: Memory, turn: Turn) -> None:
    if memory.asked == CONFIRM:
        confirm(memory, turn)
    elif memory.asked == PERSON:
        connect(memory, turn, _OFFERED)
    elif memory.asked == RETRY:
        try_again(memory, turn)
    else:
        memory.asked = OPEN
        turn.say(lines.OF_COURSE)


def _no(memory: Memory, turn: Turn) -> None:
    if memory.asked == ANYTHING:
        hang_up(memory, turn, lines.GOODBYE)
        return
    if memory.asked == CONFIRM:
        turn.say(lines.LEFT_AS_IT_WAS)
    memory.errand, memory.quote, memory.retry, memory.told = None, None, None, {}
    ask(memory, turn, ANYTHING)


def _left(memory: Memory, turn: Turn, heard: Heard) -> bool:
    """Goodbye, or a wish for a person."""
    if heard.intent is Intent.BYE:
        hang_up(memory, turn, lines.GOODBYE)
    elif heard.intent is Intent.HUMAN:
        connect(memory, turn, ASKED_FOR_PERSON)
    else:
        return False
    return True


def _told(memory: Memory, turn: Turn, heard: Heard) -> bool:
    """A new errand, or something that the errand in hand waits for."""
    if memory.asked in heard.slots and memory.asked in (DETAILS, QUESTION):
        learn(memory, heard, memory.errand)
        proceed(memory, turn)
        return True
    if _begins_anew(memory, heard):
        begin(memory, turn, heard.intent or Intent.DETAILS, heard)
        return True
    if learn(memory, heard, memory.errand):
        if memory.errand is None and REFERENCE in heard.slots:
            begin(memory, turn, Intent.DETAILS, heard)
        else:
            proceed(memory, turn)
        return True
    part = part_of_reference(heard.text) if memory.asked == REFERENCE else None
    if part is not None:
        reference_in_parts(memory, turn, part.text)
    return part is not None


def _begins_anew(memory: Memory, heard: Heard) -> bool:
    if heard.intent not in ERRANDS:
        return False
    if memory.errand is None:
        return True
    if memory.asked in heard.slots and heard.intent in (Intent.DETAILS, Intent.ENQUIRY):
        return False
    if heard.intent is Intent.DETAILS:  # "my booking reference is ..." begins nothing
        return not heard.slots and memory.asked in (OPEN, ANYTHING)
    return heard.intent is not memory.errand.intent or (not heard.slots and not memory.asked)


def reference_in_parts(memory: Memory, turn: Turn, part: str) -> None:
    """Half a reference waits for its other half."""
    whole = memory.partial + part
    if len(whole) < 5 and not (part.isdigit() and not memory.partial):
        memory.partial = whole
        turn.say(lines.REST_OF_IT)
        return
    memory.partial = ""
    _told(memory, turn, Heard(whole, None, None, {REFERENCE: whole}))


def _went_on(memory: Memory, turn: Turn, heard: Heard) -> bool:
    """Nothing new was said: go on with what an interruption stopped, or with the work."""
    if memory.dropped:
        if heard.answer is False:
            memory.dropped.clear()
            turn.say(lines.LEFT_AS_IT_WAS)
            ask(memory, turn, ANYTHING)
        else:
            carry_on(memory, turn)
        return True
    if memory.pending:
        still_working(memory, turn)
        return True
    if memory.unheard and heard.answer is True:
        carry_on(memory, turn)
        return True
    return False
