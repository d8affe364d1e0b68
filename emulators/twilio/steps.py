"""What a caller does in a scripted call, as values. Each step knows its line in the script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

QUIET_SECONDS = 1.0
REPLY_SECONDS = 20.0
ENDING_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Speech:
    """What the caller says: a text for the voice, or a recording."""

    text: str = ""
    wav: Path | None = None
    voice: str = ""
    level_db: float | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Speak to the end."""

    line: int
    speech: Speech


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Wait until Myra has been heard for ``after`` seconds, then speak."""

    line: int
    after: float
    speech: Speech
    within: float = REPLY_SECONDS


@dataclass(frozen=True, slots=True)
class WaitReply:
    """Wait until Myra has spoken, ``times`` times, and been ``quiet`` for so many seconds."""

    line: int
    greeting: bool = False
    times: int = 1
    quiet: float = QUIET_SECONDS
    within: float = REPLY_SECONDS


@dataclass(frozen=True, slots=True)
class Silence:
    """Say nothing for so long."""

    line: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys."""

    line: int
    digits: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Put the receiver down."""

    line: int


@dataclass(frozen=True, slots=True)
class Expect:
    """What must hold now; None is not looked at. Times in seconds.

    ``says`` and ``never_says`` are searched in what Myra said since the caller's last words,
    upper and lower case alike. ``within`` bounds the wait for ``hung_up_by_hotline`` and
    ``after``.
    """

    line: int
    reply_within: float | None = None
    silent_within: float | None = None
    says: str | None = None
    never_says: str | None = None
    hung_up_by_hotline: bool | None = None
    after: str | None = None
    within: float = ENDING_SECONDS


Step = Say | Interrupt | WaitReply | Silence | Press | HangUp | Expect


@dataclass(frozen=True, slots=True)
class Script:
    """What a caller does in a call, step by step."""

    steps: tuple[Step, ...]
    noise_db: float | None = None

    @property
    def needs_ears(self) -> bool:
        """An expectation is about Myra's words."""
        return any(isinstance(s, Expect) and (s.says or s.never_says) for s in self.steps)

    def speeches(self) -> Iterator[Speech]:
        """Everything the caller will say, to be made ready before dialling."""
        for step in self.steps:
            if isinstance(step, Say | Interrupt):
                yield step.speech
