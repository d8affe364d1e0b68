"""The caller's voice and ears as seams, and what a script says made ready before dialling."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from emulators.twilio.fields import ScriptError
from emulators.twilio.mouth import Utterance, utterance
from emulators.twilio.steps import Speech
from media.audio import Audio
from media.framing import join
from media.resample import convert_whole
from media.tones import tone
from media.wav import WavError, read_wav

VOICE_RATE = 24_000
EARS_RATE = 16_000
Ready = Mapping[Speech, Utterance]
# ITU-T P.56 puts speech on the telephone about -20 dB below overload.
SPEECH_DB = -20.0


class Speaker(Protocol):
    """Makes speech of text."""

    def synthesise(self, text: str, voice: str) -> Audio:
        """Speech of any rate; ``voice`` may be empty. Blocks; runs in a thread."""


class Transcriber(Protocol):
    """Makes text of speech."""

    def transcribe(self, samples: NDArray[np.float32]) -> str:
        """The text of mono samples at 16 kHz, full scale 1.0. Blocks; runs in a thread."""


class Voice(Protocol):
    """A speech engine's voice: text in, mono int16 at 24 kHz out, piece by piece."""

    def speak(self, text: str) -> Iterator[tuple[str, NDArray[np.int16]]]: ...


class ToneSpeaker:
    """A beep for each word; needs nothing and costs nothing. For tests and benchmarks."""

    def synthesise(self, text: str, voice: str) -> Audio:
        parts = []
        for word in text.split():
            hz = 300 + 25 * (zlib.crc32(f"{voice}{word}".encode()) % 40)
            parts += [tone((hz,), 80 + 25 * len(word), 8000), Audio.silence(40, 8000)]
        return join(parts, 8000)


class EngineSpeaker:
    """Speaks with a speech engine's voices, opened when first asked for.

    ``open_voice`` raises ValueError for a name that it does not know.
    """

    def __init__(self, open_voice: Callable[[str], Voice], default: str) -> None:
        self._open = open_voice
        self._default = default
        self._voices: dict[str, Voice] = {}

    def synthesise(self, text: str, voice: str) -> Audio:
        name = voice or self._default
        if name not in self._voices:
            self._voices[name] = self._open(name)
        pieces = [samples for _, samples in self._voices[name].speak(text)]
        return Audio(b"".join(piece.astype("<i2").tobytes() for piece in pieces), VOICE_RATE)


def make_ready(
    speeches: Iterable[Speech], speaker: Speaker, noise_db: float | None
) -> dict[Speech, Utterance]:
    """Everything the caller will say as the line carries it. Blocks.

    Raises:
        ScriptError: a recording cannot be read, or a voice is unknown.
    """
    ready: dict[Speech, Utterance] = {}
    for speech in speeches:
        if speech not in ready:
            level = SPEECH_DB if speech.level_db is None else speech.level_db
            sound, text = _sound(speech, speaker)
            ready[speech] = utterance(sound, text, level, noise_db)
    return ready


def _sound(speech: Speech, speaker: Speaker) -> tuple[Audio, str]:
    try:
        if speech.wav is None:
            return speaker.synthesise(speech.text, speech.voice), speech.text
        return read_wav(speech.wav.read_bytes())[0], f"[{speech.wav.name}]"
    except (OSError, WavError) as error:
        raise ScriptError(f"{speech.wav}: {error}") from None
    except ValueError as error:
        raise ScriptError(str(error)) from None


async def words_in(audio: Audio, ears: Transcriber) -> str:
    """What is said in a sound, made out in a thread so that the line's clock goes on."""

    def listen() -> str:
        pcm = convert_whole(audio, EARS_RATE).pcm
        return ears.transcribe(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768))

    return await asyncio.to_thread(listen)
