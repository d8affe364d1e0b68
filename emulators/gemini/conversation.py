"""What the service remembers of one conversation: it outlives any single socket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from emulators.gemini.setup import Setup, Tools
from emulators.gemini.steps import Call, MakeMind, Mind
from emulators.gemini.usage import Usage

KEPT_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One contribution to the history, as far as it was really sent."""

    role: Literal["user", "model"]
    text: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A call the client has not answered yet. A ``repeat`` is one the mind knows nothing of."""

    call: Call
    blocking: bool
    turn: int
    repeat: bool = False


class Conversation:
    """History, pending calls, token counts and the mind, which is made when first needed.

    A history seeded before that is told to the mind with its instruction.
    """

    def __init__(self, setup: Setup, make_mind: MakeMind) -> None:
        self._make_mind = make_mind
        self._mind: Mind | None = None
        self._instruction = setup.instruction
        self.tools = setup.tools
        self.usage = Usage(setup.instruction)
        self.history: list[Entry] = []
        self.pending: dict[str, Pending] = {}
        self.partly_answered: set[str] = set()
        self.turns = 0

    @property
    def mind(self) -> Mind:
        if self._mind is None:
            earlier = "".join(f"\n{entry.role}: {entry.text}" for entry in self.history)
            told = f"{self._instruction}\n\nEarlier in this conversation:{earlier}"
            self._mind = self._make_mind(
                self.tools.declarations, told if earlier else self._instruction
            )
        return self._mind

    def resumed(self, setup: Setup) -> None:
        """Another socket goes on with it: what its setup declares holds from now on.

        A handle stands for a moment without pending calls, so those are void.
        """
        self.tools = setup.tools
        self.cancel(list(self.pending))

    def reconfigure(self, instruction: str | None, tools: Tools | None) -> None:
        """A context update. Other tools make the mind start anew with what was said so far as
        its past; an instruction alone leaves it what it remembers, as the model's does."""
        self._instruction = self._instruction if instruction is None else instruction
        if tools is not None:
            self.tools = tools
            self._mind = None

    def seed(self, entries: Iterable[Entry]) -> None:
        """History from before the first turn."""
        for entry in entries:
            self.remember(entry.role, entry.text)

    def remember(self, role: Literal["user", "model"], text: str) -> None:
        if text:
            self.history.append(Entry(role, text))
            del self.history[:-KEPT_ENTRIES]
            if role == "user":
                self.usage.read(text)

    def called(self, calls: Sequence[Call], turn: int, *, repeat: bool = False) -> None:
        for call in calls:
            blocking = call.name in self.tools.blocking
            self.pending[call.id] = Pending(call, blocking, turn, repeat)

    def find(self, call_id: str, name: str) -> Pending | None:
        """The call a result belongs to: by id, or by name where the client sent none."""
        if call_id:
            return self.pending.get(call_id)
        return next((one for one in self.pending.values() if one.call.name == name), None)

    def answered(self, pending: Pending, *, finally_so: bool) -> None:
        if finally_so:
            self.pending.pop(pending.call.id, None)
            self.partly_answered.discard(pending.call.id)
        else:
            self.partly_answered.add(pending.call.id)

    def cancel(self, ids: Iterable[str]) -> list[str]:
        """Gives these calls up and tells the mind; returns those that were pending."""
        gone = [self.pending.pop(one) for one in ids if one in self.pending]
        for pending in gone:
            self.partly_answered.discard(pending.call.id)
        if known := [pending.call.id for pending in gone if not pending.repeat]:
            self.mind.cancelled(known)
        return [pending.call.id for pending in gone]
