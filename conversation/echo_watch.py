"""How much of Myra's own voice this line really gives back, so that a soft caller is heard on
one that gives back little."""

from __future__ import annotations

from collections import deque

from media.echo import EchoGuard
from media.levels import FLOOR_DB
from media.sliding import SlidingMax

# Frames of 20 ms. What is learned is the loudest of the last five seconds of Myra's voice, from
# two seconds on; the newest 300 ms wait until it is known whether they were the caller's.
_HISTORY, _ENOUGH, _UNSURE = 250, 100, 15
# Softer than this she is too soft to tell.
_LOUD_DB = -35.0
# What comes back may be this much louder than anything that came back before.
_MARGIN_DB = 8.0
# A line that gives back this much is taken for one that gives back her voice. A noisy one looks
# the same.
_ECHOING_DB = -30.0
_DROWNS_DB = 10.0


class EchoWatch:
    """Judges frames by the guard, and lets softer ones pass than it would where nothing has come
    back of what Myra said."""

    def __init__(self, guard: EchoGuard) -> None:
        self._guard = guard
        self._unsure: deque[float] = deque()
        self._known = SlidingMax()
        self._count = 0
        self._limit = FLOOR_DB

    def may_carry(self, level_db: float) -> bool:
        """Something as loud as an echo comes back while Myra speaks, and sound of this level is
        not so much louder that it drowns one."""
        echoing = self._count >= _ENOUGH and (self._known.greatest or 0.0) > _ECHOING_DB
        return echoing and level_db < self._limit + _DROWNS_DB

    def is_echo(self, now: float, level_db: float, *, speaking: bool) -> bool:
        """Whether a frame of this level, heard at ``now``, may be Myra's own voice. ``speaking``:
        the frames of late are the caller's and say nothing about the line."""
        softer = self._guard.is_echo(now, level_db)
        limit = self._guard.limit_db(now)
        if limit <= FLOOR_DB:
            return False
        self._limit = limit
        loudest = limit + self._guard.loss_db
        if softer and self._count >= _ENOUGH:
            softer = level_db <= loudest + (self._known.greatest or 0.0) + _MARGIN_DB
        if speaking:
            self._unsure.clear()
        elif loudest >= _LOUD_DB:
            self._unsure.append(level_db - loudest)
            if len(self._unsure) > _UNSURE:
                self._count += 1
                self._known.add(self._count, self._unsure.popleft())
                self._known.forget_before(self._count - _HISTORY + 1)
        return softer
