"""How a line was let go, over the database: what one process keeps another recalls."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from conversation.line import After, Ending
from hotline.endings import SharedEndings
from tools.call_records import CallStore
from tools.call_retention import CallRetention
from tools.database import Database
from tools.migrations import upgrade

pytestmark = pytest.mark.socket

CALL = "CA" + "1" * 32
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(seconds=30)
TRANSFER = Ending(After.TRANSFER, "transfer_to_human", {"summary": "A refund is missing."})


def test_what_one_keeps_another_recalls_for_that_stream_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hotline.db"

    async def main() -> None:
        await upgrade(url)
        databases = Database(url), Database(url)
        here, there = (SharedEndings(CallStore(one)) for one in databases)
        try:
            assert not await here.keep(CALL, 1, TRANSFER), "nobody knows the call"
            await here.store.opened(CALL, door="phone", caller="", model="m", at=NOW)
            assert await there.recall(CALL, 1) is None
            assert await here.keep(CALL, 1, TRANSFER)
            assert await there.recall(CALL, 1) == TRANSFER
            assert await there.recall(CALL) == TRANSFER
            assert await there.recall(CALL, 2) is None
            back = f"{CALL}-2"
            await here.store.opened(back, door="phone", caller="", model="m", at=LATER)
            assert await here.keep(CALL, 2, Ending())
            assert await there.recall(CALL, 2) == Ending()
            assert await there.recall(CALL, 1) == TRANSFER
            assert await there.recall(CALL) == Ending(), "the latest"
            await CallRetention(databases[0]).forget([CALL, back], NOW)
            assert await there.recall(CALL) is None
        finally:
            for one in databases:
                await one.close()

    asyncio.run(main())


def test_a_call_whose_first_stream_never_came_is_led_on_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hotline.db"

    async def main() -> None:
        await upgrade(url)
        database = Database(url)
        endings = SharedEndings(CallStore(database))
        await endings.store.opened(f"{CALL}-2", door="phone", caller="", model="m", at=NOW)
        assert await endings.keep(CALL, 2, TRANSFER)
        assert await endings.recall(CALL, 2) == TRANSFER
        assert await endings.recall(CALL) == TRANSFER
        await database.close()

    asyncio.run(main())


def test_a_database_that_is_away_is_no_answer(tmp_path: Path) -> None:
    async def main() -> None:
        database = Database("postgresql://nobody@127.0.0.1:1/none", wait_seconds=1)
        away = SharedEndings(CallStore(database))
        try:
            assert not await away.keep(CALL, 1, TRANSFER)
            assert await away.recall(CALL, 1) is None
        finally:
            await database.close()

    asyncio.run(main())
