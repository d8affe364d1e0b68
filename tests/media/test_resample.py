from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.levels import audio_of, fade_in, fade_out, samples_of
from media.resample import DELAY_MS, Resampler, convert_whole
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

PAIRS = [
    (8000, 16000),
    (16000, 8000),
    (24000, 8000),
    (24000, 16000),
    (8000, 24000),
    (16000, 24000),
    (48000, 16000),
]
ODD_PAIRS = [*PAIRS, (44100, 8000), (8000, 11025), (16000, 16000)]


def converted(audio: Audio, rate: int, sizes: list[int] | None = None) -> Audio:
    """Through a stream, in chunks of these many samples, the last size again and again."""
    stream = Resampler(audio.rate, rate)
    pcm, at = b"", 0
    sizes = [*(sizes or [audio.rate // 50])]
    while at < len(audio.pcm):
        size = 2 * (sizes.pop(0) if len(sizes) > 1 else sizes[0] or 1)
        pcm += stream.process(Audio(audio.pcm[at : at + size], audio.rate)).pcm
        at += size
    return Audio(pcm + stream.flush().pcm, rate)


def middle(audio: Audio) -> Audio:
    """Without the ends, where a tone's start and stop ring."""
    return audio.slice_ms(20, audio.ms - 20)


def noise(samples: int, rate: int, seed: int = 1) -> Audio:
    return audio_of(np.random.default_rng(seed).integers(-32768, 32768, samples), rate)


@pytest.mark.parametrize(("source", "target"), ODD_PAIRS)
@settings(deadline=None, max_examples=25)
@given(
    samples=st.integers(0, 700),
    sizes=st.lists(st.integers(0, 200), max_size=12),
    seed=st.integers(0, 9),
)
def test_chunks_do_not_matter(
    source: int, target: int, samples: int, sizes: list[int], seed: int
) -> None:
    audio = noise(samples, source, seed)
    whole = converted(audio, target, [max(1, samples)])
    assert converted(audio, target, [*sizes, 50]).pcm == whole.pcm
    assert whole.samples == math.ceil(samples * target / source)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_one_sample_at_a_time_or_a_minute_at_once(source: int, target: int) -> None:
    audio = noise(source // 20, source)
    assert converted(audio, target, [1]) == converted(audio, target)
    minute = Audio(audio.pcm * 1200, source)
    assert converted(minute, target, [minute.samples]) == converted(minute, target)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_it_agrees_with_soxr(source: int, target: int) -> None:
    edge = 0.85 * min(source, target) / 2
    for sound in (
        sweep(50, edge, 2000, source),
        sine(1000, 1000, source),
        spoken_at(recording("beckett", source), -20),
    ):
        mine, reference = converted(sound, target), convert_whole(sound, target)
        assert mine.samples == pytest.approx(reference.samples, abs=1)
        assert difference_db(reference, mine, skip_ms=20, below_hz=edge) < -60
        assert abs(lag_ms(reference, mine)) < 0.001


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_sound_is_held_back_by_the_delay_and_no_longer(source: int, target: int) -> None:
    stream = Resampler(source, target)
    given_ms = 0.0
    for _ in range(50):
        given_ms += stream.process(Audio.silence(20, source)).ms
    assert stream.delay_ms == pytest.approx(DELAY_MS, abs=0.05)
    assert 1000 - given_ms == pytest.approx(stream.delay_ms, abs=1000 / target)
    assert given_ms + stream.flush().ms == 1000


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_an_impulse_stays_where_it_is_and_rings_for_the_delay(source: int, target: int) -> None:
    heard = samples_of(converted(impulse(50, 100, source), target))
    assert np.argmax(np.abs(heard)) == round(0.05 * target)
    rings = np.flatnonzero(heard) / target
    assert rings.min() >= 0.05 - (DELAY_MS + 0.1) / 1000
    assert rings.max() <= 0.05 + (DELAY_MS + 0.1) / 1000


@pytest.mark.parametrize("target", [16000, 24000])
@pytest.mark.parametrize("hz", [300, 1000, 2000, 3000, 3400])
def test_no_image_of_telephone_sound(target: int, hz: int) -> None:
    heard = middle(converted(sine(hz, 500, 8000), target))
    images = [8000 - hz] if target == 16000 else [8000 - hz, 8000 + hz]
    for image in images:
        assert tone_db(heard, image) - tone_db(heard, hz) <= -60


@pytest.mark.parametrize("source", [16000, 24000, 48000])
@pytest.mark.parametrize("hz", [4600, 5000, 6500, 7000, 7700])
def test_nothing_folds_into_the_telephone_band(source: int, hz: int) -> None:
    heard = middle(converted(sine(hz, 500, source), 8000))
    assert tone_db(heard, 8000 - hz) - tone_db(sine(hz, 500, source), hz) <= -60


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("hz", [50, 300, 1000, 3000, 3400])
def test_the_telephone_band_is_flat(source: int, target: int, hz: int) -> None:
    heard = middle(converted(sine(hz, 500, source), target))
    assert tone_db(heard, hz) - tone_db(sine(hz, 500, source), hz) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_constant_stays_that_constant(source: int, target: int) -> None:
    heard = samples_of(middle(converted(audio_of(np.full(source // 5, 12345), source), target)))
    assert set(heard) == {12345}


def test_a_tone_through_mu_law_is_as_clean_as_mu_law() -> None:
    tone = sine(1004, 1000, 24000, -13)
    down = Audio(ulaw_to_pcm(pcm_to_ulaw(converted(tone, 8000).pcm)), 8000)
    assert sinad_db(middle(down), 1004) >= 36
    up = converted(Audio(ulaw_to_pcm(pcm_to_ulaw(sine(1004, 1000, 8000, -13).pcm)), 8000), 16000)
    assert sinad_db(middle(up), 1004) >= 36


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_no_chunk_border_is_heard(source: int, target: int) -> None:
    tone = fade_out(fade_in(sine(440, 1000, source), 10), 10)
    assert clicks(converted(tone, target, [source // 50, 1, 7, source // 25, 333])) == []


def test_a_reset_forgets_and_a_flush_begins_anew() -> None:
    stream = Resampler(24000, 8000)
    loud, quiet = sine(440, 45, 24000), sine(440, 45, 24000, -40)
    fresh = stream.process(quiet)
    stream.reset()
    stream.process(loud)
    stream.reset()
    assert stream.process(quiet) == fresh
    stream.flush()
    assert stream.process(quiet) == fresh


def test_the_last_samples_of_a_reply_are_heard() -> None:
    reply = Audio(Audio.silence(790, 24000).pcm + sine(1000, 200, 24000).pcm, 24000)
    heard = converted(reply, 8000)
    assert heard.samples == reply.samples // 3
    assert difference_db(sine(1000, 200, 8000), heard.slice_ms(790), skip_ms=3) < -60
    assert np.abs(samples_of(heard.slice_ms(988))).max() > 8000


def test_peaks_saturate() -> None:
    square = audio_of(np.where(np.arange(4800) // 24 % 2, 32767, -32768), 24000)
    heard = samples_of(converted(square, 8000))
    reference = samples_of(convert_whole(square, 8000))
    assert heard.max() == 32767
    assert heard.min() == -32768
    assert np.abs(heard - reference)[20:-20].max() < 16000  # a wrapped peak is 65535 off


def test_equal_rates_pass_through_at_once() -> None:
    stream = Resampler(8000, 8000)
    audio = noise(161, 8000)
    assert stream.process(audio) is audio
    assert (stream.flush(), stream.delay_ms) == (Audio(b"", 8000), 0.0)


def test_wrong_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="takes 8000 Hz, got 16000"):
        Resampler(8000, 16000).process(Audio(bytes(4), 16000))
    with pytest.raises(ValueError, match="positive"):
        Resampler(0, 8000)


def test_a_whole_sound_keeps_its_length_and_place() -> None:
    sound = sweep(100, 3000, 777, 24000)
    there = convert_whole(sound, 8000)
    assert there.samples == sound.samples // 3
    back = convert_whole(there, 24000)
    assert difference_db(sound, back, skip_ms=20) < -50
    assert convert_whole(Audio(b"", 24000), 8000) == Audio(b"", 8000)
    assert convert_whole(sound, 24000) == sound
    assert convert_whole(sound, 8000) == there
