"""The playout buffer against Twilio's documented behaviour, in times that the tests choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.twilio.loudness import FRAME_SECONDS, IDLE
from emulators.twilio.playout import MarkReturned, Playout

pytestmark = pytest.mark.pure

SECOND = bytes(range(1, 251)) * 32  # 8000 bytes, no two neighbours alike, never idle


def approx(seconds: float) -> Any:
    return pytest.approx(seconds)


def names(marks: Sequence[MarkReturned]) -> list[str]:
    return [mark.name for mark in marks]


def test_audio_starts_with_the_next_frame_and_is_heard_whole() -> None:
    playout = Playout(10.0)
    playout.media(10.005, SECOND)
    playout.advance(12.0)
    assert playout.runs[0].at == pytest.approx(10.02)
    assert bytes(playout.heard[160:8160]) == SECOND
    assert set(playout.heard[:160]) | set(playout.heard[8160:]) == {0xFF}


def test_a_mark_returns_when_the_audio_before_it_has_played() -> None:
    playout = Playout(0.0)
    playout.media(0.001, SECOND[:1600])
    assert playout.mark(0.002, "half") == []
    playout.media(0.003, SECOND[1600:3200])
    playout.mark(0.004, "whole")
    assert playout.advance(0.219) == []
    assert playout.advance(0.221) == [MarkReturned(approx(0.22), "half", played=True)]
    assert names(playout.advance(0.42)) == ["whole"]


def test_a_mark_on_an_empty_buffer_returns_at_once() -> None:
    playout = Playout(0.0)
    assert playout.mark(0.5, "probe") == [MarkReturned(0.5, "probe", played=True)]


def test_a_mark_behind_a_frame_on_the_air_waits_for_its_end() -> None:
    playout = Playout(0.0)
    playout.media(0.0, SECOND[:160])  # taken by the frame from 20 to 40 ms
    assert playout.mark(0.025, "end") == []
    assert not playout.idle(0.03)
    assert playout.advance(0.041) == [MarkReturned(approx(0.04), "end", played=True)]
    assert playout.idle(0.041)


def test_clear_drops_the_rest_and_returns_every_pending_mark_at_once() -> None:
    playout = Playout(0.0)
    for number in range(5):
        playout.media(0.0, SECOND[:1600])
        playout.mark(0.0, f"m{number}")
    returned = playout.clear(0.31)
    assert [(mark.name, mark.played, mark.at) for mark in returned] == [
        ("m0", True, pytest.approx(0.22)),
        ("m1", False, 0.31),
        ("m2", False, 0.31),
        ("m3", False, 0.31),
        ("m4", False, 0.31),
    ]
    assert playout.clears[0].dropped == 8000 - 15 * 160
    assert playout.heard_by(1.0) == 15 * 160, "the frame on the air is played to its end"
    playout.advance(1.0)
    assert set(playout.heard[16 * 160 :]) == {0xFF}


def test_audio_after_a_clear_is_heard_and_its_positions_go_on() -> None:
    playout = Playout(0.0)
    playout.media(0.0, SECOND)
    playout.clear(0.1)
    playout.media(0.2, SECOND[:160])
    playout.advance(0.5)
    assert playout.heard_when(8000) == pytest.approx(0.22)
    assert playout.heard_when(7999) is None, "cleared"
    assert playout.heard_when(0) == pytest.approx(0.02)


def test_a_partial_frame_is_padded_only_when_nothing_follows() -> None:
    playout = Playout(0.0)
    playout.media(0.0, SECOND[:100])
    playout.media(0.01, SECOND[100:200])
    playout.advance(0.2)
    assert bytes(playout.heard[160:480]) == SECOND[:200] + b"\xff" * 120
    assert len(playout.runs) == 1


def test_a_lost_frame_is_silence_to_the_caller_and_played_to_twilio() -> None:
    fates = iter([False, True, False])
    on_air: list[bytes] = []
    playout = Playout(0.0, lambda _, frame: on_air.append(frame), lambda: next(fates))
    playout.media(0.0, SECOND[:480])
    playout.mark(0.0, "end")
    assert names(playout.advance(0.2)) == ["end"]
    assert bytes(playout.heard[160:640]) == SECOND[:160] + IDLE + SECOND[320:480]
    assert on_air[1] == IDLE


steps = st.lists(
    st.tuples(
        st.floats(0.0, 0.3),
        st.one_of(st.integers(0, 5000), st.just("mark"), st.just("clear"), st.just("advance")),
    ),
    max_size=40,
)


@given(steps)
def test_what_is_heard_and_what_returns_always_agree(steps: list[tuple[float, object]]) -> None:
    playout, often = Playout(0.0), Playout(0.0)
    now, sent = 0.0, bytearray()
    returned: list[MarkReturned] = []
    again: list[MarkReturned] = []
    positions: dict[str, int] = {}
    for wait, what in steps:
        before, now = now, now + wait
        for tick in range(int(before / FRAME_SECONDS), int(now / FRAME_SECONDS)):
            again += often.advance(max(before, tick * FRAME_SECONDS))
        if isinstance(what, int):
            audio = bytes((len(sent) + n) % 255 for n in range(what))
            sent += audio
            returned += playout.media(now, audio)
            again += often.media(now, audio)
        elif what == "mark":
            name = f"m{len(positions)}"
            positions[name] = len(sent)
            returned += playout.mark(now, name)
            again += often.mark(now, name)
        else:
            act = Playout.clear if what == "clear" else Playout.advance
            returned += act(playout, now)
            again += act(often, now)
    returned += playout.advance(now + 60)
    again += often.advance(now + 60)

    assert names(returned) == list(positions), "every mark returns once, in order"
    assert returned == again, "looking more often changes nothing"
    assert playout.heard == often.heard
    for run in playout.runs:
        at = round(run.at * 8000)
        assert playout.heard[at : at + run.count] == sent[run.first : run.first + run.count]
    assert sum(run.count for run in playout.runs) + sum(
        cleared.dropped for cleared in playout.clears
    ) == len(sent), "all is heard or cleared"
    for mark in returned:
        position = positions[mark.name]
        heard = playout.heard_when(position - 1) if position else None
        if mark.played and heard is not None:
            assert mark.at >= heard + 1 / 8000 - 1e-6
    assert [m.at for m in returned] == sorted(m.at for m in returned)
