"""The phone door behind a real server on loopback, and plain requests to it."""

from __future__ import annotations

import asyncio
import http.client
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import uvicorn
from starlette.applications import Starlette
from twilio.request_validator import RequestValidator

from conversation.events import LineClosed
from conversation.line import Ending, Line
from telephony.door import PhoneDoor, open_door
from telephony.listening import tune
from telephony.routes import routes
from telephony.settings import PhoneSettings

ACCOUNT = "AC" + "0" * 32
TOKEN = "12345"
PUBLIC = "https://hotline.example"


def new_call() -> str:
    return "CA" + uuid.uuid4().hex


def signed_settings(**changes: Any) -> PhoneSettings:
    return PhoneSettings(
        **{"account_sid": ACCOUNT, "auth_token": TOKEN, "public_url": PUBLIC, **changes}
    )


async def listen(line: Line) -> Ending:
    """The least of conversations: hear everything until the line closes."""
    async for event in line.events():
        if isinstance(event, LineClosed):
            return Ending(reason=event.reason)
    raise AssertionError("the line's events ended without LineClosed")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    content_type: str


@dataclass(slots=True)
class Hotline:
    """A running door."""

    door: PhoneDoor
    port: int

    @property
    def stream_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/twilio/media"

    def count(self, name: str) -> int:
        return self.door.counters.snapshot()[name]

    async def counted(self, name: str, seconds: float = 5) -> None:
        """Wait until something was counted."""
        async with asyncio.timeout(seconds):
            while not self.count(name):  # noqa: ASYNC110
                await asyncio.sleep(0)

    async def post(
        self, path: str, form: Mapping[str, str] | str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        body = form if isinstance(form, str) else urlencode(form)
        sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return await asyncio.to_thread(self._post, path, body, sent)

    def _post(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            kind = response.headers.get("content-type", "")
            return Answer(response.status, response.read().decode(), kind)
        finally:
            connection.close()

    async def webhook(self, path: str, call: str, **fields: str) -> Answer:
        """A webhook as Twilio sends it, signed where signatures are checked."""
        form = {"CallSid": call, "AccountSid": ACCOUNT, **fields}
        return await self.post(path, form, signed(path, form))


def signed(path: str, form: Mapping[str, str], token: str = TOKEN) -> dict[str, str]:
    signature = RequestValidator(token).compute_signature(PUBLIC + path, dict(form))
    return {"X-Twilio-Signature": signature}


def stream_signature(token: str = TOKEN) -> dict[str, str]:
    url = urlsplit(PUBLIC)._replace(scheme="wss").geturl() + "/twilio/media"
    return {"x-twilio-signature": RequestValidator(token).compute_signature(url, {})}


@asynccontextmanager
async def hotline(
    settings: PhoneSettings | None = None,
    converse: Callable[[Line], Awaitable[Ending]] = listen,
    **changes: Any,
) -> AsyncIterator[Hotline]:
    """The door on a free port, served by uvicorn as in production."""
    settings = settings or PhoneSettings(**changes)
    door = open_door(settings, converse, asyncio.get_running_loop().time)
    config = uvicorn.Config(
        Starlette(routes=routes(door)),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=128 * 1024,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=2,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    listener = socket.create_server(("127.0.0.1", 0))
    tune(listener)
    await server.startup(sockets=[listener])
    try:
        yield Hotline(door, listener.getsockname()[1])
    finally:
        for line in list(door.live.lines.values()):
            line.end("test over")
        for connection in list(server.server_state.connections):
            # One that is closing towards a peer that does not read would close for long.
            if connection.transport.is_closing():
                connection.transport.abort()
        await asyncio.sleep(0)
        await server.shutdown(sockets=[listener])
        await door.aclose()
