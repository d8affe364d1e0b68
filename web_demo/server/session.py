"""One page's session: the sockets that come and go on a browser line."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from web_demo.server.allowance import Allowance
from web_demo.server.browser_line import (
    BAD_INPUT,
    CANCELLED,
    DISCONNECTED,
    HUNG_UP,
    LIMIT,
    OVERRUN,
    STALLED,
    BrowserLine,
)
from web_demo.server.messages import (
    IN_RATE,
    LIMIT_REACHED,
    NOT_UNDERSTOOD,
    OUT_RATE,
    OVER,
    PROTO,
    RESTART,
    TOO_SLOW,
    Acknowledged,
    Hello,
    Message,
    NotUnderstood,
    Pinged,
    parse_frame,
    parse_text,
    written,
)
from web_demo.server.settings import WebSettings

log = logging.getLogger(__name__)

ACK_SECONDS = 0.2
FILL_SECONDS = 0.1
# How long a page may take to close after a goodbye.
PARTING_SECONDS = 3.0
CLOSE_SECONDS = 2.0
# Bytes: RFC 6455, section 5.5, leaves 123 beside the code.
LONGEST_REASON = 120
# What Myra may take to say goodbye at the session's limit.
GOODBYE_SECONDS = 20.0
MAX_BAD_MESSAGES = 20
# Marks, acknowledgements and pings of a page are some 20 a second, and after a clear some hundreds
# at once. Each is worked on and most are written into the journal.
MESSAGES_AT_ONCE, MESSAGES_PER_SECOND = 1000, 200.0
SUPERSEDED = "another page goes on with this conversation"
_CODES = {
    LIMIT: LIMIT_REACHED,
    STALLED: TOO_SLOW,
    OVERRUN: TOO_SLOW,
    CANCELLED: RESTART,
    BAD_INPUT: NOT_UNDERSTOOD,
}
# What a send raises once the peer or the server has closed.
GONE_ERRORS = (OSError, RuntimeError, WebSocketDisconnect)


@dataclass(slots=True)
class Session:
    """A line, and the one socket that carries it now."""

    line: BrowserLine
    settings: WebSettings
    clock: Callable[[], float]
    wind_up: Callable[[str], None] | None = None
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    bad: int = 0
    parting_seconds: float = PARTING_SECONDS
    _socket: WebSocket | None = None
    _lost: bool = False
    _parted: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _messages: Allowance = field(
        default_factory=lambda: Allowance(MESSAGES_AT_ONCE, MESSAGES_PER_SECOND)
    )

    def opens(self, secret: str) -> bool:
        """Whether this is the session's own page."""
        return hmac.compare_digest(self.secret.encode(), secret.encode())

    async def watch(self) -> None:
        """End the line when no socket has carried it for too long, or at the session's limit:
        politely first, where somebody can."""
        over = self.clock() + self.settings.max_seconds
        while not self.line.closed.is_set():
            self._changed.clear()
            left = over - self.clock()
            patience = left if self._socket else min(left, self.settings.resume_seconds)
            try:
                async with asyncio.timeout(max(0.0, patience)):
                    await self._changed.wait()
            except TimeoutError:
                if self.clock() < over:
                    self.line.end(DISCONNECTED)
                elif self.wind_up:
                    self.wind_up(self.line.info.id)
                    over, self.wind_up = self.clock() + GOODBYE_SECONDS, None
                else:
                    text = "This conversation has reached its time limit. Begin another one."
                    error = {"type": "error", "code": "limit", "text": text, "retry": False}
                    self.line.tell(error)
                    self.line.end(LIMIT)

    async def fill(self) -> None:
        """Listen for holes in the page's sound, as long as the line is up."""
        while not self.line.closed.is_set():
            await asyncio.sleep(FILL_SECONDS)
            self.line.fill()

    async def carry(self, socket: WebSocket, hello: Hello) -> None:
        """Be carried by this socket until it is lost or the line is over; closes it."""
        older, self._socket, self._lost = self._socket, socket, False
        if resume := hello.resume:
            self.line.outgoing.resumed(resume.seq, resume.n)
        self._changed.set()
        ready = written(self._ready(resumed=resume is not None))
        try:
            await self._exchange(socket, ready, older)
        finally:
            if self._socket is socket:
                self._socket = None
                self._parted = self.line.closed.is_set() and not self._lost
                self._changed.set()
        if self.line.closed.is_set():
            await close(socket, _CODES.get(self.line.reason, OVER), self.line.reason)

    async def part(self) -> None:
        """The line is over: wait until the page was told so, unless it is not there."""
        if self.line.reason in {DISCONNECTED, STALLED, CANCELLED}:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.parting_seconds + CLOSE_SECONDS):
                while not self._parted:
                    self._changed.clear()
                    await self._changed.wait()

    async def _exchange(self, socket: WebSocket, ready: str, older: WebSocket | None) -> None:
        """Reader, writer and acknowledgements; the first to end ends all. One that does not take
        what it is sent is not waited for: neither the socket before this one nor this one."""
        async with asyncio.TaskGroup() as tasks:
            if older:
                tasks.create_task(close(older, OVER, SUPERSEDED))
            works = [
                tasks.create_task(_until_gone(work))
                for work in (
                    self._read(socket),
                    self._write(socket, ready),
                    self._acknowledge(socket),
                    self._over(),
                )
            ]
            await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for work in works:
                work.cancel()

    async def _over(self) -> None:
        """The end of patience with a page that has been told that it is over."""
        await self.line.closed.wait()
        await asyncio.sleep(self.parting_seconds)

    async def _read(self, socket: WebSocket) -> None:
        while True:
            received = await socket.receive()
            if received["type"] == "websocket.disconnect":
                self._lost = received.get("code") != OVER
                return
            try:
                await self._received(socket, received.get("text"), received.get("bytes"))
            except NotUnderstood as error:
                self.bad += 1
                log.warning(
                    "page's message not understood",
                    extra={"call": self.line.info.id, "why": str(error)},
                )
                if self.bad > MAX_BAD_MESSAGES:
                    self.line.end(BAD_INPUT)

    async def _received(self, socket: WebSocket, text: str | None, data: bytes | None) -> None:
        if data is not None:
            self.line.hear(parse_frame(data))
            return
        if not self._messages.takes(self.clock()):
            raise NotUnderstood("messages come faster than a page sends them")
        message = parse_text(text or "")
        if isinstance(message, Pinged):
            pong = {"type": "pong", "id": message.id, "server_ms": round(1000 * self.clock())}
            await socket.send_text(written(pong))
        elif isinstance(message, Acknowledged):
            self.line.outgoing.acknowledged(message.seq, message.n)
        elif isinstance(message, Hello):
            raise NotUnderstood("a second hello")
        else:
            self.line.said(message)

    async def _write(self, socket: WebSocket, ready: str) -> None:
        """What the page is to get, in order; at the line's end the rest of it. After a goodbye
        the page closes: her last word may still be in its loudspeaker."""
        news = self.line.news
        await socket.send_text(ready)
        while self._socket is socket:
            news.clear()
            while self._socket is socket and (data := self.line.outgoing.take()) is not None:
                if isinstance(data, str):
                    await socket.send_text(data)
                else:
                    await socket.send_bytes(data)
            if self.line.closed.is_set() and self.line.reason != HUNG_UP:
                return
            await news.wait()

    async def _acknowledge(self, socket: WebSocket) -> None:
        told = 0
        while True:
            await asyncio.sleep(ACK_SECONDS)
            if self.line.heard_seq != told:
                told = self.line.heard_seq
                level = round(self.line.level_db, 1)
                await socket.send_text(written({"type": "ack", "seq": told, "level_db": level}))

    def _ready(self, *, resumed: bool) -> Message:
        return {
            "type": "ready",
            "proto": PROTO,
            "session": self.id,
            "secret": self.secret,
            "resumed": resumed,
            "in_rate": IN_RATE,
            "out_rate": OUT_RATE,
            "conversation": self.line.info.id,
            "vad": not self.settings.disable_vad,
            "limits": {"seconds": round(self.settings.max_seconds)},
        }


async def _until_gone(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(*GONE_ERRORS):
        await work


async def close(socket: WebSocket, code: int, reason: str) -> None:
    """Close the socket if it still can be. Waits little, raises nothing of the socket's."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(code, reason.encode()[:LONGEST_REASON].decode(errors="ignore"))
    except (TimeoutError, *GONE_ERRORS):
        log.debug("page's socket was gone before it was closed")
