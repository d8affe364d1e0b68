"""The emulator's ears: speech in, text out."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from emulators.speech.moonshine import RATE, Moonshine, Samples
from emulators.speech.phrases import PHRASES
from media.audio import Audio
from media.resample import convert_whole

log = logging.getLogger(__name__)

# Silence around a segment: with it the recogniser errs less on the first and last sound.
PAD = np.zeros(RATE // 5, np.float32)
# Below this much sound above the threshold nobody spoke a word: a click, a knock.
MIN_SPEECH_MS = 120
FRAME = RATE // 50
SPEECH_LEVEL = 0.004  # of full scale, -48 dBFS: below any telephone speech, above line noise
# What the model makes of silence, noise and tones; no probability tells it from words.
INVENTED = frozenset({"", "you", "you you", "thank you for watching", "thanks for watching"})
# The model's other way to fail: one word over and over.
_REPEATED = re.compile(r"\b(\w+)(?:[ ,.-]+\1\b){3,}", re.IGNORECASE)
# The encoder's cost grows with the square of the length: longer stretches are cut at a pause.
LONGEST = 14 * RATE
SEARCH_FROM = 9 * RATE


class Ears(Protocol):
    """Turns a stretch of speech into text."""

    @property
    def engine(self) -> str:
        """What listens, for people to read."""

    def warm(self) -> None:
        """Load now what the first call would load. May be called from any thread."""

    def transcribe(self, samples: Samples) -> str:
        """The text of mono float32 samples at 16 kHz, full scale 1.0; empty where nobody spoke.

        Blocks for about a tenth of a second a call; safe from several threads.
        """


class MoonshineEars:
    """Moonshine tiny-en with the hotline's phrases, loaded when first used.

    ``warm`` and ``transcribe`` raise ``EngineMissing`` where the weights cannot be had.
    """

    engine = "Moonshine tiny-en"

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._model: Moonshine | None = None

    def warm(self) -> None:
        self._loaded().transcribe(np.zeros(RATE, np.float32))

    def transcribe(self, samples: Samples) -> str:
        if spoken_ms(samples) < MIN_SPEECH_MS:
            return ""
        model = self._loaded()
        texts = [model.transcribe(np.concatenate([PAD, part, PAD])) for part in _at_pauses(samples)]
        return " ".join(_REPEATED.sub(r"\1", text) for text in texts if not _invented(text))

    def _loaded(self) -> Moonshine:
        with self._lock:
            if self._model is None:
                self._model = Moonshine(PHRASES, self._threads)
                log.info("ears are ready", extra={"engine": self.engine})
            return self._model


def open_ears(threads: int = 1) -> Ears:
    """The recogniser, not loaded yet. One thread is as quick as two for such short texts."""
    return MoonshineEars(threads)


def to_samples(audio: Audio) -> Samples:
    """Audio of any rate as the ears want it: mono float32 at 16 kHz, full scale 1.0."""
    pcm = convert_whole(audio, RATE).pcm
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def spoken_ms(samples: Samples) -> float:
    """How many milliseconds, in frames of 20 ms, are louder than a quiet line."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.sqrt(np.mean(frames.astype(np.float64) ** 2, axis=1))
    return float(20 * np.count_nonzero(levels > SPEECH_LEVEL))


def _invented(text: str) -> bool:
    letters = "".join(c for c in text.lower() if c.isalnum() or c == " ").strip()
    return letters in INVENTED or text.startswith("©")


def _at_pauses(samples: Samples) -> Iterator[Samples]:
    """The samples in parts of at most fourteen seconds, cut where they are quietest."""
    while len(samples) > LONGEST:
        window = samples[SEARCH_FROM:LONGEST]
        energy = np.convolve(window**2, np.ones(RATE // 10, np.float32), "valid")
        cut = SEARCH_FROM + int(np.argmin(energy)) + RATE // 20
        yield samples[:cut]
        samples = samples[cut:]
    yield samples
