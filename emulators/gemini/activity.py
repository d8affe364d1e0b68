"""When the caller speaks: the service's activity detection, on samples alone.

Time is counted in samples, so audio may arrive faster or slower than real time. Whether a window
holds speech is asked of a function handed in. Readings of the settings (the documentation names
them without figures, thresholds are this module's): a LOW start sensitivity wants a surer, longer
and louder beginning; a LOW end sensitivity keeps a turn open on weaker signs of speech.
``prefixPaddingMs`` is both things the documentation calls it: speech needed before a start counts
(proto comment), and audio kept from before it (guide).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from emulators.gemini.setup import Vad
from media.audio import Audio

RATE = 16_000
WINDOW = 512  # samples: 32 ms at 16 kHz, the window Silero is trained on
WINDOW_MS = 1000 * WINDOW / RATE
PRE_ROLL_MS = 300  # recognisers lose words without it (first 150 ms cut: 15 points of accuracy)
TAIL_MS = 200  # silence left at the end of what is handed to the recogniser
LONGEST_MS = 60_000
ENERGY_RMS = 500  # PCM16; -36 dBFS
_START = {"HIGH": (0.5, 64, -55.0), "LOW": (0.65, 96, -45.0)}  # probability, ms, dBFS
_END = {"HIGH": 0.5, "LOW": 0.35}

Samples = NDArray[np.int16]
Probability = Callable[[Audio], float]


@dataclass(frozen=True, slots=True)
class Started:
    """The caller began to speak, committed at this place of the input."""

    offset_ms: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The caller stopped: what was said (PCM16, 16 kHz, with pre-roll), and how much was speech."""

    offset_ms: float
    samples: Samples
    speech_ms: float


Activity = Started | Ended


class ActivityDetector:
    """Cuts a stream of 16 kHz samples into what the caller said.

    In manual mode nothing is detected: ``begin`` and ``end`` mark the activity and audio outside
    of it is discarded.
    """

    def __init__(self, vad: Vad, probability: Probability) -> None:
        threshold, commit_ms, floor = _START[vad.start]
        commit = commit_ms if vad.prefix_padding_ms is None else vad.prefix_padding_ms
        pre_roll = max(PRE_ROLL_MS, vad.prefix_padding_ms or 0) + commit
        self._vad = vad
        self._probability = probability
        self._start_at, self._end_below, self._floor = threshold, _END[vad.end], floor
        self._commit = max(1, round(commit / WINDOW_MS))
        self._rest: Samples = np.zeros(0, np.int16)
        self._before: deque[Samples] = deque(maxlen=round(pre_roll / WINDOW_MS))
        self._said: list[Samples] = []
        self._windows = self._run = self._quiet = self._speech = 0
        self.active = False

    @property
    def offset_ms(self) -> float:
        return self._windows * WINDOW_MS

    def hear(self, samples: Samples) -> list[Activity]:
        """What happened within these samples (any number of them, 16 kHz)."""
        self._rest = np.concatenate((self._rest, samples)) if self._rest.size else samples
        events: list[Activity] = []
        whole = self._rest.size - self._rest.size % WINDOW
        for start in range(0, whole, WINDOW):
            self._windows += 1
            window = self._rest[start : start + WINDOW]
            event = self._marked(window) if self._vad.manual else self._detected(window)
            if event is not None:
                events.append(event)
        self._rest = self._rest[whole:].copy()
        return events

    def begin(self) -> list[Activity]:
        """The client says that activity starts (manual mode)."""
        if self.active:
            return []
        self._begin()
        return [Started(self.offset_ms)]

    def end(self) -> list[Activity]:
        """The client says that activity, or the stream of audio, ends: what is open is closed."""
        if not self.active:
            self._run = 0
            return []
        self._said.append(self._rest)
        self._rest = np.zeros(0, np.int16)
        return [self._finish()]

    def _marked(self, window: Samples) -> Activity | None:
        if self.active:
            self._said.append(window)
            self._speech += 1
            if len(self._said) * WINDOW_MS >= LONGEST_MS:
                return self._finish()
        return None

    def _detected(self, window: Samples) -> Activity | None:
        probability = self._probability(Audio(window.tobytes(), RATE))
        if self.active:
            return self._continue(window, probability)
        self._before.append(window)
        if probability >= self._start_at and level_dbfs(window) >= self._floor:
            self._run += 1
        elif probability < self._end_below:
            self._run = 0
        if self._run < self._commit:
            return None
        self._begin()
        return Started(self.offset_ms)

    def _continue(self, window: Samples, probability: float) -> Activity | None:
        self._said.append(window)
        if probability >= self._end_below:
            self._quiet = 0
            self._speech += 1
        else:
            self._quiet += 1
        ended = self._quiet * WINDOW_MS >= self._vad.silence_ms and self._quiet > 0
        if ended or len(self._said) * WINDOW_MS >= LONGEST_MS:
            return self._finish()
        return None

    def _begin(self) -> None:
        self.active = True
        self._said = [] if self._vad.manual else list(self._before)
        self._before.clear()
        self._speech, self._quiet, self._run = self._run, 0, 0

    def _finish(self) -> Ended:
        spare = max(0, self._quiet - round(TAIL_MS / WINDOW_MS))
        kept = list(islice(self._said, len(self._said) - spare))
        speech_ms = self._speech * WINDOW_MS
        self.active, self._said = False, []
        self._speech = self._quiet = self._run = 0
        return Ended(self.offset_ms, np.concatenate(kept or [np.zeros(0, np.int16)]), speech_ms)


def energy(audio: Audio) -> float:
    """1.0 where the window is loud, else 0.0: speech detection for tones."""
    samples = np.frombuffer(audio.pcm, "<i2")
    return 1.0 if rms(samples) > ENERGY_RMS else 0.0


def rms(samples: Samples) -> float:
    floats = samples.astype(np.float32)
    return float(np.sqrt(np.dot(floats, floats) / max(1, floats.size)))


def level_dbfs(samples: Samples) -> float:
    return float(20 * np.log10(max(rms(samples), 1e-3) / 32768))
