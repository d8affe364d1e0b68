"""The port for those who look after the hotline: ``/metrics`` for Prometheus, ``/calls`` for
``hotline top``. Nothing public is served here, and nobody public is answered."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hotline.observing.collector import Sources
from tools.database import DatabaseUnavailable

log = logging.getLogger(__name__)

# Prometheus gives a scrape ten seconds; a database that takes this long is of no use to a call.
DATABASE_SECONDS = 2.0
Answer = Callable[[Request], Awaitable[Response]]


def page(
    sources: Sources, registry: CollectorRegistry, check_database: Callable[[], Awaitable[None]]
) -> Starlette:
    """The application of that port. ``check_database`` raises ``DatabaseUnavailable``."""

    async def metrics(_: Request) -> Response:
        sources.database_up = await _answers(check_database)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    async def calls(_: Request) -> Response:
        now = sources.board.clock()
        return JSONResponse(
            {
                "version": sources.version,
                "draining": not sources.door.live.accepting,
                "capacity": sources.door.settings.max_calls,
                "ended": {
                    outcome.value: sum(
                        number
                        for (_, one), number in sources.instruments.calls.items()
                        if one is outcome
                    )
                    for outcome in sorted({one for _, one in sources.instruments.calls})
                },
                "calls": [state.shown(now) for state in sources.board],
            }
        )

    return Starlette(routes=[Route("/metrics", private(metrics)), Route("/calls", private(calls))])


def private(answer: Answer) -> Answer:
    """Answer only who asks from this machine or a private network."""

    async def asked(request: Request) -> Response:
        peer = request.client.host if request.client else ""
        if not is_private(peer):
            log.warning("a public address asked for metrics")
            return PlainTextResponse("For this machine and its own network only.", 403)
        return await answer(request)

    return asked


def is_private(host: str) -> bool:
    """Whether an address is no public one. A name is not an address."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


async def _answers(check: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            await check()
    except (DatabaseUnavailable, TimeoutError):
        return False
    return True
