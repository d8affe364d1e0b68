"""The whole house, spoken to from a browser: conversation, resume, the calls' list, drain."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hotline.house import House, open_house
from hotline.running import serving_house
from hotline.settings import Settings, load
from tests.web_demo.server.page import Page, opened
from web_demo.server.messages import RESTART

pytestmark = pytest.mark.socket

SILENCE = bytes(640)


def settings(folder: Path, **more: str) -> Settings:
    return load(
        {
            "HOTLINE_DATA_FOLDER": str(folder),
            "HOTLINE_PORT": "0",
            "HOTLINE_METRICS_PORT": "0",
            "HOTLINE_EMULATOR_VOICE": "tones",
            **more,
        }
    )


async def get(port: int, path: str) -> Any:
    def ask() -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return json.loads(answer.read())

    return await asyncio.to_thread(ask)


@asynccontextmanager
async def microphone(page: Page) -> AsyncIterator[None]:
    """Frames of silence, as fast as sound is; and what a page acknowledges."""

    async def capture() -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while page.socket:
            await page.socket.send(page.frame(SILENCE))
            await page.acknowledge()
            due += 0.02
            captured = asyncio.Event()
            loop.call_at(due, captured.set)
            await captured.wait()

    async with asyncio.TaskGroup() as tasks:
        capturing = tasks.create_task(capture())
        yield
        capturing.cancel()


async def heard_out(page: Page, response: int) -> dict[str, Any]:
    """A reply's end, as QA are told of it."""
    return await page.told("turn", seconds=20, response=response)


def run(scene: Callable[[House, int], Awaitable[None]], configured: Settings) -> None:
    async def main() -> None:
        async with open_house(configured) as house, serving_house(house) as port:
            await scene(house, port)

    asyncio.run(main())


def test_a_conversation_by_browser_from_hello_to_the_list_of_calls(tmp_path: Path) -> None:
    async def scene(house: House, port: int) -> None:
        async with opened(port) as page:
            ready = await page.hello(line="pstn")
            async with microphone(page):
                greeting = await heard_out(page, 1)
                assert greeting["heard_text"]
                assert (await get(port, "/readyz"))["calls"] == 1
                await page.send(type="text", id="1", text="What is the status of my flight?")
                said = await page.told("transcript", who="caller", final=True)
                assert said["text"] == "What is the status of my flight?"
                await page.told("take", seconds=10, response=2)
            await page.vanish()
        async with opened(port, page), microphone(page):
            assert (await page.hello())["resumed"]
            reply = await heard_out(page, 2)
            assert not reply["interrupted"]
            await page.send(type="bye")
            assert await page.closed() == 1000
        async with asyncio.timeout(10):
            while len(house.browser):  # noqa: ASYNC110
                await asyncio.sleep(0)
        await house.recorder.settle(5)
        (call,) = (await get(port, "/demo/api/calls"))["calls"]
        assert (call["id"], call["door"]) == (ready["conversation"], "browser")
        assert call["first_words"] == "What is the status of my flight?"
        detail = await get(port, f"/demo/api/calls/{call['id']}")
        assert (await get(port, "/demo/api/me"))["emulated"] is True
        assert detail["model"] == "Gemini Live emulator"
        assert [turn["speaker"] for turn in detail["transcript"]] == ["myra", "caller", "myra"]
        assert [line["response"] for line in detail["audit"]] == [1, 2]

    run(scene, settings(tmp_path))


def test_a_drain_waits_for_browser_calls_and_then_asks_the_page_to_come_back(
    tmp_path: Path,
) -> None:
    """The model is not reached: nothing but the page keeps the call."""

    async def main() -> None:
        nobody = {"GEMINI_BASE_URL": "https://127.0.0.1:9", "HOTLINE_DRAIN_SECONDS": "0.4"}
        async with open_house(settings(tmp_path, **nobody)) as house:
            serving = serving_house(house)
            port = await serving.__aenter__()
            async with opened(port) as page:
                await page.hello()
                async with asyncio.TaskGroup() as tasks:
                    leaving = tasks.create_task(serving.__aexit__(None, None, None))
                    await asyncio.sleep(0)
                    assert not house.browser.accepting
                    assert not leaving.done()
                    assert await page.closed() == RESTART

    asyncio.run(main())
