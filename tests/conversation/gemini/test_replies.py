"""Replies are numbered from 1, never back, and late content never revives a dead one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.gemini.replies import LATE_SECONDS, Replies

pytestmark = pytest.mark.pure


def test_sound_after_generation_is_complete_is_another_reply_and_words_are_not() -> None:
    replies = Replies()
    assert replies.sound(0) == 1
    assert replies.generated() == 1
    assert replies.words(0) == 1
    assert replies.sound(0) == 2


def test_words_may_run_ahead_of_their_sound() -> None:
    replies = Replies()
    assert (replies.words(0), replies.sound(0)) == (1, 1)


def test_an_interrupted_reply_ends_once_and_generates_no_more() -> None:
    replies = Replies()
    replies.sound(0)
    assert replies.interrupted(0) == 1
    assert replies.interrupted(0) is None
    assert replies.generated() is None
    assert replies.sound(0) is None
    assert replies.turn_over() == 1
    assert replies.sound(0) == 2


def test_an_interruption_after_the_turns_end_is_told_of_that_reply_and_ends_nothing_twice() -> None:
    """The service ends a turn when it believes it was played; the caller may hear longer."""
    replies = Replies()
    replies.sound(0)
    assert replies.turn_over() == 1
    assert replies.interrupted(1) == 1
    assert replies.turn_over() is None
    assert replies.sound(1) == 2


def test_the_dead_turns_end_after_the_callers_words_is_still_the_dead_ones() -> None:
    replies = Replies()
    replies.sound(0)
    replies.interrupted(0)
    replies.caller_heard()
    assert replies.turn_over() == 1
    assert replies.sound(0) == 2


def test_turns_without_content_are_replies_of_their_own() -> None:
    replies = Replies()
    assert replies.turn_over() == 1
    assert replies.generated() == 2
    assert replies.turn_over() == 2
    assert replies.turn_over() == 3


STEPS = st.sampled_from(
    ["sound", "words", "generated", "interrupted", "turn_over", "caller_heard", "session_over"]
)


@given(st.lists(st.tuples(STEPS, st.floats(0, 2 * LATE_SECONDS)), max_size=80))
def test_numbers_never_go_back_and_every_turn_ends_at_most_once(
    steps: list[tuple[str, float]],
) -> None:
    replies, now, seen, ended, dead = Replies(), 0.0, 0, set(), set()
    for step, later in steps:
        now += later
        timed = step in ("sound", "words", "interrupted")
        number = getattr(replies, step)(now) if timed else getattr(replies, step)()
        if number is None:
            continue
        assert number >= seen >= 0
        assert number >= 1
        seen = number
        if step == "turn_over":
            assert number not in ended
            ended.add(number)
        elif step == "interrupted":
            dead.add(number)
        elif step == "sound":
            assert number not in dead | ended
