"""What the caller has heard of Myra in the whole call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from emulators.twilio.hearing import Stretch
from emulators.twilio.loudness import RATE
from emulators.twilio.stream import MediaStream
from media.audio import Audio


class Ear:
    """Over all streams of a call, which may be more than one. Times are of the call's clock."""

    def __init__(self, streams: Sequence[MediaStream], clock: Callable[[], float]) -> None:
        self._streams = streams
        self._clock = clock

    @property
    def stretches(self) -> list[Stretch]:
        """All of Myra's speech, in order."""
        return [stretch for stream in self._streams for stretch in stream.hearing.stretches]

    def myra_speaking(self) -> bool:
        """She is heard now, short pauses included."""
        return bool(self._streams) and self._streams[-1].hearing.speaking(self._clock())

    def quiet_for(self) -> float:
        """Seconds since the last sound of Myra, endless before the first; 0 while something is
        queued or a mark is outstanding."""
        now = self._clock()
        if self._streams and self._streams[-1].live and not self._streams[-1].playout.idle(now):
            return 0.0
        stretches = self.stretches
        return now - stretches[-1].end if stretches else float("inf")

    def heard(self, since: float | None = None, until: float | None = None) -> Audio:
        """The last stream's sound between two moments, 8 kHz, silence included."""
        return self._streams[-1].heard(since, until) if self._streams else Audio(b"", RATE)
