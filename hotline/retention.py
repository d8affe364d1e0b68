"""What calls leave behind is kept for a while and then deleted: sound, journals, words."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from conversation.file_names import file_stem
from hotline.errors import database_url_named
from tools.call_names import call_of
from tools.call_records import CallStore
from tools.call_retention import CallRetention
from tools.database import Database, DatabaseUnavailable
from tools.settings import ToolSettings

log = logging.getLogger(__name__)

DAY_SECONDS = 86_400.0
# A database that was away is tried again sooner than the next day.
AGAIN_SECONDS = 3600.0
# A call without an end that began this long ago was cut off; a younger one may be under way.
LONGEST_CALL = dt.timedelta(hours=4)
_OURS = (".wav", ".incomplete", ".jsonl")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where calls' files are, below the data folder."""

    recordings: Path
    journals: Path

    @classmethod
    def below(cls, data: Path) -> Folders:
        return cls(data / "recordings", data / "journals")

    def files(self) -> Iterator[Path]:
        """Every call's files, and nothing that is not ours."""
        for folder in (self.recordings, self.journals):
            if folder.is_dir():
                yield from (path for path in folder.iterdir() if path.suffix in _OURS)

    def of(self, conversation: str) -> list[Path]:
        """One call's files."""
        stem = file_stem(conversation)
        named = re.compile(rf"(\d+T\d+_)?{re.escape(stem)}(\.\d+)?\.(wav|incomplete|jsonl)")
        return [path for path in self.files() if named.fullmatch(path.name)]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted."""

    calls: int
    files: int


class Retention:
    """Deletes what is older than ``days`` (0: nothing ever is). ``clock`` gives the present."""

    def __init__(
        self, database: Database, folders: Folders, days: int, clock: Callable[[], dt.datetime]
    ) -> None:
        self.forgotten = Forgotten(0, 0)
        self._calls = CallRetention(database)
        self._folders = folders
        self._days = days
        self._clock = clock

    async def run(self) -> None:
        """Look at once and then daily, until cancelled."""
        while self._days:
            pause = DAY_SECONDS
            try:
                await self.once()
            except (DatabaseUnavailable, OSError) as error:
                log.error("old calls not deleted", extra={"why": str(error)})
                pause = AGAIN_SECONDS
            await asyncio.sleep(pause)

    async def once(self) -> Forgotten:
        """Delete what is too old now; how much that was. ``forgotten`` adds up.

        Raises:
            DatabaseUnavailable: the files are gone, some of the words are not.
            OSError: a file cannot be deleted.
        """
        now = self._clock()
        oldest = now - dt.timedelta(days=self._days)
        old = await asyncio.to_thread(_delete_before, self._folders, oldest)
        calls = await self._calls.forget_before(oldest, now)
        before = self.forgotten
        self.forgotten = Forgotten(before.calls + calls, before.files + old)
        if old or calls:
            log.info("old calls deleted", extra={"calls": calls, "files": old})
        return Forgotten(calls, old)


def _delete_before(folders: Folders, oldest: dt.datetime) -> int:
    """By when a file was last written: a call's last moment."""
    gone = 0
    for path in folders.files():
        # Another process with the same folder may have been quicker.
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest.timestamp():
                path.unlink()
                gone += 1
    return gone


class UnderWay(Exception):
    """The call is not over: its files would be written on."""


async def forget_call(
    database: Database, folders: Folders, conversation: str, now: dt.datetime
) -> Forgotten:
    """Delete one call's personal content at once: all of its conversations, whichever is named.

    Raises:
        UnderWay: it may not be over yet.
        DatabaseUnavailable: nothing was deleted.
    """
    call = call_of(conversation)
    records = await CallStore(database).conversations(call)
    for one in records:
        if one.closed_at is None and now - one.opened_at < LONGEST_CALL:
            raise UnderWay(one.conversation)
    names = sorted({call, conversation, *(one.conversation for one in records)})
    known = await CallRetention(database).forget(names, now)
    files = [path for name in names for path in await asyncio.to_thread(folders.of, name)]
    for path in files:
        path.unlink(missing_ok=True)
    log.info("call forgotten", extra={"call": call, "files": len(files)})
    return Forgotten(known, len(files))


async def forget(settings: ToolSettings, data: Path, conversation: str) -> Forgotten:
    """``hotline forget``: see ``forget_call``."""
    with database_url_named():
        database = Database(settings.database_url, pool=1)
    try:
        now = dt.datetime.now(dt.UTC)
        return await forget_call(database, Folders.below(data), conversation, now)
    finally:
        await database.close()
