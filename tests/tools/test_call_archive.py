"""The list of calls, on both databases: newest first, page by page, by door and by words."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tools.call_archive import BadCursor, CallArchive
from tools.call_records import CallStore
from tools.database import Database

pytestmark: list[Any] = []  # the category comes with the database: see conftest

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


def on(url: str, work: Callable[[Database], Awaitable[None]]) -> None:
    async def main() -> None:
        database = Database(url)
        try:
            await work(database)
        finally:
            await database.close()

    asyncio.run(main())


async def keep(store: CallStore, number: int, *said: str, door: str = "phone") -> str:
    """A call, a minute after the one before; its turns alternate, the traveller first."""
    name, at = f"CA{number:03d}", NOW + timedelta(minutes=number)
    await store.opened(name, door=door, caller="+14155550101", model="m", at=at)
    for index, text in enumerate(said):
        myra = index % 2 == 1
        await store.turn(
            name,
            index=index + 1,
            speaker="myra" if myra else "caller",
            text=text,
            heard=text,
            started=index,
            ended=index + 0.5,
            interrupted=myra and index > 2,
            latency={"end_of_speech": 300.0, "first_audio": 400.0 + index} if myra else {},
            response=index // 2 + 1 if myra else 0,
            sound={"sent": 900.0} if myra else None,
        )
    return name


def test_the_newest_come_first_and_pages_go_on_where_they_ended(url: str) -> None:
    async def work(database: Database) -> None:
        store, archive = CallStore(database), CallArchive(database)
        for number in range(7):
            await keep(store, number)
        # Two calls of the same moment: neither is lost between pages.
        await store.opened("CA0010", door="phone", caller="", model="m", at=NOW)
        seen: list[str] = []
        before: str | None = ""
        while before is not None:
            page = await archive.page(before=before, limit=3)
            assert len(page.calls) <= 3
            seen += [call.record.conversation for call in page.calls]
            before = page.next
        assert seen == ["CA006", "CA005", "CA004", "CA003", "CA002", "CA001", "CA0010", "CA000"]
        beyond = base64.urlsafe_b64encode(b"9999-12-31T23:59:59-23:59 CA000").decode()
        null = base64.urlsafe_b64encode(b"2026-03-04T15:00:00+00:00 CA\0").decode()
        for cursor in ("nonsense", beyond, null):
            with pytest.raises(BadCursor):
                await archive.page(before=cursor)

    on(url, work)


def test_a_call_is_summed_up(url: str) -> None:
    async def work(database: Database) -> None:
        store, archive = CallStore(database), CallArchive(database)
        await keep(store, 1, "Where is my flight?", "It left.", "Oh no.", "Anything else?")
        await store.tool_used(
            "CA001", call_id="t", name="Look", args={}, status="ok", response={}, started=0, ended=1
        )
        (call,) = (await archive.page()).calls
        assert (call.turns, call.tools, call.interruptions) == (4, 1, 1)
        assert call.reply_ms == 702.0
        assert call.first_words == "Where is my flight?"

    on(url, work)


def test_doors_and_words_narrow_the_list(url: str) -> None:
    async def work(database: Database) -> None:
        store, archive = CallStore(database), CallArchive(database)
        await keep(store, 1, "My flight to Lisbon, please", "It leaves at ten.")
        await keep(store, 2, "Lisbon hotel", "Certainly.", door="browser")
        await keep(store, 3, "100% sure?", "Yes.", door="browser")

        async def found(**narrow: str) -> list[str]:
            page = await archive.page(**narrow)  # type: ignore[arg-type]
            return [call.record.conversation for call in page.calls]

        assert await found(door="browser") == ["CA003", "CA002"]
        assert await found(search="LISBON") == ["CA002", "CA001"]
        assert await found(search="lisbon ten") == ["CA001"]
        assert await found(search="lisbon", door="phone") == ["CA001"]
        assert await found(search="100%") == ["CA003"]
        assert await found(search="%") == ["CA003"]
        assert await found(search="CA002") == ["CA002"]
        assert await found(search="nobody said this") == []

    on(url, work)


def test_a_story_has_everything_in_its_order(url: str) -> None:
    async def work(database: Database) -> None:
        store, archive = CallStore(database), CallArchive(database)
        name = await keep(store, 1, "Hi.", "Hello.")
        for _ in range(2):  # a writer that tries again does no harm
            await store.reply(name, response=1, bar={"first_token": 9.0}, chunks=4, samples=96)
            await store.quality(name, at=5.0, figures={"rtt_ms": 20, "layer": "worker"})
            await store.take(
                name, take=1, response=1, kind="reply", rate=24000, chunks_sent=4,
                samples_sent=96, received=96, played=90, dropped=6, underruns=0, ended=True,
                cleared=True,
            )  # fmt: skip
        story = await archive.story(name)
        assert story is not None
        assert [turn.text for turn in story.turns] == ["Hi.", "Hello."]
        assert story.turns[1].sound == {"sent": 900.0}
        assert [reply.bar for reply in story.replies] == [{"first_token": 9.0}]
        assert [take.dropped for take in story.takes] == [6]
        assert [one.figures["layer"] for one in story.quality] == ["worker"]
        assert await archive.story("nobody") is None

    on(url, work)
