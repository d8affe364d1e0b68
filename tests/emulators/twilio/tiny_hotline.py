"""A hotline of a hundred lines, for the caller to be tried on: real HTTP, a real socket.

It greets with a tone, answers speech with a tone, stops when it is spoken over, and says
goodbye at ``#``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from emulators.twilio.loudness import frame_peak_db
from media.g711 import pcm_to_ulaw
from media.tones import tone

GREETING = pcm_to_ulaw(tone((440,), 600, 8000).pcm)
REPLY = pcm_to_ulaw(tone((660,), 500, 8000).pcm)
CHUNK = 800
LOUD_DB = -35.0
ENDPOINT_FRAMES = 10  # 200 ms of silence end the caller's turn

Talk = Callable[["Conversation"], Awaitable[None]]


@dataclass
class TinyHotline:
    """What the hotline does, and what it has seen. ``twiml`` gets the stream's address."""

    talk: Talk
    twiml: str = (
        '<Response><Connect action="/after"><Stream url="{stream}">'
        '<Parameter name="token" value="a&amp;b"/></Stream></Connect></Response>'
    )
    after: str = "<Response><Hangup/></Response>"
    content_type: str = "text/xml"
    status: int = 200
    url: str = ""
    forms: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    upgrades: list[dict[str, str]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/voice", self._voice, methods=["GET", "POST"]),
                Route("/after", self._after, methods=["GET", "POST"]),
                Route("/status", self._after, methods=["POST"]),
                WebSocketRoute("/media", self._media),
            ]
        )

    async def _voice(self, request: Request) -> Response:
        await self._note(request)
        stream = self.url.replace("http", "ws").replace("/voice", "/media")
        text = self.twiml.replace("{stream}", stream)
        return Response(text, self.status, media_type=self.content_type)

    async def _after(self, request: Request) -> Response:
        await self._note(request)
        return Response(self.after, media_type="text/xml")

    async def _note(self, request: Request) -> None:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.forms.append((request.url.path, form, dict(request.headers)))

    async def _media(self, socket: WebSocket) -> None:
        self.upgrades.append(dict(socket.headers))
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            await self.talk(Conversation(self, socket))
            await socket.close()


class Conversation:
    """One stream, seen from the hotline."""

    def __init__(self, hotline: TinyHotline, socket: WebSocket) -> None:
        self.hotline = hotline
        self.socket = socket
        self.sid = ""
        self.pending: list[str] = []

    async def receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self.socket.receive_text())
        self.hotline.messages.append(message)
        if message["event"] == "start":
            self.sid = message["streamSid"]
        elif message["event"] == "mark":
            self.pending.remove(message["mark"]["name"])
        return message

    async def until(self, event: str) -> dict[str, Any]:
        while (message := await self.receive())["event"] != event:
            pass
        return message

    async def send(self, event: str, **fields: object) -> None:
        await self.socket.send_text(json.dumps({"event": event, "streamSid": self.sid, **fields}))

    async def speak(self, ulaw: bytes, name: str) -> None:
        """All at once, as a model faster than time does, a mark after every 100 ms."""
        for at in range(0, len(ulaw), CHUNK):
            payload = b64encode(ulaw[at : at + CHUNK]).decode()
            await self.send("media", media={"payload": payload})
            mark = f"{name}:{at + CHUNK}"
            self.pending.append(mark)
            await self.send("mark", mark={"name": mark})


async def converse(conversation: Conversation) -> None:
    """Greeting, replies, barge-in, goodbye."""
    await conversation.until("start")
    await conversation.speak(GREETING, "greeting")
    turns = quiet = 0
    heard = False
    while True:
        message = await conversation.receive()
        if message["event"] == "stop" or message.get("dtmf", {}).get("digit") == "#":
            return
        if message["event"] != "media":
            continue
        loud = frame_peak_db(b64decode(message["media"]["payload"])) > LOUD_DB
        if loud and not heard and conversation.pending:
            await conversation.send("clear")
        heard, quiet = heard or loud, 0 if loud else quiet + 1
        if heard and quiet == ENDPOINT_FRAMES:
            heard, turns = False, turns + 1
            await conversation.speak(REPLY, f"reply{turns}")


@contextlib.asynccontextmanager
async def serving(hotline: TinyHotline) -> AsyncIterator[TinyHotline]:
    """The hotline on a free port of this machine."""
    config = uvicorn.Config(hotline.app(), log_config=None, lifespan="off", ws_ping_interval=None)
    server = uvicorn.Server(config)
    # Named TCP, or asyncio leaves Nagle's algorithm on: 40 ms a request.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        hotline.url = f"http://127.0.0.1:{listening.getsockname()[1]}/voice"
        async with asyncio.TaskGroup() as group:
            serve = group.create_task(server.serve([listening]))
            while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
                await asyncio.sleep(0)
            try:
                yield hotline
            finally:
                server.should_exit = True
                await asyncio.wait([serve])
