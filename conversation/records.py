"""Facts for a call's record, and the seam to whoever keeps them.

Times are seconds since the conversation began; durations are milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class CallOpened:
    conversation: str
    door: str
    caller: str
    model: str


@dataclass(frozen=True, slots=True)
class TurnTaken:
    """One person's turn. ``heard`` is what of ``text`` was really heard (Myra's turns).

    ``latency`` names the stretches of the reply time in ms: ``end_of_speech`` (silence until
    the turn ended), ``first_audio`` (to the model's first sound), ``heard`` (to the ear).
    """

    index: int
    speaker: str
    text: str
    heard: str
    started: float
    ended: float
    interrupted: bool = False
    latency: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolUsed:
    call_id: str
    name: str
    args: Mapping[str, Any]
    status: str
    response: Mapping[str, Any]
    started: float
    ended: float


@dataclass(frozen=True, slots=True)
class CallClosed:
    reason: str
    seconds: float
    prompt_tokens: int
    response_tokens: int


Fact = CallOpened | TurnTaken | ToolUsed | CallClosed


class Recorder(Protocol):
    """Keeps facts. ``record`` only enqueues (bounded); a failing store is its own affair."""

    def record(self, conversation: str, fact: Fact) -> None: ...
