"""Sound, journals and words of old calls are deleted by themselves, and one call's on demand."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline import retention
from hotline.cli import main
from hotline.retention import (
    Folders,
    Forgotten,
    Retention,
    UnderWay,
    forget_call,
)
from tests.virtual_time import run
from tools.call_records import CallStore
from tools.database import Database, DatabaseUnavailable
from tools.migrations import upgrade

pytestmark = pytest.mark.socket

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
# A shorter day: virtual time counts seconds, and a float's end is soon reached.
CALL = "CA" + "3" * 32
DAY, AGAIN = 100.0, 10.0


def files(folders: Folders, days_old: float, *names: str) -> None:
    for name in names:
        folder = folders.journals if name.endswith("jsonl") else folders.recordings
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text("x")
        at = (NOW - dt.timedelta(days=days_old)).timestamp()
        os.utime(path, (at, at))


def left(folders: Folders) -> set[str]:
    return {path.name for path in folders.files()}


Work = Callable[[Database, CallStore, Folders], Awaitable[None]]


def on(tmp_path: Path, work: Work) -> None:
    async def prepared() -> None:
        url = f"sqlite:///{tmp_path / 'calls.db'}"
        await upgrade(url)
        database = Database(url)
        await work(database, CallStore(database), Folders.below(tmp_path))
        await database.close()

    asyncio.run(prepared())


async def opened(store: CallStore, name: str, days_old: float, *, closed: bool = True) -> None:
    at = NOW - dt.timedelta(days=days_old)
    await store.opened(name, door="phone", caller="+14155550101", model="m", at=at)
    if closed:
        await store.closed(name, reason="", seconds=1, prompt_tokens=0, response_tokens=0, at=at)


def test_what_is_older_than_the_days_to_keep_goes(tmp_path: Path) -> None:
    async def work(database: Database, store: CallStore, folders: Folders) -> None:
        files(folders, 31, "CA1.wav", "CA1.incomplete", "20260501T120000000000_CA1.jsonl")
        files(folders, 29, "CA2.wav", "20260503T120000000000_CA2.jsonl")
        (folders.recordings / "notes.txt").write_text("not ours")
        os.utime(folders.recordings / "notes.txt", (0, 0))
        await opened(store, "CA1", 31)
        await opened(store, "CA2", 29)
        keeping = Retention(database, folders, 30, lambda: NOW)
        assert await keeping.once() == Forgotten(calls=1, files=3)
        assert left(folders) == {"CA2.wav", "20260503T120000000000_CA2.jsonl"}
        assert (folders.recordings / "notes.txt").exists()
        assert await keeping.once() == Forgotten(0, 0)
        assert keeping.forgotten == Forgotten(1, 3)
        later = Retention(database, folders, 30, lambda: NOW + dt.timedelta(days=2))
        assert await later.once() == Forgotten(1, 2)

    on(tmp_path, work)


def test_a_file_that_is_gone_already_stops_nothing(tmp_path: Path) -> None:
    async def work(database: Database, store: CallStore, folders: Folders) -> None:
        files(folders, 31, "CA1.wav", "CA2.wav")
        (folders.recordings / "CA0.wav").symlink_to(tmp_path / "gone")
        await opened(store, "CA1", 31)
        keeping = Retention(database, folders, 30, lambda: NOW)
        assert await keeping.once() == Forgotten(calls=1, files=2)

    on(tmp_path, work)


def test_one_call_goes_at_once_and_no_other(tmp_path: Path) -> None:
    async def work(database: Database, store: CallStore, folders: Folders) -> None:
        mine = ["CA1.wav", "CA1.2.wav", "CA1.2.incomplete", "20260501T120000000000_CA1.jsonl"]
        others = {"CA11.wav", "xCA1.wav", "20260501T120000000000_x_CA1.jsonl"}
        files(folders, 1, *mine, *others)
        await opened(store, "CA1", 1, closed=False)
        assert await forget_call(database, folders, "CA1", NOW) == Forgotten(1, 4)
        assert left(folders) == others
        assert await forget_call(database, folders, "CA-nobody", NOW) == Forgotten(0, 0)

    on(tmp_path, work)


@pytest.mark.parametrize("named", [CALL, f"{CALL}-2"])
def test_a_call_that_came_back_is_forgotten_whole(tmp_path: Path, named: str) -> None:
    async def work(database: Database, store: CallStore, folders: Folders) -> None:
        mine = [f"{CALL}.wav", f"{CALL}-2.wav", f"20260501T120000000000_{CALL}-2.jsonl"]
        files(folders, 1, *mine, "CA9-2.wav")
        await opened(store, CALL, 1)
        await opened(store, f"{CALL}-2", 1)
        assert await forget_call(database, folders, named, NOW) == Forgotten(2, 3)
        assert left(folders) == {"CA9-2.wav"}
        await opened(store, f"{CALL}-3", 0.01, closed=False)
        with pytest.raises(UnderWay):
            await forget_call(database, folders, named, NOW)

    on(tmp_path, work)


def test_a_call_under_way_is_left_alone(tmp_path: Path) -> None:
    async def work(database: Database, store: CallStore, folders: Folders) -> None:
        files(folders, 0, "CA1.wav")
        await opened(store, "CA1", 0.01, closed=False)
        with pytest.raises(UnderWay):
            await forget_call(database, folders, "CA1", NOW)
        assert left(folders) == {"CA1.wav"}

    on(tmp_path, work)


class _Looks(Retention):
    """Says when it looked; ``away`` looks meet a database that does not answer."""

    def __init__(self, folder: Path, days: int, away: int = 0) -> None:
        database = Database(f"sqlite:///{folder / 'x.db'}")
        super().__init__(database, Folders.below(folder), days, lambda: NOW)
        self.at: list[float] = []
        self.away = away

    async def once(self) -> Forgotten:
        self.at.append(asyncio.get_running_loop().time())
        if len(self.at) <= self.away:
            raise DatabaseUnavailable("away")
        return Forgotten(0, 0)


@pytest.mark.parametrize(
    ("days", "away", "looks"),
    [
        (30, 0, [0, DAY, 2 * DAY]),
        (30, 1, [0, AGAIN, AGAIN + DAY, AGAIN + 2 * DAY]),
        (0, 0, []),
    ],
)
def test_it_looks_at_the_start_and_daily(
    tmp_path: Path, days: int, away: int, looks: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "DAY_SECONDS", DAY)
    monkeypatch.setattr(retention, "AGAIN_SECONDS", AGAIN)

    async def looked() -> list[float]:
        looking = _Looks(tmp_path, days, away)
        try:
            async with asyncio.timeout(2.5 * DAY):
                await looking.run()
        except TimeoutError:
            pass
        return looking.at

    assert run(looked()) == pytest.approx(looks, abs=1)


def test_the_command_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(database: Database, store: CallStore, folders: Folders) -> None:
        files(folders, 1, "CA1.wav", "20260501T120000000000_CA1.jsonl")
        await opened(store, "CA1", 1)
        await store.opened("CA2", door="phone", caller="", model="m", at=dt.datetime.now(dt.UTC))

    on(tmp_path, work)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'calls.db'}")

    def forgets(call: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["forget", call])
        return done.exit_code, done.output

    code, said = forgets("CA1")
    assert code == 0
    assert said.endswith("CA1 is forgotten: its words in the database and 2 files.\n")
    assert forgets("nobody")[0] == 1
    code, said = forgets("CA2")
    assert code == 1
    assert "under way" in said
