"""Voices: fallbacks, the phrase cache, and pieces that add up to the text. No engine loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from emulators.speech import tones
from emulators.speech.asr import open_ears, spoken_ms
from emulators.speech.phrase_cache import PhraseCache
from emulators.speech.trim import trimmed
from emulators.speech.tts import RECENT, ClauseVoice, Engine, Voice, open_voice, voice_names
from emulators.speech.weights import EngineMissing

pytestmark = pytest.mark.pure

TEXT = "Well, here I am. And this is all there is to say about it, thank you very much."


class Mouth:
    """An engine that counts, and fails on demand."""

    def __init__(self, name: str, fails_after: int = 1_000_000) -> None:
        self.said: list[str] = []
        self.fails_after = fails_after
        self.engine = Engine(name, self.speak)

    def speak(self, words: str) -> np.ndarray:
        if len(self.said) >= self.fails_after:
            raise EngineMissing("no breath left")
        self.said.append(words)
        return np.full(240, len(words), np.int16)


def voice_of(folder: Path, *mouths: Mouth, phrases: Iterable[str] = ()) -> ClauseVoice:
    return ClauseVoice([m.engine for m in mouths], PhraseCache(folder), tuple(phrases))


def sounds(voice: Voice, text: str = TEXT) -> list[np.ndarray]:
    return [sound for _, sound in voice.speak(text)]


def test_the_pieces_are_the_text(tmp_path: Path) -> None:
    voice = voice_of(tmp_path, Mouth("one"))
    assert "".join(piece for piece, _ in voice.speak(TEXT)) == TEXT


def test_pauses_stand_between_pieces_and_not_after_the_last(tmp_path: Path) -> None:
    *middle, last = sounds(voice_of(tmp_path, Mouth("one")))
    assert all(len(sound) > 240 and sound[-1] == 0 for sound in middle)
    assert len(last) == 240


def test_a_voice_that_fails_is_replaced_within_the_sentence(tmp_path: Path) -> None:
    first, second = Mouth("fine", fails_after=1), Mouth("plain")
    voice = voice_of(tmp_path, first, second)
    assert voice.engine == "fine"
    assert len(sounds(voice)) == len(first.said) + len(second.said)
    assert first.said
    assert second.said
    assert voice.engine == "plain"


def test_only_the_fixed_phrases_are_kept(tmp_path: Path) -> None:
    mouth = Mouth("one")
    voice = voice_of(tmp_path, mouth, phrases=["Hello there."])
    voice.warm()
    assert "Hello there." in mouth.said
    later = Mouth("one")
    again = voice_of(tmp_path, later, phrases=["Hello there."])
    sounds(again, "Hello there.")
    assert later.said == []
    sounds(again, "Something else.")
    sounds(again, "Something else.")
    assert later.said == ["Something else."]
    newest = Mouth("one")
    sounds(voice_of(tmp_path, newest, phrases=["Hello there."]), "Something else.")
    assert newest.said == ["Something else."]


def test_what_is_remembered_is_bounded(tmp_path: Path) -> None:
    mouth = Mouth("one")
    voice = voice_of(tmp_path, mouth)
    for number in range(RECENT + 1):
        sounds(voice, "again" + "x" * number)
    sounds(voice, "again")
    assert mouth.said.count("again") == 2


def test_every_name_opens_and_others_are_refused(tmp_path: Path) -> None:
    for name in voice_names():
        assert open_voice(name, tmp_path).engine
    with pytest.raises(ValueError, match="af_heart"):
        open_voice("nobody", tmp_path)


def test_tones_speak_without_any_engine(tmp_path: Path) -> None:
    voice = open_voice("tones", tmp_path)
    voice.warm()
    sound = np.concatenate(sounds(voice))
    assert sound.dtype == np.int16
    assert 2 < len(sound) / 24_000 < 8
    assert np.abs(sound).max() == pytest.approx(tones.LEVEL, rel=0.01)


def test_trimming_keeps_the_sound_and_ramps_its_edges() -> None:
    sound = np.zeros(24_000, np.int16)
    sound[8000:12_000] = 5000
    cut = trimmed(sound, 24_000)
    assert 4000 < len(cut) < 6000
    assert cut[0] == cut[-1] == 0
    assert np.count_nonzero(cut == 5000) == 4000
    assert len(trimmed(np.zeros(100, np.int16), 24_000)) == 0


def test_sound_that_is_cut_at_its_edges_is_ramped() -> None:
    cut = trimmed(np.full(2400, 5000, np.int16), 24_000)
    assert cut[0] == cut[-1] == 0
    assert np.abs(np.diff(cut.astype(int))).max() < 100


def test_a_click_is_not_speech() -> None:
    click = np.zeros(16_000, np.float32)
    click[8000:8400] = 0.5
    assert spoken_ms(click) <= 60
    assert open_ears().transcribe(click) == ""
    assert open_ears().transcribe(np.zeros(0, np.float32)) == ""
