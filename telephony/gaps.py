"""Silence where the caller's sound has holes, so that the model's clock keeps the call's.

TCP loses nothing, but what was lost before it shows as a jump in ``timestamp``, and some
calls send no frames at all while the caller is silent.
"""

from __future__ import annotations

from dataclasses import dataclass

# Timestamps wander by a few ms around multiples of the frame; a lost frame is 20 ms.
JITTER_MS = 15.0
# No frame for so long is a hole that is filled while it lasts.
QUIET_MS = 400.0
# What one hole is filled with at most: enough for any end-of-speech detector.
LONGEST_MS = 3000.0
# A timestamp this far back starts a new count.
_RESTART_MS = 1000.0


@dataclass(slots=True)
class Gaps:
    """One stream's holes. Positions are in ms of the stream, ``now`` in seconds of any clock."""

    _end: float | None = None
    _heard: float = 0.0
    _filled_to: float = 0.0
    _filled: float = 0.0

    def frame(self, timestamp: float, ms: float, now: float) -> float:
        """A frame of ``ms`` came in; returns the ms of silence that belong before it."""
        end = self._end
        missing = 0.0
        if end is not None:
            hole = timestamp - end
            if hole > JITTER_MS:
                # What was filled while the hole lasted counts.
                missing = max(0.0, min(hole, LONGEST_MS) - self._filled)
            if timestamp < end - _RESTART_MS:
                end = None
        finish = timestamp + ms
        self._end = finish if end is None else max(end, finish)
        self._heard = self._filled_to = now
        self._filled = 0.0
        return missing

    def quiet(self, now: float) -> float:
        """The ms of silence to fill in because no frame has come; 0 while all is well."""
        if self._end is None or 1000 * (now - self._heard) < QUIET_MS:
            return 0.0
        ms = min(1000 * (now - self._filled_to), LONGEST_MS - self._filled)
        self._filled += ms
        self._filled_to = now
        return ms
