"""Sounds that telephones make: keys, ring-back, beeps, an idle line's hiss.

Levels are RMS in dBFS of the whole sound, as in ``media.levels``. Tones start and end with a
short fade, because an edge would click.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from media.audio import Audio
from media.framing import join
from media.levels import Samples, audio_of, fade_in, fade_out, rms_db, samples_of

# ITU-T Q.23: each key is one frequency of its row and one of its column, in Hz.
ROWS = (697, 770, 852, 941)
COLUMNS = (1209, 1336, 1477, 1633)
KEYS = ("123A", "456B", "789C", "*0#D")

# A DTMF receiver needs 40 ms of tone and 40 ms of pause (ITU-T Q.24, annex A); these are
# what telephones send.
KEY_MS = 100.0
PAUSE_MS = 80.0

_EDGE_MS = 4.0
# A pair counts when it holds this share of the sound's energy and neither half is weaker
# than the other by more than this (ITU-T Q.24: twist).
_PAIR_SHARE = 0.7
_TWIST_DB = 10.0
_DETECTABLE_DB = -50.0


def tone(frequencies: Sequence[float], ms: float, rate: int, level_db: float = -20.0) -> Audio:
    """Sines of equal strength at once, faded at both ends, ``level_db`` together."""
    at = np.arange(round(ms * rate / 1000)) / rate
    each = 32768 * 10 ** (level_db / 20) * np.sqrt(2 / max(1, len(frequencies)))
    wave = np.zeros(len(at))
    for hz in frequencies:
        wave += each * np.sin(2 * np.pi * hz * at)
    return fade_out(fade_in(audio_of(wave, rate), _EDGE_MS), _EDGE_MS)


def dtmf(digits: str, rate: int = 8000, level_db: float = -13.0) -> Audio:
    """Keys pressed one after another, each ``KEY_MS`` long with ``PAUSE_MS`` after it.

    Raises:
        ValueError: a character is no key (0-9, *, #, A-D).
    """
    parts = []
    for digit in digits:
        parts += [
            tone(_pair(digit), KEY_MS, rate, level_db),
            Audio.silence(PAUSE_MS, rate),
        ]
    return join(parts, rate)


def detect_digit(audio: Audio) -> str | None:
    """The key whose tone fills this sound, or None. 20 ms or more; 40 ms are dependable."""
    samples = samples_of(audio)
    if len(samples) < audio.rate * 0.02 or rms_db(audio) < _DETECTABLE_DB:
        return None
    energy = float(samples.dot(samples)) * len(samples) / 2
    rows = [_goertzel(samples, hz / audio.rate) for hz in ROWS]
    columns = [_goertzel(samples, hz / audio.rate) for hz in COLUMNS]
    row, column = int(np.argmax(rows)), int(np.argmax(columns))
    twist = 10 * abs(np.log10(max(rows[row], 1e-9) / max(columns[column], 1e-9)))
    if rows[row] + columns[column] < _PAIR_SHARE * energy or twist > _TWIST_DB:
        return None
    return KEYS[row][column]


def ringback(rate: int = 8000, level_db: float = -19.0) -> Audio:
    """One turn of the North American ring-back: 2 s of 440 and 480 Hz, 4 s of silence."""
    return join([tone((440, 480), 2000, rate, level_db), Audio.silence(4000, rate)], rate)


def beep(ms: float = 200.0, rate: int = 8000, hz: float = 1000.0, level_db: float = -20.0) -> Audio:
    return tone((hz,), ms, rate, level_db)


def comfort_noise(ms: float, rate: int = 8000, level_db: float = -60.0, seed: int = 1) -> Audio:
    """The hiss of a line that is open and silent: white noise, the same for the same seed."""
    noise = np.random.default_rng(seed).standard_normal(round(ms * rate / 1000))
    return audio_of(noise * 32768 * 10 ** (level_db / 20), rate)


def _pair(digit: str) -> tuple[int, int]:
    for row, keys in enumerate(KEYS):
        column = keys.find(digit)
        if digit and column >= 0:
            return ROWS[row], COLUMNS[column]
    raise ValueError(f"{digit!r} is no telephone key; there are 0-9, *, # and A-D")


def _goertzel(samples: Samples, frequency: float) -> float:
    """Energy of one frequency, given in cycles per sample (Goertzel's sum, as one product)."""
    turn = np.exp(-2j * np.pi * frequency * np.arange(len(samples)))
    return float(abs(samples.dot(turn)) ** 2)
