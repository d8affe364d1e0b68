"""SVOX Pico (Apache-2.0): a small robotic voice, sixty times quicker than Kokoro."""

from __future__ import annotations

import threading

import numpy as np

from emulators.speech.trim import Samples, trimmed
from emulators.speech.weights import EngineMissing
from media.audio import Audio
from media.resample import convert_whole

PICO_RATE = 16_000
RATE = 24_000


class Pico:
    """Speech of one clause at a time, "en-US" or "en-GB".

    Raises:
        EngineMissing: the package is not there or its library does not load.
    """

    def __init__(self) -> None:
        try:
            from py_nanotts import NanoTTS
        except ImportError as error:
            raise EngineMissing(f"py-nanotts cannot be imported: {error}") from error
        self._engine = NanoTTS()
        self._lock = threading.Lock()  # the library keeps its state in one place

    def speak(self, words: str, accent: str) -> Samples:
        """Mono int16 at 24 kHz, silences trimmed.

        Raises:
            EngineMissing: the library refuses the text.
        """
        if not any(c.isalnum() for c in words):
            return np.zeros(0, np.int16)
        try:
            with self._lock:
                pcm = self._engine.speak(words, voice=accent)
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineMissing(f"Pico failed on a clause: {error}") from error
        sound = convert_whole(Audio(pcm[: len(pcm) // 2 * 2], PICO_RATE), RATE).pcm
        return trimmed(np.frombuffer(sound, "<i2").astype(np.int16), RATE)
