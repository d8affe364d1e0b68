"""Simple parts for the desk's tests: a shop without a database, a diary kept in a list."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from tools.contract import Caller, Status, ToolCall, ToolResult
from tools.database import Database
from tools.declare import Deed, Shop, Tool
from tools.queue import Desk, Diary
from tools.registry import Registry
from tools.seams import Articles, Documents, Messenger
from tools.settings import ToolSettings

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


def bare_shop(settings: ToolSettings | None = None) -> Shop:
    """A shop for tools that need nothing of it."""
    return Shop(
        database=cast("Database", None),
        messenger=cast("Messenger", None),
        documents=cast("Documents", None),
        articles=cast("Articles", None),
        clock=lambda: NOW,
        settings=settings or ToolSettings(),
    )


class ListedDiary:
    """A diary in a list of (what, call id)."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str]] = []

    async def begin(self, deed: Deed, arguments: Mapping[str, Any]) -> None:
        self.entries.append(("begin", deed.call_id))

    async def end(self, deed: Deed, status: Status) -> None:
        self.entries.append((f"end {status}", deed.call_id))

    async def unfinished(self, deed: Deed, why: str) -> None:
        self.entries.append(("unfinished", deed.call_id))


def desk_of(*tools: Tool, settings: ToolSettings | None = None, diary: Diary | None = None) -> Desk:
    caller = Caller(conversation="c1", door="phone")
    return Desk(Registry(tools), caller, bare_shop(settings), diary or ListedDiary())


@contextlib.asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[asyncio.Task[None]]:
    """The desk at work, hung up at the end of the block."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(desk.run())
        try:
            yield task
        finally:
            task.cancel()


async def take(desk: Desk, count: int) -> list[ToolResult]:
    """The next results of a desk, in the order they came."""
    found: list[ToolResult] = []
    async with contextlib.aclosing(cast("Any", desk.results())) as results:
        async for result in results:
            found.append(result)
            if len(found) == count:
                break
    return found


def call(call_id: str, name: str, **args: Any) -> ToolCall:
    return ToolCall(call_id, name, args)


async def elapse(seconds: float) -> None:
    """Let (virtual) time pass."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, passed.set)
    await passed.wait()
