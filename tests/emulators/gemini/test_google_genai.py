"""google-genai for Python, unmodified, against the emulator."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.genai import types
from google.genai.live import AsyncSession

from emulators.gemini.tone_voice import bursts
from tests.emulators.gemini.live import emulator, samples, silence, speech, stream, turn

pytestmark = pytest.mark.socket

SLOW: dict[str, Any] = {"speed": (2.0, 2.0)}


def declare(name: str, behavior: types.Behavior | None = None) -> dict[str, Any]:
    return {"function_declarations": [types.FunctionDeclaration(name=name, behavior=behavior)]}


async def answer(session: AsyncSession, call_id: str | None, **more: Any) -> None:
    result = types.FunctionResponse(id=call_id, name="look_up", response={"price": 12}, **more)
    await session.send_tool_response(function_responses=result)


async def calls_of(session: AsyncSession) -> list[types.FunctionCall]:
    """Reads up to the next tool call."""
    async for message in session.receive():
        if message.tool_call:
            return list(message.tool_call.function_calls or [])
    raise AssertionError("the turn ended without a call")


def test_a_spoken_turn_from_speech_to_turn_complete(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.session() as session:
            await stream(session, silence(200) + speech("#7 #200 #31") + silence(400))
            said = await turn(session)
            assert said.order == [
                "resumable",
                "heard",
                "not_resumable",
                "audio",
                "generation_complete",
                "turn_complete",
            ]
            assert said.heard == "#7 #200 #31"
            assert said.spoken == "#7 #200 #31"
            assert [burst.number for burst in bursts(samples(said.audio), 24_000)] == [7, 200, 31]
            assert said.usage is not None
            assert said.usage.response_token_count == round(0.6 * 25)
            after = await turn(session, until=lambda message: message.session_resumption_update)
            assert after.order == ["resumable"]

    asyncio.run(main())


def test_transcripts_come_only_when_asked_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(
                input_audio_transcription=None,
                output_audio_transcription=None,
                session_resumption=None,
            ) as session,
        ):
            await stream(session, speech("#7 #8") + silence(400))
            said = await turn(session)
            assert said.order == ["audio", "generation_complete", "turn_complete"]
            assert said.spoken == ""

    asyncio.run(main())


def test_turn_complete_waits_until_the_reply_could_have_been_heard(tmp_path: Path) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with emulator(tmp_path, waits_for_playback=True) as live, live.session() as session:
            began = loop.time()
            await session.send_realtime_input(text="say 1 second")
            generated = 0.0
            async for message in session.receive():
                if message.server_content and message.server_content.generation_complete:
                    generated = loop.time() - began
            assert generated < 0.7
            assert loop.time() - began >= 1.0

    asyncio.run(main())


def test_the_caller_cuts_the_reply_and_only_what_was_sent_is_remembered(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path, **SLOW) as live, live.session() as session:
            await session.send_realtime_input(text="say 20 seconds")
            await turn(session, until=lambda message: message.server_content)
            await stream(session, speech("#9 #9") + silence(400))
            cut = await turn(session)
            assert cut.order[-2:] == ["interrupted", "turn_complete"]
            assert "generation_complete" not in cut.order
            assert len(cut.audio) < 48_000 * 5
            reply = await turn(session)
            assert reply.spoken == "#9 #9"
            assert reply.order[-1] == "turn_complete"

    asyncio.run(main())


def test_without_interruption_the_reply_is_finished_first(tmp_path: Path) -> None:
    config: dict[str, Any] = {
        "realtime_input_config": {
            "activity_handling": "NO_INTERRUPTION",
            "automatic_activity_detection": {"silence_duration_ms": 200},
        }
    }

    async def main() -> None:
        async with emulator(tmp_path) as live, live.session(**config) as session:
            await session.send_realtime_input(text="say 4 seconds")
            await turn(session, until=lambda message: message.server_content)
            await stream(session, speech("#9 #9") + silence(400))
            first = await turn(session)
            assert "interrupted" not in first.order
            assert first.spoken.split()[-1] == "#19"
            assert (await turn(session)).spoken == "#9 #9"

    asyncio.run(main())


def test_a_blocking_call_holds_the_turn_until_it_is_answered(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(tools=[declare("look_up", types.Behavior.BLOCKING)]) as session,
        ):
            await session.send_realtime_input(text='speak #1; call look_up {"of": "a_b"}; speak #2')
            call = (await calls_of(session))[0]
            assert (call.name, call.args) == ("look_up", {"of": "a_b"})
            await answer(session, call.id)
            said = await turn(session)
            assert said.spoken.split() == ["#2", "result", "look_up", "price"]
            assert said.order[-2:] == ["generation_complete", "turn_complete"]

    asyncio.run(main())


def test_a_call_that_does_not_block_is_spoken_of_when_the_model_is_idle(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(tools=[declare("look_up")]) as session,
        ):
            await session.send_realtime_input(text="call look_up; say 1 second")
            call = (await calls_of(session))[0]
            await answer(session, call.id)
            filler = await turn(session)
            assert filler.spoken == "#0 #1 #2 #3 #4"
            result = await turn(session)
            assert result.spoken == "result look_up price"

    asyncio.run(main())


def test_a_silent_result_is_not_spoken_of_and_an_urgent_one_cuts_in(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path, **SLOW) as live,
            live.session(tools=[declare("look_up")]) as session,
        ):
            await session.send_realtime_input(text="call look_up; call look_up; say 20 seconds")
            first, second = await calls_of(session)
            await answer(session, first.id, scheduling="SILENT")
            await answer(session, second.id, scheduling="INTERRUPT")
            cut = await turn(session)
            assert "interrupted" in cut.order
            assert "tool_call_cancellation" not in cut.order
            assert (await turn(session)).spoken == "result look_up price"
            await session.send_realtime_input(text="speak #5")
            assert (await turn(session)).spoken == "#5"

    asyncio.run(main())


def test_barge_in_takes_the_pending_calls_back(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(tools=[declare("look_up", types.Behavior.BLOCKING)]) as session,
        ):
            await session.send_realtime_input(text="call look_up")
            call = (await calls_of(session))[0]
            await session.send_realtime_input(text="speak #3")
            ids: list[str] = []
            async for message in session.receive():
                if message.tool_call_cancellation:
                    ids += message.tool_call_cancellation.ids or []
            assert ids == [call.id]
            await answer(session, call.id)
            said = await turn(session)
            assert said.spoken == "#3"

    asyncio.run(main())


def test_results_that_continue_are_spoken_of_one_by_one(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(tools=[declare("look_up")]) as session,
        ):
            await session.send_realtime_input(text="call look_up")
            call = (await calls_of(session))[0]
            await turn(session)
            for more in (True, False):
                await answer(session, call.id, will_continue=more)
                assert (await turn(session)).spoken == "result look_up price"
            await answer(session, call.id)
            await session.send_realtime_input(text="speak #4")
            assert (await turn(session)).spoken == "#4"

    asyncio.run(main())


def test_client_content_is_history_until_its_turn_is_complete(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.session() as session:
            await session.send_client_content(
                turns=types.Content(role="user", parts=[types.Part(text="speak #1")]),
                turn_complete=False,
            )
            await session.send_client_content(
                turns=types.Content(role="user", parts=[types.Part(text="#2")]),
                turn_complete=True,
            )
            assert (await turn(session)).spoken == "#1 #2"

    asyncio.run(main())


def test_seeded_history_is_answered_once_and_only_when_asked(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(history_config={"initial_history_in_client_content": True}) as session,
        ):
            turns: list[types.Content | types.ContentDict] = [
                types.Content(role="user", parts=[types.Part(text="speak #1")]),
                types.Content(role="model", parts=[types.Part(text="#1")]),
                types.Content(role="user", parts=[types.Part(text="speak #2")]),
            ]
            await session.send_client_content(turns=turns, turn_complete=True)
            await session.send_realtime_input(text=" ")
            await session.send_realtime_input(text=" ")
            assert (await turn(session)).spoken == "#2"
            await session.send_realtime_input(text="speak #3")
            assert (await turn(session)).spoken == "#3"

    asyncio.run(main())


def test_the_client_may_mark_activity_itself(tmp_path: Path) -> None:
    config: dict[str, Any] = {
        "realtime_input_config": {"automatic_activity_detection": {"disabled": True}}
    }

    async def main() -> None:
        async with emulator(tmp_path) as live, live.session(**config) as session:
            await stream(session, speech("#1"))  # outside of any activity: discarded
            await session.send_realtime_input(activity_start=types.ActivityStart())
            await stream(session, speech("#2 #3"))
            await session.send_realtime_input(activity_end=types.ActivityEnd())
            assert (await turn(session)).heard == "#2 #3"

    asyncio.run(main())


def test_the_end_of_the_stream_ends_the_utterance(tmp_path: Path) -> None:
    config: dict[str, Any] = {
        "realtime_input_config": {"automatic_activity_detection": {"silence_duration_ms": 60_000}}
    }

    async def main() -> None:
        async with emulator(tmp_path) as live, live.session(**config) as session:
            await stream(session, speech("#2 #3"))
            await session.send_realtime_input(audio_stream_end=True)
            assert (await turn(session)).heard == "#2 #3"

    asyncio.run(main())


def test_a_context_update_changes_what_blocks(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.session() as session:
            await session.send_context_update(
                tools=[types.Tool(**declare("look_up", types.Behavior.BLOCKING))],
                system_instruction="Be brief.",
            )
            await session.send_realtime_input(text="call look_up; speak #1")
            call = (await calls_of(session))[0]
            await answer(session, call.id)
            assert (await turn(session)).spoken == "#1 result look_up price"

    asyncio.run(main())


def test_the_vertex_client_finds_its_own_flavour(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]
            credentials.token = "token"
            client = live.client(
                api_key=None,
                vertexai=True,
                project="p",
                location="us-central1",
                credentials=credentials,
            )
            async with live.session(client=client) as session:
                assert session.session_id
                await session.send_realtime_input(text="speak #1 #2 #3")
                said = await turn(session)
                assert said.spoken == "#1 #2 #3"
                assert said.usage is not None
                assert said.usage.response_token_count == 15

    asyncio.run(main())
