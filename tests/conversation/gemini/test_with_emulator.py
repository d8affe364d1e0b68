"""The unmodified SDK against the emulator, over real sockets: turns, tools, renewal, faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from conversation.events import (
    CallerWords,
    GenerationFinished,
    ModelAudio,
    ModelEvent,
    ModelInterrupted,
    ModelLeaving,
    ModelLost,
    ModelReady,
    ModelWords,
    ToolCallRequested,
    TurnFinished,
    UsageReported,
)
from conversation.gemini.check import check_model
from conversation.gemini.client import open_client
from conversation.gemini.config import Setup
from conversation.gemini.counters import ModelCounters
from conversation.gemini.live import GeminiModel
from conversation.gemini.settings import GeminiSettings
from emulators.gemini.tone_voice import bursts
from media.audio import Audio
from media.resample import convert_whole
from tests.emulators.gemini.live import emulator, silence, speech
from tools.contract import Declaration, When

pytestmark = pytest.mark.socket

E = TypeVar("E")
TOOL = Declaration("look", "Looks.", {"type": "object", "properties": {"x": {"type": "string"}}})
DEADLINE = 20.0


class Talk:
    """A model on the emulator and everything it has told."""

    def __init__(self, settings: GeminiSettings, *, local_turns: bool) -> None:
        self.settings = settings
        self.counters = ModelCounters()
        setup = Setup("Be Myra.", [TOOL], local_turns=local_turns)
        client = open_client(settings)
        self.model = GeminiModel(client, settings, setup, counters=self.counters)
        self.told: list[ModelEvent] = []
        self._events = self.model.events()

    async def until(self, kind: type[E]) -> E:
        async for event in self._events:
            self.told.append(event)
            if isinstance(event, kind):
                return event
        raise AssertionError("the model's events ended")

    def say(self, words: str) -> None:
        """Speak to the model in frames of 20 ms, and be silent long enough to end the turn."""
        rate = self.settings.input_rate
        pcm = silence(100) + speech(words) + silence(600)
        sound = convert_whole(Audio(pcm, 16000), rate) if rate != 16000 else Audio(pcm, 16000)
        for start in range(0, sound.samples * 1000 // rate, 20):
            self.model.send_audio(sound.slice_ms(start, start + 20))

    def sound(self, response: int) -> list[int]:
        """The numbers of the tone words heard in a reply."""
        parts = [e.audio.pcm for e in self.told if isinstance(e, ModelAudio)]
        of = [e.response for e in self.told if isinstance(e, ModelAudio)]
        pcm = b"".join(part for part, number in zip(parts, of, strict=True) if number == response)
        return [burst.number for burst in bursts(np.frombuffer(pcm, "<i2"), 24000)]

    def words(self, kind: type[CallerWords | ModelWords]) -> str:
        return "".join(e.text for e in self.told if isinstance(e, kind))


@asynccontextmanager
async def running(talk: Talk) -> AsyncIterator[Talk]:
    async with asyncio.TaskGroup() as tasks:
        run = tasks.create_task(talk.model.run())
        try:
            yield talk
        finally:
            run.cancel()


Case = Callable[[Talk], Awaitable[None]]


def on_emulator(
    folder: Path, case: Case, faults: str = "", *, local_turns: bool = False, **settings: Any
) -> None:
    async def main() -> None:
        async with asyncio.timeout(DEADLINE), emulator(folder, faults) as live:
            at = {"base_url": f"https://127.0.0.1:{live.port}", "ca_file": folder / "ca.pem"}
            chosen = GeminiSettings(**{**at, "silence_ms": 200, **settings})
            async with running(Talk(chosen, local_turns=local_turns)) as talk:
                await case(talk)

    asyncio.run(main())


async def answered(talk: Talk) -> None:
    """A spoken turn is heard, answered in sound and words, and ends in order."""
    talk.say("#7 #200 #31")
    done = await talk.until(TurnFinished)
    assert done.response == 1
    assert talk.words(CallerWords) == talk.words(ModelWords) == "#7 #200 #31"
    assert talk.sound(1) == [7, 200, 31]
    kinds = [type(event) for event in talk.told]
    assert kinds[0] is ModelReady
    assert kinds.index(CallerWords) < kinds.index(ModelAudio) < kinds.index(GenerationFinished)
    assert (await talk.until(UsageReported)).response_tokens > 0


@pytest.mark.parametrize("faults", ["", "odd", "bundle", "usageonly", "setupdelay=200ms", "text"])
def test_a_spoken_turn_whatever_the_manners_of_the_service(tmp_path: Path, faults: str) -> None:
    on_emulator(tmp_path, answered, faults)


@pytest.mark.parametrize(
    "settings",
    [
        {"input_rate": 8000},
        {"chunk_ms": 100},
        {"model": "gemini-3.1-flash-live-preview"},
        {"model": "gemini-3.8-live-extended-thinking"},
        {"model": "gemini-2.5-flash-native-audio-preview-12-2025"},
        {"tool_behaviour": "blocking"},
    ],
)
def test_every_setting_is_one_the_service_takes(tmp_path: Path, settings: dict[str, Any]) -> None:
    on_emulator(tmp_path, answered, **settings)


def test_local_turns_are_marked_by_us(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        await talk.until(ModelReady)
        talk.model.begin_activity()
        talk.say("#5 #6")
        talk.model.end_activity()
        await talk.until(TurnFinished)
        assert talk.words(CallerWords) == "#5 #6"
        talk.model.send_text("speak one two")
        await talk.until(TurnFinished)
        assert talk.words(ModelWords).endswith("one two")

    on_emulator(tmp_path, case, local_turns=True)


def test_a_text_interrupts_and_the_dead_reply_stays_dead(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        talk.model.send_text("say 20 seconds")
        first = await talk.until(ModelAudio)
        talk.model.send_text("speak stop")
        assert (await talk.until(ModelInterrupted)).response == first.response
        cut = len(talk.told)
        assert (await talk.until(GenerationFinished)).response == first.response + 1
        later = {e.response for e in talk.told[cut:] if isinstance(e, ModelAudio)}
        assert later == {first.response + 1}

    on_emulator(tmp_path, case)


@pytest.mark.parametrize("behaviour", ["non_blocking", "blocking"])
def test_a_tool_call_is_answered_by_its_id(tmp_path: Path, behaviour: str) -> None:
    async def case(talk: Talk) -> None:
        talk.model.send_text('call look {"x": "1"}')
        call = (await talk.until(ToolCallRequested)).call
        assert (call.name, call.args) == ("look", {"x": "1"})
        talk.model.answer_tool("never-made", "look", {"status": "ok"}, When.IDLE)
        talk.model.answer_tool(call.id, call.name, {"status": "ok", "say": "found"}, When.IDLE)
        while "result look say status" not in talk.words(ModelWords):
            await talk.until(GenerationFinished)
        assert talk.counters.unknown_answers == 1

    on_emulator(tmp_path, case, tool_behaviour=behaviour)


def test_what_is_said_before_the_session_opens_is_not_lost(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        talk.say("#9 #8")
        await talk.until(TurnFinished)
        assert talk.words(CallerWords) == "#9 #8"
        assert talk.counters.audio_dropped_ms == 0

    on_emulator(tmp_path, case, "setupdelay=700ms")


def test_a_renewal_resumes_with_the_newest_handle(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        talk.model.send_text("hello there")
        first = await talk.until(UsageReported)
        talk.model.renew(resume=True, summary="")
        assert (await talk.until(ModelReady)).resumed is True
        talk.model.send_text("and again")
        assert (await talk.until(ModelAudio)).response == 2
        assert (talk.counters.sessions, talk.counters.resumed) == (2, 1)
        assert first

    on_emulator(tmp_path, case)


def test_a_leaving_session_is_renewed_in_time(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        assert 0 < (await talk.until(ModelLeaving)).seconds <= 60
        talk.model.renew(resume=True, summary="")
        await talk.until(ModelReady)
        assert not any(isinstance(event, ModelLost) for event in talk.told)

    on_emulator(tmp_path, case, model="gemini-3.8-live+fault=goaway=30s@0.1s")


@pytest.mark.parametrize(("fault", "code"), [("close1011", 1011), ("drop", 1006)])
def test_a_session_that_ends_is_reported_and_another_opens(
    tmp_path: Path, fault: str, code: int
) -> None:
    async def case(talk: Talk) -> None:
        lost = await talk.until(ModelLost)
        assert (lost.code, lost.retry) == (code, True)
        talk.model.renew(resume=True, summary="We had said hello.")
        await talk.until(ModelReady)
        assert talk.counters.closes == {code: 1}

    on_emulator(tmp_path, case, model=f"gemini-3.8-live+fault={fault}@0.2s")


def test_an_interruption_out_of_nothing_leaves_the_session_usable(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        talk.model.send_text("speak one")
        assert (await talk.until(ModelInterrupted)).response == 1
        await talk.until(UsageReported)
        talk.model.send_text("speak two")
        while "two" not in talk.words(ModelWords):
            await talk.until(TurnFinished)

    on_emulator(tmp_path, case, "phantom@turn1")


def test_the_check_says_what_is_wrong(tmp_path: Path) -> None:
    async def main() -> None:
        nowhere = GeminiSettings(base_url="https://127.0.0.1:9", connect_seconds=5)
        finding = await check_model(nowhere)
        assert not finding.well
        assert "GEMINI_BASE_URL" in finding.mend
        async with emulator(tmp_path) as live:
            there = GeminiSettings(
                base_url=f"https://127.0.0.1:{live.port}", ca_file=tmp_path / "ca.pem"
            )
            assert (await check_model(there, Setup("Be Myra.", [TOOL]))).well
            elsewhere = await check_model(there.model_copy(update={"model": "gemini-1.0-pro"}))
            assert not elsewhere.well
            assert "GEMINI_MODEL" in elsewhere.mend
            distrusted = await check_model(there.model_copy(update={"ca_file": None}))
            assert not distrusted.well
            assert "GEMINI_CA_FILE" in distrusted.mend

    asyncio.run(main())
