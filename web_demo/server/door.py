"""What the browser door's pages share: the conversations under way, and how many may begin."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from conversation.line import After, Ending, LineInfo
from conversation.records import Fact
from conversation.runtime import Observer
from web_demo.server.browser_line import CANCELLED, DISCONNECTED, BrowserLine
from web_demo.server.insight import InsightObserver
from web_demo.server.messages import IN_RATE, Hello, LineChosen
from web_demo.server.paths import OpenPhonePath
from web_demo.server.quota import Quota
from web_demo.server.session import Session
from web_demo.server.settings import WebSettings
from web_demo.server.sign_in import Gate

log = logging.getLogger(__name__)

# Sessions that are over; a page that missed the end is told so, and does not begin another one.
REMEMBERED = 1000

Converse = Callable[[BrowserLine, list[Observer]], Awaitable[Ending]]


class Full(Exception):
    """No conversation can begin now; says why, for the page. ``retry``: soon one may."""

    def __init__(self, code: str, text: str, *, retry: bool) -> None:
        super().__init__(text)
        self.code = code
        self.retry = retry


@dataclass(slots=True)
class BrowserDoor:
    """The door's memory and its way inside.

    ``converse`` holds a whole conversation on a line, with these observers, and answers how it
    let go; ``clock`` counts seconds from anywhere; ``record`` keeps facts of a conversation;
    ``open_phone`` makes the telephone's path for the phone-line mode; ``wind_up`` asks the
    conversation of this id to end politely; ``emulated``: an emulator answers, not the model.
    """

    settings: WebSettings
    converse: Converse
    clock: Callable[[], float]
    record: Callable[[str, Fact], None]
    open_phone: OpenPhonePath
    gate: Gate
    wind_up: Callable[[str], None] | None = None
    emulated: bool = False
    accepting: bool = True
    failed: int = 0
    _tasks: asyncio.TaskGroup | None = None
    _sessions: dict[str, Session] = field(default_factory=dict)
    _quota: Quota = field(init=False)
    _over: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self._quota = Quota(self.settings.calls_per_hour, self.settings.minutes_per_day)

    def __len__(self) -> int:
        return len(self._sessions)

    @property
    def sessions(self) -> Mapping[str, Session]:
        """The sessions under way, by id."""
        return MappingProxyType(self._sessions)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Pages may come while the block runs; leaving it ends what is still under way."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                yield
            finally:
                self.accepting = False
                for session in self._sessions.values():
                    session.line.end(CANCELLED)

    def begin(self, hello: Hello, visitor: str) -> Session:
        """A new conversation for a visitor's page.

        Raises:
            Full: the server is about to stop, too many are under way, or a limit is reached.
        """
        self._admit(visitor)
        name = f"web-{secrets.token_hex(8)}"
        info = LineInfo(
            id=name,
            door="browser",
            input_rate=IN_RATE,
            has_keypad=True,
            can_type=True,
            echo_cancelled=hello.aec,
        )
        line = BrowserLine(
            info,
            self.settings,
            self.clock,
            lambda fact: self.record(name, fact),
            self.open_phone,
        )
        line.said(LineChosen(type="line", mode=hello.line))
        session = Session(line, self.settings, self.clock, self.wind_up)
        self._sessions[session.id] = session
        assert self._tasks is not None, "the door is not open"  # noqa: S101
        self._tasks.create_task(self._hold(session), name=f"browser {name}")
        log.info("browser line opened", extra={"call": name, "line": hello.line})
        return session

    def is_over(self, session_id: str) -> bool:
        """Whether this session came to its end, lately."""
        return session_id in self._over

    def find(self, session_id: str, secret: str) -> Session | None:
        """The session that a page wants to go on with, if it is that page's."""
        session = self._sessions.get(session_id)
        return session if session and session.opens(secret) else None

    def welcomes(self, origin: str, host: str) -> bool:
        """Whether a page of this origin may open a socket: ours, and no other site's."""
        if not origin:
            return False
        if ours := self.settings.public_url:
            return origin == ours
        try:
            return urlsplit(origin).netloc == host
        except ValueError:
            return False

    def _admit(self, visitor: str) -> None:
        if not self.accepting:
            raise Full("restarting", "The server is about to restart.", retry=True)
        if len(self._sessions) >= self.settings.calls_at_once:
            text = f"All {self.settings.calls_at_once} lines are busy. Try again in a few minutes."
            raise Full("busy", text, retry=False)
        now = self.clock()
        if refusal := self._quota.refusal(visitor, now):
            raise Full("limit", refusal, retry=False)
        self._quota.begun(visitor, now)

    async def _hold(self, session: Session) -> None:
        """One conversation, from here until page and Myra have let go of each other."""
        line, began = session.line, self.clock()
        observer = InsightObserver(line.tell)
        try:
            async with asyncio.TaskGroup() as tasks:
                watching = [tasks.create_task(session.watch()), tasks.create_task(session.fill())]
                line.hang_up(await self._converse(line, [observer]))
                for watch in watching:
                    watch.cancel()
                await session.part()
        finally:
            line.end(CANCELLED)
            line.reports.finish()
            self._quota.held(self.clock() - began, self.clock())
            del self._sessions[session.id]
            if line.reason not in {DISCONNECTED, CANCELLED}:
                self._over.append(session.id)

    async def _converse(self, line: BrowserLine, observers: list[Observer]) -> Ending:
        try:
            return await self.converse(line, observers)
        except Exception:
            self.failed += 1
            log.exception("conversation failed", extra={"call": line.info.id})
            text = "Something went wrong here. Begin another conversation."
            line.tell({"type": "error", "code": "failed", "text": text, "retry": False})
            return Ending(After.FAILED, "conversation failed")
