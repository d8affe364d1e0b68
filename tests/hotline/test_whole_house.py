"""A whole hotline, called by telephone: its metrics, its list of calls and its trace are wired."""

from __future__ import annotations

import asyncio
import json
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotline.house import open_house
from hotline.running import serving_house
from hotline.settings import Settings, load
from tests.hotline.collector import Received, attributes, collecting
from tests.telephony.peer import calling
from tests.telephony.server import Hotline

pytestmark = pytest.mark.socket

CALL = "CA" + "5e" * 16


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def settings(folder: Path, metrics: int, collector: str) -> Settings:
    """A hotline whose model is not reached: the call is a short one."""
    return load(
        {
            "HOTLINE_DATA_FOLDER": str(folder),
            "HOTLINE_PORT": "0",
            "HOTLINE_METRICS_PORT": str(metrics),
            "HOTLINE_VERSION": "4f2a91c",
            "GEMINI_BASE_URL": f"https://127.0.0.1:{free_port()}",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
        }
    )


async def get(port: int, path: str) -> str:
    def ask() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            text: str = answer.read().decode()
            return text

    return await asyncio.to_thread(ask)


async def until(port: int, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What /calls says once that is so."""
    async with asyncio.timeout(10):
        shown = json.loads(await get(port, "/calls"))
        while not wanted(shown):
            shown = json.loads(await get(port, "/calls"))
    return dict(shown)


async def called(folder: Path, collector: str) -> tuple[dict[str, Any], str]:
    """The list of calls during a call, and the scrape after it."""
    port = free_port()
    async with (
        open_house(settings(folder, port, collector)) as house,
        serving_house(house) as served,
    ):
        async with calling(Hotline(house.door, served), CALL, From="+4915112345678") as peer:
            during = await until(port, lambda shown: len(shown["calls"]) == 1)
            await peer.hang_up()
            await until(port, lambda shown: not shown["calls"])
        return during, await get(port, "/metrics")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, Received]:
    with collecting() as collected:
        during, scrape = asyncio.run(called(tmp_path_factory.mktemp("house"), collected.url))
    return during, scrape, collected


Seen = tuple[dict[str, Any], str, Received]


def test_the_call_is_on_the_list(seen: Seen) -> None:
    during, _, _ = seen
    (call,) = during["calls"]
    assert (call["call"], call["channel"], call["caller"]) == (CALL[-6:], "phone", "78")
    assert call["doing"] == "connecting"
    assert during["version"] == "4f2a91c"


def test_the_call_is_in_the_metrics(seen: Seen) -> None:
    _, scrape, _ = seen
    for line in (
        'voicebot_calls_total{channel="phone",outcome="caller_hangup"} 1.0',
        "voicebot_database_up 1.0",
        "voicebot_draining 0.0",
        'voicebot_active_calls{channel="phone"} 0.0',
        'voicebot_phone_events_total{kind="streams_opened"} 1.0',
    ):
        assert line in scrape
    assert 'voicebot_build_info{python="' in scrape
    assert 'version="4f2a91c"} 1.0' in scrape
    assert 'voicebot_tool_calls_total{outcome="ok",tool="Enquiry_Tool"} 0.0' in scrape


def test_its_trace_was_delivered_before_the_process_ended(seen: Seen) -> None:
    _, _, collected = seen
    root = attributes(collected.one("invoke_agent"))
    assert root["gen_ai.conversation.id"] == CALL
    assert root["voicebot.outcome"] == "caller_hangup"
    assert b"4915112345678" not in collected.raw
