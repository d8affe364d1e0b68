"""The phone line in virtual time, over a socket in memory: its watch, its order, its bounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from conversation.events import LineAudio, LineClosed, LineEvent, PlaybackMark
from conversation.line import After, Ending, LineInfo
from media.audio import Audio
from telephony.counters import Count, Counters
from telephony.phone_line import MAX_UNREAD_OTHERS, PhoneLine
from telephony.settings import PhoneSettings
from tests.conformance.check_line import tone
from tests.virtual_time import run

pytestmark = pytest.mark.pure

STREAM = "MZ" + "1" * 32
CALL = "CA" + "1" * 32


class MemorySocket:
    """A peer that takes what it is sent while ``reading`` is set."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self._incoming: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue(100_000)

    def put(self, message: dict[str, Any] | None) -> None:
        """A message from the peer; None when it goes."""
        if message is None:
            self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1006})
        else:
            text = json.dumps({"streamSid": STREAM, **message})
            self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    def frame(self, timestamp: float, payload: str = "/" * 216) -> None:
        media = {"timestamp": round(timestamp), "payload": payload[:-2] + "=="}
        self.put({"event": "media", "media": media})

    async def receive(self) -> MutableMapping[str, Any]:
        return await self._incoming.get()

    async def send_text(self, data: str) -> None:
        await self.reading.wait()
        self.sent.append(json.loads(data))
        self.times.append(asyncio.get_running_loop().time())

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        return None

    def events(self) -> list[str]:
        """What was sent, short: ``media``, ``mark NAME``, ``clear``."""
        return [
            f"mark {message['mark']['name']}" if message["event"] == "mark" else message["event"]
            for message in self.sent
        ]


@asynccontextmanager
async def line(**changes: Any) -> AsyncIterator[tuple[PhoneLine, MemorySocket, Counters]]:
    socket, counters = MemorySocket(), Counters()
    clock = asyncio.get_running_loop().time
    info = LineInfo(CALL, "phone")
    made = PhoneLine(socket, STREAM, info, PhoneSettings(**changes), counters, clock)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(made.run())
        try:
            yield made, socket, counters
        finally:
            made.end("test over")


async def until(made: PhoneLine, *kinds: type[LineEvent]) -> list[LineEvent]:
    """Events up to and with the first of these kinds."""
    got = []
    async for event in made.events():
        got.append(event)
        if isinstance(event, kinds):
            return got
    raise AssertionError(f"the line ended; came: {got}")


async def settle() -> None:
    """Let everything that can run do so."""
    for _ in range(20):
        await asyncio.sleep(0)


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_peer_that_takes_nothing_is_given_up_after_its_time() -> None:
    async def main() -> None:
        async with line(stall_seconds=5) as (made, socket, counters):
            socket.reading.clear()
            made.play(tone(100), "m")
            (closed,) = await until(made, LineClosed)
            assert closed == LineClosed("stalled")
            assert 5 <= now() < 5.5
            assert counters[Count.STALLED] == 1

    run(main())


def test_sound_that_nobody_takes_is_bounded() -> None:
    async def main() -> None:
        async with line(unsent_seconds=10) as (made, socket, counters):
            socket.reading.clear()
            made.play(tone(1000), "first")
            await settle()
            for index in range(11):
                made.play(tone(1000), f"m{index}")
            assert await until(made, LineClosed) == [LineClosed("stalled")]
            assert counters[Count.STALLED] == 1
            assert now() < 1

    run(main())


def test_a_long_reply_handed_over_at_once_is_no_stall() -> None:
    """So it goes on after a false cut."""

    async def main() -> None:
        async with line(unsent_seconds=10) as (made, _, counters):
            for index in range(30):
                made.play(tone(1000), f"m{index}")
            await settle()
            assert counters[Count.STALLED] == 0
            assert made.outbox.audio_bytes == 0

    run(main())


def test_a_clear_overtakes_what_is_not_written_and_every_mark_is_sent() -> None:
    async def main() -> None:
        async with line() as (made, socket, _):
            made.play(tone(100), "a")
            await settle()
            socket.reading.clear()
            made.play(tone(100), "b")
            await settle()
            made.play(tone(100), "c")
            made.clear()
            made.play(tone(100), "d")
            socket.reading.set()
            await settle()
            # One piece was in the writer's hands when the peer stopped taking.
            assert socket.events() == [
                "media",
                "mark a",
                "media",
                "clear",
                "mark b",
                "mark c",
                "media",
                "mark d",
            ]

    run(main())


def test_a_silent_peer_is_probed_and_given_up() -> None:
    async def main() -> None:
        async with line(inactivity_seconds=10) as (made, socket, counters):
            assert await until(made, LineClosed) == [LineClosed("inactive")]
            assert socket.events() == ["mark line-alive"]
            assert 10 <= socket.times[0] < 10.5
            assert 15 <= now() < 15.5
            assert counters[Count.INACTIVE] == 1

    run(main())


def test_a_peer_that_answers_the_probe_stays_and_the_core_never_sees_it() -> None:
    async def main() -> None:
        async with line(inactivity_seconds=10) as (made, socket, _):
            for index in range(1, 6):
                while len(socket.sent) < index:
                    await second()
                socket.put({"event": "mark", "mark": {"name": "line-alive"}})
                await settle()
            socket.put({"event": "mark", "mark": {"name": "real"}})
            assert await until(made, PlaybackMark, LineClosed) == [PlaybackMark("real")]
            assert now() > 50

    run(main())


async def second() -> None:
    """A second passes."""
    passing = asyncio.Event()
    asyncio.get_running_loop().call_later(1, passing.set)
    await passing.wait()


def test_a_caller_without_frames_is_silence_and_not_a_hole() -> None:
    async def main() -> None:
        async with line() as (made, socket, counters):
            for index in range(50):
                socket.frame(100 + 20 * index)
            for _ in range(2):
                await second()
            made.hang_up(Ending())
            events = await until(made, LineClosed)
            sound = sum(event.audio.ms for event in events if isinstance(event, LineAudio))
            assert 1000 + 1600 < sound <= 1000 + 2000
            assert counters[Count.GAPS_FILLED] > 1

    run(main())


def test_a_jump_of_the_timestamp_is_filled_in_frames() -> None:
    async def main() -> None:
        async with line() as (made, socket, counters):
            socket.frame(100)
            socket.frame(220)
            await settle()
            made.hang_up(Ending())
            events = await until(made, LineClosed)
            pieces = [event.audio for event in events if isinstance(event, LineAudio)]
            assert sum(piece.ms for piece in pieces) == pytest.approx(140, abs=2)
            assert max(piece.ms for piece in pieces) <= 20
            assert {piece.rate for piece in pieces} == {16000}
            assert counters[Count.GAPS_FILLED] == 1

    run(main())


def test_unread_sound_is_dropped_from_the_front() -> None:
    async def main() -> None:
        async with line(unread_seconds=1) as (made, socket, counters):
            for index in range(500):
                socket.frame(100 + 20 * index)
            socket.put({"event": "dtmf", "dtmf": {"digit": "1"}})
            for _ in range(600):
                await asyncio.sleep(0)
            made.hang_up(Ending())
            events = await until(made, LineClosed)
            sound = sum(event.audio.ms for event in events if isinstance(event, LineAudio))
            assert 900 < sound <= 1000
            assert len([e for e in events if not isinstance(e, LineAudio)]) == 2
            assert counters[Count.AUDIO_DROPPED] == 500 - len(events) + 2

    run(main())


def test_a_flood_of_keys_ends_the_line() -> None:
    async def main() -> None:
        async with line() as (made, socket, counters):
            for _ in range(MAX_UNREAD_OTHERS + 5):
                socket.put({"event": "dtmf", "dtmf": {"digit": "1"}})
            for _ in range(MAX_UNREAD_OTHERS + 50):
                await asyncio.sleep(0)
            events = await until(made, LineClosed)
            assert events[-1] == LineClosed("overrun")
            assert len(events) == MAX_UNREAD_OTHERS + 2
            assert counters[Count.OVERRUN] == 1

    run(main())


@pytest.mark.parametrize("how", ["stop", "gone", "hang_up", "end"])
def test_however_it_ends_it_ends_once(how: str) -> None:
    async def main() -> None:
        async with line() as (made, socket, _):
            if how == "stop":
                socket.put({"event": "stop", "stop": {}})
            elif how == "gone":
                socket.put(None)
            elif how == "hang_up":
                made.hang_up(Ending(After.TRANSFER, "asked for"))
                made.hang_up(Ending(After.GOODBYE))
                assert made.ending == Ending(After.TRANSFER, "asked for")
            else:
                made.end("call_over")
            socket.put({"event": "stop", "stop": {}})
            socket.put(None)
            await settle()
            made.hang_up(Ending())
            made.end("late")
            events = [event async for event in made.events()]
            assert len(events) == 1
            assert isinstance(events[0], LineClosed)
            assert [event async for event in made.events()] == []

    run(main())


def test_a_line_whose_carrying_is_cancelled_is_closed() -> None:
    async def main() -> None:
        async with line() as (made, _, _):
            other = PhoneLine(
                MemorySocket(), STREAM, made.info, PhoneSettings(), Counters(), lambda: 0.0
            )
            async with asyncio.TaskGroup() as tasks:
                carrying = tasks.create_task(other.run())
                await settle()
                carrying.cancel()
            assert [event async for event in other.events()] == [LineClosed("cancelled")]

    run(main())


def test_what_was_not_written_is_not_sent_after_hanging_up() -> None:
    async def main() -> None:
        async with line() as (made, socket, _):
            made.play(tone(100), "m")
            made.hang_up(Ending())
            await settle()
            assert socket.sent == []

    run(main())


def test_a_lone_mark_and_a_flush() -> None:
    async def main() -> None:
        async with line() as (made, socket, _):
            made.play(Audio(b"", 24000), "lone")
            made.play(tone(100), "m")
            made.play(Audio(b"", 24000), "end", last=True)
            await settle()
            assert socket.events() == ["mark lone", "media", "mark m", "media", "mark end"]

    run(main())
