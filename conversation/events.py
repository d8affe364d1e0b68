"""Everything that can happen in a conversation: plain facts, past tense, no behaviour.

Line events come from a door, model events from the live model, the rest from the runtime.
A response number counts the model's replies within one conversation, from 1; it never
decreases, also across reconnects.
"""

from __future__ import annotations

from dataclasses import dataclass

from media.audio import Audio
from tools.contract import ToolCall, ToolResult


@dataclass(frozen=True, slots=True)
class LineAudio:
    """The caller's sound as the door hands it over: 20 ms or so, at the line's input rate."""

    audio: Audio


@dataclass(frozen=True, slots=True)
class CallerAudio:
    """The caller's sound with what was measured of it on the way into the inbox.

    ``speech`` is the detector's probability (0 to 1) for its latest window, ``level_db`` the
    RMS level in dBFS. Decisions look at these and at the length, never at samples, so a
    journal without sound replays exactly.
    """

    audio: Audio
    speech: float
    level_db: float


@dataclass(frozen=True, slots=True)
class Keypress:
    """One DTMF key: 0-9, *, #, A-D."""

    digit: str


@dataclass(frozen=True, slots=True)
class PlaybackMark:
    """Playback has passed this mark, or a clear has flushed it."""

    name: str


@dataclass(frozen=True, slots=True)
class CallerTyped:
    """Text the caller typed (browser only)."""

    text: str


@dataclass(frozen=True, slots=True)
class CallerStopped:
    """The caller's own end has stopped Myra already (browser only): its speech detector was sure
    (``reason`` "voice"), they pressed a button, or they are typing ("text").

    It stopped ``past_ms`` behind the place of ``mark``, or before it where negative; without a
    mark nobody knows where.
    """

    reason: str
    mark: str = ""
    past_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class LineClosed:
    """The line is gone; the last event of every line, exactly once."""

    reason: str


@dataclass(frozen=True, slots=True)
class ModelReady:
    """A model session is open. ``resumed``: it remembers the conversation so far."""

    resumed: bool


@dataclass(frozen=True, slots=True)
class ModelAudio:
    """A piece of a reply. ``levels`` are the dBFS of its 20 ms stretches, measured on the way
    into the inbox; a model leaves them empty."""

    response: int
    audio: Audio
    levels: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelWords:
    """A piece of the transcript of what the model says."""

    response: int
    text: str


@dataclass(frozen=True, slots=True)
class CallerWords:
    """A piece of the transcript of what the caller said, as the model heard it."""

    text: str


@dataclass(frozen=True, slots=True)
class GenerationFinished:
    """The model has produced all of a response; it may still be playing."""

    response: int


@dataclass(frozen=True, slots=True)
class TurnFinished:
    response: int


@dataclass(frozen=True, slots=True)
class ModelInterrupted:
    """The model heard the caller and dropped this response."""

    response: int


@dataclass(frozen=True, slots=True)
class ToolCallRequested:
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolCallsCancelled:
    """The model no longer wants these calls' results."""

    call_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsageReported:
    prompt_tokens: int
    response_tokens: int
    total_tokens: int


@dataclass(frozen=True, slots=True)
class ModelLeaving:
    """The service will close this session in ``seconds`` (goAway)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ModelLost:
    """A session ended or could not be opened. ``retry``: another attempt makes sense."""

    code: int
    reason: str
    retry: bool


@dataclass(frozen=True, slots=True)
class ToolFinished:
    result: ToolResult


@dataclass(frozen=True, slots=True)
class TimerFired:
    name: str


@dataclass(frozen=True, slots=True)
class EndRequested:
    """Somebody in charge wants the call to end politely (drain, hard limit, supervisor)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ConversationBegan:
    """The first event of every conversation."""


@dataclass(frozen=True, slots=True)
class ConversationOver:
    """The last event of every conversation: line and tools have come to rest."""


LineEvent = LineAudio | Keypress | PlaybackMark | CallerTyped | CallerStopped | LineClosed
ModelEvent = (
    ModelReady
    | ModelAudio
    | ModelWords
    | CallerWords
    | GenerationFinished
    | TurnFinished
    | ModelInterrupted
    | ToolCallRequested
    | ToolCallsCancelled
    | UsageReported
    | ModelLeaving
    | ModelLost
)
Event = (
    CallerAudio
    | Keypress
    | PlaybackMark
    | CallerTyped
    | CallerStopped
    | LineClosed
    | ModelEvent
    | ToolFinished
    | TimerFired
    | EndRequested
    | ConversationBegan
    | ConversationOver
)
