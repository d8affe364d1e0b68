"""What comes after the stream."""

from __future__ import annotations

import pytest

from conversation.line import After, Ending
from telephony.after import OVER, Next, after_stream, after_transfer

pytestmark = pytest.mark.pure

GOODBYE, TRANSFER, FAILED = (Ending(after) for after in After)


@pytest.mark.parametrize(
    ("ending", "attempt", "can_transfer", "expected"),
    [
        (GOODBYE, 1, True, Next.HANG_UP),
        (GOODBYE, 3, False, Next.HANG_UP),
        (TRANSFER, 1, True, Next.TRANSFER),
        (TRANSFER, 3, True, Next.TRANSFER),
        (TRANSFER, 1, False, Next.REATTACH),
        (FAILED, 1, True, Next.REATTACH),
        (None, 1, False, Next.REATTACH),
        (None, 2, False, Next.REATTACH),
        (None, 3, True, Next.PERSON),
        (FAILED, 3, False, Next.GIVE_UP),
    ],
)
def test_the_caller_is_led_on(
    ending: Ending | None, attempt: int, can_transfer: bool, expected: Next
) -> None:
    assert after_stream(ending, "in-progress", attempt, 2, can_transfer) is expected


@pytest.mark.parametrize("status", sorted(OVER))
def test_a_call_that_is_over_gets_nothing(status: str) -> None:
    for ending in (GOODBYE, TRANSFER, FAILED, None):
        assert after_stream(ending, status, 1, 2, True) is Next.NOTHING


def test_a_transfer_taken_is_the_end_and_one_not_taken_is_not() -> None:
    assert after_transfer("completed", "in-progress", 1, 2) is Next.HANG_UP
    assert after_transfer("answered", "in-progress", 1, 2) is Next.HANG_UP
    assert after_transfer("no-answer", "completed", 1, 2) is Next.HANG_UP
    assert after_transfer("busy", "in-progress", 1, 2) is Next.REATTACH
    assert after_transfer("", "in-progress", 3, 2) is Next.GIVE_UP
