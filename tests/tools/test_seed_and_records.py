"""The demonstration's data, and the record of calls, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.tools.counter import NOW, caller, house
from tools.call_records import CallStore
from tools.database import Database
from tools.migrations import upgrade
from tools.models import Booking, CallRecord, Effect, Flight, Refund, ServiceRequest
from tools.models.money import RefundStage
from tools.names import letters
from tools.seed import PLANS, qa_table, seed

pytestmark: list[Any] = []  # the category comes with the database: see conftest


def test_the_seed_covers_every_branch(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            bookings = await of.all(Booking)
            assert len(bookings) == len(PLANS) >= 36
            fares = Tally(one.fare_code for one in bookings)
            assert set(fares) == {
                "FLEX",
                "STANDARD",
                "SAVER",
                "BASIC",
                "HOTEL_FLEX",
                "HOTEL_SAVER",
            }
            stages = {one.stage for one in await of.all(Refund)}
            assert stages == set(RefundStage)
            assert {one.kind for one in await of.all(ServiceRequest)} >= {
                "wheelchair",
                "baggage",
                "legal name",
                "meal",
            }
            contacts = {(bool(one.email), bool(one.phone)) for one in bookings}
            assert len(contacts) == 4
            assert {one.currency for one in bookings} == {"USD", "GBP"}
            statuses = {one.status for one in await of.all(Flight)}
            assert statuses == {"on time", "delayed", "cancelled"}

    asyncio.run(main())


def test_every_demonstration_booking_can_be_looked_up(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            for plan in PLANS:
                surname = plan.people[0].partition(",")[0].partition(" ")[2]
                told = await myra.ask(
                    "Flight_Booking_Details_Agent",
                    booking_reference=" ".join(plan.reference),
                    surname=surname,
                )
                assert told["status"] == "ok", plan.reference
                assert len(told["passengers"]) == len(plan.people)
                assert letters(surname) in letters(told["say"])

    asyncio.run(main())


def test_seeding_again_leaves_work_alone_unless_asked(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            async with caller(of) as myra:
                given = {"booking_reference": "EHX307", "surname": "Miller"}
                await myra.ask("NameCorrectionAgent", **given, corrected_name="John")
            assert not await seed(of.database, NOW)
            assert (await of.one(Booking, Booking.reference == "EHX307")).version == 2
            later = NOW + timedelta(days=3)
            assert await seed(of.database, later, anew=True)
            assert (await of.one(Booking, Booking.reference == "EHX307")).version == 1
            assert await of.all(Effect) == []

    asyncio.run(main())


@pytest.mark.parametrize("hour", [0, 4, 12, 23])
def test_the_seed_works_at_any_hour(empty_url: str, hour: int) -> None:
    async def main() -> None:
        await upgrade(empty_url)
        async with house(empty_url) as of:
            of.clock.now = NOW.replace(hour=hour)
            assert await seed(of.database, of.clock.now)
            async with caller(of) as myra:
                for reference, surname, word in (
                    ("BCP613", "Lindqvist", "checked in"),
                    ("EKP281", "Kramer", "closed"),
                    ("CYM427", "Okafor", "opens"),
                ):
                    told = await myra.ask(
                        "Webcheckin_And_Boarding_Pass_Agent",
                        booking_reference=reference,
                        surname=surname,
                    )
                    assert word in told["say"], reference

    asyncio.run(main())


@pytest.mark.pure
def test_the_table_for_qa_names_every_booking() -> None:
    table = qa_table()
    for plan in PLANS:
        assert f"| {plan.reference} |" in table
    widths = {line.count("|") for line in table.splitlines()}
    assert widths == {8}


@pytest.mark.pure
def test_the_seed_needs_a_zone(tmp_path: Path) -> None:
    async def main() -> None:
        database = Database(f"sqlite:///{tmp_path}/x.db")
        with pytest.raises(ValueError, match="time zone"):
            await seed(database, datetime(2026, 3, 4))
        await database.close()

    asyncio.run(main())


def test_a_call_is_recorded_with_its_transcript(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            store = CallStore(of.database)
            opened: dict[str, Any] = {
                "door": "phone",
                "caller": "+14155550101",
                "model": "m",
                "at": NOW,
            }
            turn: dict[str, Any] = {
                "index": 0,
                "speaker": "myra",
                "text": "Welcome to Cymbol Travels.",
                "heard": "Welcome to",
                "started": 0.5,
                "ended": 1.5,
                "interrupted": True,
                "latency": {"heard": 420.0},
            }
            used: dict[str, Any] = {
                "call_id": "1",
                "name": "End_Call_Tool",
                "args": {"reason": "x"},
                "status": "ok",
                "response": {"say": "y"},
                "started": 2.0,
                "ended": 2.1,
            }
            for _ in range(2):  # a writer that tries again does no harm
                await store.opened("c1", **opened)
                await store.turn("c1", **turn)
                await store.tool_used("c1", **used)
                await store.closed(
                    "c1",
                    reason="hang up",
                    seconds=12.5,
                    prompt_tokens=10,
                    response_tokens=20,
                    at=NOW + timedelta(seconds=13),
                )
            (line,) = await store.transcript("c1")
            assert (line.speaker, line.heard) == ("myra", "Welcome to")
            call = await of.one(CallRecord)
            assert (call.caller, call.reason, call.response_tokens) == ("0101", "hang up", 20)
            (tool,) = await store.tools_used("c1")
            assert tool.args == {"reason": "x"}
            assert await store.call("nobody") is None

    asyncio.run(main())
