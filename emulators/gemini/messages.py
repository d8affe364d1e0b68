"""What a Live client can say, as typed values; ``wire`` makes them from frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

SignalKind = Literal["activityStart", "activityEnd", "audioStreamEnd"]
Scheduling = Literal["INTERRUPT", "WHEN_IDLE", "SILENT"]


@dataclass(frozen=True, slots=True)
class SetupMessage:
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """One turn of text; ``role`` is empty when the client sent none."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class ClientContent:
    turns: tuple[Content, ...]
    turn_complete: bool


@dataclass(frozen=True, slots=True)
class AudioIn:
    """Mono PCM16 as it came; the number of bytes may be odd. ``rate`` in samples per second."""

    data: bytes
    rate: int


@dataclass(frozen=True, slots=True)
class VideoIn:
    mime_type: str
    size: int


@dataclass(frozen=True, slots=True)
class TextIn:
    text: str


@dataclass(frozen=True, slots=True)
class Signal:
    kind: SignalKind


@dataclass(frozen=True, slots=True)
class ToolResult:
    id: str
    name: str
    response: Mapping[str, Any]
    scheduling: Scheduling
    will_continue: bool


@dataclass(frozen=True, slots=True)
class ToolResponse:
    results: tuple[ToolResult, ...]


@dataclass(frozen=True, slots=True)
class ContextUpdate:
    """None leaves that part as it is."""

    instruction: str | None
    tools: tuple[Mapping[str, Any], ...] | None


ClientMessage = (
    SetupMessage
    | ClientContent
    | AudioIn
    | VideoIn
    | TextIn
    | Signal
    | ToolResponse
    | ContextUpdate
)
