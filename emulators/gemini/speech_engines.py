"""The real ears, dialogue and voice, loaded and warm."""

from __future__ import annotations

import logging
from pathlib import Path

from emulators.gemini.brain import FIXED, make_mind
from emulators.gemini.brain.lines import GREETING
from emulators.gemini.engines import Engines
from emulators.speech.asr import open_ears
from emulators.speech.tts import MYRA, open_voice
from media.speech import SileroModel

log = logging.getLogger(__name__)

LOADING = "Ready."


def speech_engines(state: Path, voice_name: str = MYRA) -> Engines:
    """Takes seconds: models are loaded and the greeting is spoken; it and the other phrases said
    often are kept in ``state``.

    Raises:
        EngineMissing, SpeechModelError: the weights of the ears are not installed.
    """
    silero = SileroModel()
    ears = open_ears()
    ears.warm()
    voice = open_voice(voice_name, state / "voices", phrases=FIXED)
    # The greeting may be kept from an earlier start; the other words make the engine load.
    for words in (GREETING, LOADING):
        for _ in voice.speak(words):
            pass
    log.info("speech engines are warm", extra={"ears": ears.engine, "voice": voice.engine})
    return Engines(
        ears=ears,
        voice=voice,
        detector=lambda: silero.detector(16_000).hear,
        make_mind=make_mind,
        threads=True,
        phrases=FIXED,
    )
