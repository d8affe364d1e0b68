"""Connections end and are taken up again: handles, goAway, close codes as google-genai has them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from google.genai import errors
from google.genai.live import AsyncSession
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.emulators.gemini.live import MODEL, Live, emulator, turn

pytestmark = pytest.mark.socket


async def newest_handle(session: AsyncSession) -> str:
    """Reads up to the next update that may be resumed from."""
    async for message in session.receive():
        if (update := message.session_resumption_update) and update.resumable:
            return str(update.new_handle)
    return await newest_handle(session)


async def closed_with(session: AsyncSession) -> errors.APIError:
    """Reads until the server closes."""
    try:
        while True:
            await turn(session)
    except errors.APIError as error:
        return error


async def refused(live: Live, **config: Any) -> errors.APIError:
    with pytest.raises(errors.APIError) as caught:
        async with live.session(**config):
            pass
    return caught.value


def test_a_conversation_goes_on_from_another_socket(tmp_path: Path) -> None:
    script = {"turns": ["speak #1", "speak #2"]}

    async def main() -> None:
        async with emulator(tmp_path, script=script) as live:
            async with live.session() as session:
                await newest_handle(session)
                await session.send_realtime_input(text="go on")
                assert (await turn(session)).spoken == "#1"
                handle = await newest_handle(session)
            async with live.session(session_resumption={"handle": handle}) as session:
                await session.send_realtime_input(text="go on")
                assert (await turn(session)).spoken == "#2"

    asyncio.run(main())


def test_a_handle_nobody_issued_is_not_found(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            error = await refused(live, session_resumption={"handle": "made-up"})
            assert (error.code, error.details) == (1008, "BidiGenerateContent session not found")

    asyncio.run(main())


def test_a_session_still_connected_cannot_be_resumed_and_remains(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.session() as session:
            handle = await newest_handle(session)
            error = await refused(live, session_resumption={"handle": handle})
            assert error.code == 1011
            await session.send_realtime_input(text="speak #1")
            assert (await turn(session)).spoken == "#1"

    asyncio.run(main())


def test_handles_expire(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path, handle_lifetime=1e-6) as live:
            async with live.session() as session:
                handle = await newest_handle(session)
            error = await refused(live, session_resumption={"handle": handle})
            assert error.code == 1008

    asyncio.run(main())


def test_another_model_cannot_take_a_conversation_over(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            async with live.session() as session:
                handle = await newest_handle(session)
            error = await refused(
                live, model="gemini-3.1-flash-live-preview", session_resumption={"handle": handle}
            )
            assert error.code == 1007

    asyncio.run(main())


def test_go_away_announces_the_end_and_the_end_comes(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path, go_away_after=0.05, go_away_left=0.1) as live,
            live.session() as session,
        ):
            async for message in session.receive():
                if message.go_away:
                    assert message.go_away.time_left == "0.1s"
                    break
            error = await closed_with(session)
            assert error.code == 1011
            assert error.details == "Deadline expired before operation could complete."

    asyncio.run(main())


@pytest.mark.parametrize(
    ("config", "code", "reason"),
    [
        ({"model": "gemini-1.5-pro"}, 1008, "models/gemini-1.5-pro is not found for API version"),
        ({"response_modalities": ["TEXT"]}, 1007, "The requested combination of response"),
        ({"thinking_config": {"thinking_level": "LOW"}}, 1007, "Thinking level is not supported"),
        ({"proactivity": {"proactive_audio": False}}, 1007, "Proactive audio"),
        ({"model": "gemini-3.8-live-extended-thinking"}, 1007, "Thinking level LOW"),
    ],
)
def test_what_the_service_refuses(
    tmp_path: Path, config: dict[str, Any], code: int, reason: str
) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            error = await refused(live, **config)
            assert error.code == code
            assert str(error.details).startswith(reason)

    asyncio.run(main())


def test_activity_marks_are_refused_while_detection_is_automatic(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.session() as session:
            await session.send_realtime_input(activity_start={})
            assert (await closed_with(session)).code == 1007

    asyncio.run(main())


def test_newer_models_take_content_at_any_time_and_3_1_does_not(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(model="gemini-3.1-flash-live-preview") as older,
            live.session() as newer,
        ):
            for session in (older, newer):
                await session.send_client_content(
                    turns={"role": "user", "parts": [{"text": "speak #1"}]}
                )
            assert (await closed_with(older)).code == 1007
            assert (await turn(newer)).spoken == "#1"

    asyncio.run(main())


def test_extended_thinking_says_whether_the_interaction_goes_on(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(
                model="gemini-3.8-live-extended-thinking",
                thinking_config={"thinking_level": "LOW"},
                tools=[{"function_declarations": [{"name": "look_up"}]}],
            ) as session,
        ):
            await session.send_realtime_input(text="call look_up")
            status = []
            async for message in session.receive():
                if message.tool_call:
                    call = (message.tool_call.function_calls or [])[0]
                content = message.server_content
                if content and content.turn_complete:
                    status.append(content.interaction_status)
                    if len(status) == 1:
                        await session.send_tool_response(
                            function_responses={"id": call.id, "name": "look_up", "response": {}}
                        )
            assert [str(one.value) for one in status if one] == ["IN_PROGRESS", "IDLE"]

    asyncio.run(main())


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
def test_upgrades_are_refused_on_demand(tmp_path: Path, status: int) -> None:
    async def main() -> None:
        async with emulator(tmp_path, faults=f"http{status}=1") as live:
            with pytest.raises(InvalidStatus) as caught:
                async with live.session():
                    pass
            assert caught.value.response.status_code == status
            async with live.session() as session:
                await newest_handle(session)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("fault", "code"),
    [("close1000@0s", 1000), ("close1008@0s", 1008), ("close1011@0s", 1011), ("drop@0s", 1006)],
)
def test_closes_on_demand_show_as_the_real_ones_do(tmp_path: Path, fault: str, code: int) -> None:
    async def main() -> None:
        async with emulator(tmp_path, faults=fault) as live, live.session() as session:
            assert (await closed_with(session)).code == code

    asyncio.run(main())


def test_a_fault_asked_for_in_the_models_name_strikes_that_connection_alone(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            name = f"{MODEL}+fault=close1011=quite_broken@turn1"
            async with live.session(model=name) as struck, live.session() as other:
                await struck.send_realtime_input(text="say 5 seconds")
                error = await closed_with(struck)
                assert (error.code, error.details) == (1011, "quite broken")
                await other.send_realtime_input(text="speak #1")
                assert (await turn(other)).spoken == "#1"

    asyncio.run(main())


def test_sends_after_the_close_fail_as_they_do_for_real(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path, faults="close1011@0s") as live, live.session() as session:
            await closed_with(session)
            with pytest.raises(ConnectionClosed):
                await session.send_realtime_input(text="hello")

    asyncio.run(main())
