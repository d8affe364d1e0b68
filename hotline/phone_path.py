"""The telephone's own path for the browser demo: QA hear what a traveller by telephone hears."""

from __future__ import annotations

import random

from media.audio import Audio
from media.g711 import SILENCE, pcm_to_ulaw, ulaw_to_pcm
from media.resample import Resampler
from telephony.sound import LINE_RATE, CallerSound, ReplySound
from web_demo.server.messages import IN_RATE, OUT_RATE

# A network's packet of mu-law.
PACKET = LINE_RATE // 50
# The far end waits this much for a packet that is late; what is later still is lost.
PATIENCE_MS = 40.0


class TelephonePath:
    """Both directions through 8 kHz mu-law in packets of 20 ms, by the phone door's own code.

    ``loss_percent`` of the packets are lost; so is one that is later than 40 ms, with a delay
    of ``jitter_ms`` on average (exponential). What is lost is heard as silence.
    """

    def __init__(self, loss_percent: float, jitter_ms: float, chance: random.Random) -> None:
        self._loss = loss_percent / 100
        self._jitter_ms = jitter_ms
        self._chance = chance
        self._down = Resampler(IN_RATE, LINE_RATE)
        self._heard = CallerSound(IN_RATE)
        self._said = ReplySound()
        self._up = Resampler(LINE_RATE, OUT_RATE)

    def caller(self, audio: Audio) -> Audio:
        """16 kHz in and out."""
        return self._heard.audio(self._through(pcm_to_ulaw(self._down.process(audio).pcm)))

    def myra(self, audio: Audio, *, last: bool) -> Audio:
        """Any rate in, 24 kHz out; ``last`` flushes the filters."""
        pcm = b""
        for payload in self._said.payloads(audio, last=last, fade_in_ms=0.0):
            ulaw = self._through(payload)
            pcm += self._up.process(Audio(ulaw_to_pcm(ulaw), LINE_RATE)).pcm
        if last:
            pcm += self._up.flush().pcm
        return Audio(pcm, OUT_RATE)

    def reset(self) -> None:
        """Myra's sound was cut off."""
        self._said.reset()
        self._up.reset()

    def _through(self, ulaw: bytes) -> bytes:
        """The network."""
        if not self._loss and not self._jitter_ms:
            return ulaw
        packets = (ulaw[at : at + PACKET] for at in range(0, len(ulaw), PACKET))
        return b"".join(
            bytes([SILENCE]) * len(packet) if self._is_lost() else packet for packet in packets
        )

    def _is_lost(self) -> bool:
        late = self._jitter_ms and self._chance.expovariate(1 / self._jitter_ms) > PATIENCE_MS
        return bool(late) or self._chance.random() < self._loss


def open_telephone_path(loss_percent: float, jitter_ms: float) -> TelephonePath:
    return TelephonePath(loss_percent, jitter_ms, random.Random())  # noqa: S311
