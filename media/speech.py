"""When somebody speaks: ears that say how likely it is, and a gate that decides from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from media.audio import Audio
from media.echo import EchoGuard, EchoPath
from media.levels import rms_db
from media.silero import SileroDetector, SileroModel, SpeechModelError

__all__ = [
    "EchoGuard",
    "EchoPath",
    "GateShape",
    "LevelDetector",
    "SileroDetector",
    "SileroModel",
    "Speech",
    "SpeechDetector",
    "SpeechGate",
    "SpeechModelError",
]


class SpeechDetector(Protocol):
    """One call's ear. It keeps its own state; ``reset`` forgets the sound so far."""

    def hear(self, audio: Audio) -> float:
        """How likely the newest sound is speech, 0 to 1. Any length of audio; between its
        windows a detector repeats its last answer."""

    def reset(self) -> None: ...


class LevelDetector:
    """Takes any sound for speech once it is loud: for tones, and lines without the network.

    Certain at 6 dB above ``threshold_db``, impossible at 6 dB below it.
    """

    def __init__(self, threshold_db: float = -40.0) -> None:
        self._threshold = threshold_db
        self._probability = 0.0

    def hear(self, audio: Audio) -> float:
        if audio.pcm:
            above = rms_db(audio) - self._threshold
            self._probability = min(1.0, max(0.0, 0.5 + above / 12))
        return self._probability

    def reset(self) -> None:
        self._probability = 0.0


class Speech(StrEnum):
    """What a gate decided."""

    STARTED = "started"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class GateShape:
    """What it takes to count as speech.

    ``on`` and ``off`` are the probabilities to begin and to keep on with; the lower ``off``
    carries weak syllables. Nothing softer than ``quiet_db`` (dBFS) begins. Speech has begun
    after ``speech_ms`` of it, in which lapses of up to ``lapse_ms`` are forgiven, and is over
    after ``hangover_ms`` without any.

    Raises:
        ValueError: ``off`` above ``on``, or a negative time.
    """

    on: float = 0.5
    off: float = 0.35
    quiet_db: float = -50.0
    speech_ms: float = 60.0
    lapse_ms: float = 40.0
    hangover_ms: float = 400.0

    def __post_init__(self) -> None:
        if not 0 <= self.off <= self.on <= 1:
            raise ValueError(f"a gate opens at or above where it closes: {self.on}, {self.off}")
        if min(self.speech_ms, self.lapse_ms, self.hangover_ms) < 0:
            raise ValueError("a gate's times are not negative")


class SpeechGate:
    """Turns an ear's answers into starts and stops. It counts the sound's own milliseconds,
    so the same answers always give the same decisions."""

    def __init__(self, shape: GateShape | None = None) -> None:
        self.shape = shape or GateShape()
        self.reset()

    def reset(self) -> None:
        """Closed, and nothing heard."""
        self.speaking = False
        self._spoken_ms = 0.0
        self._quiet_ms = 0.0

    @property
    def spoken_ms(self) -> float:
        """Speech in this stretch, pauses not counted; 0 while none is under way."""
        return self._spoken_ms

    @property
    def quiet_ms(self) -> float:
        """How long the newest sound has been without speech."""
        return self._quiet_ms

    def hear(self, probability: float, level_db: float, ms: float) -> Speech | None:
        """The next ``ms`` of sound, with an ear's probability and its level in dBFS."""
        shape = self.shape
        if self.speaking:
            speech = probability >= shape.off
        else:
            speech = probability >= shape.on and level_db >= shape.quiet_db
        if speech:
            self._spoken_ms += ms
            self._quiet_ms = 0.0
            if not self.speaking and self._spoken_ms >= shape.speech_ms:
                self.speaking = True
                return Speech.STARTED
            return None
        self._quiet_ms += ms
        if self.speaking and self._quiet_ms >= shape.hangover_ms:
            self.speaking = False
            self._spoken_ms = 0.0
            return Speech.STOPPED
        if not self.speaking and self._quiet_ms > shape.lapse_ms:
            self._spoken_ms = 0.0
        return None
