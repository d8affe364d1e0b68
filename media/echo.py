"""Telling the caller from Myra's own voice coming back: there is no echo canceller on a
telephone line, and to a speech detector an echo is speech.

An echo is Myra's own envelope, late and softer. Whatever is softer than the loudest sound she
made of late, less what the line takes off at least, may be one; a person is louder. With 18 dB
assumed, an echo at -20 dB never passes and a caller 12 dB softer than Myra does. Where a line
gives back more, the envelopes show it: once they match, the guard reckons with that line's
own loss.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from media.levels import FLOOR_DB
from media.sliding import SlidingMax

Levels = npt.NDArray[np.float64]

SLOT_SECONDS = 0.02

# Levels below this are the line's noise and say nothing about an echo path.
_NOISE_DB = -50.0
# Two seconds of both sides while Myra is heard, looked at every half second.
_HISTORY_SLOTS = 100
_LOOK_EVERY = 25
# Four callers over Myra, long and short phrases, over 8 kHz mu-law: in 10,000 looks the best
# delay matched by 0.90 at most. An echo matches by 0.93 to 1.00 at its best, within seconds.
_MATCH = 0.92
# Least share of the history in which something was heard above the noise.
_BUSY = 0.25
_NOWHERE = -(1 << 62)
# The match is known to this many dB.
_MARGIN_DB = 2.0


@dataclass(frozen=True, slots=True)
class EchoPath:
    """What is assumed of a line whose echo is not known.

    ``loss_db`` is taken off whatever comes back, at least; a line that gives back more is
    learned down to ``least_loss_db``. An echo comes up to ``late_ms`` after the moment Myra
    is thought to be heard, or ``early_ms`` before, as that moment is an estimate.
    """

    loss_db: float = 18.0
    least_loss_db: float = 8.0
    late_ms: float = 500.0
    early_ms: float = 100.0


class EchoGuard:
    """Knows what Myra played when, and judges what is heard by it.

    Times are seconds on any one clock, levels dBFS of about 20 ms (``levels.frame_levels``).
    """

    def __init__(self, path: EchoPath | None = None) -> None:
        self.path = path or EchoPath()
        self._loss = self.path.loss_db
        self._late = round(self.path.late_ms / 1000 / SLOT_SECONDS)
        self._early = round(self.path.early_ms / 1000 / SLOT_SECONDS)
        self._played: dict[int, float] = {}
        self._heard: deque[tuple[int, float]] = deque(maxlen=_HISTORY_SLOTS)
        self._unseen = 0
        # The levels of the slots around now: up to, not with, ``_next``.
        self._around = SlidingMax()
        self._next = _NOWHERE

    @property
    def loss_db(self) -> float:
        """What this line is reckoned to take off an echo."""
        return self._loss

    def played(self, at: float, levels: Sequence[float]) -> None:
        """Myra is heard at the far end from ``at`` on, with these levels, 20 ms each."""
        first = _slot(at)
        for slot, level in enumerate(levels, first):
            self._played[slot] = max(level, self._played.get(slot, FLOOR_DB))
        self._look_again(first)

    def cleared(self, at: float) -> None:
        """What would have been heard from ``at`` on will not be."""
        now = _slot(at)
        self._played = {slot: level for slot, level in self._played.items() if slot < now}
        self._look_again(now)

    def limit_db(self, at: float) -> float:
        """Sound softer than this may be an echo at the moment; ``FLOOR_DB`` when nothing is."""
        loudest = self._loudest(_slot(at))
        return max(FLOOR_DB, loudest - self._loss) if loudest > FLOOR_DB else FLOOR_DB

    def _loudest(self, now: int) -> float:
        """What she played loudest around this slot."""
        first, end = now - self._late, now + self._early + 1
        if end < self._next:  # time went back
            self._look_again(first)
        for slot in range(max(first, self._next), end):
            self._around.add(slot, self._played.get(slot, FLOOR_DB))
        self._next = end
        self._around.forget_before(first)
        greatest = self._around.greatest
        return FLOOR_DB if greatest is None else greatest

    def _look_again(self, slot: int) -> None:
        """What was played from this slot on has changed."""
        if slot < self._next:
            self._around.clear()
            self._next = _NOWHERE

    def is_echo(self, at: float, level_db: float) -> bool:
        """Whether 20 ms of the caller's sound, heard at ``at``, may be Myra's own voice."""
        limit = self.limit_db(at)
        self._remember(_slot(at), level_db, limit)
        return limit > FLOOR_DB and level_db <= limit

    def _remember(self, now: int, level_db: float, limit: float) -> None:
        if limit > FLOOR_DB:
            self._heard.append((now, level_db))
        self._unseen += 1
        if self._unseen < _LOOK_EVERY:
            return
        self._unseen = 0
        if limit > FLOOR_DB and len(self._heard) == _HISTORY_SLOTS:
            self._learn()
        oldest = (self._heard[0][0] if self._heard else now) - self._late
        self._played = {slot: level for slot, level in self._played.items() if slot >= oldest}

    def _learn(self) -> None:
        """Take over the line's own loss where what was heard follows what was played."""
        slots = np.array([slot for slot, _ in self._heard])
        heard = np.array([level for _, level in self._heard])
        wanted = slots - np.arange(-self._early, self._late + 1)[:, None]
        first = int(wanted.min())
        known = [self._played.get(slot, FLOOR_DB) for slot in range(first, int(wanted.max()) + 1)]
        offset = _matching_offset(heard, np.array(known)[wanted - first])
        if offset is not None:
            loss = -offset - _MARGIN_DB
            self._loss = min(self.path.loss_db, max(self.path.least_loss_db, loss))


def _matching_offset(heard: Levels, played: Levels) -> float | None:
    """How much softer than one of the rows of ``played`` the same envelope was heard, if so.

    ``heard`` has one level for each slot, ``played`` the same slots once for each delay.
    """
    busy = heard > _NOISE_DB
    if busy.mean() < _BUSY:
        return None
    offsets = np.median(heard[busy] - played[:, busy], axis=1)
    # What the echo path takes under the noise is heard as noise.
    played = np.maximum(played, _NOISE_DB - offsets[:, None])
    played = played - played.mean(axis=1, keepdims=True)
    heard = np.maximum(heard, _NOISE_DB)
    heard = heard - heard.mean()
    energy = np.sqrt((played**2).sum(axis=1) * (heard**2).sum()) + 1e-9
    matches = (played * heard).sum(axis=1) / energy
    best = int(np.argmax(matches))
    return float(offsets[best]) if matches[best] >= _MATCH else None


def _slot(at: float) -> int:
    return math.floor(at / SLOT_SECONDS)
