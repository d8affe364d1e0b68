"""Sound between the wire and the conversation: mu-law at 8 kHz on one side, PCM on the other."""

from __future__ import annotations

from collections.abc import Iterator

from media.audio import Audio
from media.g711 import SILENCE, pcm_to_ulaw, ulaw_to_pcm
from media.levels import fade_in
from media.resample import Resampler

LINE_RATE = 8000
# One second: the largest payload of Twilio's own examples, and no clear waits long behind it.
MAX_PAYLOAD = LINE_RATE
_SILENT_FRAME = bytes([SILENCE]) * 160


class CallerSound:
    """The caller's sound: decoded, and converted to ``rate`` with the filter's state kept.

    What the filter holds back (1.75 ms) is filled with silence at the beginning, so that every
    frame gives a frame of the same length. Otherwise all chunks cut from it later would wait for
    one more frame of 20 ms because of its first 1.75 ms.
    """

    def __init__(self, rate: int) -> None:
        self._resampler = Resampler(LINE_RATE, rate)
        self._resampler.process(Audio.silence(self._resampler.delay_ms, LINE_RATE))

    def audio(self, ulaw: bytes) -> Audio:
        """As long as ``ulaw``."""
        return self._resampler.process(Audio(ulaw_to_pcm(ulaw), LINE_RATE))

    def silence(self, ms: float) -> Iterator[Audio]:
        """``ms`` of silence in frames like any other."""
        samples = round(ms * LINE_RATE / 1000)
        for start in range(0, samples, len(_SILENT_FRAME)):
            yield self.audio(_SILENT_FRAME[: samples - start])


class ReplySound:
    """What the caller is to hear, as mu-law payloads. Audio may come at any rate and change it."""

    def __init__(self) -> None:
        self._resampler = Resampler(24000, LINE_RATE)

    def payloads(self, audio: Audio, *, last: bool, fade_in_ms: float) -> Iterator[bytes]:
        """The audio as payloads of at most a second, none empty; ``last`` flushes the filter."""
        pcm = b""
        if audio.pcm:
            if fade_in_ms > 0:
                audio = fade_in(audio, fade_in_ms)
            if audio.rate != self._resampler.rate_in:
                pcm = self._resampler.flush().pcm
                self._resampler = Resampler(audio.rate, LINE_RATE)
            pcm += self._resampler.process(audio).pcm
        if last:
            pcm += self._resampler.flush().pcm
        ulaw = pcm_to_ulaw(pcm)
        for start in range(0, len(ulaw), MAX_PAYLOAD):
            yield ulaw[start : start + MAX_PAYLOAD]

    def reset(self) -> None:
        """Forget what the filter holds of a reply that was cleared."""
        self._resampler.reset()
