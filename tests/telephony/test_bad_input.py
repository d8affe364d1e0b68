"""Every kind of bad input, over a real socket: counted, logged, and nobody else's trouble."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from conversation.events import Keypress, PlaybackMark
from tests.conformance.check_line import played_ms, tone
from tests.telephony.listener import Listener
from tests.telephony.peer import MULAW, Peer, calling, dialled, permit
from tests.telephony.server import (
    ACCOUNT,
    Hotline,
    hotline,
    new_call,
    signed_settings,
    stream_signature,
)

pytestmark = pytest.mark.socket

OTHER_STREAM = "MZ" + "9" * 32


@pytest.fixture(autouse=True)
def _no_error_is_left_to_the_server(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.INFO)
    yield
    errors = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert errors == []


@asynccontextmanager
async def running(**changes: Any) -> AsyncIterator[tuple[Hotline, Listener]]:
    listener = Listener()
    async with hotline(converse=listener.converse, **changes) as up:
        yield up, listener


async def text(peer: Peer, frame: str) -> None:
    await peer.socket.send(frame)


async def _malformed(peer: Peer) -> None:
    await text(peer, '{"event": "media", ')


async def _unknown(peer: Peer) -> None:
    await peer.send("transcript", words="hello")


async def _wrong_type(peer: Peer) -> None:
    await peer.send("media", media=["payload"])


async def _wrong_stream_sound(peer: Peer) -> None:
    await text(
        peer,
        json.dumps(
            {
                "event": "media",
                "streamSid": OTHER_STREAM,
                "media": {"timestamp": 1, "payload": "AAAA"},
            }
        ),
    )


async def _wrong_stream_stop(peer: Peer) -> None:
    await peer.send("stop", streamSid=OTHER_STREAM, stop={})


async def _binary(peer: Peer) -> None:
    await peer.socket.send(b'{"event":"media"}')


async def _oversized(peer: Peer) -> None:
    await peer.frame(bytes(50_000))


async def _bad_base64(peer: Peer) -> None:
    await peer.frame(b"", payload="not base64!")


async def _bad_digit(peer: Peer) -> None:
    await peer.press("Z")


async def _second_start(peer: Peer) -> None:
    await peer.start({"token": "another"})


async def _other_track(peer: Peer) -> None:
    await peer.frame(bytes(160), track="outbound")


BAD: dict[str, Callable[[Peer], Coroutine[Any, Any, None]]] = {
    "malformed_json": _malformed,
    "unknown_event": _unknown,
    "wrong_type": _wrong_type,
    "wrong_stream": _wrong_stream_sound,
    "binary": _binary,
    "oversized": _oversized,
    "bad_base64": _bad_base64,
    "bad_digit": _bad_digit,
    "second_start": _second_start,
    "other_track": _other_track,
}


@pytest.mark.parametrize("name", [*BAD, "wrong_stream (stop)"])
def test_an_unusable_message_is_counted_and_the_call_goes_on(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with running() as (up, listener), calling(up, call := new_call()) as peer:
            send = BAD.get(name, _wrong_stream_stop)
            await send(peer)
            await send(peer)
            await peer.press("5")
            await listener.heard(call, Keypress("5"))
            assert up.count(name.partition(" ")[0]) == 2
            assert listener.sound_ms(call) == 0
            listener.lines[call].play(tone(40), "m")
            await listener.heard(call, PlaybackMark("m"))
            await peer.hang_up()
            assert await listener.closed(call) == "stopped"

    asyncio.run(main())
    said = [r for r in caplog.records if r.message == "message from the stream cannot be used"]
    assert [getattr(r, "kind", "") for r in said] == [name.partition(" ")[0]], "once of each kind"


def test_too_many_unusable_messages_end_the_call() -> None:
    async def main() -> None:
        async with (
            running(max_bad_messages=5) as (up, listener),
            calling(up, call := new_call()) as peer,
        ):
            for _ in range(50):
                await _unknown(peer)
            for _ in range(6):
                await _malformed(peer)
            assert await listener.closed(call) == "bad_input"
            assert await peer.closed() == 1000
            assert up.count("too_many_bad") == 1

    asyncio.run(main())


def test_a_frame_beyond_the_server_s_bound_ends_that_call() -> None:
    async def main() -> None:
        async with running() as (up, listener), calling(up, call := new_call()) as peer:
            await peer.press("1")
            await listener.heard(call, Keypress("1"))
            await text(peer, "x" * 200_000)
            assert await listener.closed(call) == "disconnected"
            assert await peer.closed() == 1009
            assert up.count("oversized") == 1

    asyncio.run(main())


def test_no_start_in_time() -> None:
    async def main() -> None:
        async with running(start_seconds=0.2) as (up, listener):
            async with dialled(up, new_call()) as peer:
                await peer.send("connected", protocol="Call", version="1.0.0")
                assert await peer.closed() == 1008
            async with dialled(up, new_call()) as silent:
                assert await silent.closed() == 1008
            assert up.count("stream_no_start") == 2
            assert listener.lines == {}

    asyncio.run(main())


def test_what_comes_before_start_is_not_taken() -> None:
    async def main() -> None:
        async with running() as (up, listener):
            call = new_call()
            permitted = await permit(up, call)
            async with dialled(up, call) as peer:
                await peer.frame(bytes(160))
                await peer.press("1")
                await peer.send("mark", mark={"name": "early"})
                await peer.send("stop", stop={})
                await _binary(peer)
                await peer.start(permitted)
                await peer.press("2")
                await listener.heard(call, Keypress("2"))
                assert listener.events[call] == [Keypress("2")]
                assert up.count("before_start") == 4
                assert up.count("binary") == 1

    asyncio.run(main())


def test_rubbish_before_start_is_borne_only_so_long() -> None:
    async def main() -> None:
        async with running(max_bad_messages=3) as (up, _), dialled(up, new_call()) as peer:
            for _ in range(4):
                await _malformed(peer)
            assert await peer.closed() == 1008
            assert up.count("malformed_json") == 4

    asyncio.run(main())


def test_leaving_before_start_is_counted() -> None:
    async def main() -> None:
        async with running() as (up, _):
            async with dialled(up, new_call()) as peer:
                await peer.socket.close()
            async with dialled(up, new_call()) as peer:
                await text(peer, "x" * 200_000)
                await peer.closed()
            await up.counted("stream_left_before_start")
            await up.counted("oversized")
            assert up.door.pending_sockets == 0

    asyncio.run(main())


Tokens = Callable[[Hotline, str], Coroutine[Any, Any, dict[str, str]]]


async def _none(up: Hotline, call: str) -> dict[str, str]:
    return {}


async def _made_up(up: Hotline, call: str) -> dict[str, str]:
    await permit(up, call)
    return {"token": "x" * 43}


async def _another_call_s(up: Hotline, call: str) -> dict[str, str]:
    await permit(up, call)
    return await permit(up, new_call())


async def _used(up: Hotline, call: str) -> dict[str, str]:
    permitted = await permit(up, call)
    async with dialled(up, call) as first:
        await first.start(permitted)
        await first.hang_up()
    return permitted


async def _expired(up: Hotline, call: str) -> dict[str, str]:
    permitted = await permit(up, call)
    now = up.door.today
    up.door.today = lambda: now() + timedelta(seconds=61)
    return permitted


@pytest.mark.parametrize(
    ("tokens", "count"),
    [
        (_none, "token_wrong"),
        (_made_up, "token_wrong"),
        (_another_call_s, "token_wrong"),
        (_used, "token_reused"),
        (_expired, "token_expired"),
    ],
)
def test_a_stream_without_a_good_token_is_turned_away(tokens: Tokens, count: str) -> None:
    async def main() -> None:
        async with running() as (up, listener):
            call = new_call()
            parameters = await tokens(up, call)
            begun = len(listener.lines)
            async with dialled(up, call) as peer:
                await peer.start(parameters)
                assert await peer.closed() == 1008
            assert up.count(count) == 1
            assert len(listener.lines) == begun

    asyncio.run(main())


def test_a_stream_of_another_account_or_format_is_turned_away() -> None:
    async def main() -> None:
        async with running(settings=None, account_sid=ACCOUNT) as (up, listener):
            call = new_call()
            permitted = await permit(up, call)
            async with dialled(up, call) as peer:
                await peer.start(permitted, accountSid="AC" + "9" * 32)
                assert await peer.closed() == 1008
            assert up.count("stream_wrong_account") == 1
            async with dialled(up, call) as peer:
                await peer.start(permitted, mediaFormat={**MULAW, "sampleRate": 16000})
                assert await peer.closed() == 1003
                assert "8000" in (peer.socket.close_reason or "")
            assert up.count("stream_bad_format") == 1
            assert listener.lines == {}

    asyncio.run(main())


@pytest.mark.parametrize(
    "headers", [{}, {"x-twilio-signature": "wrong"}, stream_signature("another token")]
)
def test_an_unsigned_upgrade_is_refused_before_it_is_accepted(headers: dict[str, str]) -> None:
    async def main() -> None:
        async with running(settings=signed_settings()) as (up, _):
            with pytest.raises(InvalidStatus) as refused:
                async with dialled(up, new_call(), headers):
                    pass
            assert refused.value.response.status_code == 403
            assert up.count("stream_bad_signature") == 1
            call = new_call()
            permitted = await permit(up, call)
            async with dialled(up, call, stream_signature()) as peer:
                await peer.start(permitted)
                await peer.hang_up()

    asyncio.run(main())


def test_sockets_that_do_not_start_are_bounded() -> None:
    async def main() -> None:
        async with running(max_pending_sockets=2) as (up, listener):
            call = new_call()
            permitted = await permit(up, call)
            async with dialled(up, call) as first, dialled(up, new_call()):
                with pytest.raises(InvalidStatus) as refused:
                    async with dialled(up, new_call()):
                        pass
                assert refused.value.response.status_code == 403
                assert up.count("stream_too_many_pending") == 1
                await first.start(permitted)
                await first.press("1")
                await listener.heard(call, Keypress("1"))
                async with dialled(up, new_call()):
                    pass

    asyncio.run(main())


def test_one_caller_s_rubbish_does_not_disturb_another() -> None:
    """While one call sends everything bad and then reads nothing, the other one goes on."""

    async def main() -> None:
        async with running(stall_seconds=0.5) as (up, listener):
            good, bad = new_call(), new_call()
            async with calling(up, good) as fine, calling(up, bad) as foul:
                foul.stream = "MZ" + "2" * 32
                await listener.until(lambda: len(listener.lines) == 2)
                listener.lines[good].play(tone(300), "before")
                for _ in range(5):
                    for send in BAD.values():
                        await send(foul)
                await foul.stall()
                for index in range(200):
                    listener.lines[bad].play(tone(1000), f"m{index}")
                await fine.speak(tone(100))
                await fine.press("5")
                listener.lines[good].play(tone(100), "after", last=True)
                await listener.heard(good, Keypress("5"))
                await listener.heard(good, PlaybackMark("after"))
                assert abs(played_ms(fine.heard) - 400) < 5
                assert await listener.closed(bad) == "stalled"
                assert good not in listener.over
                await fine.hang_up()
                assert await listener.closed(good) == "stopped"

    asyncio.run(main())
