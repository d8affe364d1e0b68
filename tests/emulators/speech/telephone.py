"""What a telephone line makes of speech: 300 to 3400 Hz, 8 kHz, G.711."""

from __future__ import annotations

import numpy as np

from emulators.speech.asr import to_samples
from emulators.speech.moonshine import Samples
from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.resample import convert_whole


def over_the_line(audio: Audio) -> Samples:
    """Audio of any rate as the emulator's ears get it from a call: float32 at 16 kHz."""
    narrow = convert_whole(_band(audio), 8000)
    padded = Audio(bytes(2 * 2400) + narrow.pcm + bytes(2 * 4000), 8000)
    return to_samples(Audio(ulaw_to_pcm(pcm_to_ulaw(padded.pcm)), 8000))


def _band(audio: Audio) -> Audio:
    samples = np.frombuffer(audio.pcm, "<i2").astype(np.float64)
    spectrum = np.fft.rfft(samples)
    pitch = np.fft.rfftfreq(len(samples), 1 / audio.rate)
    spectrum[(pitch < 300) | (pitch > 3400)] = 0
    filtered = np.clip(np.fft.irfft(spectrum, len(samples)), -32768, 32767)
    return Audio(np.round(filtered).astype("<i2").tobytes(), audio.rate)
