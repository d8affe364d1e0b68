"""A recorded call held again under other settings.

What the caller and the model did stays as it was. What followed from decisions does not: timers
are those of the new decisions, and marks come back from a line that plays what they play, with
the round trip that the recorded line had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conversation.actions import (
    Action,
    ClearLine,
    HangUp,
    Play,
    PlayPrompt,
    StartTimer,
    StopTimer,
)
from conversation.core import Core, Setting
from conversation.events import (
    ConversationOver,
    Event,
    LineClosed,
    PlaybackMark,
    TimerFired,
)

# Where the journal has no measured round trip.
_USUAL_TRIP = 0.1
_NEVER = (float("inf"), "")

Decided = tuple[float, Event, Sequence[Action]]


@dataclass(slots=True)
class _Playing:
    mark: str
    ends: float


class ImaginedLine:
    """Plays what it is given at the pace of sound; seconds throughout."""

    def __init__(self, round_trip: float) -> None:
        self._one_way = round_trip / 2
        self._playing: list[_Playing] = []
        self._take = 0

    def play(self, mark: str, seconds: float, now: float) -> None:
        arrives = now + self._one_way
        start = max([arrives, *(p.ends for p in self._playing[-1:])])
        self._playing.append(_Playing(mark, start + seconds))

    def clear(self, now: float) -> None:
        """What has not been played comes back at once."""
        for playing in self._playing:
            playing.ends = min(playing.ends, now + self._one_way)

    def next_mark(self) -> float | None:
        """When the next mark is back."""
        return self._playing[0].ends + self._one_way if self._playing else None

    def take_mark(self) -> PlaybackMark:
        return PlaybackMark(self._playing.pop(0).mark)


class WhatIf:
    def __init__(self, setting: Setting, round_trip: float) -> None:
        self._core = Core(setting)
        self._prompts = setting.prompts
        self._line = ImaginedLine(round_trip)
        self._timers: dict[str, float] = {}

    def run(self, happened: Iterable[tuple[float, Event]]) -> Iterator[Decided]:
        """Every decision until the call is over. ``happened`` are the recorded events that
        nothing here decides about."""
        for now, event in happened:
            yield from self._until(now)
            if self._core.over and not isinstance(event, LineClosed | ConversationOver):
                continue
            yield self._decide(event, now)

    def _until(self, now: float) -> Iterator[Decided]:
        """What falls due before ``now``, in order."""
        while True:
            at, name = min(((at, name) for name, at in self._timers.items()), default=_NEVER)
            mark = self._line.next_mark()
            if at <= now and (mark is None or at <= mark):
                del self._timers[name]
                yield self._decide(TimerFired(name), at)
            elif mark is not None and mark <= now:
                yield self._decide(self._line.take_mark(), mark)
            else:
                return

    def _decide(self, event: Event, now: float) -> Decided:
        actions = self._core.decide(event, now)
        for action in actions:
            self._follow(action, now)
        return now, event, actions

    def _follow(self, action: Action, now: float) -> None:
        match action:
            case Play():
                self._line.play(action.mark, action.audio.ms / 1000, now)
            case PlayPrompt():
                self._line.play(action.mark, self._prompts[action.prompt] / 1000, now)
            case ClearLine():
                self._line.clear(now)
            case StartTimer():
                self._timers[action.name] = now + action.seconds
            case StopTimer():
                self._timers.pop(action.name, None)
            case HangUp():
                self._timers.clear()


def what_if(setting: Setting, decided: Sequence[Decided]) -> list[Decided]:
    """The recorded call's events under ``setting``, decided anew."""
    happened = [
        (now, event)
        for now, event, _ in decided
        if not isinstance(event, TimerFired | PlaybackMark)
    ]
    return list(WhatIf(setting, _round_trip(decided)).run(happened))


def _round_trip(decided: Sequence[Decided]) -> float:
    """How long the recorded line's first probe took."""
    sent: float | None = None
    for now, event, actions in decided:
        if isinstance(event, PlaybackMark) and event.name == "probe1" and sent is not None:
            return now - sent
        if any(isinstance(action, Play) and action.mark == "probe1" for action in actions):
            sent = now
    return _USUAL_TRIP
