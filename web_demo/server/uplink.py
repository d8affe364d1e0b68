"""The caller's frames as they come: each once, none faster than a person can speak. Pure."""

from __future__ import annotations

from web_demo.server.messages import IN_RATE, CallerFrame

# A page that was away sends what it kept, at most 3 s, at once.
BURST_SECONDS = 6.0
# A sound card's clock may run a little fast.
RATE = 1.02


class Uplink:
    """``newest`` is the highest number heard; ``gaps`` counts frames that never came,
    ``repeated`` those that came twice and ``refused`` those beyond what real time allows."""

    def __init__(self, now: float) -> None:
        self.newest = 0
        self.gaps = 0
        self.repeated = 0
        self.refused = 0
        self._since = now
        self._seconds = 0.0

    def heard(self, frame: CallerFrame, now: float) -> bool:
        """Whether this frame is new and may be heard."""
        if frame.seq <= self.newest:
            self.repeated += 1
            return False
        self.gaps += frame.seq - self.newest - 1
        self.newest = frame.seq
        seconds = frame.audio.samples / (frame.audio.rate or IN_RATE)
        allowed = (now - self._since) * RATE + BURST_SECONDS
        if self._seconds + seconds > allowed:
            self.refused += 1
            return False
        self._seconds += seconds
        return True
