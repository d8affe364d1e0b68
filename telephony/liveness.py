"""Is the far end still there, and does it take what it is sent?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# How long a probe on an idle line may take to come back: a mark returns at once.
PROBE_SECONDS = 5.0


class Finding(StrEnum):
    WELL = "well"
    PROBE = "probe"
    STALLED = "stalled"
    INACTIVE = "inactive"


@dataclass(slots=True)
class Liveness:
    """What is known of one far end. Times are seconds of one clock, passed in.

    Frames need not come: some calls send none while the caller is silent. So a silent far end
    is asked for a sign before it is given up, and while it has sound to play it may be silent.
    One that sends but does not read is known by its marks: the operating system takes minutes
    of sound before a write hangs, but no mark comes back.
    """

    stall_seconds: float
    inactivity_seconds: float
    last_sign: float
    plays_until: float = 0.0
    writing_since: float | None = None
    _last_mark: float = 0.0
    _unanswered: int = 0
    _probed: bool = False

    def sign(self, now: float) -> None:
        """Something came in."""
        self.last_sign = now

    def sent(self, ms: float, now: float) -> None:
        """So much sound was queued for it to play."""
        self.plays_until = max(now, self.plays_until) + ms / 1000

    def marked(self, now: float) -> None:
        """A mark was queued."""
        if not self._unanswered:
            self._last_mark = now
        self._unanswered += 1

    def answered(self, now: float, *, probe: bool = False) -> None:
        """A mark came back. With a probe, all before it are back or were lost on the way."""
        self._last_mark = now
        self._unanswered = 0 if probe else max(0, self._unanswered - 1)
        self._probed = self._probed and not probe

    def cleared(self, now: float) -> None:
        """It has nothing left to play."""
        self.plays_until = now

    def check(self, now: float) -> Finding:
        """What is to be done. On ``PROBE``, queue a mark; it comes once for each doubt."""
        if self.writing_since is not None and now - self.writing_since >= self.stall_seconds:
            return Finding.STALLED
        silent = now - max(self.last_sign, self.plays_until)
        owing = now - max(self._last_mark, self.plays_until) if self._unanswered else 0.0
        if silent >= self.inactivity_seconds + PROBE_SECONDS:
            return Finding.INACTIVE
        if owing >= self.stall_seconds + PROBE_SECONDS:
            return Finding.STALLED
        in_doubt = silent >= self.inactivity_seconds or owing >= self.stall_seconds
        if not in_doubt:
            self._probed = False
        elif not self._probed:
            self._probed = True
            return Finding.PROBE
        return Finding.WELL
