"""The instruments of the tests measure what they say."""

from __future__ import annotations

import numpy as np
import pytest

from media.audio import Audio
from media.levels import audio_of, mix, rms_db, samples_of
from tests.signals import (
    clicks,
    difference_db,
    impulse,
    lag_ms,
    recording,
    sinad_db,
    sine,
    spoken_at,
    sweep,
    tone_db,
)

pytestmark = pytest.mark.pure


def test_a_tone_has_the_level_it_was_made_with() -> None:
    assert tone_db(sine(1000, 500, 8000, -20), 1000) == pytest.approx(-20, abs=0.01)
    assert tone_db(sine(1000, 500, 8000, -20), 1500) < -90


def test_sinad_is_the_distance_of_a_second_tone() -> None:
    dirty = mix(sine(1000, 500, 8000, -10), sine(1700, 500, 8000, -46))
    assert sinad_db(dirty, 1000) == pytest.approx(36, abs=0.1)


def test_lag_is_found_to_a_part_of_a_sample() -> None:
    assert lag_ms(impulse(10, 100, 8000), impulse(13, 100, 8000)) == pytest.approx(3.0)
    early, late = sweep(300, 3000, 500, 8000), sweep(300, 3000, 500, 48000)
    third = audio_of(samples_of(late)[2::6], 8000)  # ahead by a third of a sample
    assert lag_ms(early, third) == pytest.approx(-1000 / 3 / 8000, abs=0.001)


def test_difference_counts_what_is_below_a_frequency() -> None:
    clean = sine(1000, 500, 8000, -10)
    dirty = mix(clean, sine(3800, 500, 8000, -30))
    assert difference_db(clean, dirty) == pytest.approx(-20, abs=0.1)
    assert difference_db(clean, dirty, below_hz=3400) < -60
    near = mix(clean, sine(3000, 500, 8000, -30))
    assert difference_db(clean, near, below_hz=3400) == pytest.approx(-20, abs=0.3)


@pytest.mark.parametrize("lost", [1, 3, 40])
def test_a_jump_in_a_tone_is_a_click(lost: int) -> None:
    samples = samples_of(sine(440, 400, 8000))
    cut = audio_of(np.delete(samples, slice(1600, 1600 + lost)), 8000)
    assert clicks(sine(440, 400, 8000)) == []
    found = clicks(cut)
    assert found
    assert all(at == pytest.approx(200, abs=1) for at in found)


def test_speech_is_brought_to_a_level_by_what_is_spoken() -> None:
    voice = spoken_at(recording("beckett", 8000), -20)
    padded = spoken_at(Audio(voice.pcm + bytes(len(voice.pcm)), 8000), -32)
    assert rms_db(padded.slice_ms(0, voice.ms)) == pytest.approx(rms_db(voice) - 12, abs=0.1)
