"""The emulator of the model with other engines: it reads aloud in Myra's own voice, one paragraph
after another, whatever it is asked to say, and for as long as it is asked to.

``BENCH_EARS``: ``level`` (the default) notices any sound above -50 dBFS, ``speech`` only speech.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray

from benchmarks.voices import myras_paragraphs
from emulators.gemini import __main__ as emulator
from emulators.gemini.engines import Clause, Engines
from emulators.gemini.engines import tone_engines as plain_engines
from emulators.gemini.scripted_mind import WORDS_PER_SECOND, Script
from media.speech import LevelDetector, SileroModel

RATE = 24_000
AUDIBLE_DB = -50.0


class ReadingVoice:
    """Each text begins with the next of the paragraphs; their sound lasts as long as tones for
    the same words would."""

    def __init__(self) -> None:
        self._sounds = [np.frombuffer(one.pcm, "<i2") for one in myras_paragraphs()]
        self._number = count()

    def speak(self, text: str) -> Iterator[Clause]:
        first = next(self._number)
        turned = [self._sounds[(first + n) % len(self._sounds)] for n in range(len(self._sounds))]
        words = text.split()
        sound = np.concatenate(turned)[: RATE * len(words) // WORDS_PER_SECOND]
        for start in range(0, len(words), WORDS_PER_SECOND):
            yield " ".join(words[start : start + WORDS_PER_SECOND]), _second(sound, start)


def _second(sound: NDArray[np.int16], word: int) -> NDArray[np.int16]:
    first = RATE * word // WORDS_PER_SECOND
    return sound[first : first + RATE]


def reading_engines(script: Script | None = None) -> Engines:
    plain = plain_engines(script)
    if os.environ.get("BENCH_EARS") == "speech":
        silero = SileroModel()
        detector = lambda: silero.detector(16_000).hear  # noqa: E731
    else:
        detector = lambda: LevelDetector(AUDIBLE_DB).hear  # noqa: E731
    return Engines(plain.ears, ReadingVoice(), detector, plain.make_mind, threads=False)


if __name__ == "__main__":
    vars(emulator)["tone_engines"] = reading_engines
    emulator.main()
