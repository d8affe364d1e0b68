"""A voice that needs nothing: a tone for each word. For tests, benchmarks, and for the day
when no speech engine can be had, so that a call still has sound at the right moments."""

from __future__ import annotations

import zlib

import numpy as np

from emulators.speech.trim import Samples

RATE = 24_000
LEVEL = 8000  # of 32767, about -12 dBFS
LOWEST_HZ, STEPS_HZ, STEPS = 220, 20, 32
WORD_MS, LETTER_MS, GAP_MS = 60, 35, 40


def speak(words: str) -> Samples:
    """Mono int16 at 24 kHz; the same word always has the same pitch and length."""
    parts = [sound for word in words.split() for sound in (_tone(word), _gap())]
    return np.concatenate(parts[:-1]) if parts else np.zeros(0, np.int16)


def _tone(word: str) -> Samples:
    pitch = LOWEST_HZ + STEPS_HZ * (zlib.crc32(word.lower().encode()) % STEPS)
    times = np.arange(RATE * (WORD_MS + LETTER_MS * len(word)) // 1000) / RATE
    envelope = np.minimum(1, np.minimum(times, times[::-1]) / 0.005)
    return np.round(LEVEL * envelope * np.sin(2 * np.pi * pitch * times)).astype(np.int16)


def _gap() -> Samples:
    return np.zeros(RATE * GAP_MS // 1000, np.int16)
