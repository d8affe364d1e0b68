"""A model talking to the scripted service of ``fake_live``, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from conversation.events import ModelLost, ModelReady
from conversation.gemini.client import open_client
from conversation.gemini.config import Setup
from conversation.gemini.counters import ModelCounters
from conversation.gemini.live import GeminiModel
from media.audio import Audio
from tests.conversation.gemini.fake_live import Act, Caller, FakeLive, fake_live

E = TypeVar("E")


class Talk:
    """A model, its events, and what it counted."""

    def __init__(self, fake: FakeLive, *, local_turns: bool = False) -> None:
        self.fake = fake
        self.counters = ModelCounters()
        setup = Setup("Be Myra.", [], local_turns=local_turns)
        client = open_client(fake.settings)
        self.model = GeminiModel(client, fake.settings, setup, counters=self.counters)
        self._events = self.model.events()

    async def next(self, kind: type[E]) -> E:
        async for event in self._events:
            if isinstance(event, kind):
                return event
            assert not isinstance(event, ModelLost), event
        raise AssertionError("the model's events ended")

    async def lost_then_renewed(self, *, resume: bool = True, summary: str = "") -> ModelReady:
        assert (await self.next(ModelLost)).retry
        self.model.renew(resume=resume, summary=summary)
        return await self.next(ModelReady)


@asynccontextmanager
async def talking(fake: FakeLive, *, local_turns: bool = False) -> AsyncIterator[Talk]:
    talk = Talk(fake, local_turns=local_turns)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(talk.model.run())
        try:
            yield talk
        finally:
            running.cancel()


Case = Callable[[Talk], Awaitable[None]]


def play(folder: Path, case: Case, *acts: Act, local_turns: bool = False, **more: Any) -> FakeLive:
    async def main() -> FakeLive:
        async with fake_live(folder, *acts, **more) as fake:
            async with talking(fake, local_turns=local_turns) as talk:
                await case(talk)
            return fake

    return asyncio.run(main())


def frame(value: int) -> Audio:
    return Audio(value.to_bytes(2, "little") * 640, 16000)


async def open_and_wait(caller: Caller) -> None:
    await caller.confirm()
    await caller.hang_on()


def closes(code: int, reason: str = "") -> Act:
    """Confirms, gives a handle, says something, and closes."""

    async def act(caller: Caller) -> None:
        await caller.confirm()
        await caller.give_handle("the handle")
        await caller.sound()
        await caller.socket.close(code, reason)

    return act
