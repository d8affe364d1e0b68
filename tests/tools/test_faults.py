"""What goes wrong around the desk, on real databases: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.tools.counter import NOW, caller, house
from tests.tools.postgres import Cluster, cluster
from tools.contract import Status
from tools.database import Database, DatabaseUnavailable
from tools.migrations import upgrade
from tools.models import Effect, Refund, SentMessage, ServiceRequest, Undertaking
from tools.seed import seed
from tools.undertakings import left_undone

pytestmark: list[Any] = []  # the category comes with the database: see conftest

DETAILS = "Flight_Booking_Details_Agent"
CANCEL = "Booking_Cancellation_Agent"
CLAIM = "SpecialClaimAgent"
ETICKET = "Eticket_Sender_Agent"
OKAFOR = {"booking_reference": "CYM427", "surname": "Okafor"}


def test_a_change_asked_for_as_the_caller_hangs_up_is_made(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            async with caller(of) as myra:
                myra.start(CLAIM, **OKAFOR, kind="wheelchair")
                await asyncio.sleep(0)
            assert len(await of.all(ServiceRequest, ServiceRequest.kind == "wheelchair")) == 2
            kept = await of.one(Undertaking)
            assert (kept.state, kept.status, kept.tool) == ("ended", "ok", CLAIM)

    asyncio.run(main())


def test_work_that_outlives_the_hang_up_is_left_to_people(url: str) -> None:
    async def main() -> None:
        async with house(url, finish_seconds=0.2) as of:
            of.mail.gate = asyncio.Event()
            async with caller(of) as myra:
                call_id = myra.start(ETICKET, **OKAFOR)
                async with asyncio.timeout(10):
                    await of.mail.reached.wait()
            results = [one async for one in myra.desk.results()]
            assert [(one.call_id, one.status) for one in results] == [(call_id, Status.CANCELLED)]
            (undone,) = await left_undone(of.database, before=NOW)
            assert (undone.call_id, undone.state) == (call_id, "unfinished")
            assert (await of.one(SentMessage)).state == "queued"

    asyncio.run(main())


def test_work_of_a_process_that_died_is_found(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            async with of.database.writing() as session:
                session.add(
                    Undertaking(
                        conversation="gone",
                        call_id="x",
                        tool=CLAIM,
                        arguments={},
                        begun_at=NOW,
                    )
                )
            assert await left_undone(of.database, before=NOW) == []
            (lost,) = await left_undone(of.database, before=NOW + timedelta(minutes=5))
            assert lost.conversation == "gone"

    asyncio.run(main())


def test_a_request_repeated_after_a_restart_is_still_one_effect(url: str) -> None:
    async def main() -> None:
        numbers = set()
        for _ in range(2):
            async with house(url) as of, caller(of, "same call") as myra:
                told = await myra.ask(CLAIM, **OKAFOR, kind="delay", details="x")
                assert told["status"] == "refused"  # nothing done, nothing remembered
                told = await myra.ask(CLAIM, **OKAFOR, kind="baggage", details="lost")
                numbers.add(told["number"])
        assert len(numbers) == 1

    asyncio.run(main())


def test_the_same_request_at_the_same_moment_from_two_processes_is_one(url: str) -> None:
    async def main() -> None:
        async with (
            house(url) as here,
            house(url) as there,
            caller(here, "c") as one,
            caller(there, "c") as two,
        ):
            asked = {**OKAFOR, "kind": "baggage", "details": "lost"}
            # Call ids differ, as the model gives a repeated call a new one.
            two.start("Enquiry_Tool", question="bags")
            calls = [(myra, myra.start(CLAIM, **asked)) for myra in (one, two) for _ in range(3)]
            answers = [dict((await myra.result(call)).response) for myra, call in calls]
            assert len({told["number"] for told in answers}) == 1
            effects = await here.all(Effect, Effect.tool == CLAIM)
            assert len(effects) == 1

    asyncio.run(main())


@pytest.mark.socket
def test_a_locked_sqlite_file_is_waited_for_and_then_said(tmp_path: Any) -> None:
    path = tmp_path / "locked.db"

    async def main() -> None:
        await upgrade(f"sqlite:///{path}")
        async with house(f"sqlite:///{path}", wait_seconds=0.1, retry_seconds=0.05) as of:
            await seed(of.database, NOW)
            # Another process writes for a while, then goes.
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            async with caller(of) as myra:
                call_id = myra.start(DETAILS, **OKAFOR)
                await _until_away(of)
                other.execute("ROLLBACK")
                result = await myra.result(call_id)
                assert result.status is Status.OK
            other.close()

    asyncio.run(main())


async def _until_away(of: Any) -> None:
    """Until a writer has found the database locked."""
    async with asyncio.timeout(10):
        while True:
            try:
                async with of.database.writing() as session:
                    await session.execute(text("select 1"))
            except DatabaseUnavailable:
                return


@pytest.mark.postgres
def test_a_postgres_that_dies_and_comes_back_mid_call() -> None:
    async def main(server: Cluster) -> None:
        url = server.url("seeded")
        server.sql("create database seeded")
        await upgrade(url)
        async with house(url, retry_seconds=0.1, write_seconds=60) as of:
            await seed(of.database, NOW)
            async with caller(of) as myra:
                assert (await myra.ask(DETAILS, **OKAFOR))["status"] == "ok"
                quote = await myra.ask(CANCEL, **OKAFOR, action="quote")
                await asyncio.to_thread(server.stop)
                with pytest.raises(DatabaseUnavailable):
                    await of.database.check()
                # Asked while it is away, done once it is back.
                confirm = myra.start(CANCEL, **OKAFOR, action="confirm", quote_id=quote["quote_id"])
                await asyncio.sleep(0)
                await asyncio.to_thread(server.start)
                assert (await myra.result(confirm)).status is Status.OK
                assert (await myra.ask(DETAILS, **OKAFOR))["booking_status"] == "cancelled"
            refunds = await of.all(Refund, Refund.quote_id == quote["quote_id"])
            assert len(refunds) == 1

    with cluster() as server:
        asyncio.run(main(server))


def test_no_connection_left_is_said_and_mended(url: str) -> None:
    async def main() -> None:
        database = Database(url, pool=1, queue_seconds=0.2)
        try:
            async with database.reading():
                with pytest.raises(DatabaseUnavailable):
                    await database.check()
            await database.check()
        finally:
            await database.close()

    asyncio.run(main())
