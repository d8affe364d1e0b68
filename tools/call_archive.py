"""Reads the record of calls back: the list of them, and one with all that is known of it."""

from __future__ import annotations

import base64
import binascii
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tools.database import Database
from tools.models import (
    Base,
    CallRecord,
    QualityReport,
    ReplyRecord,
    TakeRecord,
    ToolUseRecord,
    TurnRecord,
)

MOST_CALLS = 200
# A search for more words than this is not narrowed further.
_MOST_WORDS = 8
_FIRST_WORDS = 120
R = TypeVar("R", bound=Base)


class BadCursor(ValueError):
    """The place to go on from is not one that this archive gave."""


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call in the list. ``reply_ms`` is the median of how long the traveller waited for a
    reply, None where none answered the traveller; ``first_words`` are the traveller's."""

    record: CallRecord
    turns: int
    tools: int
    interruptions: int
    reply_ms: float | None
    first_words: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """Newest first. ``next`` is the cursor of what follows, None at the end."""

    calls: tuple[CallSummary, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class CallStory:
    """One call with everything kept of it, each in its order."""

    summary: CallSummary
    turns: tuple[TurnRecord, ...]
    tools: tuple[ToolUseRecord, ...]
    replies: tuple[ReplyRecord, ...]
    takes: tuple[TakeRecord, ...]
    quality: tuple[QualityReport, ...]


class CallArchive:
    """Every method raises ``DatabaseUnavailable`` when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, *, before: str = "", door: str = "", search: str = "", limit: int = 50
    ) -> CallPage:
        """Calls of this door (any, if empty) in whose transcript every word of ``search`` stands,
        or whose id it is; after the cursor ``before``, at most ``limit``.

        Raises:
            BadCursor: ``before`` is not a cursor.
        """
        limit = max(1, min(limit, MOST_CALLS))
        query = _listed(before, door, search).limit(limit + 1)
        async with self._database.reading() as session:
            records = list(await session.scalars(query))
            shown = records[:limit]
            summaries = await _summaries(session, shown)
        more = len(records) > limit
        return CallPage(summaries, _cursor(shown[-1]) if more else None)

    async def story(self, conversation: str) -> CallStory | None:
        """A call in full; None for one that nobody knows."""
        async with self._database.reading() as session:
            record = await session.get(CallRecord, conversation)
            if record is None:
                return None
            turns = await _rows(session, TurnRecord, conversation, TurnRecord.position)
            tools = await _rows(session, ToolUseRecord, conversation, ToolUseRecord.id)
            replies = await _rows(session, ReplyRecord, conversation, ReplyRecord.response)
            takes = await _rows(session, TakeRecord, conversation, TakeRecord.take)
            quality = await _rows(session, QualityReport, conversation, QualityReport.at)
        told = [(t.speaker, t.interrupted, t.latency, t.text) for t in turns]
        summary = _summary(record, told, len(tools))
        return CallStory(summary, turns, tools, replies, takes, quality)


def _listed(before: str, door: str, search: str) -> Select[Any]:
    query = select(CallRecord).order_by(CallRecord.opened_at.desc(), CallRecord.conversation.desc())
    if door:
        query = query.where(CallRecord.door == door)
    if before:
        at, conversation = _place(before)
        query = query.where(
            CallRecord.opened_at <= at,
            or_(CallRecord.opened_at < at, CallRecord.conversation < conversation),
        )
    words = search.split()
    if words:
        said = [
            CallRecord.conversation.in_(
                select(TurnRecord.conversation).where(
                    func.lower(TurnRecord.text).contains(word.lower(), autoescape=True)
                )
            )
            for word in words[:_MOST_WORDS]
        ]
        query = query.where(or_(CallRecord.conversation == search.strip(), and_(*said)))
    return query


async def _rows(
    session: AsyncSession, table: type[R], conversation: str, order: Any
) -> tuple[R, ...]:
    key: Any = table.__table__.c.conversation
    return tuple(await session.scalars(select(table).where(key == conversation).order_by(order)))


async def _summaries(
    session: AsyncSession, records: Sequence[CallRecord]
) -> tuple[CallSummary, ...]:
    ids = [record.conversation for record in records]
    turns = await session.execute(
        select(
            TurnRecord.conversation,
            TurnRecord.speaker,
            TurnRecord.interrupted,
            TurnRecord.latency,
            func.substr(TurnRecord.text, 1, _FIRST_WORDS),
        )
        .where(TurnRecord.conversation.in_(ids))
        .order_by(TurnRecord.conversation, TurnRecord.position)
    )
    tools = await session.execute(
        select(ToolUseRecord.conversation, func.count())
        .where(ToolUseRecord.conversation.in_(ids))
        .group_by(ToolUseRecord.conversation)
    )
    told: dict[str, list[_Told]] = {one: [] for one in ids}
    for conversation, *turn in turns:
        told[conversation].append((turn[0], turn[1], turn[2], turn[3]))
    used = {conversation: int(count) for conversation, count in tools}
    return tuple(
        _summary(record, told[record.conversation], used.get(record.conversation, 0))
        for record in records
    )


_Told = tuple[str, bool, Mapping[str, Any], str]


def _summary(record: CallRecord, turns: Iterable[_Told], tools: int) -> CallSummary:
    turns = list(turns)
    waits = [
        sum(latency.values())
        for speaker, _, latency, _ in turns
        if speaker == "myra" and "first_audio" in latency
    ]
    first = next((text for speaker, _, _, text in turns if speaker == "caller" and text), "")
    return CallSummary(
        record,
        turns=len(turns),
        tools=tools,
        interruptions=sum(interrupted for _, interrupted, _, _ in turns),
        reply_ms=round(statistics.median(waits), 1) if waits else None,
        first_words=first[:_FIRST_WORDS],
    )


def _cursor(record: CallRecord) -> str:
    place = f"{record.opened_at.isoformat()} {record.conversation}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, _, conversation = base64.urlsafe_b64decode(padded).decode().partition(" ")
        moment = datetime.fromisoformat(at)
        known = moment.tzinfo is not None and moment.astimezone(UTC)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise BadCursor("this is no place in the list; begin without one") from error
    if not known or "\0" in conversation:
        raise BadCursor("this is no place in the list; begin without one")
    return known, conversation
