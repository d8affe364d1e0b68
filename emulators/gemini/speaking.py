"""A spoken clause cut into the messages it travels in: sound and, along with it, its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulators.gemini.replies import SPEECH_RATE


@dataclass(frozen=True, slots=True)
class Piece:
    """One message's worth: PCM16 at 24 kHz, and the words that begin within it."""

    pcm: bytes
    words: str

    @property
    def ms(self) -> float:
        return 1000 * len(self.pcm) / (2 * SPEECH_RATE)


def cut(
    text: str, samples: NDArray[np.int16], draw_ms: Callable[[], float], *, odd: bool = False
) -> Iterator[Piece]:
    """The clause in pieces of the lengths drawn; every byte and every word exactly once.

    Words are laid over the sound evenly by their letters, which is close enough to cut a
    transcript where the speech was cut. With ``odd``, pieces have odd byte lengths.
    """
    pcm = samples.astype("<i2").tobytes()
    words = text.split()
    letters = sum(len(word) for word in words) or 1
    place = given = 0
    start = 0
    while start < len(pcm):
        length = max(2, 2 * round(draw_ms() * SPEECH_RATE / 1000)) + (1 if odd else 0)
        end = min(len(pcm), start + length)
        first = given
        while given < len(words) and (place / letters * len(pcm) < end or end == len(pcm)):
            place += len(words[given])
            given += 1
        yield Piece(pcm[start:end], " ".join(words[first:given]))
        start = end
