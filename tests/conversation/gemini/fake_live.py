"""A Live server that does exactly what a test tells it, over loopback TLS: for faults.

A test hands over one coroutine per connection; each gets a ``Caller``, the other end of one
socket, with the setup already read.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from conversation.gemini.settings import GeminiSettings
from emulators.gemini.certificates import Certificates, make_certificates


@dataclass(slots=True)
class Caller:
    """The service's end of one connection. ``got`` is every message but the setup."""

    socket: ServerConnection
    setup: dict[str, Any]
    got: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, message: dict[str, Any]) -> None:
        """Send a message as the service does: JSON in a binary frame."""
        await self.socket.send(orjson.dumps(message))

    async def confirm(self) -> None:
        await self.say({"setupComplete": {}})

    async def sound(self, pcm: bytes = b"\1\0") -> None:
        data = base64.b64encode(pcm).decode()
        blob = {"mimeType": "audio/pcm;rate=24000", "data": data}
        await self.say({"serverContent": {"modelTurn": {"parts": [{"inlineData": blob}]}}})

    async def give_handle(self, handle: str) -> None:
        await self.say({"sessionResumptionUpdate": {"newHandle": handle, "resumable": True}})

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = orjson.loads(await self.socket.recv())
        self.got.append(message)
        return message

    async def hear_sound(self) -> bytes:
        """The sound of the next message, which must be sound."""
        message = await self.hear()
        return base64.b64decode(message["realtime_input"]["audio"]["data"])

    async def hear_text(self) -> str:
        """The next realtime text, sound before it passed over."""
        while True:
            text = (await self.hear()).get("realtime_input", {}).get("text")
            if text is not None:
                return str(text)

    async def hang_on(self) -> None:
        """Read until the client goes."""
        try:
            while True:
                await self.hear()
        except ConnectionClosed:
            return

    @property
    def closed_with(self) -> int | None:
        """The code the client closed with."""
        return self.socket.protocol.close_rcvd.code if self.socket.protocol.close_rcvd else None


Act = Callable[[Caller], Awaitable[None]]


@dataclass(slots=True)
class FakeLive:
    """``acts`` are played one a connection; ``statuses`` refuse as many upgrades before."""

    settings: GeminiSettings
    callers: list[Caller] = field(default_factory=list)
    refused: int = 0


@asynccontextmanager
async def fake_live(
    folder: Path, *acts: Act, statuses: tuple[int, ...] = (), **settings: Any
) -> AsyncIterator[FakeLive]:
    """Serve the acts; leaving waits for the connections to end.

    Raises:
        AssertionError: (from an act) wrapped in an exception group.
    """
    certificates: Certificates = make_certificates(folder)
    waiting, refusals = list(acts), list(statuses)
    failures: list[BaseException] = []

    def admit(connection: ServerConnection, request: Request) -> Response | None:
        if not refusals:
            return None
        fake.refused += 1
        return connection.respond(HTTPStatus(refusals.pop(0)), "")

    async def answer(socket: ServerConnection) -> None:
        caller = Caller(socket, orjson.loads(await socket.recv())["setup"])
        fake.callers.append(caller)
        try:
            await waiting.pop(0)(caller)
        except ConnectionClosed:
            pass
        except (AssertionError, KeyError, IndexError) as error:
            failures.append(error)

    async with serve(
        answer,
        "127.0.0.1",
        0,
        ssl=certificates.server_context(),
        process_request=admit,
        ping_interval=None,
        compression=None,
        close_timeout=1,
    ) as server:
        port = server.sockets[0].getsockname()[1]
        at = {"base_url": f"https://127.0.0.1:{port}", "ca_file": certificates.authority}
        fake = FakeLive(GeminiSettings(**{**at, "connect_seconds": 3.0, **settings}))
        async with asyncio.timeout(20):
            yield fake
    if failures:
        raise failures[0]
