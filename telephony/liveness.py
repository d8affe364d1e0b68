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
    """

    stall_seconds: float
    inactivity_seconds: float
    last_sign: float
    plays_until: float = 0.0
    writing_since: float | None = None
    _probed: bool = False

    def sign(self, now: float) -> None:
        """Something came in."""
        self.last_sign = now
        self._probed = False

    def sent(self, ms: float, now: float) -> None:
        """So much sound was queued for it to play."""
        self.plays_until = max(now, self.plays_until) + ms / 1000

    def cleared(self, now: float) -> None:
        """It has nothing left to play."""
        self.plays_until = now

    def check(self, now: float) -> Finding:
        """What is to be done. ``PROBE`` comes once for each silence."""
        if self.writing_since is not None and now - self.writing_since >= self.stall_seconds:
            return Finding.STALLED
        silent = now - max(self.last_sign, self.plays_until)
        if silent >= self.inactivity_seconds + PROBE_SECONDS:
            return Finding.INACTIVE
        if silent < self.inactivity_seconds or self._probed:
            return Finding.WELL
        self._probed = True
        return Finding.PROBE
