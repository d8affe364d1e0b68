"""The caller's side of the line: speech made ready before dialling, given out frame by frame."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from emulators.twilio.loudness import FRAME_BYTES, FRAME_SECONDS, IDLE, RATE
from media.audio import Audio
from media.g711 import pcm_to_ulaw
from media.levels import db, frame_levels, gain, mix, samples_of
from media.resample import convert_whole
from media.tones import comfort_noise

# Softer than this within an utterance is the room before and after the words.
_SPOKEN_DB = -45.0
# Background noise repeats after this long, which nobody notices in a hiss.
_NOISE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Utterance:
    """Speech as the line carries it: mu-law at 8 kHz, and where in it the words begin and end,
    in seconds."""

    text: str
    ulaw: bytes
    begins: float
    ends: float

    @property
    def seconds(self) -> float:
        return len(self.ulaw) / RATE


def utterance(
    audio: Audio, text: str = "", level_db: float | None = None, noise_db: float | None = None
) -> Utterance:
    """Speech of any rate made ready: at 8 kHz, its words at ``level_db`` (RMS in dBFS; None
    leaves it as it is), over the room's noise (None is none)."""
    sound = convert_whole(audio, RATE)
    loud = [number for number, level in enumerate(frame_levels(sound)) if level > _SPOKEN_DB]
    if level_db is not None and loud:
        sound = gain(sound, level_db - _level_of(sound, loud))
    if noise_db is not None and sound.samples:
        sound = mix(sound, comfort_noise(sound.ms, RATE, noise_db))
    begins, ends = (loud[0], loud[-1] + 1) if loud else (0, 0)
    return Utterance(
        text,
        pcm_to_ulaw(sound.pcm),
        begins * FRAME_SECONDS,
        min(ends * FRAME_SECONDS, sound.ms / 1000),
    )


def _level_of(sound: Audio, frames: list[int]) -> float:
    """RMS in dBFS of some 20 ms frames of a sound."""
    samples = samples_of(sound)
    size = round(RATE * FRAME_SECONDS)
    parts = [samples[number * size : (number + 1) * size] for number in frames]
    power = sum(float(part.dot(part)) for part in parts) / sum(map(len, parts))
    return db(power**0.5)


def room(noise_db: float | None) -> tuple[bytes, ...]:
    """The frames of the caller's silence, to be repeated: one of digital silence, or noise."""
    if noise_db is None:
        return (IDLE,)
    ulaw = pcm_to_ulaw(comfort_noise(1000 * _NOISE_SECONDS, RATE, noise_db).pcm)
    return tuple(ulaw[at : at + FRAME_BYTES] for at in range(0, len(ulaw), FRAME_BYTES))


@dataclass(slots=True)
class Spoken:
    """An utterance on its way through the line. ``start`` is None until it begins; ``over``
    when its last sample was spoken."""

    utterance: Utterance
    start: float | None = None
    over: bool = False

    @property
    def words_begin(self) -> float | None:
        """When the first word sounds."""
        return None if self.start is None else self.start + self.utterance.begins

    @property
    def words_end(self) -> float | None:
        """When the last word ends."""
        return None if self.start is None else self.start + self.utterance.ends


class Mouth:
    """What the caller says, one utterance after another, with the room's sound between them.

    Whoever keeps the clock takes a ``frame`` every 20 ms; utterances begin with a frame.
    """

    def __init__(self, silence: tuple[bytes, ...] = (IDLE,)) -> None:
        self._silence = silence
        self._queue: deque[Spoken] = deque()
        self._at = 0
        self._frames = 0

    @property
    def speaking(self) -> bool:
        return bool(self._queue)

    def say(self, speech: Utterance) -> Spoken:
        """Begins with the next frame, or after what is being said."""
        spoken = Spoken(speech)
        self._queue.append(spoken)
        return spoken

    def frame(self, at: float) -> bytes:
        """The 160 bytes of mu-law that begin at ``at`` seconds."""
        self._frames += 1
        while self._queue:
            spoken = self._queue[0]
            if spoken.start is None:
                spoken.start = at
            part = spoken.utterance.ulaw[self._at : self._at + FRAME_BYTES]
            self._at += len(part)
            if self._at >= len(spoken.utterance.ulaw):
                spoken.over = True
                self._queue.popleft()
                self._at = 0
            if part:
                return part + self._room()[len(part) :]
        return self._room()

    def _room(self) -> bytes:
        return self._silence[self._frames % len(self._silence)]
