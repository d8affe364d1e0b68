"""The browser line is a ``Line``: the conformance suite over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from conversation.line import Ending, Line
from conversation.runtime import Observer
from tests.conformance.check_line import CHECKS, Check, FarEnd
from tests.web_demo.server.page import opened
from tests.web_demo.server.serving import serving
from web_demo.server.browser_line import BrowserLine

pytestmark = pytest.mark.socket


@asynccontextmanager
async def browser_line() -> AsyncIterator[tuple[Line, FarEnd]]:
    lines: asyncio.Queue[Line] = asyncio.Queue(1)
    over = asyncio.Event()

    async def converse(line: BrowserLine, observers: list[Observer]) -> Ending:
        lines.put_nowait(line)
        await over.wait()
        return Ending()

    async with serving(converse, Path("nowhere")) as served, opened(served.port) as page:
        await page.hello()
        yield await lines.get(), page
        over.set()


def test_a_page_says_whether_it_cancels_echo() -> None:
    async def main() -> None:
        lines: asyncio.Queue[Line] = asyncio.Queue(2)

        async def converse(line: BrowserLine, observers: list[Observer]) -> Ending:
            lines.put_nowait(line)
            return Ending()

        async with serving(converse, Path("nowhere")) as served:
            for said, known in (({}, True), ({"aec": True}, True), ({"aec": False}, False)):
                async with opened(served.port) as page:
                    await page.hello(**said)
                    assert (await lines.get()).info.echo_cancelled is known

    asyncio.run(main())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_browser_line_conforms(check: Check) -> None:
    asyncio.run(check(browser_line))
