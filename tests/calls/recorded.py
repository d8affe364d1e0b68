"""Compares what the hotline recorded with what was heard at the caller's end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from media.audio import Audio
from media.wav import read_wav

Samples = npt.NDArray[np.float64]

RATE = 8000
# Stretches of this length are looked for, within this much of where they should be.
WINDOW_SECONDS, AROUND_SECONDS = 0.8, 0.4
# A stretch counts as found where it is this much like what it was compared with.
_ALIKE = 0.5
_LOUD_DB = -45.0


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of the truth at ``at`` seconds, found in the recording ``off`` seconds away."""

    at: float
    off: float


def positions(truth: bytes, recording: bytes) -> list[Position]:
    """How far Myra's sound lies from the truth, stretch by stretch, once both recordings have
    been laid over one another by the caller's side."""
    caller, myra = (_samples(side) for side in read_wav(truth))
    own_caller, own_myra = (_samples(side) for side in read_wav(recording))
    shift = _shift(caller, own_caller)
    return [Position(at, off - shift) for at, off in _found(myra, own_myra, shift)]


def _samples(audio: Audio) -> Samples:
    if audio.rate != RATE:
        raise ValueError(f"recordings of {RATE} Hz are compared, got {audio.rate}")
    return np.frombuffer(audio.pcm, "<i2").astype(np.float64)


def _shift(truth: Samples, own: Samples) -> float:
    """Seconds by which the second is later than the first, as a whole."""
    size = 1 << (len(truth) + len(own)).bit_length()
    alike = np.fft.irfft(np.fft.rfft(own, size) * np.conj(np.fft.rfft(truth, size)), size)
    best = int(np.argmax(alike))
    return (best if best < size // 2 else best - size) / RATE


def _found(truth: Samples, own: Samples, shift: float) -> list[tuple[float, float]]:
    window, around = round(WINDOW_SECONDS * RATE), round(AROUND_SECONDS * RATE)
    found = []
    for start in range(0, len(truth) - window, window):
        part = truth[start : start + window]
        level = 20 * np.log10(np.sqrt(np.mean(part**2)) / 32768 + 1e-9)
        first = start + round(shift * RATE) - around
        if level < _LOUD_DB or first < 0:
            continue
        there = own[first : first + window + 2 * around]
        if len(there) < window:
            continue
        alike = np.correlate(there, part)
        power = np.convolve(there**2, np.ones(window), "valid")
        alike /= np.sqrt(np.maximum(power, 1.0) * np.sum(part**2))
        best = int(np.argmax(alike))
        if alike[best] >= _ALIKE:
            found.append((start / RATE, (first + best - start) / RATE))
    return found
