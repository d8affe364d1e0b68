"""Changes that were promised to a traveller and cut off: told at start, listed for people."""

from __future__ import annotations

import datetime as dt
import logging

from rich.console import Console
from rich.table import Table

from hotline.errors import database_url_named
from tools.database import Database
from tools.models import Undertaking
from tools.settings import ToolSettings
from tools.undertakings import left_undone, looked_after

log = logging.getLogger(__name__)

# Longer than any change may run, also in another process: what is older has been lost.
LOST_AFTER = dt.timedelta(minutes=10)


async def report(database: Database, now: dt.datetime) -> int:
    """Log how many there are; what and whose they are is for those who look."""
    undone = await left_undone(database, now - LOST_AFTER)
    if undone:
        log.warning(
            "changes were promised and not finished; list them with: hotline unfinished",
            extra={"changes": len(undone)},
        )
    return len(undone)


async def look(settings: ToolSettings, number: int | None) -> int:
    """Print what is unfinished, after marking ``number`` as seen to. The exit code: 0 nothing is
    left, 1 something is, 2 there is no such number."""
    with database_url_named():
        database = Database(settings.database_url, pool=1)
    try:
        now, console = dt.datetime.now(dt.UTC), Console()
        if number is not None and not await looked_after(database, number, now):
            console.print(f"No unfinished change has the number {number}.")
            return 2
        undone = await left_undone(database, now - LOST_AFTER)
        console.print(shown(undone) if undone else "Nothing is unfinished.")
        return 1 if undone else 0
    finally:
        await database.close()


def shown(undone: list[Undertaking]) -> Table:
    """A table for people who mend them. Arguments stay in the database: they are personal."""
    table = Table("number", "begun", "tool", "call", "state", "why")
    for one in undone:
        begun = f"{one.begun_at:%Y-%m-%d %H:%M}"
        table.add_row(str(one.id), begun, one.tool, one.conversation, one.state, one.status)
    return table
