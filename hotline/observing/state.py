"""What a running call is doing now: the little that a look at the hotline needs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.observing.labels import Channel


class Doing(StrEnum):
    CONNECTING = "connecting"
    LISTENING = "listening"
    HEARING = "hearing"
    SPEAKING = "speaking"
    TOOL = "tool"


@dataclass(slots=True)
class CallState:
    """Times are seconds of the conversation's clock, ``began`` of the process's.

    ``caller_end`` are the last two digits of a number, or nothing. ``reply_ms`` is how long the
    caller waited for the latest reply that answered them.
    """

    call: str
    channel: Channel
    caller_end: str
    began: float
    now: float = 0.0
    session: bool = False
    plays_until: float = 0.0
    voice_at: float = float("-inf")
    turns: int = 0
    reply_ms: float | None = None
    tools: dict[str, tuple[str, float]] = field(default_factory=dict)
    reconnects: int = 0

    def doing(self, age: float) -> Doing:
        """What it does at this age in seconds. A voice is heard for 0.4 s after its last
        sound."""
        if not self.session:
            return Doing.CONNECTING
        if age < self.plays_until:
            return Doing.SPEAKING
        if age - self.voice_at < 0.4:
            return Doing.HEARING
        return Doing.TOOL if self.tools else Doing.LISTENING

    def shown(self, now: float) -> dict[str, object]:
        """The call as ``/calls`` shows it: nothing in it leads to a person."""
        age = max(0.0, now - self.began)
        return {
            "call": self.call[-6:],
            "channel": self.channel.value,
            "caller": self.caller_end,
            "seconds": round(age, 1),
            "doing": self.doing(age).value,
            "turns": self.turns,
            "reply_ms": None if self.reply_ms is None else round(self.reply_ms),
            "tools": sorted(name for name, _ in self.tools.values()),
            "reconnects": self.reconnects,
        }


class Board:
    """The calls under way in this process. A call whose stream was replaced stands here twice
    for a moment."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._calls: dict[int, CallState] = {}

    def __iter__(self) -> Iterator[CallState]:
        return iter(self._calls.values())

    def __len__(self) -> int:
        return len(self._calls)

    def enter(self, state: CallState) -> None:
        self._calls[id(state)] = state

    def leave(self, state: CallState) -> None:
        self._calls.pop(id(state), None)


def caller_end(number: str) -> str:
    """The last two digits of a number long enough for them to tell nobody apart."""
    digits = "".join(c for c in number if c.isdecimal())
    return digits[-2:] if len(digits) >= 8 else ""
