from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import Audio
from media.framing import ByteCarry, Chunker, join

pytestmark = pytest.mark.pure


@settings(deadline=None)
@given(st.lists(st.binary(max_size=9), max_size=20))
def test_carried_bytes_are_whole_samples_and_all_of_them(chunks: list[bytes]) -> None:
    carry = ByteCarry()
    taken = [carry.take(chunk) for chunk in chunks]
    everything = b"".join(chunks)
    assert all(len(part) % 2 == 0 for part in taken)
    assert b"".join(taken) == everything[: len(everything) // 2 * 2]
    assert carry.pending == len(everything) % 2


def test_a_reset_carry_drops_its_byte_and_says_so() -> None:
    carry = ByteCarry()
    carry.take(b"abc")
    assert carry.reset() == 1
    assert carry.take(b"de") == b"de"
    assert carry.reset() == 0


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300).map(lambda b: b[: len(b) // 2 * 2]), max_size=20))
def test_chunks_are_equal_and_lose_nothing(pieces: list[bytes]) -> None:
    chunker = Chunker(20, 8000)
    chunks = [chunk for pcm in pieces for chunk in chunker.push(Audio(pcm, 8000))]
    assert {chunk.ms for chunk in chunks} <= {20}
    assert chunker.pending_ms < 20
    rest = chunker.flush()
    assert b"".join(c.pcm for c in [*chunks, rest]) == b"".join(pieces)
    assert chunker.flush() == Audio(b"", 8000)


def test_a_reset_chunker_starts_anew() -> None:
    chunker = Chunker(40, 16000)
    chunker.push(Audio(b"\x01\x00" * 5, 16000))
    chunker.reset()
    assert chunker.push(Audio.silence(40, 16000)) == [Audio.silence(40, 16000)]


def test_a_chunker_refuses_what_it_cannot_cut() -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        Chunker(0.1, 8000)
    with pytest.raises(ValueError, match="takes 8000 Hz, got 16000"):
        Chunker(20, 8000).push(Audio(b"", 16000))


def test_joined_sounds_follow_each_other() -> None:
    first, second = Audio(b"\x01\x00", 8000), Audio(b"\x02\x00\x03\x00", 8000)
    assert join([first, second], 8000).pcm == first.pcm + second.pcm
    assert join([], 8000) == Audio(b"", 8000)
    with pytest.raises(ValueError, match="cannot join 16000 Hz to 8000 Hz"):
        join([first, Audio(b"", 16000)], 8000)
