"""The caller's frames as they come: each once, none faster than a person can speak. Pure."""

from __future__ import annotations

from web_demo.server.messages import IN_RATE, CallerFrame

# A page that was away sends what it kept, at most 3 s, at once.
BURST_SECONDS = 6.0
# A sound card's clock may run a little fast.
RATE = 1.02
# Every frame costs work, however little sound is in it; a page's have 20 ms.
LEAST_SECONDS = 0.01
# No frame for so long is a hole, and silence is put in while it lasts, at most this much: enough
# for whoever waits for the end of speech. A lost socket or microphone ends no sentence otherwise.
QUIET_SECONDS = 0.4
LONGEST_FILL = 1.6


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
        self._heard_at: float | None = None
        self._filled = 0.0

    def heard(self, frame: CallerFrame, now: float) -> bool:
        """Whether this frame is new and may be heard."""
        if frame.seq <= self.newest:
            self.repeated += 1
            return False
        self._heard_at, self._filled = now, 0.0
        self.gaps += frame.seq - self.newest - 1
        self.newest = frame.seq
        seconds = max(LEAST_SECONDS, frame.audio.samples / (frame.audio.rate or IN_RATE))
        allowed = (now - self._since) * RATE + BURST_SECONDS
        if self._seconds + seconds > allowed:
            self.refused += 1
            return False
        self._seconds += seconds
        return True

    def quiet(self, now: float) -> float:
        """The seconds of silence to put in because no frame has come; 0 while all is well."""
        if self._heard_at is None or now - self._heard_at < QUIET_SECONDS:
            return 0.0
        missing = min(now - self._heard_at, LONGEST_FILL) - self._filled
        self._filled += missing
        return missing
