"""How long a caller waited for each reply, and where the time went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversation.ear import Ear
from conversation.events import ModelAudio
from conversation.floor import Floor, Holder
from conversation.moments import (
    CallerActed,
    CallerTurnEnded,
    FirstHeard,
    Out,
    Reaction,
    ReplyBegan,
)
from conversation.playout import Playout


@dataclass(slots=True)
class _Wait:
    """Seconds on the conversation's clock."""

    ended: float
    turn_end: float
    first_audio: float | None = None
    on_line: float | None = None
    heard: float | None = None


class Latency:
    """Per reply, in ms: ``end_of_speech`` (the caller's last sound to the end of the turn;
    0 with turn_taking=model, where that end cannot be seen), ``first_audio`` (to the model's
    first sound), ``line`` (until it was handed to the line), ``heard`` (to the caller's ear).
    Together: how long the caller waited.
    """

    def __init__(self, floor: Floor, ear: Ear, playout: Playout, *, local: bool) -> None:
        self._playout = playout
        self._floor = floor
        self._ear = ear
        self._local = local
        self._open: _Wait | None = None
        self._waits: dict[int, _Wait] = {}

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            CallerTurnEnded: self._turn_ended,
            CallerActed: self._acted,
            ModelAudio: self._audio,
            ReplyBegan: self._on_line,
            FirstHeard: self._heard,
        }

    def of(self, response: int) -> Mapping[str, float]:
        """The stretches known of a reply's latency; empty for one that answered nobody."""
        wait = self._waits.pop(response, None)
        if wait is None:
            return {}
        points = [wait.ended, wait.turn_end, wait.first_audio, wait.on_line, wait.heard]
        names = ("end_of_speech", "first_audio", "line", "heard")
        known: dict[str, float] = {}
        for name, start, end in zip(names, points, points[1:], strict=False):
            if start is None or end is None:
                break
            known[name] = round(1000 * max(0.0, end - start), 1)
        return known

    def _turn_ended(self, moment: CallerTurnEnded, now: float) -> Iterable[Out]:
        if moment.said and self._floor.holder is not Holder.MYRA:
            self._open = _Wait(moment.ended, now if self._local else moment.ended)
        return ()

    def _acted(self, moment: CallerActed, now: float) -> Iterable[Out]:
        self._open = _Wait(now, now)
        return ()

    def _audio(self, event: ModelAudio, now: float) -> Iterable[Out]:
        """With turn_taking=model the first sound of the reply may be what ends the turn."""
        if event.response in self._waits or self._playout.find(event.response) is None:
            return ()
        wait, self._open = self._open, None
        if wait is None and self._floor.holder is Holder.CALLER and not self._ear.speaking:
            ended = self._ear.last_voice_at
            wait = _Wait(ended, ended)
        if wait is not None:
            wait.first_audio = now
            self._waits[event.response] = wait
        return ()

    def _on_line(self, moment: ReplyBegan, now: float) -> Iterable[Out]:
        if wait := self._waits.get(moment.response):
            wait.on_line = now
        return ()

    def _heard(self, moment: FirstHeard, now: float) -> Iterable[Out]:
        if wait := self._waits.get(moment.response):
            wait.heard = moment.at
        return ()
