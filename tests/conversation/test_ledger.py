"""The ledger against the truth of a line with delays, for any course of events."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.actions import Play
from conversation.ledger import Ledger, Spacing
from conversation.playout import Playout
from media.audio import Audio

pytestmark = pytest.mark.pure

RATE = 8000
SPACING = Spacing()


def sound(ms: float) -> Audio:
    return Audio(bytes(range(1, 201)) * (round(ms * RATE / 1000) // 100 + 1), RATE).slice_ms(0, ms)


def plays(ledger: Ledger, now: float = 0.0, take: int = 1) -> list[Play]:
    return [piece.order for piece in ledger.pieces(now, take) if isinstance(piece.order, Play)]


@dataclass
class FarEnd:
    """What really happens at the other end, worked out exactly: seconds, ms."""

    forward: float
    back: float
    lag: float
    playing: list[tuple[float, float, str]] = field(default_factory=list)
    marks: list[tuple[float, str]] = field(default_factory=list)

    def send(self, at: float, order: Play) -> None:
        arrives = at + self.forward
        busy = self.playing[-1][1] if self.playing else 0.0
        start = busy if busy > arrives else arrives + self.lag
        self.playing.append((start, start + order.audio.ms / 1000, order.mark))
        self.marks.append((self.playing[-1][1] + self.back, order.mark))

    def played_ms(self, at: float) -> float:
        return sum(1000 * (min(end, at) - start) for start, end, _ in self.playing if start < at)


def returned(ledger: Ledger, end: FarEnd, until: float, trip: float) -> None:
    for back, name in sorted(end.marks):
        if back <= until:
            ledger.acknowledge(name, back, trip)


@settings(max_examples=300, deadline=None)
@given(
    chunks=st.lists(st.integers(1, 700), min_size=1, max_size=12),
    gaps=st.lists(st.integers(0, 600), min_size=12, max_size=12),
    forward=st.integers(0, 150),
    back=st.integers(0, 150),
    lag=st.integers(0, 250),
    measured=st.booleans(),
    cut=st.integers(1, 4000),
)
def test_whatever_the_line_does_the_claim_is_bounded(
    chunks: list[int],
    gaps: list[int],
    forward: int,
    back: int,
    lag: int,
    measured: bool,
    cut: int,
) -> None:
    """Sound comes in fits and starts and the buffer runs dry again and again. Where the caller
    stops hearing is never claimed too high by more than a round trip (not measured: by the
    far end's own lateness), nor too low by more than that and two marks' distance."""
    ledger, end = Ledger(1, SPACING), FarEnd(forward / 1000, back / 1000, lag / 1000)
    trip = float(forward + back) if measured else 0.0
    now, at = 0.0, cut / 1000
    for ms, gap in zip(chunks, gaps, strict=False):
        if now > at:
            break
        returned(ledger, end, now, trip)
        ledger.add(sound(ms))
        for order in plays(ledger, now):
            end.send(now, order)
        now += gap / 1000
    returned(ledger, end, at, trip)
    truth = end.played_ms(at + end.forward)
    claim = ledger.position_ms(at, trip)
    assert claim <= truth + (trip if measured else lag) + 1e-6
    assert claim >= truth - (forward + back) - 2 * SPACING.later_ms - 1e-6


@settings(max_examples=200, deadline=None)
@given(
    ms=st.integers(300, 6000),
    forward=st.integers(0, 150),
    back=st.integers(0, 150),
    lag=st.integers(0, 250),
    cut=st.integers(0, 6000),
)
def test_once_a_reply_plays_the_claim_is_exact(
    ms: int, forward: int, back: int, lag: int, cut: int
) -> None:
    """A reply generated faster than it plays, on a line whose round trip was measured."""
    ledger, end = Ledger(1, SPACING), FarEnd(forward / 1000, back / 1000, lag / 1000)
    ledger.add(sound(ms))
    for order in plays(ledger, 0.0):
        end.send(0.0, order)
    at = cut / 1000
    returned(ledger, end, at, float(forward + back))
    truth = end.played_ms(at + end.forward)
    claim = ledger.position_ms(at, float(forward + back))
    if claim:
        assert claim == pytest.approx(truth, abs=0.01)
    else:
        assert truth <= SPACING.first_ms + forward + back + 0.01


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "send", "mark", "stale", "clear", "resume", "wait", "finish"]),
            st.integers(1, 60),
        ),
        max_size=80,
    )
)
def test_generated_sent_and_heard_stay_in_order(steps: list[tuple[str, int]]) -> None:
    ledger, now, take = Ledger(1, SPACING), 0.0, 1
    out: list[str] = []
    stale: list[str] = []
    for what, n in steps:
        before = ledger.heard_ms(now, 80.0)
        match what:
            case "add":
                ledger.add(sound(10 * n))
            case "send":
                out += [order.mark for order in plays(ledger, now, take)]
            case "mark" if out:
                assert ledger.acknowledge(out.pop(0), now, 80.0)
            case "stale":
                assert not any(ledger.acknowledge(name, now, 80.0) for name in [*stale, "r2t1:100"])
            case "clear" | "resume":
                ledger.freeze(now, 80.0)
                stale, out, take = stale + out, [], take + 1
                if what == "resume":
                    ledger.rewind(5.0 * n)
            case "wait":
                now += n / 100
            case "finish":
                ledger.finish()
        heard = ledger.heard_ms(now, 80.0)
        assert before <= heard + 1e-9
        assert heard <= ledger.generated_ms + 1e-9
        assert ledger.sent_ms <= ledger.generated_ms + 1e-9
        cut = ledger.cut(now, 80.0)
        assert cut.heard + cut.dropped == pytest.approx(cut.generated)
        assert cut.heard <= cut.sent + 1e-9


@given(st.lists(st.integers(1, 900), min_size=1, max_size=20))
def test_marks_lie_close_together_and_no_sample_is_lost(chunks: list[int]) -> None:
    ledger = Ledger(3, SPACING)
    orders = []
    for ms in chunks:
        ledger.add(sound(ms))
        orders += plays(ledger, 0.0, 2)
    ledger.finish()
    orders += plays(ledger, 0.0, 2)
    assert b"".join(order.audio.pcm for order in orders) == b"".join(sound(c).pcm for c in chunks)
    position = 0.0
    for order in orders:
        limit = SPACING.first_ms if position < 1000 else SPACING.later_ms
        assert order.audio.ms <= limit + 20.0 + 1e-6
        position += order.audio.ms
    assert all(order.mark.startswith("r3t2:") for order in orders)
    assert [order.last for order in orders] == [False] * (len(orders) - 1) + [True]


def test_a_finished_response_ends_on_its_last_piece_when_that_is_still_to_go() -> None:
    ledger = Ledger(1, SPACING)
    ledger.add(sound(150))
    ledger.finish()
    assert [(order.mark, order.last) for order in plays(ledger)] == [
        ("r1t1:100", False),
        ("r1t1:150", True),
    ]


def test_nothing_is_heard_before_a_takes_first_mark() -> None:
    ledger = Ledger(1, SPACING)
    ledger.add(sound(1000))
    first = plays(ledger)[0].mark
    assert ledger.heard_ms(0.9, 100.0) == 0.0
    ledger.acknowledge(first, 1.0, 0.0)
    assert ledger.heard_ms(1.0, 0.0) == 100.0
    assert ledger.heard_ms(1.05, 0.0) == pytest.approx(150.0)
    assert ledger.heard_ms(9.0, 0.0) == 200.0
    assert ledger.heard_ms(1.0, 80.0) == 180.0


def test_sound_sent_onto_an_emptied_buffer_counts_from_its_first_mark() -> None:
    """When the mark before it came back it was not there yet."""
    ledger = Ledger(1, SPACING)
    ledger.add(sound(100))
    first = plays(ledger)[0].mark
    ledger.add(sound(1000))
    plays(ledger, 0.17)
    ledger.acknowledge(first, 0.18, 80.0)
    assert ledger.heard_ms(0.25, 80.0) == 100.0


def test_a_clears_storm_of_marks_proves_nothing() -> None:
    ledger = Ledger(1, SPACING)
    ledger.add(sound(2000))
    marks = [order.mark for order in plays(ledger)]
    ledger.acknowledge(marks[0], 0.2, 0.0)
    ledger.freeze(0.25, 0.0)
    held = ledger.heard_ms(0.25, 0.0)
    assert not any(ledger.acknowledge(mark, 0.3, 0.0) for mark in marks)
    assert ledger.heard_ms(5.0, 0.0) == held == pytest.approx(150.0)


def test_resuming_starts_in_a_pause_shortly_before_the_cut() -> None:
    ledger = Ledger(1, SPACING)
    levels = tuple(-60.0 if index == 20 else -20.0 for index in range(50))
    ledger.add(sound(1000), levels)
    for order in plays(ledger)[:5]:
        ledger.acknowledge(order.mark, 1.0, 0.0)
    ledger.freeze(1.0, 0.0)
    ledger.rewind(160.0)
    again = plays(ledger, 0.0, 2)
    assert 1000 - sum(order.audio.ms for order in again) == pytest.approx(400.0, abs=20.0)
    assert ledger.heard_ms(1.0, 0.0) == 500.0


def test_one_cut_after_another_does_not_lead_back_and_back() -> None:
    ledger = Ledger(1, SPACING)
    ledger.add(sound(3000))
    for order in plays(ledger)[:12]:
        ledger.acknowledge(order.mark, 1.5, 0.0)
    ledger.freeze(1.5, 0.0)
    ledger.rewind(140.0)
    resumed = ledger.sent_ms
    for take in range(2, 7):
        assert plays(ledger, 2.0 + take, take)
        ledger.freeze(2.1 + take, 0.0)
        ledger.rewind(140.0)
        assert ledger.sent_ms == resumed


def test_only_what_was_playing_is_rewound() -> None:
    """A reply that waits for its tool has been heard; the prompt after it is cut."""
    playout = Playout(SPACING, {"one_moment": 800.0})
    playout.add(1, sound(1000), ())
    for piece in list(playout.flow(0.0)):
        playout.acknowledge(piece.order.mark, 1.0)
    playout.say("one_moment")
    assert len(list(playout.flow(4.0))) == 1
    playout.freeze(4.3)
    playout.thaw(140.0)
    assert [piece.order.mark for piece in playout.flow(5.0)] == ["p1t2:end"]


def test_a_mark_answers_for_all_that_was_played_before_it() -> None:
    playout = Playout(SPACING, {})
    for response in (1, 2):
        ledger = playout.add(response, sound(1000), ())
        assert ledger is not None
        ledger.finish()
    list(playout.flow(0.0))
    assert playout.acknowledge("r2t1:100", 1.1)
    assert [ledger.response for ledger in playout.heard()] == [1]
