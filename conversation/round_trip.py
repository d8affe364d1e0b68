"""The line's round trip, measured by a mark on an empty buffer."""

from __future__ import annotations

from statistics import median

from conversation.actions import Play
from media.audio import Audio

# A round trip beyond this is a stall and says nothing about the line.
_LONGEST_MS = 600.0
_SAMPLES = 5
# The model's rate, so that a line keeps the filter it has.
_RATE = 24000


class RoundTrip:
    """How long a mark takes to the far end of the line and back, measured on an empty buffer.

    ``ms`` is the median of the last five probes, 0 while none has returned.
    """

    def __init__(self) -> None:
        self.ms = 0.0
        self.probed_at: float | None = None
        self._out = ""
        self._count = 0
        self._measured: list[float] = []

    def probe(self, now: float) -> Play:
        """A mark with no sound, for a line with nothing to play. What is sent after it does not
        disturb it: it comes back before that is played."""
        self._count += 1
        self.probed_at = now
        self._out = f"probe{self._count}"
        return Play(Audio(b"", _RATE), self._out)

    def returned(self, name: str, now: float) -> bool:
        """Whether the mark was a probe's."""
        if name == self._out and self.probed_at is not None:
            self._out = ""
            trip = 1000 * (now - self.probed_at)
            if trip <= _LONGEST_MS:
                self._measured = [*self._measured[1 - _SAMPLES :], trip]
                self.ms = median(self._measured)
        return name.startswith("probe")
