"""What a mind decides to do: say something, or call a declared function.

The seam between the wire server, which owns time, sound and sockets, and the dialogue behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Say:
    """Speak ``text``; it is spoken clause by clause and may be cut by the caller."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """Ask the client to run the declared function ``name``.

    ``id`` is unique within the conversation and goes over the wire as it is.
    """

    id: str
    name: str
    args: Mapping[str, Any]


Step = Say | Call


class Mind(Protocol):
    """One conversation's dialogue: pure, quick, and outliving any single socket.

    Steps are performed in the order given. A blocking call stops the turn until its result came;
    the steps that ``result`` returns are then performed after those already waiting.
    """

    def hear(self, text: str) -> list[Step]:
        """The caller said ``text``, or the client sent it as a turn of text."""
        ...

    def result(self, call_id: str, name: str, response: Mapping[str, Any]) -> list[Step]:
        """The client answered a call; more than once when it announced more to come."""
        ...

    def cancelled(self, ids: Sequence[str]) -> None:
        """These calls were taken back; their results will not come."""
        ...

    def interrupted(self, said: str) -> None:
        """The caller spoke over the reply; ``said`` is the part that had been sent."""
        ...


MakeMind = Callable[[tuple[Mapping[str, Any], ...], str], Mind]
"""(function declarations as the client wrote them, system instruction) -> a fresh mind."""
