"""The phone line is a ``Line``: the conformance suite over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from conversation.line import Ending, Line
from tests.conformance.check_line import CHECKS, Check, FarEnd
from tests.telephony.peer import calling
from tests.telephony.server import hotline, new_call

pytestmark = pytest.mark.socket


@asynccontextmanager
async def phone_line() -> AsyncIterator[tuple[Line, FarEnd]]:
    lines: asyncio.Queue[Line] = asyncio.Queue(1)
    over = asyncio.Event()

    async def converse(line: Line) -> Ending:
        lines.put_nowait(line)
        await over.wait()
        return Ending()

    async with (
        hotline(converse=converse, stall_seconds=1) as running,
        calling(running, new_call()) as peer,
    ):
        yield await lines.get(), peer
        over.set()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_phone_line_conforms(check: Check) -> None:
    asyncio.run(check(phone_line))
