"""With its real ears, dialogue and voice the emulator understands a caller and is understood."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from emulators.gemini.speech_engines import speech_engines
from emulators.speech.asr import to_samples
from emulators.speech.tts import open_voice
from media.audio import Audio
from media.resample import convert_whole
from tests.emulators.gemini.live import emulator, silence, stream, turn

pytestmark = pytest.mark.speech

LOW = {
    "automatic_activity_detection": {
        "start_of_speech_sensitivity": "START_SENSITIVITY_LOW",
        "end_of_speech_sensitivity": "END_SENSITIVITY_LOW",
        "silence_duration_ms": 1200,
    }
}


def spoken(text: str, folder: Path) -> bytes:
    """The text in another voice than Myra's, at the 16 kHz that callers are heard at."""
    sounds = open_voice("pico-gb", folder).speak(text)
    pcm = b"".join(sound.astype("<i2").tobytes() for _, sound in sounds)
    return convert_whole(Audio(pcm, 24_000), 16_000).pcm


def words(text: str) -> set[str]:
    return {word.strip(".,?!'").lower() for word in text.split()}


def test_a_spoken_question_gets_a_spoken_answer(tmp_path: Path) -> None:
    engines = speech_engines(tmp_path)

    async def main() -> None:
        async with (
            emulator(tmp_path, engines=engines) as live,
            live.session(realtime_input_config=LOW) as session,
        ):
            question = spoken("I would like to change my booking, please.", tmp_path)
            await stream(session, silence(500) + question + silence(1500))
            said = await turn(session)
            assert {"change", "booking"} <= words(said.heard)
            understood = engines.ears.transcribe(to_samples(Audio(said.audio, 24_000)))
            assert len(words(understood) & words(said.spoken)) > len(words(said.spoken)) / 2

    asyncio.run(main())
