"""A stand-in for Twilio's REST API: an account's numbers and SIP domains, in pages."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ACCOUNT = "AC" + "a" * 32
TOKEN = "the-account-token"
# Twilio gives at most 1000 at once; so few make the client turn pages.
MOST_AT_ONCE = 2


@dataclass(slots=True)
class Account:
    """What the account has; what it answers instead where ``refusal`` is set."""

    numbers: list[dict[str, object]] = field(default_factory=list)
    domains: list[dict[str, object]] = field(default_factory=list)
    refusal: int = 0
    url: str = ""
    pages: int = 0

    async def list_numbers(self, request: Request) -> Response:
        return self._page(request, "incoming_phone_numbers", self.numbers)

    async def list_domains(self, request: Request) -> Response:
        return self._page(request, "domains", self.domains)

    def _page(self, request: Request, key: str, items: list[dict[str, object]]) -> Response:
        given = request.headers["authorization"].removeprefix("Basic ")
        if base64.b64decode(given).decode() != f"{ACCOUNT}:{TOKEN}":
            return _error(401, 20003)
        if self.refusal:
            return _error(self.refusal, 20500)
        self.pages += 1
        size = min(int(request.query_params.get("PageSize", 50)), MOST_AT_ONCE)
        number = int(request.query_params.get("Page", 0))
        end = (number + 1) * size
        path = request.url.path
        following = f"{path}?PageSize={size}&Page={number + 1}&PageToken=PA{number + 1}"
        return JSONResponse(
            {
                key: items[number * size : end],
                "page": number,
                "page_size": size,
                "start": number * size,
                "end": min(end, len(items)) - 1,
                "uri": path,
                "first_page_uri": f"{path}?PageSize={size}&Page=0",
                "previous_page_uri": None,
                "next_page_uri": following if end < len(items) else None,
            }
        )


def _error(status: int, code: int) -> Response:
    return JSONResponse({"code": code, "message": "refused", "status": status}, status)


@asynccontextmanager
async def serve(account: Account) -> AsyncIterator[Account]:
    """Serve the account on loopback; ``url`` is where."""
    base = f"/2010-04-01/Accounts/{ACCOUNT}"
    routes = [
        Route(f"{base}/IncomingPhoneNumbers.json", account.list_numbers),
        Route(f"{base}/SIP/Domains.json", account.list_domains),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes),
        port=0,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    account.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield account
    finally:
        await server.shutdown()
