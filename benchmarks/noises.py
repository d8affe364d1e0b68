"""What a telephone picks up that nobody means: recipes, always the same for the same seed.

All at 8 kHz, floats with 1.0 as full scale; levels are RMS in dBFS of the loud parts. No person
is recorded in them: they are noise, sines and pulses in the shapes of the thing.

- ``line_noise``: hiss at -45 dBFS falling by 3 dB an octave, mains hum with its harmonics, a
  crackle a second, and gusts of wind up to -28 dBFS.
- ``keys``: typing, five strokes a second in bursts (a click of 2 to 3.6 kHz that dies away in
  4 ms, and a softer release), and now and then telephone keys at -13 dBFS.
- ``coughs``: one to three explosions in a row every few seconds: 40 ms of noise through three
  formants, 150 ms of it dying away, some with a hoarse voice at their end; -20 dBFS.
- ``breath``: noise between 300 and 2800 Hz that swells for half a second and falls for longer,
  every four seconds, -38 to -26 dBFS.
- ``hold_music``: a tune over chords and bass of plucked and held notes with harmonics, -20 dBFS.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from media.levels import samples_of
from media.tones import dtmf

RATE = 8000
Wave = npt.NDArray[np.float64]
_MAJOR = (0, 4, 7, 12)
_MINOR = (0, 3, 7, 12)
_CHORDS = ((48, _MAJOR), (45, _MINOR), (41, _MAJOR), (43, _MAJOR))
_TUNE = (0, 2, 4, 7, 9, 12)


def amplitude(level_db: float) -> float:
    return float(10 ** (level_db / 20))


def at_level(wave: Wave, level_db: float) -> Wave:
    """RMS of the whole brought to a level."""
    return wave * (amplitude(level_db) / max(1e-9, float(np.sqrt(np.mean(wave**2)))))


def band(dice: np.random.Generator, count: int, low: float, high: float, slope: float = 0) -> Wave:
    """Noise between two frequencies, falling by ``slope`` in powers of the frequency."""
    spectrum = np.fft.rfft(dice.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    return np.fft.irfft(spectrum * np.maximum(hertz, 50.0) ** -slope, count)


def line_noise(seconds: float, seed: int) -> Wave:
    dice = np.random.default_rng(seed)
    count = round(seconds * RATE)
    at = np.arange(count) / RATE
    wave = at_level(band(dice, count, 60, 3800, 0.5), -45.0)
    for number in range(1, 6):
        wave += amplitude(-52.0 - 4 * number) * np.sin(2 * np.pi * 50 * number * at)
    for place in dice.integers(0, count - 40, round(seconds)):
        wave[place : place + 24] += (
            amplitude(-24.0) * dice.standard_normal(24) * np.exp(-np.arange(24) / 6)
        )
    for start in np.arange(5.0, seconds - 4.0, 11.0):
        size = round(dice.uniform(1.0, 3.0) * RATE)
        gust = at_level(band(dice, size, 80, 900, 0.8), dice.uniform(-36.0, -28.0))
        _add(wave, round(start * RATE), gust * np.sin(np.pi * np.arange(size) / size) ** 2)
    return wave


def keys(seconds: float, seed: int) -> Wave:
    dice = np.random.default_rng(seed)
    wave = np.zeros(round(seconds * RATE))
    now = 0.5
    while now < seconds - 3.0:
        for _ in range(int(dice.integers(4, 25))):
            loud = amplitude(dice.uniform(-22.0, -12.0))
            _add(wave, round(now * RATE), _click(dice, loud))
            _add(wave, round((now + dice.uniform(0.05, 0.11)) * RATE), _click(dice, loud / 3))
            now += dice.uniform(0.1, 0.32)
        if dice.random() < 0.25:
            digits = "".join(dice.choice(list("0123456789"), 6))
            _add(wave, round(now * RATE), samples_of(dtmf(digits)) / 32768)
            now += 1.3
        now += dice.uniform(0.5, 3.0)
    return wave[: round(seconds * RATE)]


def coughs(seconds: float, seed: int) -> Wave:
    dice = np.random.default_rng(seed)
    wave = np.zeros(round(seconds * RATE))
    now = 2.0
    while now < seconds - 4.0:
        for _ in range(int(dice.integers(1, 4))):
            _add(wave, round(now * RATE), _cough(dice))
            now += dice.uniform(0.32, 0.5)
        now += dice.uniform(4.0, 9.0)
    return wave


def breath(seconds: float, seed: int) -> Wave:
    dice = np.random.default_rng(seed)
    wave = np.zeros(round(seconds * RATE))
    for start in np.arange(1.0, seconds - 3.0, 4.0):
        rise, fall = round(dice.uniform(0.3, 0.6) * RATE), round(dice.uniform(0.5, 1.1) * RATE)
        shape = np.concatenate((np.linspace(0, 1, rise), np.linspace(1, 0, fall))) ** 1.5
        puff = at_level(band(dice, rise + fall, 300, 2800, 0.4), dice.uniform(-38.0, -26.0))
        _add(wave, round(start * RATE), puff * shape)
    return wave


def hold_music(seconds: float, seed: int) -> Wave:
    dice = np.random.default_rng(seed)
    wave = np.zeros(round(seconds * RATE))
    beat = 0.42
    for number in range(int(seconds / beat)):
        root, steps = _CHORDS[number // 8 % len(_CHORDS)]
        start = round(number * beat * RATE)
        if number % 8 == 0:
            for step in steps:
                _add(wave, start, 0.35 * _note(root + 12 + step, 8 * beat, held=True))
        if number % 4 == 0:
            _add(wave, start, 0.9 * _note(root, 2 * beat, held=False))
        if dice.random() < 0.8:
            step = int(dice.choice(_TUNE))
            _add(wave, start, 0.8 * _note(root + 24 + step, beat * 1.8, held=False))
    return at_level(wave, -20.0)


def _note(key: int, seconds: float, *, held: bool) -> Wave:
    """A note of the piano's numbering (69 is 440 Hz)."""
    at = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((key - 69) / 12)
    tone = np.zeros(len(at))
    for harmonic in range(1, 7):
        if harmonic * hertz < 3800:
            tone += np.sin(2 * np.pi * harmonic * hertz * at) / harmonic**1.3
    if held:
        shape = np.minimum(1, at / 0.15) * np.minimum(1, (seconds - at) / 0.3)
        held_tone: npt.NDArray[np.float64] = tone * shape * (1 + 0.1 * np.sin(2 * np.pi * 5 * at))
        return held_tone
    struck: npt.NDArray[np.float64] = tone * np.minimum(1, at / 0.005) * np.exp(-3.0 * at)
    return struck


def _click(dice: np.random.Generator, loud: float) -> Wave:
    size = 120
    return loud * 4 * at_level(band(dice, size, 2000, 3600), -20.0) * np.exp(-np.arange(size) / 32)


def _cough(dice: np.random.Generator) -> Wave:
    size = round(dice.uniform(0.17, 0.26) * RATE)
    at = np.arange(size) / RATE
    sound = np.zeros(size)
    for centre, width, loud in ((550, 250, 1.0), (1450, 400, 0.8), (2600, 600, 0.6)):
        part = band(dice, size, centre - width / 2, centre + width / 2)
        sound += loud * at_level(part, -20.0)
    sound *= np.where(at < 0.04, np.minimum(1, at / 0.004), np.exp(-(at - 0.04) / 0.06))
    if dice.random() < 0.4:
        pitch = 2 * np.pi * np.cumsum(dice.uniform(130, 220) * (1 - 0.4 * at / at[-1])) / RATE
        hoarse = np.sign(np.sin(pitch)) * 0.04 + 0.02 * dice.standard_normal(size)
        sound += hoarse * np.exp(-((at - 0.12) ** 2) / 0.003)
    return at_level(sound, dice.uniform(-22.0, -16.0))


def _add(wave: Wave, start: int, sound: Wave) -> None:
    room = wave[start : start + len(sound)]
    room += sound[: len(room)]
