"""What the conversation and the tools say to each other: the only module of this room
that ``conversation`` imports. Values and one seam, no behaviour."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class When(StrEnum):
    """How urgently the model should hear of a result."""

    IDLE = "when_idle"
    NOW = "interrupt"
    SILENT = "silent"


class Status(StrEnum):
    """How a tool call ended. Every call ends in exactly one of these."""

    OK = "ok"
    REFUSED = "refused"
    ERROR = "error"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


class Order(StrEnum):
    """What a tool may order of the line, carried out once Myra's words have been heard."""

    HANG_UP = "hang_up"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call as the model asked for it; ``args`` are not validated yet."""

    id: str
    name: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The one answer to a tool call.

    ``response`` is what the model gets: short, spoken-friendly facts. ``keep`` asks that the
    result be offered again when a barge-in dropped what Myra was to say of it. ``order`` is
    performed after her next words have been heard; ``order_detail`` goes with it.
    """

    call_id: str
    name: str
    status: Status
    response: Mapping[str, Any]
    when: When = When.IDLE
    keep: bool = False
    order: Order | None = None
    order_detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A tool as the model is told of it.

    ``parameters`` is a JSON schema object. ``writes`` says that it changes something: such a
    call is never cancelled once begun. ``seconds`` bounds its run.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    when: When = When.IDLE
    writes: bool = False
    seconds: float = 8.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the line, as far as the line can tell.

    ``number`` is E.164 or empty; ``attested`` is true only where the network vouches for it
    (STIR/SHAKEN full attestation, A).
    """

    conversation: str
    door: str
    number: str = ""
    attested: bool = False


class ToolDesk(Protocol):
    """One conversation's tools. ``run`` lives in the conversation's TaskGroup.

    Cancelling ``run`` abandons what only reads and finishes (or records as unfinished) what
    writes, within a deadline of its own.
    """

    @property
    def declarations(self) -> Sequence[Declaration]: ...

    async def run(self) -> None:
        """Work until cancelled."""

    def start(self, call: ToolCall) -> None:
        """Begin a call in the background. Never blocks; a full queue answers with an error."""

    def cancel(self, call_id: str) -> None:
        """Abandon a call that only reads; one that writes runs on. Unknown ids are ignored."""

    def results(self) -> AsyncIterator[ToolResult]:
        """Every started call's result, exactly once, in order of completion."""
