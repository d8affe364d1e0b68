"""Acting on stage directions: what the hotline tells Myra without the caller hearing it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from emulators.gemini.brain import lines
from emulators.gemini.brain.answering import ASKED_FOR_PERSON, answer, reference_in_parts
from emulators.gemini.brain.asking import (
    ask_again,
    carry_on,
    not_understood,
    nothing_said,
    still_working,
)
from emulators.gemini.brain.heard import Heard, understand
from emulators.gemini.brain.memory import ANYTHING, CONFIRM, OPEN, PERSON, RETRY, Memory, Turn
from emulators.gemini.brain.outcomes import outcome_of
from emulators.gemini.brain.running import connect, hang_up
from emulators.gemini.brain.slots import DETAILS, REFERENCE
from emulators.gemini.brain.stage import Cue, Direction


def follow(memory: Memory, turn: Turn, direction: Direction) -> None:
    """Do what a direction asks; one that asks nothing is only noted."""
    match direction.cue:
        case Cue.GREET:
            turn.say(lines.I_AM_HERE if memory.greeted else memory.greeting)
            memory.greeted = True
        case Cue.KEYS:
            _keyed(memory, turn, direction.keys)
        case Cue.SILENCE:
            nothing_said(memory, turn)
        case Cue.WORKING:
            still_working(memory, turn)
        case Cue.GOODBYE:
            _goodbye(memory, turn, direction)
        case Cue.CUT:
            memory.cut(direction.quoted)
        case Cue.WAITING:
            _waiting(memory, turn, direction)
        case Cue.CONTINUE:
            _continue(memory, turn, direction)
        case Cue.RESULT:
            _tell_again(memory, turn, direction.facts)


def _keyed(memory: Memory, turn: Turn, keys: str) -> None:
    """Digits of a reference where one is wanted; else 1 is yes, 2 is no, 0 is a person."""
    memory.silences = 0
    number = keys.strip("*#")
    if memory.asked == REFERENCE and number not in ("", "0"):
        reference_in_parts(memory, turn, number)
    elif memory.asked == DETAILS and len(number) >= 3:
        answer(memory, turn, Heard(number, None, None, {DETAILS: number}))
    elif number == "0":
        connect(memory, turn, ASKED_FOR_PERSON)
    elif number in ("1", "2") and memory.asked in (CONFIRM, PERSON, RETRY, ANYTHING):
        answer(memory, turn, Heard(keys, None, number == "1", {}))
    elif len(number) >= 3 and memory.asked in (OPEN, ANYTHING):
        answer(memory, turn, Heard(keys, None, None, {REFERENCE: number}))
    else:
        not_understood(memory, turn)


def _goodbye(memory: Memory, turn: Turn, direction: Direction) -> None:
    """The hotline ends the call by itself, unless it asks that the call be ended."""
    farewell = lines.GOODBYE
    if direction.has_to_end:
        farewell = lines.GOODBYE_FORCED
    elif memory.silences:
        farewell = lines.GOODBYE_UNHEARD
    hang_up(memory, turn, farewell, by_function=direction.end_call)


def _waiting(memory: Memory, turn: Turn, direction: Direction) -> None:
    """The caller spoke and got no answer."""
    if direction.said:
        answer(memory, turn, understand(direction.said, memory.asked))
    else:
        turn.say(lines.NOT_CAUGHT)
        ask_again(memory, turn)


def _continue(memory: Memory, turn: Turn, direction: Direction) -> None:
    """After a break: the rest of what was being said, or an answer to what was said last."""
    if direction.quoted:
        memory.cut(direction.quoted)
    if memory.unheard or memory.dropped or memory.pending or not direction.said:
        carry_on(memory, turn)
    else:
        answer(memory, turn, understand(direction.said, memory.asked))


def _tell_again(memory: Memory, turn: Turn, facts: str) -> None:
    try:
        response = json.loads(facts)
    except ValueError:
        return
    if isinstance(response, Mapping):
        turn.say(outcome_of(response).say)
        ask_again(memory, turn)
