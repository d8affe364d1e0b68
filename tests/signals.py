"""Test sounds, and instruments that measure what became of them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.audio import Audio
from media.levels import audio_of, db, samples_of
from media.resample import convert_whole
from media.wav import read_wav

Samples = npt.NDArray[np.float64]


def sine(hz: float, ms: float, rate: int, level_db: float = -9.0, phase: float = 0.0) -> Audio:
    """A sine of this RMS level in dBFS; -3 is full scale."""
    at = np.arange(round(ms * rate / 1000)) / rate
    amplitude = 32768 * np.sqrt(2) * 10 ** (level_db / 20)
    return audio_of(amplitude * np.sin(2 * np.pi * hz * at + phase), rate)


def sweep(low: float, high: float, ms: float, rate: int, level_db: float = -9.0) -> Audio:
    """A sine that climbs from ``low`` to ``high`` Hz, by the same number of Hz each second."""
    at = np.arange(round(ms * rate / 1000)) / rate
    cycles = low * at + (high - low) * at**2 / (2 * ms / 1000)
    return audio_of(32768 * np.sqrt(2) * 10 ** (level_db / 20) * np.sin(2 * np.pi * cycles), rate)


def impulse(at_ms: float, ms: float, rate: int, amplitude: int = 20000) -> Audio:
    """Silence with one sample in it that is not."""
    samples = np.zeros(round(ms * rate / 1000))
    samples[round(at_ms * rate / 1000)] = amplitude
    return audio_of(samples, rate)


def recording(name: str, rate: int) -> Audio:
    """A human voice: the sample recordings that come with the package moonshine-voice.

    ``beckett`` (10 s), ``two_cities`` (44 s) and ``clone-test`` (4 s) are one reader each,
    ``endgame_nagg_nell`` (28 s) two actors.
    """
    spec = find_spec("moonshine_voice")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "assets" / f"{name}.wav"
    return convert_whole(read_wav(path.read_bytes())[0], rate)


def spoken_at(audio: Audio, level_db: float) -> Audio:
    """Speech brought to an RMS level in dBFS, its pauses not counted."""
    samples = samples_of(audio)
    size = audio.rate // 50
    energies = np.square(samples[: len(samples) // size * size].reshape(-1, size)).mean(axis=1)
    active = energies[energies > energies.max() / 1000]
    wanted = 32768 * 10 ** (level_db / 20)
    return audio_of(samples * wanted / np.sqrt(active.mean()), audio.rate)


def tone_db(audio: Audio, hz: float) -> float:
    """RMS level in dBFS of one frequency."""
    return db(float(np.sqrt(np.mean(_fitted(samples_of(audio), hz, audio.rate) ** 2))))


def sinad_db(audio: Audio, hz: float) -> float:
    """How far a tone stands above everything else in the sound, in dB."""
    samples = samples_of(audio)
    signal = _fitted(samples, hz, audio.rate)
    rest = samples - signal - np.mean(samples - signal)
    return float(10 * np.log10(np.mean(signal**2) / max(np.mean(rest**2), 1e-9)))


def _fitted(samples: Samples, hz: float, rate: int) -> Samples:
    angle = 2 * np.pi * hz / rate * np.arange(len(samples))
    basis = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    weights, *_ = np.linalg.lstsq(basis, samples, rcond=None)
    fitted: Samples = basis @ weights
    return fitted


def lag_ms(reference: Audio, audio: Audio) -> float:
    """How much later a sound is than its reference, by cross correlation, to a part of a sample.

    The rates must be the same.
    """
    assert reference.rate == audio.rate
    first, second = samples_of(reference), samples_of(audio)
    size, finer = len(first) + len(second), 16
    spectrum = np.conj(np.fft.rfft(first, size)) * np.fft.rfft(second, size)
    match = np.fft.irfft(spectrum, finer * size)
    best = int(np.argmax(match))
    before, top, after = match[best - 1], match[best], match[(best + 1) % len(match)]
    curve = before - 2 * top + after
    part = 0.5 * (before - after) / curve if curve else 0.0
    shift = best if best < len(match) / 2 else best - len(match)
    return float(1000 * (shift + part) / finer / audio.rate)


def difference_db(
    reference: Audio, audio: Audio, *, skip_ms: float = 0.0, below_hz: float | None = None
) -> float:
    """How far what differs lies below the reference, in dB; the ends and what is above a
    frequency may be left out."""
    assert reference.rate == audio.rate
    skip = round(skip_ms * audio.rate / 1000)
    size = min(reference.samples, audio.samples)
    expected = samples_of(reference)[skip : size - skip]
    wrong = samples_of(audio)[skip : size - skip] - expected
    if below_hz is not None:
        spectrum = np.fft.rfft(wrong * np.hanning(len(wrong)))
        spectrum[round(below_hz * len(wrong) / audio.rate) :] = 0
        wrong = np.fft.irfft(spectrum, len(wrong)) * np.sqrt(8 / 3)
    return float(10 * np.log10(max(float(np.mean(wrong**2)), 1e-9) / float(np.mean(expected**2))))


def clicks(audio: Audio, factor: float = 8.0) -> list[float]:
    """Where, in ms, the sound jumps: its third difference stands out by ``factor`` from what
    is usual within 10 ms. For tones, sweeps and noise; voices click by themselves."""
    jumps = np.abs(np.diff(samples_of(audio), 3))
    around = audio.rate // 50 | 1
    padded = np.pad(jumps, around // 2, mode="reflect")
    usual = np.median(np.lib.stride_tricks.sliding_window_view(padded, around), axis=1)
    found = np.flatnonzero(jumps > factor * np.maximum(usual, 16.0))
    return [1000 * (int(at) + 1.5) / audio.rate for at in found]
