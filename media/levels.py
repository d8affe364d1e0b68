"""How loud sound is, and making it louder, softer or mixed.

Levels are in dBFS: 0 is the RMS of a square wave at full scale (32768), a sine at full scale
has -3.01. Digital silence has ``FLOOR_DB``. Everything saturates instead of wrapping around.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from media.audio import Audio

# Below one LSB (-90.3 dBFS) there is nothing left to tell apart.
FLOOR_DB = -100.0

_PCM16 = np.dtype("<i2")
_FULL_SCALE = 32768.0

Samples = npt.NDArray[np.float64]


def samples_of(audio: Audio) -> Samples:
    """The samples as float64, in PCM16's own units (-32768 to 32767); the caller's to change."""
    return np.frombuffer(audio.pcm, _PCM16).astype(np.float64)


def audio_of(samples: npt.ArrayLike, rate: int) -> Audio:
    """Numbers in PCM16's units as sound: rounded to whole ones, saturated at 16 bits."""
    whole = np.rint(np.asarray(samples, np.float64)).clip(-32768, 32767)
    return Audio(whole.astype(_PCM16).tobytes(), rate)


def db(amplitude: float) -> float:
    """An amplitude in PCM16's units in dBFS, not below ``FLOOR_DB``."""
    if amplitude <= 0:
        return FLOOR_DB
    return max(FLOOR_DB, 20 * math.log10(amplitude / _FULL_SCALE))


def rms_db(audio: Audio) -> float:
    """RMS level in dBFS. No sound at all has ``FLOOR_DB``."""
    if not audio.pcm:
        return FLOOR_DB
    samples = samples_of(audio)
    return db(math.sqrt(float(samples.dot(samples)) / len(samples)))


def peak_db(audio: Audio) -> float:
    """Level of the largest sample in dBFS."""
    if not audio.pcm:
        return FLOOR_DB
    return db(float(np.abs(samples_of(audio)).max()))


def frame_levels(audio: Audio, ms: float = 20.0) -> tuple[float, ...]:
    """RMS level in dBFS of each stretch of ``ms``; a shorter last stretch counts as one."""
    size = max(1, round(ms * audio.rate / 1000))
    squares = samples_of(audio) ** 2
    starts = np.arange(0, len(squares), size)
    if not len(starts):
        return ()
    lengths = np.minimum(size, len(squares) - starts)
    means = np.add.reduceat(squares, starts) / lengths
    return tuple(db(math.sqrt(mean)) for mean in means.tolist())


def gain(audio: Audio, gain_db: float) -> Audio:
    """The sound louder (positive) or softer (negative) by ``gain_db``."""
    return audio_of(samples_of(audio) * 10 ** (gain_db / 20), audio.rate)


def fade_in(audio: Audio, ms: float) -> Audio:
    """The sound with a raised-cosine start of ``ms``, or of all of it where it is shorter."""
    samples = samples_of(audio)
    ramp = _ramp(ms, audio)
    samples[: len(ramp)] *= ramp
    return audio_of(samples, audio.rate)


def fade_out(audio: Audio, ms: float) -> Audio:
    """The sound with a raised-cosine end of ``ms``, or of all of it where it is shorter."""
    samples = samples_of(audio)
    ramp = _ramp(ms, audio)[::-1]
    samples[len(samples) - len(ramp) :] *= ramp
    return audio_of(samples, audio.rate)


def mix(first: Audio, second: Audio) -> Audio:
    """Both at once, as long as the longer one.

    Raises:
        ValueError: the rates differ.
    """
    if first.rate != second.rate:
        raise ValueError(f"cannot mix {first.rate} Hz with {second.rate} Hz")
    longer, shorter = sorted((samples_of(first), samples_of(second)), key=len, reverse=True)
    longer[: len(shorter)] += shorter
    return audio_of(longer, first.rate)


def _ramp(ms: float, audio: Audio) -> Samples:
    """Half a cosine from 0 towards 1, never longer than the sound."""
    size = min(audio.samples, max(0, round(ms * audio.rate / 1000)))
    ramp: Samples = 0.5 - 0.5 * np.cos(np.pi * (np.arange(size) + 0.5) / max(1, size))
    return ramp
