"""Takes what is personal out of the record of calls, and leaves the figures.

What was said and heard, what tools were asked and answered, what a colleague was told of the
caller, and the caller's number go; when a call was, how long, and how quick its replies were stays.
Bookings, calls to be made back, and changes that were cut off and wait for a person, are not the
call's and stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tools.call_names import call_of
from tools.database import Database
from tools.models import CallRecord, Effect, HandOff, ToolUseRecord, TurnRecord, Undertaking

# Calls taken at a time: other writers come in between.
BATCH = 200


class CallRetention:
    """Every method raises ``DatabaseUnavailable`` when the database does not answer; what was
    forgotten until then stays forgotten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget_before(self, moment: datetime, now: datetime) -> int:
        """Forget every call that began before ``moment``, how many there were; and whatever was
        kept of calls whose own record was lost: their age is not known, and nobody sees them."""
        total = 0
        while True:
            async with self._database.writing() as session:
                old = await session.scalars(
                    select(CallRecord.conversation)
                    .where(CallRecord.opened_at < moment, CallRecord.forgotten_at.is_(None))
                    .order_by(CallRecord.opened_at)
                    .limit(BATCH)
                )
                conversations = list(old)
                await _forget(session, conversations, now)
            total += len(conversations)
            if len(conversations) < BATCH:
                break
        async with self._database.writing() as session:
            await _forget_unlisted(session)
        return total

    async def forget(self, conversations: Sequence[str], now: datetime) -> int:
        """Forget these conversations; how many of them there are."""
        async with self._database.writing() as session:
            found = await session.scalars(
                select(CallRecord.conversation).where(CallRecord.conversation.in_(conversations))
            )
            known = list(found)
            await _forget(session, known, now)
        return len(known)


async def _forget(session: AsyncSession, conversations: Sequence[str], now: datetime) -> None:
    if not conversations:
        return
    of = conversations
    # What the tools remember belongs to the call, in whichever of its conversations it was done.
    calls = sorted({call_of(one) for one in conversations})
    await session.execute(
        update(TurnRecord).where(TurnRecord.conversation.in_(of)).values(text="", heard="")
    )
    await session.execute(
        update(ToolUseRecord).where(ToolUseRecord.conversation.in_(of)).values(args={}, response={})
    )
    await session.execute(
        update(Undertaking)
        .where(Undertaking.conversation.in_(calls), Undertaking.state == "ended")
        .values(arguments={})
    )
    await session.execute(delete(Effect).where(Effect.conversation.in_(calls)))
    await session.execute(
        update(HandOff)
        .where(HandOff.conversation.in_(calls), HandOff.way == "transfer")
        .values(summary="")
    )
    await session.execute(
        update(CallRecord)
        .where(CallRecord.conversation.in_(of))
        .values(caller="", ending=null(), forgotten_at=now)
    )


async def _forget_unlisted(session: AsyncSession) -> None:
    """A call's record is written before anything else of it: without one it was lost."""
    for table, nothing in (
        (TurnRecord, {"text": "", "heard": ""}),
        (ToolUseRecord, {"args": {}, "response": {}}),
    ):
        listed = exists().where(CallRecord.conversation == table.conversation)
        await session.execute(
            update(table).where(~listed).values(**nothing),
            execution_options={"synchronize_session": False},
        )
