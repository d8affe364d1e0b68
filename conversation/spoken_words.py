"""Which words of a reply were heard, when its sound was heard so far."""

from __future__ import annotations

import re

_WORD = re.compile(r"\S+")
# Characters per second of speech, pauses left out, until this voice has been measured.
_USUAL_RATE = 16.0
_SLOWEST, _FASTEST = 8.0, 30.0
# Of a word that was cut in two, this much may be missing for it to count as heard.
_MISSING = 1 / 3
# How much a newly heard reply changes the measured rate.
_WEIGHT = 0.5


class SpeakingRate:
    """How fast Myra speaks, learned from replies heard whole."""

    def __init__(self) -> None:
        self.per_ms = _USUAL_RATE / 1000
        self._measured = False

    def learn(self, text: str, speech_ms: float) -> None:
        """``text`` took ``speech_ms`` of speech."""
        if speech_ms < 1000 or not text:
            return
        rate = min(_FASTEST, max(_SLOWEST, 1000 * len(text) / speech_ms)) / 1000
        weight = _WEIGHT if self._measured else 1.0
        self.per_ms += weight * (rate - self.per_ms)
        self._measured = True


def heard_words(text: str, speech_heard: float, speech: float | None, rate: SpeakingRate) -> str:
    """The beginning of ``text`` that ``speech_heard`` ms of speech carried.

    ``speech`` is how long all of it takes; None while the model has not said it all, when a
    transcript may run ahead of its sound or behind it, and only the usual rate helps.
    """
    if speech is not None:
        characters = len(text) * min(1.0, speech_heard / speech) if speech > 0 else 0.0
    else:
        characters = speech_heard * rate.per_ms
    end = 0
    for word in _WORD.finditer(text):
        if word.end() - _MISSING * (word.end() - word.start()) > characters:
            break
        end = word.end()
    return text[:end].strip()
