"""The browser demo's phone-line mode: QA hear what a traveller by telephone hears."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.phone_path import TelephonePath, open_telephone_path
from media.audio import Audio
from media.levels import frame_levels, rms_db
from tests.conformance.check_line import tone

pytestmark = pytest.mark.pure


def path(loss: float = 0.0, jitter_ms: float = 0.0) -> TelephonePath:
    return TelephonePath(loss, jitter_ms, random.Random(7))


def whole(way: TelephonePath, audio: Audio, step_ms: float = 100.0) -> Audio:
    """Myra's sound through a path, piece by piece."""
    count = round(audio.ms / step_ms)
    pcm = b"".join(
        way.myra(audio.slice_ms(step_ms * i, step_ms * (i + 1)), last=i == count - 1).pcm
        for i in range(count)
    )
    return Audio(pcm, 24000)


def heard(way: TelephonePath, audio: Audio) -> Audio:
    """The caller's sound through a path, frame by frame."""
    count = round(audio.ms / 20)
    return Audio(
        b"".join(way.caller(audio.slice_ms(20 * i, 20 * (i + 1))).pcm for i in range(count)),
        16000,
    )


def share_above(audio: Audio, hz: float) -> float:
    power = np.abs(np.fft.rfft(np.frombuffer(audio.pcm, "<i2").astype(float))) ** 2
    frequencies = np.fft.rfftfreq(audio.samples, 1 / audio.rate)
    return float(power[frequencies > hz].sum() / power.sum())


@pytest.mark.parametrize("rate", [16000, 24000, 48000])
def test_a_voice_comes_through_and_keeps_its_length(rate: int) -> None:
    said = tone(1000, 1000, rate)
    played = whole(path(), said)
    assert played.ms == pytest.approx(1000, abs=0.2)
    assert rms_db(played.slice_ms(100, 900)) == pytest.approx(rms_db(said), abs=0.5)


def test_a_callers_frame_gives_a_frame_of_the_same_length() -> None:
    """Sound that is held back would make every chunk to the model late."""
    way = path()
    lengths = [way.caller(tone(20, 1000, 16000)).ms for _ in range(20)]
    assert lengths[1:] == [20.0] * 19
    assert 18 < lengths[0] <= 20


@pytest.mark.parametrize("hz", [5000, 7000])
def test_what_a_telephone_does_not_carry_is_gone(hz: float) -> None:
    assert rms_db(whole(path(), tone(500, hz, 24000)).slice_ms(50, 450)) < -45
    assert rms_db(heard(path(), tone(500, hz, 16000)).slice_ms(50, 450)) < -45
    assert share_above(whole(path(), tone(500, 1000, 24000)), 4000) < 1e-4


def test_lost_packets_are_silence_and_as_many_as_asked_for() -> None:
    levels = frame_levels(heard(path(loss=3.0), tone(60_000, 400, 16000)), 2.0)
    # The filters ring for 2 ms at either end of a packet.
    lost = sum(level < -50 for level in levels) / len(levels)
    assert lost == pytest.approx(0.03 * 16 / 20, abs=0.008)


def test_a_packet_that_is_too_late_is_lost() -> None:
    few = frame_levels(heard(path(jitter_ms=10.0), tone(30_000, 400, 16000)), 2.0)
    many = frame_levels(heard(path(jitter_ms=60.0), tone(30_000, 400, 16000)), 2.0)
    assert sum(level < -50 for level in few) < sum(level < -50 for level in many)
    assert sum(level < -50 for level in few) / len(few) < 0.04


def test_nothing_of_a_reply_that_was_cut_is_heard_in_the_next() -> None:
    way = path()
    way.myra(tone(499, 440, 24000), last=False)
    way.reset()
    after = way.myra(Audio.silence(200, 24000), last=True)
    assert rms_db(after) < -60
    assert after.ms == pytest.approx(200, abs=0.2)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 4000), min_size=1, max_size=12), st.integers(0, 3))
def test_no_cut_of_the_sound_changes_its_length(cuts: list[int], loss: int) -> None:
    way = path(loss=loss, jitter_ms=20.0 if loss else 0.0)
    pieces = [
        way.myra(Audio(bytes(2 * n), 24000), last=i == len(cuts)) for i, n in enumerate(cuts, 1)
    ]
    assert sum(piece.samples for piece in pieces) == pytest.approx(sum(cuts), abs=3)


def test_a_path_is_opened_by_loss_and_jitter() -> None:
    assert rms_db(open_telephone_path(0.0, 0.0).caller(tone(20, 1000, 16000))) > -20
