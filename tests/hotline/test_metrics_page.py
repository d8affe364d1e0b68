"""The port for those who look after the hotline, over real sockets."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from conversation.core import Setting
from conversation.settings import TalkSettings
from hotline.observing.page import Answer, is_private, page, private
from hotline.running import metrics_listener
from hotline.serving import ServeError, listen, look_for_room, serving
from hotline.settings import load
from tests.hotline.watched import INFO, Watched, observed
from tools.database import DatabaseUnavailable

pytestmark = pytest.mark.socket


async def there() -> None: ...


async def gone() -> None:
    raise DatabaseUnavailable("no answer")


@asynccontextmanager
async def paged(check: Callable[[], Awaitable[None]] = there) -> AsyncIterator[tuple[Watched, str]]:
    seen = observed()
    listener = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with serving(page(seen.sources, seen.observation.registry, check), listener):
        yield seen, url


async def get(url: str) -> tuple[str, str]:
    """Content type and body."""

    def ask() -> tuple[str, str]:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return answer.headers["content-type"], answer.read().decode()

    return await asyncio.to_thread(ask)


def test_prometheus_reads_it() -> None:
    async def main() -> None:
        async with paged() as (_, url):
            kind, text = await get(f"{url}/metrics")
            assert kind.startswith("text/plain; version=0.0.4")
            assert "voicebot_database_up 1.0" in text

    asyncio.run(main())


def test_a_database_that_does_not_answer_is_seen_at_the_scrape() -> None:
    async def main() -> None:
        async with paged(gone) as (_, url):
            assert "voicebot_database_up 0.0" in (await get(f"{url}/metrics"))[1]

    asyncio.run(main())


def test_the_running_calls_without_their_callers() -> None:
    async def main() -> dict[str, Any]:
        async with paged() as (seen, url):
            (watcher,) = seen.observation.observers(INFO)
            watcher.began(Setting(INFO, TalkSettings(), frozenset(), {}, ""))
            text = (await get(f"{url}/calls"))[1]
            assert INFO.caller[:-2] not in text
            assert INFO.id not in text
            shown: dict[str, Any] = json.loads(text)
            return shown

    shown = asyncio.run(main())
    assert (shown["capacity"], shown["draining"], shown["version"]) == (100, False, "1.2.3")
    assert shown["ended"]["completed"] == 0
    (call,) = shown["calls"]
    assert (call["call"], call["caller"], call["doing"]) == (INFO.id[-6:], "78", "connecting")


async def answered(answer: Answer, request: Request) -> Response:
    return await answer(request)


@pytest.mark.parametrize(
    ("host", "welcome"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.4.0.7", True),
        ("100.64.3.2", True),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("testclient", False),
        ("", False),
    ],
)
def test_only_who_is_near_is_answered(host: str, welcome: bool) -> None:
    async def secret(_: Request) -> Response:
        return PlainTextResponse("numbers")

    scope: dict[str, Any] = {
        "type": "http",
        "client": (host, 1) if host else None,
        "headers": [],
        "path": "/",
    }
    answer: Response = asyncio.run(answered(private(secret), Request(scope)))
    assert (answer.status_code == 200) is welcome
    assert is_private(host) is welcome


def test_a_taken_port_costs_the_metrics_at_home_and_the_start_in_production(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        home = load({"HOTLINE_METRICS_PORT": port})
        assert metrics_listener(home) is None
        assert "no metrics and no hotline top" in caplog.text
        signed = {"TWILIO_AUTH_TOKEN": "t" * 32, "PHONE_PUBLIC_URL": "https://h.example"}
        host = {"HOTLINE_HOST": "127.0.0.1", "HOTLINE_PORT": "0"}
        production = load({"HOTLINE_METRICS_PORT": port, **signed, **host})
        for start in (metrics_listener, look_for_room):
            with pytest.raises(ServeError, match=f"HOTLINE_METRICS_PORT={port}"):
                start(production)


def test_no_port_no_metrics() -> None:
    assert metrics_listener(load({"HOTLINE_METRICS_PORT": "0"})) is None
