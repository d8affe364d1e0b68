"""Myra's mind: what was heard or answered goes in, what to say and which function to call
comes out. Pure and deterministic: the same conversation always goes the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulators.gemini.brain import lines
from emulators.gemini.brain.answering import answer
from emulators.gemini.brain.declared import functions_of
from emulators.gemini.brain.directing import follow
from emulators.gemini.brain.heard import understand
from emulators.gemini.brain.memory import Memory, Turn
from emulators.gemini.brain.outcomes import outcome_of
from emulators.gemini.brain.reporting import report
from emulators.gemini.brain.stage import split_stage
from emulators.gemini.steps import Mind, Step

_GREETING = re.compile(r"\bgreet[^\"“]{0,200}[\"“]([^\"”]{10,300})[\"”]", re.IGNORECASE | re.DOTALL)
_RETURNING = re.compile(r"\bcaller is back\b", re.IGNORECASE)


def make_mind(declarations: Iterable[Mapping[str, Any]], instruction: str) -> Mind:
    """A mind for one conversation.

    ``declarations`` are function declarations as setup carries them; only these are called.
    A greeting that the system instruction quotes ("Greet the caller with "...") is used, unless
    it says that the caller is back.
    """
    quoted = _GREETING.search(instruction)
    greeting = quoted[1] if quoted else lines.GREETING
    if _RETURNING.search(instruction):
        greeting = lines.GREETING_BACK
    return Myra(Memory(functions_of(declarations), greeting))


class Myra:
    """The agent of Cymbol Travels, as the protocol ``Mind`` describes a mind."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def hear(self, text: str) -> list[Step]:
        turn = Turn(self._memory)
        directions, speech = split_stage(text)
        if speech:
            self._memory.silences = 0
            answer(self._memory, turn, understand(speech, self._memory.asked))
        for direction in directions:
            follow(self._memory, turn, direction)
        return turn.finish()

    def result(self, call_id: str, name: str, response: Mapping[str, Any]) -> list[Step]:
        pending = self._memory.pending.get(call_id)
        if pending is None:
            return []
        turn = Turn(self._memory)
        outcome = outcome_of(response)
        if outcome.working:
            turn.say(outcome.say)
        else:
            del self._memory.pending[call_id]
            report(self._memory, turn, pending, outcome)
        return turn.finish()

    def cancelled(self, ids: Sequence[str]) -> None:
        for call_id in ids:
            pending = self._memory.pending.pop(call_id, None)
            if pending is not None:
                self._memory.dropped.append(pending)

    def interrupted(self, said: str) -> None:
        self._memory.cut(said)
