"""Figures that QA watch while a conversation runs."""

from __future__ import annotations

from collections.abc import Iterable

from conversation.actions import ClearLine, Play, Record, RenewModel, StartTimer
from conversation.core import Setting
from conversation.events import (
    CallerAudio,
    CallerTyped,
    Event,
    GenerationFinished,
    Keypress,
    ModelAudio,
    ModelInterrupted,
    PlaybackMark,
    TurnFinished,
)
from conversation.records import TurnTaken
from web_demo.server.insight_messages import Message, Reactions, metric


class Figures:
    """``barge_in_ms`` is from the beginning of speech to the order to be silent, ``round_trip_ms``
    a mark's way there and back, ``late_frames`` pieces of replies that had been cut off."""

    def __init__(self) -> None:
        self._least_speech = 0.0
        self._speech_at: float | None = None
        self._probe = ("", 0.0)
        self._renewals = 0
        self._late = 0
        self._told_late = 0
        self._dead_through = 0

    def began(self, setting: Setting) -> None:
        self._least_speech = setting.talk.min_speech_ms / 1000

    def reactions(self) -> Reactions:
        return {
            StartTimer: self._armed,
            ClearLine: self._cleared,
            Play: self._play,
            PlaybackMark: self._played,
            RenewModel: self._renewed,
            Record: self._recorded,
            ModelAudio: self._audio,
            ModelInterrupted: self._interrupted,
            GenerationFinished: self._tell_late,
            TurnFinished: self._tell_late,
        }

    def _armed(self, item: StartTimer, cause: Event, now: float) -> Iterable[Message]:
        """The ear arms this one by a frame when speech begins, which it takes so much to notice."""
        if item.name == "speech" and isinstance(cause, CallerAudio):
            self._speech_at = now - self._least_speech
        return ()

    def _cleared(self, item: ClearLine, cause: Event, now: float) -> Iterable[Message]:
        if isinstance(cause, CallerAudio) and self._speech_at is not None:
            yield metric("barge_in_ms", 1000 * max(0.0, now - self._speech_at))
        elif isinstance(cause, Keypress | CallerTyped):
            yield metric("barge_in_ms", 0.0)

    def _play(self, item: Play, cause: Event, now: float) -> Iterable[Message]:
        if item.mark.startswith("probe"):
            self._probe = (item.mark, now)
        return ()

    def _played(self, item: PlaybackMark, cause: Event, now: float) -> Iterable[Message]:
        name, sent = self._probe
        if item.name == name:
            yield metric("round_trip_ms", 1000 * (now - sent))

    def _renewed(self, item: RenewModel, cause: Event, now: float) -> Iterable[Message]:
        self._renewals += 1
        yield metric("model_reconnects", self._renewals)

    def _recorded(self, item: Record, cause: Event, now: float) -> Iterable[Message]:
        turn = item.fact
        if isinstance(turn, TurnTaken) and turn.interrupted:
            self._dead_through = max(self._dead_through, turn.response)
        return ()

    def _interrupted(self, item: ModelInterrupted, cause: Event, now: float) -> Iterable[Message]:
        self._dead_through = max(self._dead_through, item.response)
        return ()

    def _audio(self, item: ModelAudio, cause: Event, now: float) -> Iterable[Message]:
        if item.response <= self._dead_through:
            self._late += 1
        elif self._late != self._told_late:
            yield from self._tell_late(item, cause, now)

    def _tell_late(self, item: object, cause: Event, now: float) -> Iterable[Message]:
        if self._late != self._told_late:
            self._told_late = self._late
            yield metric("late_frames", self._late)
