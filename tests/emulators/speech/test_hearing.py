"""Speech over a telephone line, understood: voices, mu-law, ears and mind together."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from emulators.gemini.brain.heard import understand
from emulators.speech.asr import Ears, open_ears
from emulators.speech.tts import Voices, voice_names
from media.audio import Audio
from tests.emulators.speech.sentences import SENTENCES, Sentence
from tests.emulators.speech.telephone import over_the_line

pytestmark = pytest.mark.speech

RATE = 24_000
# Each voice has sentences of its own, so that all are heard in the time of a third of them.
SPOKEN = [
    (voice, SENTENCES[number])
    for start, voice in enumerate(("am_michael", "bf_emma", "bm_george", "af_bella"))
    for number in range(start, len(SENTENCES), 12)
]


@cache
def voices() -> Voices:
    """One model for all tests; its joined file is kept between runs where it can be."""
    folder = Path(tempfile.gettempdir()) / f"cymbol-speech-{os.getuid()}"
    return Voices(folder, threads=2)


@cache
def ears() -> Ears:
    return open_ears()


def say(voice: str, text: str) -> Audio:
    pieces = [sound for _, sound in voices().open(voice).speak(text)]
    return Audio(np.concatenate(pieces).tobytes(), RATE)


def plain(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum())


@pytest.mark.parametrize(("voice", "sentence"), SPOKEN, ids=lambda v: getattr(v, "text", v)[:40])
def test_a_caller_is_understood_over_the_telephone(voice: str, sentence: Sentence) -> None:
    text = ears().transcribe(over_the_line(say(voice, sentence.text)))
    heard = understand(text, sentence.asked)
    if sentence.answer is not None:
        assert heard.answer is sentence.answer, text
    elif sentence.intent is not None:
        assert heard.intent is sentence.intent, text
    for slot, value in sentence.slots.items():
        assert plain(heard.slots.get(slot, "")) == plain(value), text


def test_myra_is_understood_too() -> None:
    audio = say("af_heart", "The change costs $120 and your flight leaves at 09:30.")
    text = ears().transcribe(over_the_line(audio)).lower()
    assert "one hundred twenty dollars" in text or "$120" in text
    assert "nine thirty" in text or "9:30" in text


def test_two_people_do_not_sound_alike() -> None:
    pitches = {
        voice: _pitch(say(voice, "Hello, how are you?")) for voice in ("af_heart", "bm_george")
    }
    assert pitches["af_heart"] > 1.3 * pitches["bm_george"]


def test_pico_stands_in() -> None:
    for voice in ("pico-us", "pico-gb"):
        text = ears().transcribe(over_the_line(say(voice, "Please cancel my booking.")))
        assert "cancel" in text.lower()


def test_noise_is_not_words() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 32_000).astype(np.float32)
    assert ears().transcribe(noise) == ""


def test_a_long_story_is_heard_to_its_end() -> None:
    """Beyond what the recogniser takes at once it is cut, at a pause."""
    first = say("am_michael", "I have a booking for next week.")
    last = say("am_michael", "Please cancel my booking.")
    thinking = Audio.silence(11_000, RATE)
    text = ears().transcribe(over_the_line(Audio(first.pcm + thinking.pcm + last.pcm, RATE)))
    assert "next week" in text
    assert "cancel my booking" in text.lower()


def test_every_caller_has_a_voice() -> None:
    assert {"am_michael", "bm_george", "bf_emma", "af_bella"} <= set(voice_names())


def _pitch(audio: Audio) -> float:
    """The strongest repetition between 60 and 400 Hz."""
    samples = np.frombuffer(audio.pcm, "<i2").astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples, 2 * len(samples))) ** 2
    repeats = np.fft.irfft(spectrum)[: len(samples)]
    low, high = RATE // 400, RATE // 60
    return RATE / (low + int(np.argmax(repeats[low:high])))
