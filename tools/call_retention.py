"""Takes what is personal out of the record of calls, and leaves the figures.

What was said and heard, what tools were asked and answered, and the caller's number go; when a
call was, how long, and how quick its replies were stays. Bookings, and changes that were cut off
and wait for a person, are not the call's and stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tools.database import Database
from tools.models import CallRecord, ToolUseRecord, TurnRecord, Undertaking

# Calls taken at a time: other writers come in between.
BATCH = 200


class CallRetention:
    """Every method raises ``DatabaseUnavailable`` when the database does not answer; what was
    forgotten until then stays forgotten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget_before(self, moment: datetime, now: datetime) -> int:
        """Forget every call that began before ``moment``; how many there were."""
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
                return total

    async def forget(self, conversation: str, now: datetime) -> bool:
        """Forget one call; False if there is none of that id."""
        async with self._database.writing() as session:
            if await session.get(CallRecord, conversation) is None:
                return False
            await _forget(session, [conversation], now)
        return True


async def _forget(session: AsyncSession, conversations: Sequence[str], now: datetime) -> None:
    if not conversations:
        return
    of = conversations
    await session.execute(
        update(TurnRecord).where(TurnRecord.conversation.in_(of)).values(text="", heard="")
    )
    await session.execute(
        update(ToolUseRecord).where(ToolUseRecord.conversation.in_(of)).values(args={}, response={})
    )
    await session.execute(
        update(Undertaking)
        .where(Undertaking.conversation.in_(of), Undertaking.state == "ended")
        .values(arguments={})
    )
    await session.execute(
        update(CallRecord)
        .where(CallRecord.conversation.in_(of))
        .values(caller="", ending=null(), forgotten_at=now)
    )
