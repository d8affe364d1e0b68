"""Finding sound again by its content, so that a latency is of the sound and not of a message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.wire_journal import Pcm

Samples = npt.NDArray[np.float64]


class NotFound(Exception):
    """A sound is not where its content should be."""


def place(needle: Pcm | Samples, hay: Pcm | Samples) -> tuple[int, float]:
    """Where in ``hay`` a sound is: its first sample, and how alike it is there (1 is the same).

    Normalised cross correlation; ``needle`` lies wholly within ``hay``.
    """
    short = np.asarray(needle, np.float64)
    long = np.asarray(hay, np.float64)
    if not 0 < len(short) <= len(long):
        raise NotFound(f"{len(short)} samples cannot be found in {len(long)}")
    size = 1 << (len(long) + len(short)).bit_length()
    spectrum = np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size))
    match = np.fft.irfft(spectrum, size)[: len(long) - len(short) + 1]
    sums = np.concatenate(([0.0], np.cumsum(long**2)))
    energy = sums[len(short) :] - sums[: len(long) - len(short) + 1]
    alike = match / np.sqrt(np.maximum(energy, 1.0) * max(float(short @ short), 1.0))
    best = int(np.argmax(alike))
    return best, float(alike[best])


def likeness(one: Pcm, other: Pcm) -> float:
    """Normalised correlation of two sounds of the same length, in place."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    energy = float(a @ a) * float(b @ b)
    return float(a @ b) / energy**0.5 if energy else 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of a measurement, in its own unit."""

    count: int
    p50: float
    p95: float
    p99: float
    worst: float

    @staticmethod
    def of(values: list[float]) -> Spread:
        if not values:
            return Spread(0, float("nan"), float("nan"), float("nan"), float("nan"))
        p50, p95, p99 = (float(np.percentile(values, share)) for share in (50, 95, 99))
        return Spread(len(values), p50, p95, p99, max(values))

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} / {self.p99:.2f} ms of {self.count}"
