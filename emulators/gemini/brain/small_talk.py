"""What belongs to any conversation: hellos, thanks, "say that again", "are you a robot"."""

from __future__ import annotations

from emulators.gemini.brain import lines
from emulators.gemini.brain.asking import ask, ask_again, carry_on, still_working
from emulators.gemini.brain.heard import Heard
from emulators.gemini.brain.intents import Intent
from emulators.gemini.brain.memory import ANYTHING, OPEN, Memory, Turn

_ANSWERS = {
    Intent.WHO: lines.WHO_I_AM,
    Intent.CALLED: lines.MY_NAME,
    Intent.HOW: lines.I_AM_WELL,
    Intent.PRESENCE: lines.I_AM_HERE,
    Intent.HELLO: lines.HELLO,
}


def small_talk(memory: Memory, turn: Turn, heard: Heard) -> bool:
    """Answer an utterance that is only small talk; false where it is something else."""
    if memory.asked in heard.slots:
        return False
    if heard.intent in _ANSWERS:
        turn.say(_ANSWERS[heard.intent])
        _back_to_the_matter(memory, turn)
    elif heard.intent is Intent.REPEAT:
        turn.say(memory.last or memory.greeting)
    elif heard.intent is Intent.GO_ON:
        carry_on(memory, turn)
    elif heard.intent is Intent.WAIT and (heard.answer is not False or _just_stopped(memory)):
        turn.say(lines.TAKE_YOUR_TIME)
    elif heard.intent is Intent.HELP:
        turn.say(lines.WHAT_I_CAN_DO)
    elif heard.intent is Intent.THANKS and heard.answer is None:
        _thanked(memory, turn)
    else:
        return False
    memory.misses = 0
    return True


def _just_stopped(memory: Memory) -> bool:
    """ "Stop" said to Myra's speaking, not to a deed: there is nothing to be left undone."""
    return memory.asked in (OPEN, ANYTHING) and not memory.dropped and not memory.pending


def _back_to_the_matter(memory: Memory, turn: Turn) -> None:
    if memory.pending:
        still_working(memory, turn)
    else:
        ask_again(memory, turn)


def _thanked(memory: Memory, turn: Turn) -> None:
    turn.say(lines.WELCOME)
    if memory.pending:
        return
    if memory.asked in (OPEN, ANYTHING):
        ask(memory, turn, ANYTHING)
    else:
        ask_again(memory, turn)
