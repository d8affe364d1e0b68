"""Order is kept, sound is bounded, and only sound is ever dropped for its length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.gemini.outbox import Order, Outbox, Text
from media.audio import Audio
from media.framing import Chunker

pytestmark = pytest.mark.pure

RATE = 16000


def outbox(seconds: float = 10.0) -> Outbox:
    return Outbox(Chunker(40, RATE), 1000 * seconds)


def drain(box: Outbox) -> list[Order]:
    return [box.take() for _ in range(len(box))]


def frame(value: int, ms: int = 20) -> Audio:
    return Audio(value.to_bytes(2, "little") * (RATE * ms // 1000), RATE)


def test_frames_leave_as_chunks_of_40_ms() -> None:
    box = outbox()
    assert not box.add_audio(frame(1))
    assert box.add_audio(frame(2))
    (chunk,) = drain(box)
    assert isinstance(chunk, Audio)
    assert chunk.ms == 40


def test_a_text_goes_behind_the_sound_before_it_even_of_half_a_chunk() -> None:
    box = outbox()
    box.add_audio(frame(1))
    box.add(Text("[keys]"))
    box.add_audio(frame(2, 40))
    kinds = [order.ms if isinstance(order, Audio) else order.text for order in drain(box)]  # type: ignore[union-attr]
    assert kinds == [20, "[keys]", 40]


def test_sound_beyond_the_bound_drops_the_oldest_and_counts_it() -> None:
    box = outbox(seconds=0.08)
    for value in range(1, 5):
        box.add_audio(frame(value, 40))
    box.add(Text("kept"))
    left = drain(box)
    assert [order.pcm[0] for order in left if isinstance(order, Audio)] == [3, 4]
    assert left[-1] == Text("kept")
    assert box.dropped_ms == 80


@given(st.lists(st.one_of(st.integers(1, 700), st.text(min_size=1, max_size=3)), max_size=60))
def test_nothing_is_lost_or_reordered_below_the_bound(steps: list[int | str]) -> None:
    box = outbox(seconds=60)
    given_sound, expected = b"", []
    for number, step in enumerate(steps):
        if isinstance(step, str):
            box.add(Text(step))
            expected.append((len(given_sound), step))
        else:
            pcm = (number % 30000).to_bytes(2, "little") * step
            given_sound += pcm
            box.add_audio(Audio(pcm, RATE))
    box.add(Text("end"))
    got_sound, got = b"", []
    for order in drain(box):
        if isinstance(order, Audio):
            got_sound += order.pcm
        elif isinstance(order, Text):
            got.append((len(got_sound), order.text))
    assert got_sound == given_sound
    assert got == [*expected, (len(given_sound), "end")]
