"""The unmodified SDK against the emulator, over real sockets: turns, tools, renewal, loss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from conversation.events import (
    GenerationFinished,
    ModelAudio,
    ModelEvent,
    ModelLost,
    ModelReady,
    ToolCallRequested,
    TurnFinished,
)
from conversation.gemini.check import check_model
from conversation.gemini.client import open_client
from conversation.gemini.config import Setup
from conversation.gemini.counters import ModelCounters
from conversation.gemini.live import GeminiModel
from conversation.gemini.settings import GeminiSettings
from hotline.emulator import running_emulator
from media.audio import Audio
from tools.contract import Declaration, When

pytestmark = pytest.mark.socket

E = TypeVar("E")
TOOL = Declaration("look", "Looks.", {"type": "object", "properties": {}})


async def until(events: AsyncIterator[ModelEvent], kind: type[E]) -> E:
    async for event in events:
        if isinstance(event, kind):
            return event
    raise AssertionError("the model's events ended")


@asynccontextmanager
async def model_at(settings: GeminiSettings, counters: ModelCounters) -> AsyncIterator[GeminiModel]:
    model = GeminiModel(open_client(settings), settings, Setup("x", [TOOL]), counters=counters)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(model.run())
        try:
            yield model
        finally:
            running.cancel()


Case = Callable[[GeminiModel, AsyncIterator[ModelEvent], ModelCounters], Awaitable[None]]


def with_emulator(folder: Path, case: Case, *, model: str = "gemini-3.8-live") -> None:
    async def main() -> None:
        async with asyncio.timeout(40), running_emulator(folder, voice="tones") as emulator:
            settings = GeminiSettings(
                base_url=emulator.base_url, ca_file=emulator.ca_file, model=model
            )
            counters = ModelCounters()
            async with model_at(settings, counters) as live:
                await case(live, live.events(), counters)

    asyncio.run(main())


def test_a_text_is_answered_in_sound(tmp_path: Path) -> None:
    async def case(
        model: GeminiModel, events: AsyncIterator[ModelEvent], counters: ModelCounters
    ) -> None:
        model.send_text("hello there")
        assert (await until(events, ModelReady)).resumed is False
        first = await until(events, ModelAudio)
        assert first.audio.rate == 24000
        assert (await until(events, TurnFinished)).response == first.response

    with_emulator(tmp_path, case)


def test_what_is_said_before_the_session_opens_is_not_lost(tmp_path: Path) -> None:
    async def case(
        model: GeminiModel, events: AsyncIterator[ModelEvent], counters: ModelCounters
    ) -> None:
        for _ in range(50):
            model.send_audio(Audio.silence(20, 16000))
        model.send_text("after a second of silence")
        await until(events, ModelAudio)
        await until(events, TurnFinished)
        assert counters.audio_dropped_ms == 0

    with_emulator(tmp_path, case)


def test_a_tool_call_is_answered_by_its_id(tmp_path: Path) -> None:
    async def case(
        model: GeminiModel, events: AsyncIterator[ModelEvent], counters: ModelCounters
    ) -> None:
        model.send_text("call look {}")
        call = (await until(events, ToolCallRequested)).call
        assert call.name == "look"
        model.answer_tool("never-made", "look", {"status": "ok"}, When.IDLE)
        model.answer_tool(call.id, call.name, {"status": "ok", "say": "found"}, When.IDLE)
        await until(events, GenerationFinished)
        assert counters.unknown_answers == 1

    with_emulator(tmp_path, case)


def test_a_renewal_resumes_with_the_newest_handle(tmp_path: Path) -> None:
    async def case(
        model: GeminiModel, events: AsyncIterator[ModelEvent], counters: ModelCounters
    ) -> None:
        model.send_text("hello there")
        first = await until(events, TurnFinished)
        model.renew(resume=True, summary="")
        assert (await until(events, ModelReady)).resumed is True
        model.send_text("and again")
        assert (await until(events, ModelAudio)).response > first.response
        assert (counters.sessions, counters.resumed) == (2, 1)

    with_emulator(tmp_path, case)


def test_a_session_the_service_closes_is_reported_and_another_opens(tmp_path: Path) -> None:
    async def case(
        model: GeminiModel, events: AsyncIterator[ModelEvent], counters: ModelCounters
    ) -> None:
        lost = await until(events, ModelLost)
        assert (lost.code, lost.retry) == (1011, True)
        model.renew(resume=True, summary="We had said hello.")
        await until(events, ModelReady)
        assert counters.closes == {1011: 1}

    with_emulator(tmp_path, case, model="gemini-3.8-live+fault=close1011@0.2s")


def test_the_check_says_what_is_wrong(tmp_path: Path) -> None:
    async def main() -> None:
        nowhere = GeminiSettings(base_url="https://127.0.0.1:9", connect_seconds=5)
        finding = await check_model(nowhere)
        assert not finding.well
        assert "GEMINI_BASE_URL" in finding.mend
        async with running_emulator(tmp_path, voice="tones") as emulator:
            there = GeminiSettings(base_url=emulator.base_url, ca_file=emulator.ca_file)
            assert (await check_model(there)).well
            distrusted = GeminiSettings(base_url=emulator.base_url)
            assert not (await check_model(distrusted)).well

    asyncio.run(main())
