"""Every value that a metric's label may take, and what becomes which. Pure.

A label is one of a fixed few words: nothing of a call, a caller or a model's own words gets into
one, so the number of time series is known beforehand.
"""

from __future__ import annotations

from enum import StrEnum

from conversation.events import LineClosed, ModelLost
from conversation.gemini.close_codes import is_network
from conversation.line import After, Ending
from tools.contract import Status


class Channel(StrEnum):
    """The door that a call came in by."""

    PHONE = "phone"
    BROWSER = "browser"
    OTHER = "other"


class Direction(StrEnum):
    """``in``: from the caller, or to the model; ``out``: from Myra."""

    IN = "in"
    OUT = "out"


class Outcome(StrEnum):
    """How a call ended."""

    COMPLETED = "completed"
    CALLER_HANGUP = "caller_hangup"
    TRANSFERRED = "transferred"
    ERROR = "error"
    REJECTED = "rejected"
    DRAINED = "drained"


class ToolOutcome(StrEnum):
    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    DENIED = "denied"
    CANCELLED = "cancelled"


class Renewal(StrEnum):
    """Why a model session took another's place: the service announced its end, the model kept
    silent for too long, or the session was lost."""

    GOAWAY = "goaway"
    DEADLINE = "deadline"
    ERROR = "error"


class Loss(StrEnum):
    """What a lost model session is to be blamed on."""

    QUOTA = "quota"
    NETWORK = "network"
    REFUSED = "refused"
    SERVICE = "service"


class Stage(StrEnum):
    """A stretch of the time that a caller waits for a reply; the keys of ``TurnTaken.latency``."""

    END_OF_SPEECH = "end_of_speech"
    FIRST_AUDIO = "first_audio"
    LINE = "line"
    HEARD = "heard"


UNKNOWN_TOOL = "unknown"
# What a door says of a line whose caller put the receiver down or closed the page.
_HUNG_UP = frozenset({"stopped", "call_over", "stream_stopped", "hung_up", "left"})
_TOOL_OUTCOMES = {
    Status.OK: ToolOutcome.OK,
    Status.REFUSED: ToolOutcome.DENIED,
    Status.ERROR: ToolOutcome.ERROR,
    Status.TIMEOUT: ToolOutcome.TIMEOUT,
    Status.CANCELLED: ToolOutcome.CANCELLED,
}
_AFTER = {
    After.GOODBYE: Outcome.COMPLETED,
    After.TRANSFER: Outcome.TRANSFERRED,
    After.FAILED: Outcome.ERROR,
}
_TOO_MANY_REQUESTS = 429


def channel_of(door: str) -> Channel:
    return Channel(door) if door in (Channel.PHONE, Channel.BROWSER) else Channel.OTHER


def tool_outcome(status: Status) -> ToolOutcome:
    return _TOOL_OUTCOMES[status]


def closed_by_line(closed: LineClosed, channel: Channel) -> Outcome:
    """The outcome of a call whose line ended before anybody said goodbye. A browser that goes
    away has hung up; a telephone stream that breaks off is a fault. Lines are cancelled by the end
    of the drain only."""
    if closed.reason == "cancelled":
        return Outcome.DRAINED
    gone = closed.reason == "disconnected" and channel is Channel.BROWSER
    return Outcome.CALLER_HANGUP if gone or closed.reason in _HUNG_UP else Outcome.ERROR


def let_go(ending: Ending, *, draining: bool) -> Outcome:
    """The outcome of a call that the conversation itself ended. One that fails while the process
    is being stopped is the drain's doing."""
    outcome = _AFTER[ending.after]
    return Outcome.DRAINED if draining and outcome is Outcome.ERROR else outcome


def loss_of(lost: ModelLost) -> Loss:
    """The service closes with 1011 and says "quota" where it means 429."""
    said = lost.reason.lower()
    if lost.code == _TOO_MANY_REQUESTS or "quota" in said or "resource_exhausted" in said:
        return Loss.QUOTA
    if not lost.retry:
        return Loss.REFUSED
    return Loss.NETWORK if lost.code < 100 or is_network(lost.code) else Loss.SERVICE
