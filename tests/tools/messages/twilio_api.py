"""Twilio's Messages API on loopback, by its wire format: a form in, JSON out."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

ACCOUNT = "AC" + "a" * 32
TOKEN = "auth-token"
MESSAGE = "SM" + "b" * 32


@dataclass
class MessagesApi:
    """What it was asked, and what it answers where that is not the usual."""

    status: int = 201
    answer: dict[str, Any] | str | None = None
    silent: bool = False
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def create(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.asked.append({key: str(value) for key, value in form.items()})
        token = request.headers["Authorization"].removeprefix("Basic ")
        self.users.append(base64.b64decode(token).decode())
        if self.silent:
            await self.closing.wait()
        if isinstance(self.answer, str):
            return web.Response(status=self.status, text=self.answer)
        if self.answer is not None:
            return web.json_response(self.answer, status=self.status)
        return web.json_response(self._made(form), status=self.status)

    def _made(self, form: Any) -> dict[str, Any]:
        """A message resource as the API shows it right after it was made."""
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": form["Body"],
            "date_created": "Wed, 04 Mar 2026 15:00:00 +0000",
            "date_sent": None,
            "date_updated": "Wed, 04 Mar 2026 15:00:00 +0000",
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": MESSAGE,
            "status": "queued",
            "subresource_uris": {},
            "to": form["To"],
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{MESSAGE}.json",
        }


def error(code: int, status: int, message: str) -> dict[str, Any]:
    return {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


@contextlib.asynccontextmanager
async def messages_api(api: MessagesApi) -> AsyncIterator[MessagesApi]:
    app = web.Application()
    app.router.add_post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", api.create)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    api.url = f"http://{host}:{port}"
    try:
        yield api
    finally:
        api.closing.set()
        await runner.cleanup()
