"""What Myra remembers of a conversation, and the turn she is making."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from emulators.gemini.brain.declared import Function
from emulators.gemini.brain.errands import Errand
from emulators.gemini.steps import Call, Say, Step

# Asked for, beside the slots.
CONFIRM = "confirm"
PERSON = "person"
RETRY = "retry"
ANYTHING = "anything"
OPEN = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A call under way: for which errand, with what was known, and whether it confirms.

    ``ahead_of`` is the errand before which the booking is looked up.
    """

    errand: Errand
    known: Mapping[str, str]
    arguments: Mapping[str, Any]
    confirms: bool = False
    attempt: int = 1
    ahead_of: Errand | None = None

    @property
    def booking_only(self) -> dict[str, str]:
        """What was known, without what belongs to this one attempt."""
        return {k: v for k, v in self.known.items() if k not in ("action", "quote_id")}


@dataclass(frozen=True, slots=True)
class Quote:
    """An offer that waits for the caller's yes."""

    made_by: Pending
    id: str


@dataclass(slots=True)
class Memory:
    """One conversation so far.

    ``booking`` (reference, surname) holds for the whole call, ``told`` for the errand in hand;
    ``opened`` is the reference that a function has answered for. ``asked`` is what Myra asked for
    last; ``misses`` and ``silences`` count in a row. ``last`` is what she last said, ``saying``
    and ``calling`` what the last turn says and then calls, ``unheard`` what of it was cut off.
    """

    functions: Mapping[str, Function]
    greeting: str
    booking: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    errand: Errand | None = None
    asked: str = OPEN
    opened: str = ""
    quote: Quote | None = None
    retry: Pending | None = None
    pending: dict[str, Pending] = field(default_factory=dict)
    dropped: list[Pending] = field(default_factory=list)
    times_asked: dict[str, int] = field(default_factory=dict)
    misses: int = 0
    silences: int = 0
    calls: int = 0
    closings: int = 0
    greeted: bool = False
    ended: bool = False
    partial: str = ""
    last: str = ""
    saying: str = ""
    calling: list[str] = field(default_factory=list)
    unheard: str = ""

    def knows(self, slot: str) -> str:
        return self.told.get(slot) or self.booking.get(slot, "")

    def cut(self, said: str) -> None:
        """The turn was cut after ``said``: the rest is unheard, and its calls never went out."""
        said = said.strip()
        if not self.saying.startswith(said) or said == self.saying:
            self.unheard = ""
            return
        self.unheard = _from_its_sentence(self.saying, len(said))
        for call_id in self.calling:
            if call_id in self.pending:
                self.dropped.append(self.pending.pop(call_id))

    def can(self, function: str) -> bool:
        return function in self.functions


class Turn:
    """The steps of one turn as they are decided; neighbouring sentences become one Say."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._steps: list[Step] = []

    def say(self, *sentences: str) -> None:
        text = " ".join(s.strip() for s in sentences if s.strip())
        if not text:
            return
        text = _discreet(text, self._memory.booking.get("booking_reference", ""))
        if self._steps and isinstance(before := self._steps[-1], Say):
            self._steps.pop()
            text = f"{before.text} {text}"
        self._steps.append(Say(text))

    def call(self, pending: Pending) -> None:
        """Ask for a call under an id of its own and remember it as under way."""
        self._memory.calls += 1
        call_id = f"function-call-{self._memory.calls}"
        self._memory.pending[call_id] = pending
        self._steps.append(Call(call_id, pending.errand.function, dict(pending.arguments)))

    def call_again(self, pending: Pending) -> None:
        self.call(replace(pending, attempt=pending.attempt + 1))

    def finish(self) -> list[Step]:
        """The steps; what is to be said is remembered, in case it is asked for again."""
        memory = self._memory
        memory.saying = " ".join(step.text for step in self._steps if isinstance(step, Say))
        memory.calling = [step.id for step in self._steps if isinstance(step, Call)]
        if memory.saying:
            memory.last, memory.unheard = memory.saying, ""
        return self._steps


def _from_its_sentence(text: str, cut: int) -> str:
    """What remains of a text cut short, beginning with the sentence that was cut."""
    starts = [0, *(match.end() for match in re.finditer(r"[.?!]\s+", text))]
    return text[max(start for start in starts if start <= cut) :]


def _discreet(text: str, reference: str) -> str:
    """Only the last three characters of a reference are ever read back."""
    plain = re.sub(r"[^A-Za-z0-9]", "", reference)
    if len(plain) < 5:
        return text
    spaced = r"[\s-]*".join(plain)
    noun = r"((?:booking|reference|reservation|confirmation)(?: number| code| is)? )?"
    ending = f"ending in {' '.join(plain[-3:].upper())}"
    return re.sub(
        rf"\b{noun}{spaced}\b",
        lambda match: f"{match[1] or 'the booking '}{ending}",
        text,
        flags=re.IGNORECASE,
    )
