"""The desk's diary in the database: changes begun, ended, and left unfinished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from tools.contract import Status
from tools.database import Database, insert_once
from tools.declare import Clock, Deed
from tools.models import Undertaking


class Undertakings:
    """Implements the queue's ``Diary``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, deed: Deed, arguments: Mapping[str, Any]) -> None:
        async with self._database.writing() as session:
            await insert_once(
                session,
                Undertaking,
                conversation=deed.caller.conversation,
                call_id=deed.call_id,
                tool=deed.tool,
                arguments=dict(arguments),
                state="begun",
                status="",
                begun_at=deed.now,
            )

    async def end(self, deed: Deed, status: Status) -> None:
        await self._close(deed, "ended", status.value)

    async def unfinished(self, deed: Deed, why: str) -> None:
        await self._close(deed, "unfinished", why)

    async def _close(self, deed: Deed, state: str, status: str) -> None:
        async with self._database.writing() as session:
            await session.execute(
                update(Undertaking)
                .where(*_of(deed))
                .values(state=state, status=status, ended_at=self._clock())
            )


def _of(deed: Deed) -> tuple[Any, Any]:
    return (
        Undertaking.conversation == deed.caller.conversation,
        Undertaking.call_id == deed.call_id,
    )


async def left_undone(database: Database, before: datetime) -> list[Undertaking]:
    """Changes that a person must look after: cut off, or begun before ``before`` and never ended.

    ``before`` should lie further back than any change may run, so that none in progress in
    another process is taken for lost.
    """
    lost = and_(Undertaking.state == "begun", Undertaking.begun_at < before)
    async with database.reading() as session:
        found = await session.scalars(
            select(Undertaking)
            .where(or_(Undertaking.state == "unfinished", lost))
            .order_by(Undertaking.id)
        )
        return list(found)


async def looked_after(database: Database, number: int, now: datetime) -> bool:
    """A person has seen to this change; False when no unfinished one has the number."""
    async with database.writing() as session:
        found = await session.get(Undertaking, number)
        if found is None or found.state not in ("begun", "unfinished"):
            return False
        found.state, found.ended_at = "looked_after", now
        return True
