"""A mind that does what the words tell it, or what a script says: for tests and benchmarks.

Words it obeys, several in one text parted by ``;``::

    say 3 seconds           numbered words #0 #1 ... for that long (five words a second as tones)
    speak ANY WORDS         exactly these words
    call NAME {json}        calls the function; its result is answered with "result NAME KEYS"
    nothing                 no reply

Anything else is answered with the words heard, the first eight of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from pydantic import BaseModel, ConfigDict

from emulators.gemini.steps import Call, Say, Step

WORDS_PER_SECOND = 5
ECHOED_WORDS = 8
_SAY = re.compile(r"say (\d+(?:\.\d+)?) seconds?$", re.IGNORECASE)
_SPEAK = re.compile(r"speak (.+)$", re.IGNORECASE | re.DOTALL)
_CALL = re.compile(r"call (\w+)\s*(\{.*\})?$", re.IGNORECASE | re.DOTALL)


class Rule(BaseModel):
    """``hears`` is a pattern searched for in what was said; ``does`` is in the words above."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hears: str
    does: str


class Script(BaseModel):
    """Replies in order, then by rule, then ``otherwise`` (empty: echo)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turns: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    otherwise: str = ""
    results: Mapping[str, str] = {}


class ScriptedMind:
    """One conversation's place in the script. ``log`` keeps what it was told besides words."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._turns = 0
        self._ids = count(1)
        self.log: list[str] = []

    def hear(self, text: str) -> list[Step]:
        return self._steps(self._orders(text))

    def result(self, call_id: str, name: str, response: Mapping[str, Any]) -> list[Step]:
        self.log.append(f"result {name}")
        orders = self._script.results.get(name)
        if orders is not None:
            return self._steps(orders)
        return [Say(" ".join(["result", name, *sorted(response)]))]

    def cancelled(self, ids: Sequence[str]) -> None:
        self.log.append(f"cancelled {' '.join(ids)}")

    def interrupted(self, said: str) -> None:
        self.log.append(f"interrupted after {len(said.split())} words")

    def _orders(self, text: str) -> str:
        turn = self._turns
        self._turns += 1
        if turn < len(self._script.turns):
            return self._script.turns[turn]
        for rule in self._script.rules:
            if re.search(rule.hears, text):
                return rule.does
        return self._script.otherwise or text

    def _steps(self, orders: str) -> list[Step]:
        return [step for order in orders.split(";") for step in self._step(order.strip())]

    def _step(self, order: str) -> list[Step]:
        if found := _SAY.match(order):
            words = round(float(found.group(1)) * WORDS_PER_SECOND)
            return [Say(" ".join(f"#{n}" for n in range(words)))]
        if found := _SPEAK.match(order):
            return [Say(found.group(1))]
        if found := _CALL.match(order):
            try:
                arguments = json.loads(found.group(2) or "{}")
            except json.JSONDecodeError:
                return [Say("unreadable arguments")]
            return [Call(f"function-call-{next(self._ids)}", found.group(1), arguments)]
        if order in ("", "nothing"):
            return []
        return [Say(" ".join(order.split()[:ECHOED_WORDS]))]
