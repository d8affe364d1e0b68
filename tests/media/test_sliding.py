from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.echo import EchoGuard
from media.levels import FLOOR_DB
from media.sliding import SlidingMax

pytestmark = pytest.mark.pure


@given(st.lists(st.integers(-9, 9), max_size=60), st.integers(1, 12))
def test_it_is_the_greatest_of_the_latest(values: list[int], width: int) -> None:
    sliding = SlidingMax()
    assert sliding.greatest is None
    for place, value in enumerate(values):
        sliding.add(place, value)
        sliding.forget_before(place - width + 1)
        assert sliding.greatest == max(values[max(0, place - width + 1) : place + 1])
    sliding.clear()
    assert sliding.greatest is None


Event = tuple[str, int, list[float]]
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["played", "cleared", "asked", "asked", "asked"]),
        st.integers(0, 40),
        st.lists(st.sampled_from([-60.0, -40.0, -30.0, -20.0]), max_size=30),
    ),
    max_size=40,
)


@given(EVENTS)
def test_the_echo_guard_knows_the_loudest_of_the_window(events: list[Event]) -> None:
    """Whatever is played, cleared and asked in between."""
    guard, played, now = EchoGuard(), dict[int, float](), 0
    for kind, step, levels in events:
        if kind == "played":
            guard.played((now + step) * 0.02 + 0.001, levels)
            for slot, level in enumerate(levels, now + step):
                played[slot] = max(level, played.get(slot, FLOOR_DB))
        elif kind == "cleared":
            guard.cleared(now * 0.02 + 0.001)
            played = {slot: level for slot, level in played.items() if slot < now}
        else:
            now += step % 4
            window = [played.get(slot, FLOOR_DB) for slot in range(now - 25, now + 6)]
            loudest = max(window)
            wanted = max(FLOOR_DB, loudest - 18.0) if loudest > FLOOR_DB else FLOOR_DB
            assert guard.limit_db(now * 0.02 + 0.001) == wanted
