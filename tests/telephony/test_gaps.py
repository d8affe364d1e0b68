"""Silence where frames are missing, measured by their timestamps and, while it lasts, by time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.gaps import JITTER_MS, LONGEST_MS, Gaps

pytestmark = pytest.mark.pure


def test_steady_frames_leave_nothing_to_fill() -> None:
    gaps = Gaps()
    at = 155.0
    for index in range(3000):
        assert gaps.frame(round(at), 20, index * 0.02) == 0
        # As seen on real streams: 0.15 % off, for ever.
        at += 19.97 if index % 2 else 20.03


def test_a_lost_frame_is_filled() -> None:
    gaps = Gaps()
    gaps.frame(102, 20, 0.0)
    assert gaps.frame(142, 20, 0.04) == 20
    assert gaps.frame(162, 20, 0.06) == 0


def test_the_first_timestamp_is_no_hole() -> None:
    assert Gaps().frame(5000, 20, 0.0) == 0


def test_a_hole_is_filled_up_to_a_bound() -> None:
    gaps = Gaps()
    gaps.frame(0, 20, 0.0)
    assert gaps.frame(1_000_000, 20, 0.02) == LONGEST_MS


def test_a_silent_wire_is_filled_while_it_is_silent() -> None:
    gaps = Gaps()
    assert gaps.quiet(100.0) == 0, "nothing to fill before the first frame"
    gaps.frame(0, 20, 0.0)
    assert gaps.quiet(0.3) == 0
    assert gaps.quiet(0.5) == pytest.approx(500)
    assert gaps.quiet(0.7) == pytest.approx(200)
    # What was filled in meanwhile is not filled again.
    assert gaps.frame(1020, 20, 1.02) == pytest.approx(300)
    assert gaps.frame(1040, 20, 1.04) == 0


def test_a_silent_wire_is_filled_up_to_a_bound() -> None:
    gaps = Gaps()
    gaps.frame(0, 20, 0.0)
    assert sum(gaps.quiet(0.1 * i) for i in range(1, 600)) == pytest.approx(LONGEST_MS)
    assert gaps.frame(60_000, 20, 60.0) == pytest.approx(0)


def test_frames_that_were_only_late_are_all_there_and_nothing_is_filled_twice() -> None:
    gaps = Gaps()
    gaps.frame(0, 20, 0.0)
    assert gaps.quiet(0.5) == pytest.approx(500)
    for index in range(1, 30):
        assert gaps.frame(20 * index, 20, 0.6) == 0


def test_a_clock_that_starts_again_is_followed() -> None:
    gaps = Gaps()
    gaps.frame(90_000, 20, 0.0)
    assert gaps.frame(0, 20, 0.02) == 0
    assert gaps.frame(60, 20, 0.08) == 40


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.floats(0, 100), st.floats(0, 10), st.booleans()),
        max_size=50,
    )
)
def test_fills_are_bounded_whatever_comes(
    frames: list[tuple[int, float, float, bool]],
) -> None:
    gaps, now = Gaps(), 0.0
    for timestamp, ms, wait, watched in frames:
        now += wait
        filled = gaps.quiet(now) if watched else 0.0
        assert 0 <= filled <= LONGEST_MS
        filled += gaps.frame(timestamp, ms, now)
        assert 0 <= filled <= LONGEST_MS + 1e-6


@given(st.lists(st.integers(-7, 7), min_size=2, max_size=200))
def test_jitter_is_no_hole(jitter: list[int]) -> None:
    gaps = Gaps()
    assert JITTER_MS > 14
    for index, off in enumerate(jitter):
        assert gaps.frame(100 + 20 * index + off, 20, 0.02 * index) == 0
