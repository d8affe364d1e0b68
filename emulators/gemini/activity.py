"""When the caller speaks: the service's activity detection, on sound alone.

Time is counted in samples, so audio may arrive faster or slower than real time. Readings of the
settings (the documentation names them without figures, the thresholds are this module's): a LOW
start sensitivity wants a surer, longer and louder beginning; a LOW end sensitivity keeps a turn
open on weaker signs of speech. ``prefixPaddingMs`` is both things the documentation calls it:
speech needed before a start counts (proto comment), and audio kept from before it (guide).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from emulators.gemini.setup import Sensitivity, Vad
from media.audio import Audio
from media.levels import rms_db
from media.resample import Resampler
from media.speech import GateShape, Speech, SpeechGate

RATE = 16_000
WINDOW_MS = 32.0  # the window Silero is trained on
WINDOW_BYTES = 1024
PRE_ROLL_MS = 300  # recognisers lose words without it (first 150 ms cut: 15 points of accuracy)
TAIL_MS = 200  # silence left at the end of what is handed to the recogniser
LONGEST_MS = 60_000
_ON: dict[Sensitivity, tuple[float, float, float]] = {  # probability, ms of it, dBFS
    "HIGH": (0.5, 64, -55),
    "LOW": (0.65, 96, -45),
}
_OFF: dict[Sensitivity, float] = {"HIGH": 0.5, "LOW": 0.35}

Probability = Callable[[Audio], float]


@dataclass(frozen=True, slots=True)
class Started:
    """The caller began to speak; certain from this place of the input on."""

    offset_ms: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The caller stopped: what was said, with pre-roll (16 kHz), and how much was speech."""

    offset_ms: float
    audio: Audio
    speech_ms: float


Activity = Started | Ended


def gate_shape(vad: Vad) -> GateShape:
    """What the setup's sensitivities and durations ask of the speech gate."""
    on, speech_ms, quiet_db = _ON[vad.start]
    return GateShape(
        on=on,
        off=min(on, _OFF[vad.end]),
        quiet_db=quiet_db,
        speech_ms=speech_ms if vad.prefix_padding_ms is None else vad.prefix_padding_ms,
        lapse_ms=WINDOW_MS,
        hangover_ms=vad.silence_ms,
    )


class ActivityDetector:
    """Cuts a stream of PCM16 of any rate into what the caller said.

    In manual mode nothing is detected: ``begin`` and ``end`` mark the activity, and audio outside
    of it is discarded.
    """

    def __init__(self, vad: Vad, probability: Probability) -> None:
        self._manual = vad.manual
        self._probability = probability
        self._gate = SpeechGate(gate_shape(vad))
        pre_roll_ms = max(PRE_ROLL_MS, vad.prefix_padding_ms or 0) + self._gate.shape.speech_ms
        self._before: deque[bytes] = deque(maxlen=round(pre_roll_ms / WINDOW_MS))
        self._said: list[bytes] = []
        self._resampler = Resampler(RATE, RATE)
        self._odd = self._rest = b""
        self._speech_ms = 0.0
        self.offset_ms = 0.0
        self.active = False

    def hear(self, data: bytes, rate: int) -> list[Activity]:
        """What happened within this audio: mono PCM16 of any length, odd bytes carried over."""
        if rate != self._resampler.rate_in:
            self._resampler = Resampler(rate, RATE)
        whole = self._odd + data
        even = len(whole) - len(whole) % 2
        self._odd = whole[even:]
        pcm = self._rest + self._resampler.process(Audio(whole[:even], rate)).pcm
        end = len(pcm) - len(pcm) % WINDOW_BYTES
        self._rest = pcm[end:]
        windows = (pcm[at : at + WINDOW_BYTES] for at in range(0, end, WINDOW_BYTES))
        return [event for window in windows if (event := self._window(window)) is not None]

    def begin(self) -> list[Activity]:
        """The client says that activity starts (manual mode)."""
        if self.active:
            return []
        self.active = True
        self._rest = b""
        return [Started(self.offset_ms)]

    def end(self) -> list[Activity]:
        """The client says that activity, or the stream of audio, ends: what is open is closed."""
        held_back, self._rest = self._rest, b""
        self._gate.reset()
        if not self.active:
            return []
        self._said.append(held_back)
        return [self._finish(0.0)]

    def _window(self, window: bytes) -> Activity | None:
        self.offset_ms += WINDOW_MS
        if self._manual:
            if not self.active:
                return None
            self._said.append(window)
            self._speech_ms += WINDOW_MS
            return self._finish(0.0) if self._too_long() else None
        return self._detect(window)

    def _detect(self, window: bytes) -> Activity | None:
        audio = Audio(window, RATE)
        (self._said if self.active else self._before).append(window)
        quiet_ms = self._gate.quiet_ms
        decided = self._gate.hear(self._probability(audio), rms_db(audio), WINDOW_MS)
        if decided is Speech.STARTED:
            self.active = True
            self._said = list(self._before)
            self._before.clear()
            return Started(self.offset_ms)
        if self.active:
            self._speech_ms = self._gate.spoken_ms or self._speech_ms
            if decided is Speech.STOPPED:
                return self._finish(quiet_ms + WINDOW_MS)
            if self._too_long():
                self._gate.reset()
                return self._finish(0.0)
        return None

    def _too_long(self) -> bool:
        return len(self._said) * WINDOW_MS >= LONGEST_MS

    def _finish(self, quiet_ms: float) -> Ended:
        spare = round(max(0.0, quiet_ms - TAIL_MS) / WINDOW_MS)
        pcm = b"".join(self._said[: len(self._said) - spare])
        ended = Ended(self.offset_ms, Audio(pcm, RATE), self._speech_ms)
        self.active, self._said, self._speech_ms = False, [], 0.0
        return ended
