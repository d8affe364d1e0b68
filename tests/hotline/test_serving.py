"""A shutdown lets those finish who are on the line, or on their way to it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from conversation.line import Ending, Line
from hotline.serving import AFTERWARDS_SECONDS, drain
from telephony.caller import CallerId, Kind
from telephony.door import PhoneDoor, open_door
from telephony.grant import Grant
from telephony.settings import PhoneSettings
from telephony.tokens import SOON
from tests.virtual_time import run

pytestmark = pytest.mark.pure

CALL, ACCOUNT = "CA" + "0" * 32, "AC" + "0" * 32


async def never(line: Line) -> Ending:
    raise AssertionError(line)


def door() -> PhoneDoor:
    clock = asyncio.get_running_loop().time
    return open_door(PhoneSettings(), never, clock, lambda: datetime.now(UTC))


async def drained(of: PhoneDoor, seconds: float) -> float:
    """How long it took."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    await drain(of, seconds)
    return clock() - begun


def test_nobody_on_the_line_ends_at_once() -> None:
    async def story() -> None:
        quiet = door()
        assert await drained(quiet, 600) == 0
        assert not quiet.live.accepting

    run(story())


def test_a_call_whose_stream_is_to_come_is_waited_for() -> None:
    async def story() -> None:
        ringing = door()
        grant = Grant(CallerId(Kind.WITHHELD), attested=False)
        assert ringing.tokens.issue(CALL, ACCOUNT, grant, ringing.clock(), 0)
        took = await drained(ringing, 600)
        assert SOON < took < SOON + AFTERWARDS_SECONDS + 1

    run(story())


def test_no_longer_than_allowed() -> None:
    async def story() -> None:
        ringing = door()
        grant = Grant(CallerId(Kind.WITHHELD), attested=False)
        assert ringing.tokens.issue(CALL, ACCOUNT, grant, ringing.clock(), 0)
        assert await drained(ringing, 3) == pytest.approx(3)

    run(story())
