"""The way sound takes between the page and the conversation: as it is, or as a telephone has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from media.audio import Audio
from media.levels import fade_in
from media.resample import Resampler
from web_demo.server.messages import IN_RATE, OUT_RATE


class PhonePath(Protocol):
    """The telephone's own path, there and back. Sound keeps its length but for filters' tails."""

    def caller(self, audio: Audio) -> Audio:
        """16 kHz in, what the hotline would hear of it by telephone out, at 16 kHz."""

    def myra(self, audio: Audio, *, last: bool) -> Audio:
        """Any rate in, what a telephone would play of it out, at 24 kHz."""

    def reset(self) -> None:
        """Myra's sound was cut off: forget what filters hold."""


OpenPhonePath = Callable[[float, float], PhonePath]
"""Makes a path with this loss (percent) and jitter (ms)."""


class Reply:
    """Myra's sound at the page's rate. Audio may come at any rate and change it."""

    def __init__(self) -> None:
        self._resampler: Resampler | None = None

    def audio(self, audio: Audio, *, last: bool, fade_in_ms: float) -> Audio:
        """``last`` flushes the filter."""
        if audio.pcm and fade_in_ms > 0:
            audio = fade_in(audio, fade_in_ms)
        pcm = b""
        if audio.pcm and self._resampler and audio.rate != self._resampler.rate_in:
            pcm = self._resampler.flush().pcm
            self._resampler = None
        if audio.pcm and self._resampler is None and audio.rate != OUT_RATE:
            self._resampler = Resampler(audio.rate, OUT_RATE)
        pcm += self._resampler.process(audio).pcm if self._resampler else audio.pcm
        if last and self._resampler:
            pcm += self._resampler.flush().pcm
        return Audio(pcm, OUT_RATE)

    def reset(self) -> None:
        if self._resampler:
            self._resampler.reset()


class Caller:
    """The caller's sound at the conversation's rate."""

    def __init__(self) -> None:
        self._resampler: Resampler | None = None

    def audio(self, audio: Audio) -> Audio:
        if audio.rate == IN_RATE:
            return audio
        if self._resampler is None:
            self._resampler = Resampler(audio.rate, IN_RATE)
        return self._resampler.process(audio)
