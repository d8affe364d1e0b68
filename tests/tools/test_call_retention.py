"""What is personal goes, on both databases; figures and bookings stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.tools.test_call_archive import NOW, keep, on
from tools import call_retention
from tools.call_archive import CallArchive
from tools.call_records import CallStore
from tools.call_retention import CallRetention
from tools.database import Database
from tools.models import Booking, Effect, HandOff, Undertaking

pytestmark: list[Any] = []  # the category comes with the database: see conftest


async def calls(database: Database, *, count: int = 5) -> None:
    store = CallStore(database)
    for number in range(count):
        name = await keep(store, number, "I am Ada Okafor.", "Hello, Ada.")
        await store.tool_used(
            name, call_id="t", name="Look", args={"surname": "Okafor"}, status="ok",
            response={"say": "Hello, Ada Okafor."}, started=0, ended=1,
        )  # fmt: skip


def test_what_is_old_is_forgotten_and_what_is_younger_stays(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_retention, "BATCH", 2)

    async def work(database: Database) -> None:
        await calls(database)
        old = CallRetention(database)
        assert await old.forget_before(NOW + timedelta(minutes=3), NOW) == 3
        assert await old.forget_before(NOW + timedelta(minutes=3), NOW) == 0
        archive = CallArchive(database)
        for number in range(5):
            story = await archive.story(f"CA{number:03d}")
            assert story is not None
            record = story.summary.record
            if number < 3:
                words = [turn.text + turn.heard for turn in story.turns]
                assert words == ["", ""]
                assert [(tool.args, tool.response) for tool in story.tools] == [({}, {})]
                assert (record.caller, record.forgotten_at) == ("", NOW)
                assert story.summary.reply_ms == 701.0, "the figures stay"
            else:
                assert story.turns[0].text == "I am Ada Okafor."
                assert record.forgotten_at is None
        found = await archive.page(search="okafor")
        assert [one.record.conversation for one in found.calls] == ["CA004", "CA003"]

    on(url, work)


def test_one_call_is_forgotten_and_what_waits_for_a_person_is_not(url: str) -> None:
    async def work(database: Database) -> None:
        await calls(database, count=2)
        async with database.writing() as session:
            for state in ("ended", "unfinished"):
                session.add(
                    Undertaking(
                        conversation="CA000", call_id=state, tool="DateChangeAgent",
                        arguments={"surname": "Okafor"}, state=state, begun_at=NOW,
                    )
                )  # fmt: skip
        retention = CallRetention(database)
        assert await retention.forget(["CA000"], NOW) == 1
        assert await retention.forget(["nobody"], NOW) == 0
        async with database.reading() as session:
            left = {
                one.state: one.arguments
                for one in await session.scalars(select(Undertaking))
                if one.conversation == "CA000"
            }
            assert await session.scalar(select(Booking.reference).limit(1))
        assert left == {"ended": {}, "unfinished": {"surname": "Okafor"}}
        story = await CallArchive(database).story("CA001")
        assert story is not None
        assert story.turns[0].text

    on(url, work)


def test_how_a_line_was_let_go_is_kept_for_other_processes_and_forgotten(url: str) -> None:
    async def work(database: Database) -> None:
        store = CallStore(database)
        assert not await store.let_go("CA-none", {"attempt": 1})
        name = await keep(store, 1, "I am Ada Okafor.", "Hello, Ada.")
        record = await store.call(name)
        assert record is not None
        assert record.ending is None
        for attempt in (1, 2):
            assert await store.let_go(name, {"attempt": attempt, "detail": {"summary": "Ada"}})
        record = await store.call(name)
        assert record is not None
        assert record.ending == {"attempt": 2, "detail": {"summary": "Ada"}}
        await CallRetention(database).forget([name], NOW)
        record = await store.call(name)
        assert record is not None
        assert record.ending is None

    on(url, work)


def test_what_tools_remember_of_a_call_goes_with_whichever_of_its_conversations(url: str) -> None:
    async def work(database: Database) -> None:
        call = "CA" + "3" * 32
        store = CallStore(database)
        await store.opened(f"{call}-2", door="phone", caller="", model="m", at=NOW)
        async with database.writing() as session:
            session.add_all(
                [
                    Effect(
                        key="k", conversation=call, call_id="t", tool="Look",
                        response={"say": "Hello, Ada Okafor."}, at=NOW,
                    ),
                    HandOff(
                        number="H1", conversation=call, way="transfer", reason="",
                        summary="Ada Okafor misses a refund.", at=NOW,
                    ),
                    HandOff(
                        number="H2", conversation=call, way="call back", reason="",
                        summary="Call Ada.", at=NOW,
                    ),
                ]
            )  # fmt: skip
        assert await CallRetention(database).forget_before(NOW + timedelta(days=1), NOW) == 1
        async with database.reading() as session:
            assert not list(await session.scalars(select(Effect)))
            hand_offs = list(await session.scalars(select(HandOff).order_by(HandOff.number)))
            mine = [one.summary for one in hand_offs if one.conversation == call]
            assert mine == ["", "Call Ada."]

    on(url, work)


def test_words_of_a_call_whose_record_was_lost_do_not_stay(url: str) -> None:
    async def work(database: Database) -> None:
        store = CallStore(database)
        kept = await keep(store, 1, "I am Ada Okafor.", "Hello, Ada.")
        await store.turn(
            "CA-lost", index=0, speaker="caller", text="I am Ada.", heard="I am Ada.",
            started=0, ended=1, interrupted=False, latency={},
        )  # fmt: skip
        await store.tool_used(
            "CA-lost", call_id="t", name="Look", args={"surname": "Okafor"}, status="ok",
            response={"say": "Hello, Ada."}, started=0, ended=1,
        )  # fmt: skip
        await CallRetention(database).forget_before(NOW - timedelta(days=1), NOW)
        assert [(one.text, one.heard) for one in await store.transcript("CA-lost")] == [("", "")]
        assert [(one.args, one.response) for one in await store.tools_used("CA-lost")] == [({}, {})]
        assert (await store.transcript(kept))[0].text == "I am Ada Okafor."

    on(url, work)
