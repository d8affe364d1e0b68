"""The browser door on a free port, served by uvicorn as in production."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from conversation.line import Ending
from conversation.records import Fact
from conversation.runtime import Observer
from media.audio import Audio
from web_demo.server.browser_line import BrowserLine
from web_demo.server.door import BrowserDoor
from web_demo.server.page import Page as BuiltPage
from web_demo.server.routes import routes
from web_demo.server.settings import WebSettings
from web_demo.server.sign_in import Gate


class Muffled:
    """A path that halves the sound, so that a test can tell that it was taken."""

    def caller(self, audio: Audio) -> Audio:
        return _half(audio)

    def myra(self, audio: Audio, *, last: bool) -> Audio:
        return _half(audio)

    def reset(self) -> None: ...


def _half(audio: Audio) -> Audio:
    values = memoryview(audio.pcm).cast("h")
    return Audio(b"".join((v // 2).to_bytes(2, "little", signed=True) for v in values), audio.rate)


@dataclass(slots=True)
class Served:
    door: BrowserDoor
    port: int
    facts: list[tuple[str, Fact]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)


Converse = Callable[[BrowserLine, list[Observer]], Awaitable[Ending]]


@asynccontextmanager
async def serving(converse: Converse, built: Path, **settings: Any) -> AsyncIterator[Served]:
    chosen = WebSettings(**{"resume_seconds": 0.4, **settings})
    clock = asyncio.get_running_loop().time
    facts: list[tuple[str, Fact]] = []
    door = BrowserDoor(
        settings=chosen,
        converse=converse,
        clock=clock,
        record=lambda name, fact: facts.append((name, fact)),
        open_phone=lambda loss, jitter: Muffled(),
        gate=Gate(chosen, clock),
    )
    config = uvicorn.Config(
        Starlette(routes=routes(door, BuiltPage(built), [], None)),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=2,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    listener = socket.create_server(("127.0.0.1", 0))
    await server.startup(sockets=[listener])
    try:
        async with door.open():
            yield Served(door, listener.getsockname()[1], facts)
    finally:
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
        await server.shutdown(sockets=[listener])
