"""The line: the end of a conversation that a person is on. The whole seam to a door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from conversation.events import LineEvent
from media.audio import Audio


class After(StrEnum):
    """What becomes of the caller when the conversation lets go of the line."""

    GOODBYE = "goodbye"
    TRANSFER = "transfer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why the conversation lets go, and what a door needs to carry it on."""

    after: After = After.GOODBYE
    reason: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineInfo:
    """Who is on the line and what it can do, as data.

    ``id`` names this conversation and its record; ``call`` what of it outlives a lost line, where
    the same call may come back in a new conversation (else empty: the conversation is the call).
    ``input_rate`` is the rate of ``LineAudio`` in Hz (16000, or 8000 when the model takes
    telephone audio as it is). ``echo_cancelled``: the far end removes Myra's own voice.
    ``returning`` says why a caller who was here before is back within the same call
    (``"failed"``: we lost the line, ``"transfer_failed"``: nobody took the call), else empty.
    """

    id: str
    door: str
    call: str = ""
    caller: str = ""
    attested: bool = False
    input_rate: int = 16000
    can_transfer: bool = False
    has_keypad: bool = False
    can_type: bool = False
    echo_cancelled: bool = False
    returning: str = ""


class Line(Protocol):
    """A phone call or a browser tab. Everything but ``events`` only enqueues.

    The line never waits for the conversation and the conversation never waits for the line:
    a peer that stops reading ends the line with ``LineClosed``.
    """

    @property
    def info(self) -> LineInfo: ...

    def events(self) -> AsyncIterator[LineEvent]:
        """What happens on the line, ending after exactly one ``LineClosed``."""

    def play(self, audio: Audio, mark: str, *, last: bool = False, fade_in_ms: float = 0.0) -> None:
        """Queue audio of any rate and length, then a mark that comes back once it has played.

        ``last`` flushes the outgoing filter: the response's tail is heard whole. Empty audio
        queues the mark alone; on a line with nothing queued it comes back after one round trip.
        """

    def clear(self) -> None:
        """Drop what is queued and reset filters; pending marks come back at once."""

    def hang_up(self, ending: Ending) -> None:
        """Let go of the line. Idempotent; ends with ``LineClosed``."""
