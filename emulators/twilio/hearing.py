"""What the caller makes of what comes out of the receiver: when Myra speaks and when she stops."""

from __future__ import annotations

from dataclasses import dataclass

from emulators.twilio.loudness import FRAME_SECONDS, IDLE, RANK, RATE, audible_rank, frame_peak_db
from media.levels import FLOOR_DB

# Pauses between words and clauses are shorter; a longer one ends a stretch of speech.
PAUSE_SECONDS = 0.4


@dataclass(slots=True)
class Stretch:
    """Sound with no pause longer than ``PAUSE_SECONDS`` and no clear in it; grows while it lasts.
    Seconds."""

    start: float
    end: float
    peak_db: float


class Hearing:
    """Fed with the frames that carry sound; silence need not be told of."""

    def __init__(self) -> None:
        self.stretches: list[Stretch] = []
        self._threshold = audible_rank()
        self._level = (float("-inf"), FLOOR_DB)
        self._cut = False

    def hear(self, at: float, ulaw: bytes) -> None:
        """A frame whose first sample is heard at ``at`` seconds."""
        if ulaw == IDLE:
            return
        ranks = ulaw.translate(RANK)
        if max(ranks) < self._threshold:
            return
        level = frame_peak_db(ulaw)
        self._level = (at, level)
        last = self.stretches[-1] if self.stretches else None
        if last is None or self._cut or at > last.end + PAUSE_SECONDS:
            self._cut = False
            onset = next(n for n, rank in enumerate(ranks) if rank >= self._threshold)
            self.stretches.append(Stretch(at + onset / RATE, at + FRAME_SECONDS, level))
        else:
            last.end = at + FRAME_SECONDS
            last.peak_db = max(last.peak_db, level)

    def cut(self) -> None:
        """The line was cleared: what is heard from now on is something else."""
        self._cut = True

    def speaking(self, now: float) -> bool:
        """In a stretch, short pauses included."""
        return (
            bool(self.stretches) and not self._cut and now <= self.stretches[-1].end + PAUSE_SECONDS
        )

    def level_db(self, now: float) -> float:
        """Peak level of what is heard right now."""
        at, level = self._level
        return level if now - at < 3 * FRAME_SECONDS else FLOOR_DB
