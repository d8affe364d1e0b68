from __future__ import annotations

import pytest

from media.audio import Audio
from media.framing import join
from media.levels import mix, rms_db
from media.tones import (
    COLUMNS,
    KEY_MS,
    PAUSE_MS,
    ROWS,
    beep,
    comfort_noise,
    detect_digit,
    dtmf,
    ringback,
    tone,
)
from tests.signals import clicks, recording, tone_db

pytestmark = pytest.mark.pure

ALL_KEYS = "0123456789*#ABCD"


@pytest.mark.parametrize(
    ("key", "pair"),
    [("1", (697, 1209)), ("5", (770, 1336)), ("#", (941, 1477)), ("D", (941, 1633))],
)
def test_a_key_is_its_two_frequencies_and_no_other(key: str, pair: tuple[int, int]) -> None:
    sound = dtmf(key).slice_ms(0, KEY_MS)
    for hz in (*ROWS, *COLUMNS):
        level = tone_db(sound.slice_ms(10, 90), hz)
        if hz in pair:
            assert level == pytest.approx(-16, abs=0.5)
        else:
            assert level < -30


@pytest.mark.parametrize("rate", [8000, 16000, 24000])
def test_every_key_is_detected(rate: int) -> None:
    sound = dtmf(ALL_KEYS, rate, -20)
    step = KEY_MS + PAUSE_MS
    heard = [detect_digit(sound.slice_ms(i * step, i * step + KEY_MS)) for i in range(16)]
    assert "".join(key or "?" for key in heard) == ALL_KEYS
    pauses = [detect_digit(sound.slice_ms(i * step + KEY_MS, (i + 1) * step)) for i in range(16)]
    assert pauses == [None] * 16


def test_a_key_is_detected_in_40_ms_above_noise() -> None:
    noisy = mix(dtmf("7", 8000, -20), comfort_noise(180, 8000, -35))
    assert detect_digit(noisy.slice_ms(20, 60)) == "7"


@pytest.mark.parametrize(
    "sound",
    [
        Audio.silence(100, 8000),
        Audio(b"", 8000),
        beep(100),
        ringback().slice_ms(100, 200),
        comfort_noise(100, 8000, -20),
        tone((770,), 100, 8000),
        tone((697, 770), 100, 8000),
        dtmf("1").slice_ms(0, 10),
    ],
)
def test_other_sounds_are_no_key(sound: Audio) -> None:
    assert detect_digit(sound) is None


def test_a_voice_presses_no_key() -> None:
    voice = recording("beckett", 8000)
    assert [detect_digit(voice.slice_ms(at, at + 40)) for at in range(0, 9900, 20)] == [None] * 495


def test_tones_have_their_level_and_no_edges() -> None:
    sound = join(
        [Audio.silence(100, 8000), beep(200, level_db=-12), Audio.silence(100, 8000)], 8000
    )
    assert rms_db(sound.slice_ms(110, 290)) == pytest.approx(-12, abs=0.1)
    assert clicks(sound) == []


def test_ringback_rings_for_two_seconds_in_six() -> None:
    ring = ringback()
    assert ring.ms == 6000
    assert rms_db(ring.slice_ms(10, 1990)) == pytest.approx(-19, abs=0.2)
    assert ring.slice_ms(2000) == Audio.silence(4000, 8000)


def test_comfort_noise_is_soft_and_repeatable() -> None:
    assert comfort_noise(500) == comfort_noise(500)
    assert comfort_noise(500) != comfort_noise(500, seed=2)
    assert rms_db(comfort_noise(1000, level_db=-50)) == pytest.approx(-50, abs=0.3)


@pytest.mark.parametrize("digit", ["x", "E", " "])
def test_what_is_no_key_is_refused(digit: str) -> None:
    with pytest.raises(ValueError, match="no telephone key"):
        dtmf("12" + digit)
