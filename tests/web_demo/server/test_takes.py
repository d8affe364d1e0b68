"""Takes and marks: what belongs where, and where a page stopped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio import Audio
from web_demo.server.messages import CallerFrame
from web_demo.server.takes import MarksOut, TakeNumbers
from web_demo.server.uplink import BURST_SECONDS, Uplink

pytestmark = pytest.mark.pure


def test_a_take_is_one_stretch_of_one_reply() -> None:
    numbers = TakeNumbers()
    marks = ("r1t1:100", "r1t1:200", "r1t2:150", "p1t2:end", "r2t2:100")
    told = [numbers.of(mark, behind=False) for mark in marks]
    kinds = [(news["take"], news["response"], news["kind"]) for news in told if news]
    assert kinds == [(1, 1, "reply"), (2, 1, "resumed"), (3, 0, "prompt"), (4, 2, "reply")]


def test_positions_count_within_a_take() -> None:
    numbers = TakeNumbers()
    numbers.of("r1t1:100", behind=False)
    assert [numbers.played(samples) for samples in (480, 0, 20)] == [0, 480, 480]
    numbers.of("r2t1:100", behind=False)
    assert numbers.played(10) == 0


def test_after_a_clear_nothing_belongs_to_what_was_before() -> None:
    numbers = TakeNumbers()
    numbers.of("r1t1:100", behind=False)
    numbers.cleared()
    news = numbers.of("r1t1:200", behind=False)
    assert news
    assert news["take"] == 2


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=8), st.data())
def test_the_place_of_a_stop_is_told_by_the_next_mark(
    steps: list[int], data: st.DataObject
) -> None:
    marks, ends = MarksOut(), 0
    for step in steps:
        ends += step
        marks.given(f"r1t1:{ends}", 1, ends)
    marks.given("r2t1:7", 2, 7)
    played = data.draw(st.integers(0, ends))
    mark, past_ms = marks.nearest(1, played)
    assert mark == f"r1t1:{min(end for end in sums(steps) if end >= played)}"
    assert int(mark.partition(":")[2]) + past_ms * 24 == pytest.approx(played, abs=2)


def sums(steps: list[int]) -> list[int]:
    return [sum(steps[: count + 1]) for count in range(len(steps))]


def test_of_a_take_that_has_been_heard_nothing_is_told() -> None:
    marks = MarksOut()
    assert not marks
    marks.given("r1t1:100", 1, 2400)
    assert marks
    assert marks.nearest(1, 9000) == ("r1t1:100", 275.0)
    marks.returned("r1t1:100")
    assert marks.nearest(1, 2400) == ("", 0.0)


def frame(seq: int, seconds: float = 0.02) -> CallerFrame:
    return CallerFrame(seq, 0, Audio.silence(1000 * seconds, 16000))


@given(st.lists(st.integers(1, 30), max_size=60))
def test_no_frame_is_heard_twice(numbers: list[int]) -> None:
    uplink = Uplink(0.0)
    heard = [number for number in numbers if uplink.heard(frame(number), 100.0)]
    assert heard == sorted(set(heard))
    assert uplink.newest == max(numbers, default=0)
    assert len(heard) + uplink.repeated == len(numbers)
    assert uplink.gaps == uplink.newest - len(heard)


def test_nobody_speaks_faster_than_time_passes() -> None:
    """But who was away may make up for it, at once."""
    uplink = Uplink(0.0)
    heard = sum(uplink.heard(frame(number, 0.1), 10.0) for number in range(1, 400))
    assert heard == pytest.approx(10 * (10.2 + BURST_SECONDS), abs=1)
    assert uplink.refused == 399 - heard
    later = sum(uplink.heard(frame(number, 0.1), 20.0) for number in range(400, 800))
    assert later == pytest.approx(102, abs=1)


def test_a_hole_is_filled_while_it_lasts_but_not_for_ever() -> None:
    uplink = Uplink(0.0)
    assert uplink.quiet(50.0) == 0, "a page without a microphone is no hole"
    uplink.heard(frame(1), 50.0)
    assert uplink.quiet(50.3) == 0
    assert uplink.quiet(50.5) == pytest.approx(0.5)
    assert uplink.quiet(50.6) == pytest.approx(0.1)
    assert uplink.quiet(99.0) == pytest.approx(1.0)
    assert uplink.quiet(199.0) == pytest.approx(0.0)
    uplink.heard(frame(2), 200.0)
    assert uplink.quiet(200.4) == pytest.approx(0.4)
