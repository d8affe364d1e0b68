"""Which of the model's replies a piece of content belongs to. Pure; times are seconds.

The service numbers nothing, so replies are numbered here, from 1 and never back, also over
sessions: a new one begins with the first sound after the last reply was generated, ended or
interrupted.
"""

from __future__ import annotations

from enum import Enum, auto

# What trails behind ``interrupted`` on the same socket is milliseconds old. A new reply needs
# at least the end of the caller's words and the model's thought, 0.7 s by other users' figures.
LATE_SECONDS = 0.8


class _Stage(Enum):
    OVER = auto()
    """No reply is under way."""
    OPEN = auto()
    """Content arrives."""
    GENERATED = auto()
    """All of it has arrived; the service waits for it to be played."""
    DEAD = auto()
    """Interrupted; what still arrives of it is late."""


class Replies:
    """Counts the model's replies over all sessions of one conversation."""

    def __init__(self) -> None:
        self.number = 0
        self._stage = _Stage.OVER
        self._died_at = 0.0
        self._told = 0

    def sound(self, now: float) -> int | None:
        """The reply this sound is of; None: it is late, of a reply that was interrupted."""
        if self._late(now):
            return None
        return self.number if self._stage is _Stage.OPEN else self._begin()

    def words(self, now: float) -> int | None:
        """The same for the transcript, which may trail behind the sound or run ahead of it."""
        if self._late(now):
            return None
        if self._stage in (_Stage.OPEN, _Stage.GENERATED):
            return self.number
        return self._begin()

    def caller_heard(self) -> None:
        """The caller's words have been taken in: what follows answers them."""
        if self._stage is _Stage.DEAD:
            self._stage = _Stage.OVER

    def generated(self) -> int | None:
        """Generation is complete; None: of a reply that was interrupted, or said twice. A reply
        without content counts too, so that its end can be told."""
        if self._stage in (_Stage.GENERATED, _Stage.DEAD):
            return None
        if self._stage is _Stage.OVER:
            self._begin()
        self._stage = _Stage.GENERATED
        return self.number

    def interrupted(self, now: float) -> int | None:
        """The reply that was interrupted; None where there has been none, or it is dead."""
        if self.number == 0 or self._stage is _Stage.DEAD:
            return None
        self._stage, self._died_at = _Stage.DEAD, now
        return self.number

    def turn_over(self) -> int | None:
        """The turn is complete; None: its end was told before. A turn without any content is a
        reply too, a silent one."""
        if self._stage is _Stage.OVER and self._told == self.number:
            self._begin()
        self._stage = _Stage.OVER
        if self._told == self.number:
            return None
        self._told = self.number
        return self.number

    def session_over(self) -> None:
        """Whatever was under way will not be continued."""
        self._stage, self._told = _Stage.OVER, self.number

    def _begin(self) -> int:
        self.number += 1
        self._stage = _Stage.OPEN
        return self.number

    def _late(self, now: float) -> bool:
        return self._stage is _Stage.DEAD and now - self._died_at < LATE_SECONDS
