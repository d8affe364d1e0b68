from __future__ import annotations

import contextlib
import io
import tracemalloc
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import Audio
from media.levels import audio_of, samples_of
from media.wav import Side, StereoTimeline, WavError, read_wav, wav_header, write_wav

pytestmark = pytest.mark.pure


def steps(value: int, samples: int) -> Audio:
    """Sound that says what it is: one value all along."""
    return audio_of(np.full(samples, value), 8000)


def sides(wav: bytes) -> tuple[list[int], list[int]]:
    left, right = read_wav(wav)
    return samples_of(left).astype(int).tolist(), samples_of(right).astype(int).tolist()


pcm16 = st.binary(max_size=200).map(lambda b: b[: len(b) // 2 * 2])


@settings(deadline=None)
@given(st.lists(pcm16, min_size=1, max_size=3), st.sampled_from([8000, 16000, 24000, 44100]))
def test_what_is_written_is_read_again(channels: list[bytes], rate: int) -> None:
    wav = write_wav(*[Audio(pcm, rate) for pcm in channels])
    longest = max(len(pcm) for pcm in channels)
    assert read_wav(wav) == tuple(Audio(pcm.ljust(longest, b"\0"), rate) for pcm in channels)
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getframerate()) == (len(channels), rate)
        assert (file.getsampwidth(), file.getnframes()) == (2, longest // 2)


@pytest.mark.parametrize(
    ("width", "raw"),
    [
        (1, bytes([128, 255, 0])),
        (2, bytes.fromhex("0000 007f 0080")),
        (3, bytes.fromhex("ff0000 ff007f ff0080")),
        (4, bytes.fromhex("ffff0000 ffff007f ffff0080")),
    ],
)
def test_other_widths_are_read_as_16_bits(width: int, raw: bytes) -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, width, 8000, 0, "NONE", ""))
        file.writeframes(raw)
    (audio,) = read_wav(out.getvalue())
    assert samples_of(audio).tolist() == [0, 0x7F00, -0x8000]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"not a WAV at all, only some bytes that somebody named so",
        write_wav(steps(1, 100))[:30],
        write_wav(steps(1, 100)).replace(b"fmt \x10\0\0\0\x01", b"fmt \x10\0\0\0\x07"),
        write_wav(steps(1, 100)).replace((8000).to_bytes(4, "little"), bytes(4)),
    ],
)
def test_what_cannot_be_read_says_what_would_do(data: bytes) -> None:
    with pytest.raises(WavError, match="16-bit PCM"):
        read_wav(data)


@settings(deadline=None)
@given(st.binary(max_size=120), st.integers(0, 60))
def test_broken_files_are_refused_or_read_but_nothing_else(garbage: bytes, at: int) -> None:
    good = write_wav(steps(1, 20), steps(2, 20))
    for data in (garbage, good[:at], good[:at] + garbage):
        with contextlib.suppress(WavError):
            assert all(audio.rate > 0 for audio in read_wav(data))


def test_different_rates_do_not_share_a_file() -> None:
    with pytest.raises(ValueError, match="all of one rate"):
        write_wav(Audio(b"", 8000), Audio(b"", 16000))
    with pytest.raises(ValueError, match="at least one"):
        write_wav()


def test_a_call_is_laid_out_as_it_was_heard() -> None:
    timeline = StereoTimeline(8000)
    timeline.add(Side.MYRA, 0.001, steps(5, 8))
    timeline.add(Side.CALLER, 0.1, steps(7, 4))
    left, right = sides(timeline.render())
    assert left == [0] * 800 + [7] * 4
    assert right == [0] * 8 + [5] * 8 + [0] * 788
    assert timeline.seconds == 804 / 8000


def test_sound_sent_ahead_queues_up_and_a_cut_drops_the_rest() -> None:
    timeline = StereoTimeline(8000)
    assert timeline.add(Side.MYRA, 1.0, steps(1, 8000)) == 2.0
    assert timeline.add(Side.MYRA, 1.1, steps(2, 8000)) == 3.0
    timeline.cut(Side.MYRA, 2.5)
    timeline.add(Side.MYRA, 2.6, steps(3, 800))
    timeline.cut(Side.MYRA, 99.0)
    _, right = sides(timeline.render())
    assert right == [0] * 8000 + [1] * 8000 + [2] * 4000 + [0] * 800 + [3] * 800


def test_a_cut_while_nothing_plays_changes_nothing() -> None:
    timeline = StereoTimeline(8000)
    timeline.add(Side.CALLER, 0, steps(1, 10))
    timeline.cut(Side.MYRA, 0)
    assert sides(timeline.render()) == ([1] * 10, [0] * 10)


def test_frames_that_come_unevenly_lie_close_together() -> None:
    timeline = StereoTimeline(8000)
    for number, jitter in enumerate((0, 0.015, 0.001, 0.03, 0.0)):
        timeline.add(Side.CALLER, 0.02 * number + jitter, steps(number + 1, 160))
    left, _ = sides(timeline.render())
    assert left == [n for n in (1, 2, 3, 4, 5) for _ in range(160)]


piece = st.tuples(st.sampled_from(Side), st.floats(0, 4), st.integers(0, 9000))


@settings(deadline=None, max_examples=60)
@given(st.lists(piece, max_size=8), st.lists(st.floats(0, 5), max_size=4))
def test_no_sample_is_lost_or_doubled(
    pieces: list[tuple[Side, float, int]], takes: list[float]
) -> None:
    timeline, by_parts = StereoTimeline(8000), StereoTimeline(8000)
    pieces.sort(key=lambda p: p[1])
    for number, (side, at, size) in enumerate(pieces, 1):
        for each in (timeline, by_parts):
            each.add(side, at, steps(number, size))
    for side, heard in zip(Side, sides(timeline.render()), strict=True):
        expected = [n for n, (s, _, size) in enumerate(pieces, 1) if s is side for _ in range(size)]
        assert [value for value in heard if value] == expected
    written = b"".join(by_parts.take(until) for until in sorted(takes))
    assert (written + by_parts.render()[44:]).startswith(timeline.render()[44:])


def test_what_was_taken_is_settled() -> None:
    timeline = StereoTimeline(8000)
    timeline.add(Side.MYRA, 0, steps(1, 16000))
    first = timeline.take(1.5)
    timeline.cut(Side.MYRA, 0.5)
    timeline.add(Side.MYRA, 0.5, steps(2, 80))
    whole = wav_header(0, 8000, 2) + first + timeline.take(2.0)
    _, right = sides(wav_header((len(whole) - 44) // 4, 8000, 2) + whole[44:])
    assert right == [1] * 12000 + [2] * 80 + [0] * 3920
    assert timeline.take(1.0) == b""


def test_an_hour_taken_as_it_goes_needs_no_memory() -> None:
    timeline = StereoTimeline(8000)
    second = steps(1, 8000)
    tracemalloc.start()
    try:
        for at in range(3600):
            timeline.add(Side.CALLER, at, second)
            timeline.take(at)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_silence_needs_no_memory() -> None:
    timeline = StereoTimeline(8000)
    timeline.add(Side.CALLER, 0, steps(1, 8000))
    timeline.add(Side.CALLER, 3600, steps(1, 8000))
    assert sum(len(blocks) for blocks in timeline._blocks) == 2


def test_the_timeline_refuses_what_it_cannot_place() -> None:
    timeline = StereoTimeline(8000)
    with pytest.raises(ValueError, match="keeps 8000 Hz, got 16000"):
        timeline.add(Side.MYRA, 0, Audio(b"", 16000))
    with pytest.raises(ValueError, match="not negative"):
        timeline.add(Side.MYRA, -1, steps(1, 1))
