from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import Audio
from media.framing import join
from media.levels import (
    FLOOR_DB,
    audio_of,
    fade_in,
    fade_out,
    frame_levels,
    gain,
    mix,
    peak_db,
    rms_db,
    samples_of,
)
from tests.signals import clicks, sine

pytestmark = pytest.mark.pure


def constant(value: int, samples: int = 160) -> Audio:
    return audio_of(np.full(samples, value), 8000)


def test_levels_of_known_sounds() -> None:
    assert rms_db(constant(-32768)) == 0
    assert rms_db(sine(1000, 100, 8000, -20)) == pytest.approx(-20, abs=0.01)
    assert peak_db(sine(500, 100, 8000, -20)) == pytest.approx(-16.99, abs=0.02)
    assert rms_db(constant(1)) == pytest.approx(-90.3, abs=0.01)


@pytest.mark.parametrize("silent", [Audio(b"", 8000), Audio.silence(20, 8000)])
def test_silence_is_on_the_floor(silent: Audio) -> None:
    assert rms_db(silent) == peak_db(silent) == FLOOR_DB


def test_frame_levels_follow_the_sound() -> None:
    sound = join([sine(1000, 40, 8000, -10), Audio.silence(20, 8000), constant(3277, 80)], 8000)
    assert frame_levels(sound) == pytest.approx([-10, -10, FLOOR_DB, -20], abs=0.01)
    assert frame_levels(Audio(b"", 8000)) == ()


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), max_size=50))
def test_numbers_become_sound_saturated(numbers: list[float]) -> None:
    back = samples_of(audio_of(numbers, 8000))
    assert back.tolist() == [max(-32768, min(32767, round(n))) for n in numbers]


def test_gain_changes_the_level_and_saturates() -> None:
    assert rms_db(gain(sine(1000, 100, 8000, -30), 12)) == pytest.approx(-18, abs=0.01)
    assert set(samples_of(gain(constant(-20000), 6))) == {-32768}
    assert set(samples_of(gain(constant(20000), 6))) == {32767}


def test_fades_rise_and_fall_without_a_click() -> None:
    tone = sine(440, 300, 8000, phase=np.pi / 2)
    silence = Audio.silence(100, 8000)
    assert clicks(join([silence, tone, silence], 8000))
    faded = fade_out(fade_in(tone, 20), 20)
    assert clicks(join([silence, faded, silence], 8000)) == []
    assert faded.slice_ms(20, 280) == tone.slice_ms(20, 280)
    levels = frame_levels(fade_in(constant(20000, 800), 100), 10)
    assert list(levels) == sorted(levels)


@pytest.mark.parametrize("fade", [fade_in, fade_out])
def test_a_fade_longer_than_the_sound_takes_all_of_it(
    fade: Callable[[Audio, float], Audio],
) -> None:
    assert fade(constant(20000, 10), 100).samples == 10
    assert fade(Audio(b"", 8000), 100) == Audio(b"", 8000)
    assert fade(constant(20000), 0) == constant(20000)


def test_mixing_adds_and_saturates() -> None:
    assert mix(constant(100, 3), constant(11, 2)) == audio_of([111, 111, 100], 8000)
    assert mix(constant(11, 2), constant(100, 3)) == audio_of([111, 111, 100], 8000)
    assert set(samples_of(mix(constant(30000), constant(30000)))) == {32767}
    with pytest.raises(ValueError, match="cannot mix 8000 Hz with 16000 Hz"):
        mix(constant(1), Audio(b"", 16000))
