"""The far end of a browser line: a page without a screen, with the physics of a player."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from media.audio import Audio
from media.resample import convert_whole
from tests.conformance.check_line import Heard
from web_demo.server.messages import CALLER, HEADER, IN_RATE, LAST, MYRA, OUT_RATE, PCM16


@dataclass(slots=True)
class Page:
    """One tab. ``heard`` is what was played on the loop's clock, ``said`` every message,
    ``frames`` number, take and position of every frame. One that is ``polite`` closes when Myra
    has said goodbye."""

    heard: list[Heard] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    frames: list[tuple[int, int, int]] = field(default_factory=list)
    seq: int = 0
    n: int = 0
    polite: bool = True
    key: dict[str, str] = field(default_factory=dict)
    socket: ClientConnection | None = None
    _up: int = 0
    _stamp: int = 0
    _free: float = 0.0
    _ends: dict[int, float] = field(default_factory=dict)
    _marks: list[tuple[asyncio.TimerHandle, str]] = field(default_factory=list)
    _replies: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(10_000))
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _reading: asyncio.Task[None] | None = None

    async def send(self, **message: Any) -> None:
        assert self.socket
        await self.socket.send(json.dumps(message))

    async def hello(self, **more: Any) -> dict[str, Any]:
        """Say hello, or go on where the last socket was lost; the server's ``ready``."""
        resume = {"resume": {**self.key, "seq": self.seq, "n": self.n}} if self.key else {}
        hello = {"type": "hello", "proto": 1, "line": "web", "vad": True}
        self.said = [message for message in self.said if message["type"] != "ready"]
        await self.send(**{**hello, **resume, **more})
        ready = await self.told("ready")
        self.key = {"session": ready["session"], "secret": ready["secret"]}
        return ready

    async def told(self, type_: str, seconds: float = 5, **fields: Any) -> dict[str, Any]:
        """The newest message of this type with these fields, waited for."""

        def found() -> dict[str, Any] | None:
            wanted = {"type": type_, **fields}.items()
            return next((m for m in reversed(self.said) if wanted <= m.items()), None)

        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: found() is not None)
        message = found()
        assert message
        return message

    async def speak(self, audio: Audio) -> None:
        assert self.socket
        pcm = convert_whole(audio, IN_RATE).pcm
        for at in range(0, len(pcm), 640):
            await self.socket.send(self.frame(pcm[at : at + 640]))

    def frame(self, pcm: bytes) -> bytes:
        self._up += 1
        data = HEADER.pack(CALLER, PCM16, 0, 0, self._up, self._stamp) + pcm
        self._stamp += len(pcm) // 2
        return data

    async def press(self, digit: str) -> None:
        await self.send(type="dtmf", digit=digit)

    async def stall(self) -> None:
        if self._reading:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    async def vanish(self) -> None:
        assert self.socket
        self.socket.transport.abort()

    async def closed(self, seconds: float = 5) -> int:
        """Wait for the server to close; the code."""
        assert self.socket
        async with asyncio.timeout(seconds):
            await self.socket.wait_closed()
        return self.socket.close_code or 0

    async def read(self) -> None:
        assert self.socket
        with contextlib.suppress(ConnectionClosed):
            async for data in self.socket:
                async with self._news:
                    self._arrived(data)
                    self._news.notify_all()
                if self.said[-1:] and self.said[-1]["type"] == "bye" and self.polite:
                    await self.socket.close()

    async def reply(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self.send(**await self._replies.get())

    async def acknowledge(self) -> None:
        """Every message and frame so far."""
        await self.send(type="ack", seq=self.seq, n=self.n)

    def _arrived(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            self._sound(data)
            return
        message = json.loads(data)
        self.said.append(message)
        if "n" in message:
            assert message["n"] == self.n + 1, "each numbered message once and in order"
            self.n = message["n"]
        if message["type"] == "mark":
            self._mark(message["name"], message["take"])
        elif message["type"] == "clear":
            self._cleared()

    def _sound(self, data: bytes) -> None:
        kind, codec, flags, take, seq, position = HEADER.unpack_from(data)
        assert (kind, codec) == (MYRA, PCM16)
        assert seq == self.seq + 1, "no frame twice, none missing"
        self.seq = seq
        self.frames.append((seq, take, position))
        audio = Audio(data[HEADER.size :], OUT_RATE)
        assert audio.pcm or flags & LAST
        begins = max(asyncio.get_running_loop().time(), self._free)
        if audio.pcm:
            self.heard.append(Heard(begins, audio))
        self._free = begins + audio.ms / 1000

    def _mark(self, name: str, take: int) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_at(max(loop.time(), self._free), self._passed)
        self._marks.append((timer, name))

    def _passed(self) -> None:
        _, name = self._marks.pop(0)
        self._replies.put_nowait({"type": "mark", "name": name})

    def _cleared(self) -> None:
        for timer, name in self._marks:
            timer.cancel()
            self._replies.put_nowait({"type": "mark", "name": name})
        self._marks.clear()
        now = asyncio.get_running_loop().time()
        self.heard = [
            Heard(piece.at, piece.audio.slice_ms(0, 1000 * (now - piece.at)))
            for piece in self.heard
            if piece.at < now
        ]
        self._free = now

    def stop_timers(self) -> None:
        for timer, _ in self._marks:
            timer.cancel()


@asynccontextmanager
async def opened(
    port: int,
    page: Page | None = None,
    origin: str | None = None,
    cookie: str = "",
    host: str = "127.0.0.1",
) -> AsyncIterator[Page]:
    """A page with an open socket on which nothing was said yet; or the last socket of a page."""
    last = page is not None
    page = page or Page()
    plain = socket.socket()
    # A small window, so that a page which does not read is felt soon.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
    async with connect(
        f"ws://{host}:{port}/demo/socket",
        sock=plain,
        origin=f"http://127.0.0.1:{port}" if origin is None else origin,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie} if cookie else None,
        compression=None,
        max_queue=1,
        ping_interval=None,
        close_timeout=1,
    ) as connection:
        page.socket = connection
        async with asyncio.TaskGroup() as tasks:
            page._reading = tasks.create_task(page.read())
            replying = tasks.create_task(page.reply())
            try:
                yield page
            finally:
                page._reading.cancel()
                replying.cancel()
    if last:
        page.stop_timers()
