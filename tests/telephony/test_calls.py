"""Call control against a stand-in for Twilio's REST API, by twilio's own client."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conversation.line import After, Ending, Line
from telephony import calls
from telephony.calls import CallControl
from telephony.counters import Count, Counters
from tests.telephony.peer import dialled, permit
from tests.telephony.server import ACCOUNT, hotline, new_call, stream_signature
from tests.telephony.server import signed_settings as settings

pytestmark = pytest.mark.socket

Reply = tuple[int, dict[str, object]]
GONE: Reply = (404, {"code": 20404, "message": "not found", "status": 404})
DONE: Reply = (200, {"sid": "CA" + "0" * 32, "status": "completed"})


@dataclass(slots=True)
class RestApi:
    """Answers every update with ``answer``, after ``hold`` is set."""

    answer: Reply = DONE
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    url: str = ""

    async def update(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        secret = request.headers["authorization"].removeprefix("Basic ")
        self.asked.append((request.url.path, base64.b64decode(secret).decode(), form))
        await self.hold.wait()
        return JSONResponse(self.answer[1], self.answer[0])


@asynccontextmanager
async def rest_api(answer: Reply = DONE) -> AsyncIterator[RestApi]:
    api = RestApi(answer)
    api.hold.set()
    path = "/2010-04-01/Accounts/{account}/Calls/{call}"
    app = Starlette(routes=[Route(path, api.update, methods=["POST"])])
    config = uvicorn.Config(
        app, port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    api.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield api
    finally:
        api.hold.set()
        await server.shutdown()


@asynccontextmanager
async def control(api: RestApi, **changes: object) -> AsyncIterator[tuple[CallControl, Counters]]:
    counters = Counters()
    made = CallControl(settings(api_url=api.url, **changes), counters)
    try:
        yield made, counters
    finally:
        await made.aclose()


def test_a_call_is_ended_and_redirected(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> None:
        async with rest_api() as api, control(api) as (made, _):
            call = new_call()
            assert await made.hang_up(call)
            assert await made.redirect(call, "<Response/>")
            path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{call}.json"
            assert api.asked == [
                (path, f"{ACCOUNT}:12345", {"Status": ["completed"]}),
                (path, f"{ACCOUNT}:12345", {"Twiml": ["<Response/>"]}),
            ]

    asyncio.run(main())
    assert [r for r in caplog.records if r.name.startswith("twilio")] == []


def test_an_api_key_is_preferred() -> None:
    async def main() -> None:
        key = "SK" + "1" * 32
        async with rest_api() as api:
            async with control(api, api_key_sid=key, api_key_secret="s") as (made, _):
                assert await made.hang_up(new_call())
            assert api.asked[0][1] == f"{key}:s"
            assert ACCOUNT in api.asked[0][0]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("answer", "order", "done"),
    [
        (GONE, CallControl.hang_up, True),
        ((400, {"code": 21220, "message": "m", "status": 400}), CallControl.hang_up, True),
        ((401, {"code": 20003, "message": "m", "status": 401}), CallControl.hang_up, False),
        ((500, {"message": "m"}), CallControl.hang_up, False),
    ],
)
def test_a_call_that_is_gone_is_done_and_anything_else_is_told(
    answer: Reply, order: Callable[..., object], done: bool
) -> None:
    async def main() -> None:
        async with rest_api(answer) as api, control(api) as (made, counters):
            assert await made.hang_up(new_call()) is done
            assert counters[Count.REST_FAILED] == (not done)

    asyncio.run(main())


def test_an_api_that_hangs_or_is_not_there_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "REST_SECONDS", 0.2)

    async def main() -> None:
        async with rest_api() as api, control(api) as (made, counters):
            api.hold.clear()
            assert not await made.hang_up(new_call())
            assert counters[Count.REST_FAILED] == 1
        async with control(RestApi(url="http://127.0.0.1:9")) as (made, counters):
            assert not await made.hang_up(new_call())
            assert counters[Count.REST_FAILED] == 1

    asyncio.run(main())


def test_a_region_is_reached_by_its_edge() -> None:
    async def main() -> None:
        regional = settings(edge="dublin", region="ie1")
        made = CallControl(regional, Counters())
        client = made._open()
        assert client.get_hostname(client.api.base_url) == "https://api.dublin.ie1.twilio.com"
        await made.aclose()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("after", "orders"), [(After.GOODBYE, 1), (After.TRANSFER, 0), (After.FAILED, 0)]
)
def test_a_goodbye_ends_the_call_and_anything_else_leads_on(after: After, orders: int) -> None:
    async def converse(line: Line) -> Ending:
        return Ending(after)

    async def main() -> None:
        async with rest_api() as api, hotline(settings(api_url=api.url), converse) as up:
            call = new_call()
            permitted = await permit(up, call)
            async with dialled(up, call, stream_signature()) as peer:
                await peer.start(permitted)
                assert await peer.closed() == 1000
            assert len(api.asked) == orders

    asyncio.run(main())
