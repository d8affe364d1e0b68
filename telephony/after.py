"""What comes after the stream: the decision behind <Connect action> and <Dial action>."""

from __future__ import annotations

from enum import StrEnum

from conversation.line import After, Ending

# Call and dial states of twilio.com/docs/voice/api/call-resource that end a call.
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
# How <Dial> says that somebody took the call.
_TAKEN = frozenset({"completed", "answered"})


class Next(StrEnum):
    """What the caller is led to."""

    NOTHING = "nothing"
    HANG_UP = "hang_up"
    TRANSFER = "transfer"
    REATTACH = "reattach"
    PERSON = "person"
    GIVE_UP = "give_up"


def after_stream(
    ending: Ending | None,
    call_status: str,
    attempt: int,
    max_reattach: int,
    can_transfer: bool,
) -> Next:
    """After a stream, the call's ``attempt``-th (from 1).

    ``ending`` is how the conversation let go; None when it did not: the stream was lost, or
    this process never had it. A lost caller gets Myra again, then a person, then an apology.
    """
    if call_status in OVER:
        return Next.NOTHING
    if ending and ending.after is After.GOODBYE:
        return Next.HANG_UP
    if ending and ending.after is After.TRANSFER and can_transfer:
        return Next.TRANSFER
    if attempt <= max_reattach:
        return Next.REATTACH
    return Next.PERSON if can_transfer else Next.GIVE_UP


def after_transfer(dial_status: str, call_status: str, attempt: int, max_reattach: int) -> Next:
    """After a transfer: taken, it is over; else the caller comes back to Myra."""
    if call_status in OVER or dial_status in _TAKEN:
        return Next.HANG_UP
    return Next.REATTACH if attempt <= max_reattach else Next.GIVE_UP
