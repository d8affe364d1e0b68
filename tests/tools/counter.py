"""One caller at the desk, on a real database, with stand-ins for what leaves the house."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select

from tools.contract import Caller, ToolCall, ToolResult
from tools.database import Database
from tools.declare import Shop
from tools.models import Base
from tools.queue import Desk
from tools.seams import (
    Attachment,
    BoardingPass,
    Eticket,
    NotDelivered,
    Passage,
)
from tools.settings import ToolSettings
from tools.shop import open_desk

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
"""A Wednesday: 10 AM in New York, 7 AM in San Francisco."""
R = TypeVar("R", bound=Base)


@dataclass
class KeptMail:
    """Keeps what is sent; ``broken`` makes the carrier refuse, ``gate`` makes it wait.

    ``reached`` is set once something is handed over.
    """

    sent: list[dict[str, Any]] = field(default_factory=list)
    broken: bool = False
    gate: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_email(
        self, *, key: str, to: str, subject: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> str:
        return await self._take("email", to, text, attachments)

    async def send_sms(
        self, *, key: str, to: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> str:
        return await self._take("sms", to, text, attachments)

    async def _take(self, channel: str, to: str, text: str, files: Sequence[Attachment]) -> str:
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.broken:
            raise NotDelivered("the carrier is out of order")
        self.sent.append({"channel": channel, "to": to, "text": text, "files": list(files)})
        return f"receipt {len(self.sent)}"


@dataclass
class KeptPapers:
    """Keeps what was to be printed."""

    etickets: list[Eticket] = field(default_factory=list)
    boarding_passes: list[BoardingPass] = field(default_factory=list)

    async def eticket_pdf(self, ticket: Eticket) -> bytes:
        self.etickets.append(ticket)
        return b"%PDF ticket"

    async def boarding_pass_pdf(self, boarding_pass: BoardingPass) -> bytes:
        self.boarding_passes.append(boarding_pass)
        return b"%PDF pass"


class OneArticle:
    async def search(self, question: str) -> Passage | None:
        if "bag" in question:
            return Passage("baggage", "Baggage", "One bag of up to 23 kilograms is included.")
        return None


class Clock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """A shop on a database, and the tests' hands on its parts."""

    database: Database
    mail: KeptMail
    papers: KeptPapers
    clock: Clock
    shop: Shop

    async def all(self, table: type[R], *where: Any) -> list[R]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(table).where(*where)))

    async def one(self, table: type[R], *where: Any) -> R:
        (found,) = await self.all(table, *where)
        return found


class Counter:
    """A caller who asks and waits for the answer."""

    def __init__(self, desk: Desk, task: asyncio.Task[None]) -> None:
        self.desk = desk
        self.task = task
        self._ids = count(1)
        self._results = desk.results()
        self._early: dict[str, ToolResult] = {}

    def start(self, name: str, **args: Any) -> str:
        call_id = f"call-{next(self._ids)}"
        self.desk.start(ToolCall(call_id, name, args))
        return call_id

    async def result(self, call_id: str) -> ToolResult:
        while call_id not in self._early:
            result = await anext(self._results)
            assert result.call_id not in self._early, "answered twice"
            self._early[result.call_id] = result
        return self._early[call_id]

    async def ask(self, name: str, **args: Any) -> dict[str, Any]:
        """The response to a call."""
        async with asyncio.timeout(60):
            return dict((await self.result(self.start(name, **args))).response)


@contextlib.asynccontextmanager
async def house(url: str, **settings: Any) -> AsyncIterator[House]:
    database = Database(url, wait_seconds=settings.pop("wait_seconds", 5.0))
    mail, papers, clock = KeptMail(), KeptPapers(), Clock()
    shop = Shop(database, mail, papers, OneArticle(), clock, ToolSettings(**settings))
    try:
        yield House(database, mail, papers, clock, shop)
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def caller(
    of: House, conversation: str = "c1", *, door: str = "phone", number: str = "",
    attested: bool = False,
) -> AsyncIterator[Counter]:  # fmt: skip
    """A conversation's desk at work; the caller hangs up at the end of the block."""
    desk = open_desk(Caller(conversation, door, number, attested), of.shop)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(desk.run())
        try:
            yield Counter(desk, task)
        finally:
            task.cancel()
