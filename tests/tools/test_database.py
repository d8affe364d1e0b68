"""Transactions and migrations on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, StatementError

from tools.database import Database, async_url, insert_once
from tools.migrations import is_current, upgrade
from tools.models import Airport, Base, FareRule, VerificationTry

BOSTON = {"code": "BOS", "city": "Boston", "name": "Logan", "country": "US", "timezone": "UTC"}
pytestmark: list[Any] = []  # the category comes with the database: see conftest


def test_migrations_make_exactly_the_tables_of_the_models(empty_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async def main() -> None:
        await upgrade(empty_url)
        database = Database(empty_url)
        async with database.reading() as session:
            connection = await session.connection()
            assert await connection.run_sync(differences) == []
        await database.close()

    asyncio.run(main())


def test_upgrading_is_repeatable_and_two_at_once_do_not_clash(empty_url: str) -> None:
    async def main() -> None:
        database = Database(empty_url)
        assert not await is_current(database)
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(upgrade(empty_url))
        await upgrade(empty_url)
        assert await is_current(database)
        await database.close()

    asyncio.run(main())


def test_a_failed_block_changes_nothing(empty_url: str) -> None:
    async def main() -> None:
        await upgrade(empty_url)
        database = Database(empty_url)

        async def fail() -> None:
            async with database.writing() as session:
                await insert_once(session, Airport, **BOSTON)
                raise KeyError

        with pytest.raises(KeyError):
            await fail()
        async with database.reading() as session:
            assert await session.get(Airport, "BOS") is None
        await database.close()

    asyncio.run(main())


def test_a_cancelled_transaction_leaves_the_database_usable(empty_url: str) -> None:
    async def main() -> None:
        await upgrade(empty_url)
        database = Database(empty_url, pool=2)
        for _ in range(6):
            began = asyncio.Event()

            async def hang(began: asyncio.Event) -> None:
                async with database.writing() as session:
                    await insert_once(session, Airport, **BOSTON)
                    began.set()
                    await asyncio.Event().wait()

            async with asyncio.TaskGroup() as group:
                task = group.create_task(hang(began))
                await began.wait()
                task.cancel()
        async with database.writing() as session:
            assert await insert_once(session, Airport, **BOSTON)
            assert not await insert_once(session, Airport, **BOSTON)
        await database.close()

    asyncio.run(main())


def test_foreign_keys_hold(empty_url: str) -> None:
    async def main() -> None:
        await upgrade(empty_url)
        database = Database(empty_url)
        with pytest.raises(IntegrityError):
            async with database.writing() as session:
                session.add(
                    VerificationTry(
                        conversation="c", booking_id=99, outcome="near", at=datetime.now(UTC)
                    )
                )
        await database.close()

    asyncio.run(main())


def test_instants_keep_their_zone_and_need_one(empty_url: str) -> None:
    async def main() -> None:
        await upgrade(empty_url)
        database = Database(empty_url)
        at = datetime(2026, 3, 4, 9, tzinfo=timezone(timedelta(hours=-5)))
        async with database.writing() as session:
            session.add(VerificationTry(conversation="c", outcome="near", at=at))
        async with database.reading() as session:
            kept = await session.get_one(VerificationTry, 1)
            assert kept.at == at
            assert kept.at.tzinfo is UTC
        with pytest.raises(StatementError, match="time zone"):
            async with database.writing() as session:
                session.add(
                    VerificationTry(conversation="c", outcome="near", at=datetime(2026, 3, 4))
                )
        await database.close()

    asyncio.run(main())


def test_writers_wait_for_each_other_fairly(empty_url: str) -> None:
    async def main() -> None:
        await upgrade(empty_url)
        here, there = Database(empty_url), Database(empty_url)
        async with here.writing() as session:
            session.add(_fare(0))

        async def add(database: Database) -> None:
            async with database.writing() as session:
                fare = await session.get_one(FareRule, "F", with_for_update=True)
                fare.checked_bags += 1

        async with asyncio.TaskGroup() as group:
            for database in (here, there) * 20:
                group.create_task(add(database))
        async with here.reading() as session:
            assert (await session.get_one(FareRule, "F")).checked_bags == 40
        await here.close()
        await there.close()

    asyncio.run(main())


def _fare(bags: int) -> FareRule:
    return FareRule(
        code="F",
        name="f",
        cancel_fee=None,
        change_fee=None,
        taxes_percent=0,
        cut_off_hours=0,
        checked_bags=bags,
    )


@pytest.mark.socket
def test_sqlite_runs_with_a_write_ahead_log(tmp_path: Any) -> None:
    async def main() -> None:
        database = Database(f"sqlite:///{tmp_path}/sub/folder/x.db")
        async with database.reading() as session:
            assert await session.scalar(text("pragma journal_mode")) == "wal"
            assert await session.scalar(text("pragma foreign_keys")) == 1
        await database.close()

    asyncio.run(main())


@pytest.mark.pure
@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite"),
        ("postgres://u:p@h/n", "postgresql+asyncpg"),
        ("postgresql://u:p@h/n", "postgresql+asyncpg"),
        ("postgresql+asyncpg://u@h/n", "postgresql+asyncpg"),
    ],
)
def test_urls_name_the_driver_or_leave_it_out(given: str, driver: str) -> None:
    assert async_url(given).drivername == driver


@pytest.mark.pure
def test_other_databases_are_refused_without_telling_the_password() -> None:
    with pytest.raises(ValueError, match="sqlite:///FILE") as caught:
        async_url("mysql://user:secret@host/name")
    assert "secret" not in str(caught.value)


@pytest.mark.pure
@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="outlive"):
        async_url(url)
