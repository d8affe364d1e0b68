"""Changes that were cut off are told at start and listed until a person has seen to them."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.cli import main
from hotline.unfinished import report
from tools.database import Database
from tools.migrations import is_behind, upgrade
from tools.models import Undertaking

pytestmark = pytest.mark.socket

LONG_AGO = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)


async def cut_off(url: str) -> int:
    """A database with one change that a crash interrupted; what the start says of it."""
    await upgrade(url)
    database = Database(url, pool=1)
    try:
        async with database.writing() as session:
            session.add(
                Undertaking(
                    conversation="CA1",
                    call_id="fc-1",
                    tool="DateChangeAgent",
                    arguments={"surname": "Okafor"},
                    begun_at=LONG_AGO,
                )
            )
        return await report(database, LONG_AGO + dt.timedelta(hours=1))
    finally:
        await database.close()


def test_a_cut_off_change_is_listed_until_it_was_looked_after(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert asyncio.run(cut_off(url)) == 1
    assert "hotline unfinished" in caplog.text
    listed = CliRunner().invoke(main, ["unfinished"])
    assert listed.exit_code == 1
    assert "DateChangeAgent" in listed.output
    assert "Okafor" not in listed.output
    assert CliRunner().invoke(main, ["unfinished", "--looked-after", "7"]).exit_code == 2
    done = CliRunner().invoke(main, ["unfinished", "--looked-after", "1"])
    assert (done.exit_code, done.output.strip()) == (0, "Nothing is unfinished.")


def test_a_database_that_lacks_migrations_is_behind_and_a_newer_one_is_not(tmp_path: Path) -> None:
    async def run() -> None:
        url = f"sqlite:///{tmp_path}/b.db"
        database = Database(url, pool=1)
        try:
            assert await is_behind(database)
            await upgrade(url)
            assert not await is_behind(database)
            async with database.writing() as session:
                connection = await session.connection()
                await connection.exec_driver_sql("update alembic_version set version_num = 'f00'")
            assert not await is_behind(database), "a newer program upgraded it"
        finally:
            await database.close()

    asyncio.run(run())
