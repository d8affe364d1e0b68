from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import Audio
from media.g711 import SILENCE, pcm_to_ulaw, ulaw_to_pcm
from tests.signals import sinad_db, sine

pytestmark = pytest.mark.pure

ALL_CODES = bytes(range(256))
ALL_SAMPLES = np.arange(-32768, 32768).astype("<i2")


def decoded(codes: bytes) -> np.ndarray:
    return np.frombuffer(ulaw_to_pcm(codes), "<i2").astype(int)


# ITU-T G.711, table 2a: the ends of the segments, in the standard's 14-bit numbers.
@pytest.mark.parametrize(
    ("code", "value"),
    [
        (0x80, 8031),
        (0x81, 7775),
        (0x8F, 4191),
        (0x90, 3999),
        (0x9F, 2079),
        (0xAF, 1023),
        (0xBF, 495),
        (0xCF, 231),
        (0xDF, 99),
        (0xEF, 33),
        (0xF0, 30),
        (0xFE, 2),
        (0xFF, 0),
        (0x7F, 0),
        (0x7E, -2),
        (0x0F, -4191),
        (0x00, -8031),
    ],
)
def test_the_values_of_the_standard(code: int, value: int) -> None:
    assert decoded(bytes([code]))[0] == 4 * value


def test_every_code_decodes_by_the_rule_of_the_standard() -> None:
    inverted = ~np.arange(256) & 0xFF
    segment, step = inverted >> 4 & 7, inverted & 15
    magnitude = (2 * step + 33 << segment) - 33
    expected = 4 * np.where(inverted & 0x80, -magnitude, magnitude)
    assert decoded(ALL_CODES).tolist() == expected.tolist()


def test_every_code_survives_a_round_trip_but_negative_zero() -> None:
    expected = bytes(SILENCE if code == 0x7F else code for code in ALL_CODES)
    assert pcm_to_ulaw(ulaw_to_pcm(ALL_CODES)) == expected


def test_every_sample_comes_back_within_half_a_step() -> None:
    back = decoded(pcm_to_ulaw(ALL_SAMPLES.tobytes()))
    samples = ALL_SAMPLES.astype(int)
    inside = np.abs(samples) <= 32635
    # 14 bits of the 16 are coded, rounded down, which may cost 3 more than half a step.
    magnitude = np.minimum(np.abs(samples >> 2), 8158)
    segment = np.floor(np.log2(magnitude + 33)).astype(int) - 5
    error = np.abs(back - samples)
    assert (error[inside] <= (4 << segment[inside]) + 3).all()
    assert (np.diff(back) >= 0).all()
    assert back[0] == -32124
    assert back[-1] == 32124


def test_silence_is_silent() -> None:
    assert ulaw_to_pcm(bytes([SILENCE]) * 160) == bytes(320)
    assert pcm_to_ulaw(bytes(320)) == bytes([SILENCE]) * 160


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400))
def test_decoding_may_be_cut_anywhere(codes: bytes, cut: int) -> None:
    assert ulaw_to_pcm(codes[:cut]) + ulaw_to_pcm(codes[cut:]) == ulaw_to_pcm(codes)


def test_a_tone_keeps_the_distance_that_mu_law_allows() -> None:
    heard = Audio(ulaw_to_pcm(pcm_to_ulaw(sine(1004, 1000, 8000, -13).pcm)), 8000)
    assert sinad_db(heard, 1004) >= 37


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="even number of bytes, got 3"):
        pcm_to_ulaw(bytes(3))


def test_importing_it_warns_nobody() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import media.g711"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
