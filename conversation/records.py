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

    ``response`` is the reply's number, 0 for the caller's turns. ``sound`` says what became of a
    reply's sound, in ms: ``generated``, ``sent`` to the line, ``heard``, ``dropped``.

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
    response: int = 0
    sound: Mapping[str, float] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class ReplyMeasured:
    """Where the time of a reply went: stretches in ms that follow one another and together are
    how long the caller waited. ``chunks`` and ``samples`` are what was handed to the line."""

    response: int
    bar: Mapping[str, float]
    chunks: int
    samples: int


@dataclass(frozen=True, slots=True)
class TakePlayed:
    """What became of one take of Myra's sound in a browser, in samples at ``rate``.

    ``response`` is 0 for a recorded prompt. ``ended``: the page has said how it ended;
    ``cleared``: it was cut off by order or by the caller.
    """

    take: int
    response: int
    kind: str
    rate: int
    chunks_sent: int
    samples_sent: int
    received: int = 0
    played: int = 0
    dropped: int = 0
    underruns: int = 0
    ended: bool = False
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class QualityReported:
    """What a door measured of its line at ``at``; its own names for its own figures."""

    at: float
    figures: Mapping[str, float | str]


Fact = CallOpened | TurnTaken | ToolUsed | CallClosed | ReplyMeasured | TakePlayed | QualityReported


class Recorder(Protocol):
    """Keeps facts. ``record`` only enqueues (bounded); a failing store is its own affair."""

    def record(self, conversation: str, fact: Fact) -> None: ...
