"""Order is kept, sound is bounded, and only sound is ever dropped for its length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.gemini.outbox import Activity, Order, Outbox, Text
from media.audio import Audio
from media.framing import Chunker

pytestmark = pytest.mark.pure

RATE = 16000


def outbox(seconds: float = 10.0, unanswered: float = 0.0) -> Outbox:
    return Outbox(Chunker(40, RATE), 1000 * seconds, 1000 * unanswered)


def sounds(orders: list[Order]) -> list[int]:
    """What is in the chunks among these orders; marks as 1000 (begins) and -1000 (ends)."""
    said = []
    for order in orders:
        if isinstance(order, Audio):
            said.append(order.pcm[0])
        elif isinstance(order, Activity):
            said.append(1000 if order.begins else -1000)
    return said


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


def test_what_a_lost_session_had_not_answered_goes_out_again_ahead_of_the_rest() -> None:
    box = outbox(unanswered=1.0)
    for value in (1, 2, 3):
        box.add_audio(frame(value, 40))
        box.take()
        if value == 1:
            box.answered()
    box.add(Text("sent, and the conversation's own affair"))
    box.take()
    box.add_audio(frame(4, 40))
    box.rewind()
    assert sounds(drain(box)) == [2, 3, 4]
    assert box.repeated_ms == 80


def test_only_the_latest_sound_goes_out_again() -> None:
    box = outbox(unanswered=0.08)
    for value in range(1, 6):
        box.add_audio(frame(value, 40))
        box.take()
    box.rewind()
    assert sounds(drain(box)) == [4, 5]


def test_a_turn_under_way_begins_again_with_its_mark() -> None:
    box = outbox(unanswered=0.08)
    box.add(Activity(begins=True))
    for value in range(1, 4):
        box.add_audio(frame(value, 40))
    drain(box)
    box.rewind()
    assert sounds(drain(box)) == [1000, 2, 3]
    box.answered()
    box.rewind()
    assert sounds(drain(box)) == [1000]
    box.add(Activity(begins=False))
    drain(box)
    box.answered()
    box.rewind()
    assert drain(box) == []


@pytest.mark.parametrize("unanswered", [0.0, 1.0])
def test_what_could_not_be_sent_keeps_its_place(unanswered: float) -> None:
    box = outbox(unanswered=unanswered)
    box.add_audio(frame(1, 40))
    box.add(Text("two"))
    for _ in range(2):
        order = box.take()
        box.put_back(order)
        box.rewind()
        assert box.take() == order
        box.answered()
    assert len(box) == 0


def test_orders_beyond_the_bound_are_refused_and_counted() -> None:
    box = Outbox(Chunker(40, RATE), 1000.0, orders=2)
    assert [box.add(Text(str(n))) for n in range(3)] == [True, True, False]
    box.add_audio(frame(1, 40))
    assert [box.take() for _ in range(2)] == [Text("0"), Text("1")]
    assert box.dropped_orders == 1


@given(st.lists(st.sampled_from("abetxr"), max_size=60))
def test_every_turn_of_a_session_begins_before_it_ends(steps: list[str]) -> None:
    """Whatever is sent, answered and lost when: within one session marks alternate."""
    box = outbox(unanswered=0.1)
    active = open_ = False
    for step in steps:
        if step == "a":
            box.add_audio(frame(1, 40))
        elif step in "be" and active is (step == "e"):
            active = not active
            box.add(Activity(begins=active))
        elif step == "t" and len(box):
            order = box.take()
            if isinstance(order, Activity):
                assert open_ is not order.begins
                open_ = order.begins
        elif step == "x":
            box.answered()
        elif step == "r":
            box.rewind()
            open_ = False
