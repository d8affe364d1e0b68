"""A stream's whole life: from the webhook through the conversation to what comes after."""

from __future__ import annotations

import asyncio
import logging

import pytest

from conversation.events import Keypress, LineClosed
from conversation.line import After, Ending, Line
from tests.conformance.check_line import tone
from tests.telephony.listener import Listener
from tests.telephony.peer import calling, dialled, parameters_of
from tests.telephony.server import Hotline, hotline, listen, new_call, signed_settings
from tests.telephony.test_webhooks import LIVE, PERSON, tags, verbs

pytestmark = pytest.mark.socket


async def after(up: Hotline, call: str, attempt: int = 1) -> list[str]:
    return tags(await up.webhook(f"/twilio/after?attempt={attempt}", call, **LIVE))


def test_the_line_says_who_is_on_it() -> None:
    async def main() -> None:
        listener = Listener()
        async with hotline(converse=listener.converse, input_rate=8000) as up:
            call = new_call()
            async with calling(up, call, From="sip:alice@pbx.example") as peer:
                await peer.speak(tone(40))
                await listener.until(lambda: listener.sound_ms(call) > 30)
                info = listener.lines[call].info
                assert (info.id, info.door, info.caller) == (call, "phone", "alice")
                assert (info.input_rate, info.has_keypad) == (8000, True)
                assert not info.attested
                assert not info.can_transfer
                assert info.returning == ""
                await peer.hang_up()
            await listener.closed(call)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (Ending(After.GOODBYE), ["Hangup"]),
        (Ending(After.TRANSFER), ["Dial"]),
        (Ending(After.FAILED), ["Say", "Connect"]),
    ],
)
def test_what_comes_after_is_how_the_conversation_let_go(
    ending: Ending, expected: list[str]
) -> None:
    async def converse(line: Line) -> Ending:
        line.hang_up(ending)
        return await listen(line)

    async def main() -> None:
        async with hotline(converse=converse, transfer_number=PERSON) as up:
            call = new_call()
            async with calling(up, call) as peer:
                assert await peer.closed() == 1000
            assert await after(up, call) == expected
            await up.webhook("/twilio/status", call, CallStatus="completed")
            assert await after(up, call) == ["Say", "Connect"], "forgotten once the call is over"

    asyncio.run(main())


def test_the_person_who_takes_a_transfer_is_briefed() -> None:
    async def converse(line: Line) -> Ending:
        return Ending(After.TRANSFER, detail={"summary": "Wants to move a flight."})

    async def main() -> None:
        async with hotline(converse=converse, transfer_number=PERSON) as up:
            call = new_call()
            async with calling(up, call) as peer:
                await peer.closed()
            (dial,) = verbs(await up.webhook("/twilio/after?attempt=1", call, **LIVE))
            assert dial[0].attrib["url"] == "/twilio/briefing"
            (say,) = verbs(await up.webhook("/twilio/briefing", new_call(), ParentCallSid=call))
            assert say.text == "Wants to move a flight."
            assert tags(await up.webhook("/twilio/briefing", new_call())) == []

    asyncio.run(main())


def test_a_conversation_that_fails_leads_the_caller_on(caplog: pytest.LogCaptureFixture) -> None:
    async def converse(line: Line) -> Ending:
        raise RuntimeError("broken")

    async def main() -> None:
        async with hotline(converse=converse) as up:
            call = new_call()
            async with calling(up, call) as peer:
                assert await peer.closed() == 1000
            assert up.count("conversations_failed") == 1
            assert await after(up, call) == ["Say", "Connect"]
            assert len(up.door.live) == 0

    asyncio.run(main())
    (error,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert error.message == "conversation failed"


def test_a_caller_who_comes_back_is_known_to_and_begins_a_new_record() -> None:
    async def main() -> None:
        listener = Listener()
        async with hotline(converse=listener.converse) as up:
            call = new_call()
            again = f"{call}-2"
            async with calling(up, call) as peer:
                await listener.until(lambda: call in listener.lines)
                await peer.vanish()
                assert await listener.closed(call) == "disconnected"
            answer = await up.webhook("/twilio/after?attempt=1", call, **LIVE)
            async with dialled(up, call) as peer:
                peer.stream = "MZ" + "2" * 32
                await peer.start(parameters_of(answer.body))
                await peer.press("1")
                await listener.heard(again, Keypress("1"))
                info = listener.lines[again].info
                assert (info.call, info.returning) == (call, "failed")
                await peer.hang_up()
                await listener.closed(again)

    asyncio.run(main())


def test_a_half_open_stream_makes_room_for_the_next() -> None:
    """Twilio gave the stream up without closing its socket: the webhook behind it tells."""

    async def main() -> None:
        listener = Listener()
        async with hotline(converse=listener.converse) as up:
            call = new_call()
            async with calling(up, call):
                await listener.until(lambda: call in listener.lines)
                assert await after(up, call) == ["Say", "Connect"]
                assert await listener.closed(call) == "over"

    asyncio.run(main())


def test_a_caller_who_has_hung_up_is_no_lost_stream() -> None:
    async def main() -> None:
        listener = Listener()
        async with hotline(converse=listener.converse) as up:
            call = new_call()
            async with calling(up, call):
                await listener.until(lambda: call in listener.lines)
                await up.webhook("/twilio/after?attempt=1", call, CallStatus="completed")
                assert await listener.closed(call) == "call_over"

    asyncio.run(main())


def test_a_newer_stream_of_the_call_ends_the_older() -> None:
    async def main() -> None:
        listener = Listener()
        async with hotline(converse=listener.converse) as up:
            call = new_call()
            async with calling(up, call) as older:
                await listener.until(lambda: call in listener.lines)
                async with calling(up, call) as newer:
                    await listener.until(lambda: call in listener.over)
                    assert await older.closed() == 1000
                    assert up.count("stream_superseded") == 1
                    await newer.press("1")
                    await listener.heard(call, Keypress("1"))
                    assert len(up.door.live) == 1
                    await newer.hang_up()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("path", "fields", "reason"),
    [
        ("/twilio/status", {"CallStatus": "completed"}, "call_over"),
        (
            "/twilio/stream-status",
            {"StreamEvent": "stream-error", "StreamError": "31924"},
            "stream_error",
        ),
        ("/twilio/stream-status", {"StreamEvent": "stream-stopped"}, "stream_stopped"),
    ],
)
def test_twilio_s_word_that_it_is_over_counts(
    path: str, fields: dict[str, str], reason: str
) -> None:
    async def main() -> None:
        listener = Listener()
        async with hotline(converse=listener.converse) as up:
            call = new_call()
            async with calling(up, call) as peer:
                await listener.until(lambda: call in listener.lines)
                other = {**fields, "StreamSid": "MZ" + "8" * 32, "CallStatus": "in-progress"}
                answer = await up.webhook(path, call, **other)
                assert answer.status == 204
                await peer.press("1")
                await listener.heard(call, Keypress("1"))
                answer = await up.webhook(path, call, **{"StreamSid": peer.stream, **fields})
                assert answer.status == 204
                assert await listener.closed(call) == reason

    asyncio.run(main())


def test_a_drain_waits_for_the_calls_in_progress() -> None:
    async def main() -> None:
        listener = Listener()
        async with hotline(signed_settings(auth_token=""), listener.converse) as up:
            call = new_call()
            async with calling(up, call) as peer, asyncio.TaskGroup() as tasks:
                await listener.until(lambda: call in listener.lines)
                up.door.live.stop_accepting()
                idle = tasks.create_task(up.door.live.idle())
                await peer.press("1")
                await listener.heard(call, Keypress("1"))
                assert not idle.done()
                await peer.hang_up()
            assert len(up.door.live) == 0

    asyncio.run(main())


def test_a_slow_goodbye_of_the_conversation_does_not_hold_the_caller() -> None:
    """The socket closes when the line is let go, however long the conversation tidies up."""

    async def main() -> None:
        tidy = asyncio.Event()

        async def converse(line: Line) -> Ending:
            line.hang_up(Ending(After.GOODBYE))
            await tidy.wait()
            return Ending()

        async with hotline(converse=converse) as up:
            call = new_call()
            async with calling(up, call) as peer:
                assert await peer.closed() == 1000
                assert await after(up, call) == ["Hangup"]
                assert len(up.door.live) == 1
                tidy.set()

    asyncio.run(main())


def test_a_conversation_may_end_before_its_line_does() -> None:
    seen: list[str] = []

    async def converse(line: Line) -> Ending:
        async for event in line.events():
            if isinstance(event, Keypress):
                break
            assert not isinstance(event, LineClosed)
        seen.append(line.info.id)
        return Ending(After.TRANSFER)

    async def main() -> None:
        async with hotline(converse=converse, transfer_number=PERSON) as up:
            call = new_call()
            async with calling(up, call) as peer:
                await peer.press("1")
                assert await peer.closed() == 1000
            assert await after(up, call) == ["Dial"]
            assert seen == [call]

    asyncio.run(main())


def test_a_caller_who_does_not_read_is_felt_within_seconds_of_sound() -> None:
    """The operating system's buffers are kept small, or minutes would vanish into them."""

    async def main() -> None:
        listener = Listener()
        async with hotline(converse=listener.converse, stall_seconds=0.5) as up:
            call = new_call()
            async with calling(up, call) as peer:
                await listener.until(lambda: call in listener.lines)
                await peer.stall()
                for index in range(40):
                    listener.lines[call].play(tone(1000), f"m{index}")
                assert await listener.closed(call) == "stalled"
                assert up.count("stalled") == 1
                assert up.count("frames_out") < 40

    asyncio.run(main())
