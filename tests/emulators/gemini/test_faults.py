"""Each fault, as a client meets it."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError

from emulators.gemini.faults import FaultPlan, UpgradeFaults, parse_faults
from emulators.gemini.tone_voice import bursts
from tests.emulators.gemini.live import (
    Live,
    emulator,
    read,
    read_until,
    samples,
    setup_message,
    silence,
    speech,
    stream,
    turn,
    write,
)

pytestmark = pytest.mark.socket


async def first_turn(
    live: Live, fault: str, text: str = "say 2 seconds"
) -> list[dict[str, object]]:
    """What a bare client receives for one turn under that fault."""
    async with live.raw() as socket:
        setup = setup_message(f"models/gemini-3.8-live+fault={fault}", outputAudioTranscription={})
        await write(socket, setup)
        await write(socket, {"realtimeInput": {"text": text}})
        return await read_until(socket, "turnComplete")


def content(messages: list[dict[str, object]], kind: str) -> list[dict[str, object]]:
    found = [message.get("serverContent", {}) for message in messages]
    return [one for one in found if isinstance(one, dict) and kind in one]


def test_an_empty_turn_completes_without_a_sound(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            messages = await first_turn(live, "empty")
            assert not content(messages, "modelTurn")
            assert content(messages, "turnComplete")

    asyncio.run(main())


def test_a_premature_turn_is_cut_short(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            messages = await first_turn(live, "premature")
            assert len(content(messages, "modelTurn")) == 3

    asyncio.run(main())


def test_bundled_messages_carry_sound_and_words_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            messages = await first_turn(live, "bundle")
            both = [one for one in content(messages, "modelTurn") if "outputTranscription" in one]
            assert both
            assert "generationComplete" in content(messages, "turnComplete")[0]

    asyncio.run(main())


def test_odd_chunks_still_add_up_to_the_whole_sound(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path) as live,
            live.session(model="gemini-3.8-live+fault=odd") as session,
        ):
            sizes = []
            await session.send_realtime_input(text="say 2 seconds")
            audio = b""
            async for message in session.receive():
                if message.data:
                    sizes.append(len(message.data) % 2)
                    audio += message.data
            assert 1 in sizes
            assert [burst.number for burst in bursts(samples(audio), 24_000)] == list(range(10))

    asyncio.run(main())


def test_a_big_frame_is_more_than_clients_take_by_default(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            with pytest.raises(ConnectionClosedError, match="1009"):
                await first_turn(live, "bigframe")

    asyncio.run(main())


def test_usage_may_come_alone_and_calls_twice(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            messages = await first_turn(live, "usageonly")
            assert {"usageMetadata"} in [set(message) for message in messages]
            messages = await first_turn(live, "repeatcall", "call look_up")
            calls = [message["toolCall"] for message in messages if "toolCall" in message]
            assert len(calls) == 2
            assert calls[0] != calls[1]

    asyncio.run(main())


def test_a_call_may_arrive_amid_speech(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            messages = await first_turn(live, "midcall", "say 2 seconds; call look_up")
            kinds = ["call" if "toolCall" in message else "other" for message in messages]
            after = messages[kinds.index("call") :]
            assert content(after, "modelTurn")

    asyncio.run(main())


def test_a_phantom_interruption_follows_a_whole_turn(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw() as socket:
            await write(socket, setup_message("models/gemini-3.8-live+fault=phantom@turn1"))
            await write(socket, {"realtimeInput": {"text": "speak #1"}})
            assert content(await read_until(socket, "turnComplete"), "generationComplete")
            assert content(await read_until(socket, "turnComplete"), "interrupted")

    asyncio.run(main())


def test_a_transcript_may_come_twice(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path, faults="duplicate") as live, live.session() as session:
            await stream(session, speech("#1 #2") + silence(300))
            assert (await turn(session)).heard == "#1 #2#1 #2"

    asyncio.run(main())


def test_audio_may_pause_and_may_be_slower_than_real_time(tmp_path: Path) -> None:
    async def lasted(live: Live, fault: str) -> float:
        began = asyncio.get_running_loop().time()
        await first_turn(live, fault, "say 1 second")
        return asyncio.get_running_loop().time() - began

    async def main() -> None:
        async with emulator(tmp_path) as live:
            assert await lasted(live, "stall=300ms") > 0.3
            assert await lasted(live, "slow=2") > 0.35
            assert await lasted(live, "setupdelay=300ms") > 0.3

    asyncio.run(main())


def test_turn_complete_may_never_come_and_the_next_turn_still_does(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw() as socket:
            model = "models/gemini-3.8-live+fault=noturncomplete@turn1"
            await write(socket, setup_message(model, outputAudioTranscription={}))
            await write(socket, {"realtimeInput": {"text": "speak #1"}})
            await read_until(socket, "generationComplete")
            await write(socket, {"realtimeInput": {"text": "speak #2"}})
            messages = await read_until(socket, "turnComplete")
            assert len(content(messages, "generationComplete")) == 1
            assert content(messages, "outputTranscription")

    asyncio.run(main())


def test_void_calls_may_go_unannounced(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw() as socket:
            tools = [{"functionDeclarations": [{"name": "look_up", "behavior": "BLOCKING"}]}]
            await write(socket, setup_message("models/gemini-3.8-live+fault=nocancel", tools=tools))
            await write(socket, {"realtimeInput": {"text": "call look_up"}})
            await read_until(socket, "toolCall")
            await write(socket, {"realtimeInput": {"text": "speak #2"}})
            messages = await read_until(socket, "turnComplete")
            assert content(messages, "interrupted")
            assert not [message for message in messages if "toolCallCancellation" in message]

    asyncio.run(main())


def test_after_a_freeze_nothing_is_answered(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            emulator(tmp_path, faults="freeze", speed=(2.0, 2.0)) as live,
            live.session() as session,
        ):
            await session.send_realtime_input(text="say 9 seconds")
            await turn(session, until=lambda message: message.server_content)
            await session.send_realtime_input(text="speak #1")
            assert (await turn(session)).order[-2:] == ["interrupted", "turn_complete"]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await turn(session)

    asyncio.run(main())


def test_pongs_may_be_withheld(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            for fault, answered in (("nopong", False), ("slowpong=50ms", True), ("text", True)):
                async with live.raw() as socket:
                    await write(socket, setup_message(f"models/gemini-3.8-live+fault={fault}"))
                    await socket.recv()
                    pong = await socket.ping()
                    try:
                        await asyncio.wait_for(asyncio.shield(pong), 0.3)
                    except TimeoutError:
                        assert not answered
                    else:
                        assert answered

    asyncio.run(main())


def test_setup_may_never_be_complete(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw("?key=any&fault=nosetup") as socket:
            await write(socket, setup_message())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await read(socket)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [("nonsense", "nonsense"), ("close", "close1011"), ("drop7", "number"), ("stall@@", "stall@@")],
)
def test_a_wrong_specification_names_its_part(wrong: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse_faults(f"empty,{wrong}")


def test_chances_are_drawn_from_the_seed() -> None:
    faults = parse_faults("empty%0.3,drop@1s%0.5")

    def drawn(seed: int) -> list[object]:
        plan = FaultPlan(faults, random.Random(seed))
        return [bool(plan.timed), *("empty" in plan.turn(number) for number in range(50))]

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)
    assert 5 < sum(map(bool, drawn(3)[1:])) < 25


def test_an_upgrade_fault_may_count_its_victims() -> None:
    faults = UpgradeFaults(parse_faults("http429=2"), random.Random(0))
    assert [faults.status() for _ in range(4)] == [429, 429, None, None]
