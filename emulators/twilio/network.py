"""What lies between the caller's mouth and the hotline's socket: delay, jitter, loss, noise.

Everything is drawn from seeded generators, so a call over a bad line can be repeated exactly.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

# Beyond this what is on its way could not be told from a hotline that does not read.
LONGEST_DELAY_MS = 1500.0


@dataclass(frozen=True, slots=True)
class LineQuality:
    """How good the caller's line is.

    ``delay_ms`` is one way and the same both ways; ``jitter_ms`` is added on top, evenly
    distributed between 0 and itself. ``loss`` is the share of 20 ms frames, 0 to 1, that never
    reach the other end. ``noise_db`` is the room behind the caller, RMS in dBFS; None is
    digital silence. The same ``seed`` gives the same line.

    Raises:
        ValueError: a value is out of its range.
    """

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0
    noise_db: float | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        if self.delay_ms < 0 or self.jitter_ms < 0:
            raise ValueError("delay and jitter are not negative")
        if self.delay_ms + self.jitter_ms > LONGEST_DELAY_MS:
            raise ValueError(f"delay and jitter together are at most {LONGEST_DELAY_MS:g} ms")
        if not 0 <= self.loss < 1:
            raise ValueError(f"loss is a share from 0 to below 1, got {self.loss}")


class Path:
    """One direction of the socket: late, unevenly late, but in order, for TCP keeps order."""

    def __init__(self, quality: LineQuality, direction: str) -> None:
        self._random = random.Random(f"{quality.seed}/path/{direction}")  # noqa: S311
        self._delay = quality.delay_ms / 1000
        self._jitter = quality.jitter_ms / 1000
        self._latest = float("-inf")

    @property
    def instant(self) -> bool:
        """Nothing is ever late here."""
        return not (self._delay or self._jitter)

    def arrival(self, sent_at: float) -> float:
        """When something sent at ``sent_at`` seconds arrives; never before what was sent
        earlier."""
        late = self._delay + self._random.random() * self._jitter
        self._latest = max(self._latest, sent_at + late)
        return self._latest


class Loss:
    """Which frames of one direction are lost, independently of each other."""

    def __init__(self, quality: LineQuality, direction: str) -> None:
        self._random = random.Random(f"{quality.seed}/loss/{direction}")  # noqa: S311
        self._share = quality.loss
        self.lost = 0

    def strikes(self) -> bool:
        """Whether the next frame is lost."""
        if not self._share or self._random.random() >= self._share:
            return False
        self.lost += 1
        return True
