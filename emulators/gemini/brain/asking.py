"""Asking, asking again, and what to say when nothing was understood or heard."""

from __future__ import annotations

from emulators.gemini.brain import lines
from emulators.gemini.brain.errands import ERRANDS
from emulators.gemini.brain.intents import Intent
from emulators.gemini.brain.memory import ANYTHING, CONFIRM, PERSON, Memory, Turn
from emulators.gemini.brain.slots import REFERENCE, SURNAME

MISSES_BEFORE_PERSON = 2
ASKS_BEFORE_PERSON = 3


def ask(memory: Memory, turn: Turn, what: str, *, already_said: bool = False) -> None:
    """Ask for something; ``already_said`` when the sentence before was the question itself."""
    memory.asked = what
    times = memory.times_asked.get(what, 0)
    memory.times_asked[what] = times + 1
    if already_said:
        return
    if what == ANYTHING:
        turn.say(lines.ANYTHING_ELSE[memory.closings % len(lines.ANYTHING_ELSE)])
        memory.closings += 1
        return
    if what == REFERENCE and times >= ASKS_BEFORE_PERSON and can_connect(memory):
        turn.say(lines.TROUBLE)
        memory.asked = PERSON
        return
    first, again = lines.ASK[what]
    turn.say(again if what in (SURNAME, REFERENCE) and times else first)


def ask_again(memory: Memory, turn: Turn, *, plainly: bool = False) -> None:
    """The open question once more; ``plainly`` with an explanation of what may be said."""
    first, again = lines.ASK[memory.asked]
    turn.say(again if plainly else first)


def not_understood(memory: Memory, turn: Turn) -> None:
    """At most twice the same is asked again; then a person is offered, then called."""
    memory.misses += 1
    if memory.misses <= MISSES_BEFORE_PERSON or not can_connect(memory):
        plainly = memory.misses > 1
        turn.say(lines.NOT_CAUGHT_TOO if plainly else lines.NOT_CAUGHT)
        ask_again(memory, turn, plainly=plainly or memory.asked in ("", ANYTHING, CONFIRM))
        return
    turn.say(lines.TROUBLE)
    ask(memory, turn, PERSON, already_said=True)


def nothing_said(memory: Memory, turn: Turn) -> None:
    """The caller is silent: tell of work in hand, else ask whether they are there."""
    memory.silences += 1
    if memory.pending:
        still_working(memory, turn)
    elif memory.silences == 1:
        turn.say(lines.ARE_YOU_THERE)
        ask_again(memory, turn)
    else:
        turn.say(lines.CANNOT_HEAR)


def still_working(memory: Memory, turn: Turn) -> None:
    patient = memory.last in (lines.STILL_WORKING, lines.STILL_WORKING_TOO)
    turn.say(lines.STILL_WORKING_TOO if patient else lines.STILL_WORKING)


def carry_on(memory: Memory, turn: Turn) -> None:
    """What an interruption stopped, or else the open question."""
    if memory.dropped:
        dropped, memory.dropped = memory.dropped, []
        for pending in dropped:
            turn.call(pending)
    elif memory.unheard:
        turn.say(memory.unheard)
    elif memory.pending:
        still_working(memory, turn)
    else:
        ask_again(memory, turn)


def can_connect(memory: Memory) -> bool:
    return memory.can(ERRANDS[Intent.HUMAN].function)
