"""The call record's way from the conversations into the database: a bounded queue, one writer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from conversation.records import (
    CallClosed,
    CallOpened,
    Fact,
    QualityReported,
    ReplyMeasured,
    TakePlayed,
    ToolUsed,
    TurnTaken,
)
from tools.call_records import CallStore
from tools.database import DatabaseUnavailable

log = logging.getLogger(__name__)

FACTS_WAITING = 10_000
RETRY_SECONDS = 1.0
ATTEMPTS = 30

Watcher = Callable[[str, Fact], None]


@dataclass(slots=True)
class DatabaseRecorder:
    """A ``Recorder``. Facts beyond the bound are dropped and counted, never waited for.

    ``watcher`` sees every fact as it happens: the demonstration call is printed from it.
    """

    store: CallStore
    watcher: Watcher | None = None
    dropped: int = 0
    _facts: asyncio.Queue[tuple[str, Fact, datetime]] = field(
        default_factory=lambda: asyncio.Queue(FACTS_WAITING)
    )

    def record(self, conversation: str, fact: Fact) -> None:
        if self.watcher is not None:
            self.watcher(conversation, fact)
        try:
            self._facts.put_nowait((conversation, fact, datetime.now(UTC)))
        except asyncio.QueueFull:
            self.dropped += 1
            log.error("call record dropped: the database is behind", extra={"call": conversation})

    async def run(self) -> None:
        """Write facts until cancelled."""
        while True:
            conversation, fact, at = await self._facts.get()
            try:
                await self._write(conversation, fact, at)
            finally:
                self._facts.task_done()

    async def settle(self, seconds: float) -> None:
        """Wait until all facts so far are written, at most ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._facts.join()
        except TimeoutError:
            log.error("call records not written in time", extra={"facts": self._facts.qsize()})

    async def _write(self, conversation: str, fact: Fact, at: datetime) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._store(conversation, fact, at)
            except DatabaseUnavailable as error:
                log.warning(
                    "call record waits for the database",
                    extra={"call": conversation, "attempt": attempt, "why": str(error)},
                )
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as error:
                # One fact that no database takes must not end the writer, and every call with it.
                # Its own words may be personal, and a driver's error repeats them.
                fields = {"call": conversation, "fact": type(fact).__name__}
                self.dropped += 1
                return log.error(
                    "call record refused", extra={**fields, "why": type(error).__name__}
                )
        self.dropped += 1
        log.error("call record given up", extra={"call": conversation})

    async def _store(self, conversation: str, fact: Fact, at: datetime) -> None:
        match fact:
            case CallOpened():
                await self.store.opened(
                    conversation, door=fact.door, caller=fact.caller, model=fact.model, at=at
                )
            case TurnTaken():
                await self.store.turn(
                    conversation,
                    index=fact.index,
                    speaker=fact.speaker,
                    text=fact.text,
                    heard=fact.heard,
                    started=fact.started,
                    ended=fact.ended,
                    interrupted=fact.interrupted,
                    latency=fact.latency,
                    response=fact.response,
                    sound=fact.sound,
                )
            case ReplyMeasured():
                await self.store.reply(conversation, **asdict(fact))
            case TakePlayed():
                await self.store.take(conversation, **asdict(fact))
            case QualityReported():
                await self.store.quality(conversation, **asdict(fact))
            case ToolUsed():
                await self.store.tool_used(
                    conversation,
                    call_id=fact.call_id,
                    name=fact.name,
                    args=fact.args,
                    status=fact.status,
                    response=fact.response,
                    started=fact.started,
                    ended=fact.ended,
                )
            case CallClosed():
                await self.store.closed(
                    conversation,
                    reason=fact.reason,
                    seconds=fact.seconds,
                    prompt_tokens=fact.prompt_tokens,
                    response_tokens=fact.response_tokens,
                    at=at,
                )
