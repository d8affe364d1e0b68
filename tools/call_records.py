"""Keeps the record of calls: who called, what was said and heard, which tools were used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from tools.call_names import conversation_names
from tools.database import Database, insert_once
from tools.models import (
    CallRecord,
    QualityReport,
    ReplyRecord,
    TakeRecord,
    ToolUseRecord,
    TurnRecord,
)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line of a transcript. ``heard`` is what of it reached the traveller."""

    speaker: str
    text: str
    heard: str
    started: float


class CallStore:
    """Every method may be repeated with the same arguments without a second effect.

    All of them raise ``DatabaseUnavailable`` when the database does not answer.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def opened(
        self, conversation: str, *, door: str, caller: str, model: str, at: datetime
    ) -> None:
        """A call began. Of ``caller`` (a number) only the last four digits are kept."""
        async with self._database.writing() as session:
            await insert_once(
                session,
                CallRecord,
                conversation=conversation,
                door=door,
                caller=caller[-4:],
                model=model,
                opened_at=at,
                reason="",
                seconds=0.0,
                prompt_tokens=0,
                response_tokens=0,
            )

    async def turn(
        self,
        conversation: str,
        *,
        index: int,
        speaker: str,
        text: str,
        heard: str,
        started: float,
        ended: float,
        interrupted: bool,
        latency: Mapping[str, float],
        response: int = 0,
        sound: Mapping[str, float] | None = None,
    ) -> None:
        """One person's turn. Times in seconds since the call began, latency and sound in ms."""
        async with self._database.writing() as session:
            await insert_once(
                session,
                TurnRecord,
                conversation=conversation,
                position=index,
                speaker=speaker,
                text=text,
                heard=heard,
                started=started,
                ended=ended,
                interrupted=interrupted,
                latency=dict(latency),
                response=response,
                sound=dict(sound or {}),
            )

    async def reply(
        self,
        conversation: str,
        *,
        response: int,
        bar: Mapping[str, float],
        chunks: int,
        samples: int,
    ) -> None:
        """Where the time of a reply went, in ms, and how much of it went to the line."""
        async with self._database.writing() as session:
            await insert_once(
                session,
                ReplyRecord,
                conversation=conversation,
                response=response,
                bar=dict(bar),
                chunks=chunks,
                samples=samples,
            )

    async def take(self, conversation: str, **figures: Any) -> None:
        """What became of a take of Myra's sound; ``figures`` are the columns of ``takes``."""
        async with self._database.writing() as session:
            await insert_once(session, TakeRecord, conversation=conversation, **figures)

    async def quality(
        self, conversation: str, *, at: float, figures: Mapping[str, float | str]
    ) -> None:
        """What a door measured of its line ``at`` seconds after the call began."""
        async with self._database.writing() as session:
            await insert_once(
                session, QualityReport, conversation=conversation, at=at, figures=dict(figures)
            )

    async def tool_used(
        self,
        conversation: str,
        *,
        call_id: str,
        name: str,
        args: Mapping[str, Any],
        status: str,
        response: Mapping[str, Any],
        started: float,
        ended: float,
    ) -> None:
        async with self._database.writing() as session:
            await insert_once(
                session,
                ToolUseRecord,
                conversation=conversation,
                call_id=call_id,
                name=name,
                args=dict(args),
                status=status,
                response=dict(response),
                started=started,
                ended=ended,
            )

    async def closed(
        self,
        conversation: str,
        *,
        reason: str,
        seconds: float,
        prompt_tokens: int,
        response_tokens: int,
        at: datetime,
    ) -> None:
        async with self._database.writing() as session:
            await session.execute(
                update(CallRecord)
                .where(CallRecord.conversation == conversation)
                .values(
                    closed_at=at,
                    reason=reason,
                    seconds=seconds,
                    prompt_tokens=prompt_tokens,
                    response_tokens=response_tokens,
                )
            )

    async def let_go(self, conversation: str, ending: Mapping[str, Any]) -> bool:
        """How the conversation let go of its line. False if nobody knows it."""
        async with self._database.writing() as session:
            done = await session.execute(
                update(CallRecord)
                .where(CallRecord.conversation == conversation)
                .values(ending=dict(ending))
            )
            return bool(cast("CursorResult[Any]", done).rowcount)

    async def transcript(self, conversation: str) -> list[SaidLine]:
        """Who said what, in order."""
        async with self._database.reading() as session:
            turns = await session.scalars(
                select(TurnRecord)
                .where(TurnRecord.conversation == conversation)
                .order_by(TurnRecord.position)
            )
            return [SaidLine(one.speaker, one.text, one.heard, one.started) for one in turns]

    async def call(self, conversation: str) -> CallRecord | None:
        async with self._database.reading() as session:
            return await session.get(CallRecord, conversation)

    async def conversations(self, call: str) -> list[CallRecord]:
        """All conversations of a call, oldest first; more than one where its line was lost."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(CallRecord)
                .where(CallRecord.conversation.in_(conversation_names(call)))
                .order_by(CallRecord.opened_at)
            )
            return list(found)

    async def tools_used(self, conversation: str) -> list[ToolUseRecord]:
        async with self._database.reading() as session:
            used = await session.scalars(
                select(ToolUseRecord)
                .where(ToolUseRecord.conversation == conversation)
                .order_by(ToolUseRecord.id)
            )
            return list(used)
