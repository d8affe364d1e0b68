"""When a far end is asked for a sign, and when it is given up."""

from __future__ import annotations

import pytest

from telephony.liveness import PROBE_SECONDS, Finding, Liveness

pytestmark = pytest.mark.pure


def watch() -> Liveness:
    return Liveness(stall_seconds=5, inactivity_seconds=10, last_sign=0)


def test_silence_is_probed_once_and_then_the_end() -> None:
    far = watch()
    assert far.check(9.9) is Finding.WELL
    assert far.check(10) is Finding.PROBE
    assert far.check(12) is Finding.WELL
    assert far.check(10 + PROBE_SECONDS) is Finding.INACTIVE


def test_any_sign_counts() -> None:
    far = watch()
    assert far.check(10) is Finding.PROBE
    far.sign(11)
    assert far.check(16) is Finding.WELL
    assert far.check(21) is Finding.PROBE


def test_who_sends_but_returns_no_mark_does_not_read() -> None:
    far = watch()
    far.sent(2000, 0)
    far.marked(0)
    for second in range(7):
        far.sign(second)
        assert far.check(second) is Finding.WELL
    far.sign(7)
    assert far.check(7) is Finding.PROBE
    far.marked(7)
    far.sign(11.9)
    assert far.check(11.9) is Finding.WELL
    assert far.check(12) is Finding.STALLED


def test_a_mark_that_was_lost_does_not_end_the_call() -> None:
    far = watch()
    far.marked(0)
    far.marked(0)
    far.answered(0.1)
    far.sign(5.1)
    assert far.check(5.1) is Finding.PROBE
    far.marked(5.1)
    far.answered(5.2, probe=True)
    for second in range(6, 60):
        far.sign(second)
        assert far.check(second) is Finding.WELL
    far.marked(60)
    far.answered(60.1)
    far.answered(60.1)
    assert far.check(60.1) is Finding.WELL


def test_marks_that_keep_coming_are_patience_enough() -> None:
    far = watch()
    for second in range(100):
        far.marked(second)
        far.marked(second)
        far.answered(second)
        far.sign(second)
        assert far.check(second) is Finding.WELL


def test_who_has_sound_to_play_may_be_silent() -> None:
    far = watch()
    far.sent(30_000, 0)
    far.sent(30_000, 1)
    assert far.check(69) is Finding.WELL
    far.cleared(20)
    assert far.check(69) is Finding.INACTIVE


def test_a_write_that_hangs_is_a_stall() -> None:
    far = watch()
    far.writing_since = 1
    far.sign(5.9)
    assert far.check(5.9) is Finding.WELL
    assert far.check(6) is Finding.STALLED
    far.writing_since = None
    assert far.check(6) is Finding.WELL
