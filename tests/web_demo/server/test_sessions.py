"""A page's session over real sockets: resume, limits, origins, what the page is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from conversation.events import CallerStopped, CallerTyped, LineAudio, LineClosed, PlaybackMark
from conversation.line import Ending
from conversation.records import QualityReported, TakePlayed
from conversation.runtime import Observer
from media.levels import rms_db
from tests.conformance.check_line import Reader, played_ms, tone
from tests.web_demo.server.page import Page, opened
from tests.web_demo.server.serving import Served, serving
from web_demo.server.audit import Verdict, verdict
from web_demo.server.browser_line import CANCELLED, BrowserLine
from web_demo.server.messages import (
    IN_RATE,
    LIMIT_REACHED,
    NO_SUCH_SESSION,
    NOT_UNDERSTOOD,
    RESTART,
    SIGN_IN_FIRST,
    WRONG_ORIGIN,
)

pytestmark = pytest.mark.socket

Scene = Callable[[Served, "asyncio.Queue[BrowserLine]"], Awaitable[None]]


def run(scene: Scene, **settings: Any) -> None:
    async def main() -> None:
        lines: asyncio.Queue[BrowserLine] = asyncio.Queue(10)
        over = asyncio.Event()

        async def converse(line: BrowserLine, observers: list[Observer]) -> Ending:
            lines.put_nowait(line)
            await over.wait()
            return Ending()

        async with serving(converse, Path("nowhere"), **settings) as served:
            served.over = over
            await scene(served, lines)
            over.set()

    work: Coroutine[Any, Any, None] = main()
    asyncio.run(work)


def test_a_page_that_comes_back_hears_everything_once() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            line.tell({"type": "state", "state": "speaking"})
            line.play(tone(300), "r1t1:300")
            await page.told("mark", name="r1t1:300")
            await page.acknowledge()
            await page.vanish()
            line.play(tone(500), "r1t1:800")
            line.play(tone(200), "r1t1:end", last=True)
        async with opened(served.port, page):
            ready = await page.hello()
            assert ready["resumed"] is True
            await Reader(line).mark("r1t1:end")
            assert abs(played_ms(page.heard) - 1000) < 1
            assert [seq for seq, _, _ in page.frames] == [1, 2, 3, 4, 5, 6]
            assert {take for _, take, _ in page.frames} == {1}
            assert [m["name"] for m in page.said if m["type"] == "mark"] == [
                "r1t1:300",
                "r1t1:800",
                "r1t1:end",
            ]

    run(scene, resume_seconds=5)


def test_the_callers_frames_are_heard_once_across_sockets() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            assert page.socket
            frames = [page.frame(tone(20, rate=IN_RATE).pcm) for _ in range(10)]
            for frame in frames[:6]:
                await page.socket.send(frame)
            assert (await page.told("ack", seq=6))["level_db"] == pytest.approx(-9, abs=1)
            await page.vanish()
        async with opened(served.port, page):
            await page.hello()
            for frame in frames[3:]:
                await page.socket.send(frame)
            await page.told("ack", seq=10)
            reader, heard = Reader(line), 0.0
            while heard < 200:
                event = await reader.until(lambda event: isinstance(event, LineAudio))
                assert isinstance(event, LineAudio)
                heard += event.audio.ms if any(event.audio.pcm) else 0
            assert heard == 200

    run(scene, resume_seconds=5)


def test_where_no_sound_comes_any_more_there_is_silence() -> None:
    """Or nobody would ever know that the caller's sentence is over."""

    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            reader = Reader(await lines.get())
            await page.speak(tone(100, rate=IN_RATE))
            await page.told("ack", seq=5)
            await page.vanish()
            silence = 0.0
            while silence < 1500:
                event = await reader.until(lambda event: isinstance(event, LineAudio))
                assert isinstance(event, LineAudio)
                silence += 0 if any(event.audio.pcm) else event.audio.ms

    run(scene, resume_seconds=5)


def test_a_page_that_does_not_come_back_is_gone() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
        assert (await Reader(line).closed()) == LineClosed("disconnected")

    run(scene, resume_seconds=0.05)


def test_a_false_secret_resumes_nothing() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            page.key["secret"] = "guessed"
            async with opened(served.port) as other:
                resume = {**page.key, "seq": 0}
                await other.send(type="hello", proto=1, line="web", vad=True, resume=resume)
                assert await other.closed() == NO_SUCH_SESSION

    run(scene)


def test_what_the_page_says_reaches_the_conversation() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            line.play(tone(2000), "r1t1:2000")
            await page.told("take", take=1, response=1, kind="reply")
            await page.send(type="barge_in", take=1, played=9000, reason="voice", onset_ms=180)
            for _ in range(2):
                await page.send(type="text", id="1", text=" Where is my bag? ")
            await page.send(type="duck", take=1)
            counts = {"received": 48000, "played": 9000, "dropped": 39000, "underruns": 0}
            await page.send(type="ended", take=1, at=1.0, **counts)
            await page.send(type="quality", rtt_ms=12.5, layer="worker", nonsense=[1])
            await page.send(type="text", id="2", text="Thanks.")
            await page.send(type="ping", id=7)
            await page.told("pong", id=7)
            reader = Reader(line)
            await reader.until(lambda event: event == CallerTyped("Where is my bag?"))
            assert CallerStopped("voice", "r1t1:2000", 9000 / 24 - 2000) in reader.events
            line.clear()
            await reader.mark("r1t1:2000")
            assert reader.names().count("CallerTyped") == 2
        facts = [fact for _, fact in served.facts]
        assert any(isinstance(fact, TakePlayed) and fact.played == 9000 for fact in facts)
        figures = [fact.figures for fact in facts if isinstance(fact, QualityReported)]
        assert {"rtt_ms": 12.5, "layer": "worker", "duck_count": 1} in figures

    run(scene)


def test_goodbye_is_told_before_the_socket_closes() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            line.play(tone(40), "r1t1:end", last=True)
            line.hang_up(Ending(reason="done"))
            assert await page.closed() == 1000
            assert (await page.told("bye"))["after_take"] == 1

    run(scene)


@pytest.mark.parametrize("polite", [True, False])
def test_the_page_closes_after_a_goodbye_and_is_not_waited_for_long(polite: bool) -> None:
    """Its last word may still be in the loudspeaker; what it says of its takes is still heard."""

    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port, Page(polite=polite)) as page:
            await page.hello()
            line = await lines.get()
            (session,) = served.door.sessions.values()
            session.parting_seconds = 0.2
            line.play(tone(40), "r1t1:end", last=True)
            await Reader(line).mark("r1t1:end")
            served.over.set()
            await page.told("bye", after_take=1)
            counts = {"received": 960, "played": 960, "dropped": 0, "underruns": 0}
            if not polite:
                await page.send(type="ended", take=1, at=1.0, **counts)
            assert await page.closed() == 1000
        async with asyncio.timeout(5):
            await session.part()
            while len(served.door):  # noqa: ASYNC110
                await asyncio.sleep(0)
        (take,) = [fact for _, fact in served.facts if isinstance(fact, TakePlayed)]
        assert take.ended is not polite

    run(scene)


def test_who_hangs_up_while_she_speaks_has_interrupted_her() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            line.play(tone(3000), "r1t1:1")
            await page.told("mark", name="r1t1:1")
            await page.send(type="bye")
            await Reader(line).closed()
            served.over.set()
            assert await page.closed() == 1000
        async with asyncio.timeout(5):
            while len(served.door):  # noqa: ASYNC110
                await asyncio.sleep(0)
        (take,) = [fact for _, fact in served.facts if isinstance(fact, TakePlayed)]
        assert verdict(take) is Verdict.INTERRUPTED

    run(scene)


def test_a_page_that_missed_the_end_is_told_so() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            await page.send(type="bye")
            await Reader(await lines.get()).closed()
            served.over.set()
            assert await page.closed() == 1000
            async with asyncio.timeout(5):
                while len(served.door):  # noqa: ASYNC110
                    await asyncio.sleep(0)
            async with opened(served.port) as again:
                resume = {**page.key, "seq": 0, "n": 0}
                await again.send(type="hello", proto=1, line="web", vad=True, resume=resume)
                assert await again.closed() == 1000

    run(scene)


def test_what_was_said_last_reaches_a_page_that_comes_back_for_it() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            await lines.get()
            await page.vanish()
        served.over.set()
        async with opened(served.port, page):
            await page.hello()
            await page.told("bye")
            assert await page.closed() == 1000

    run(scene, resume_seconds=5)


def test_a_page_that_takes_nothing_does_not_hold_up_the_one_that_comes_back() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as frozen:
            await frozen.hello()
            line = await lines.get()
            await frozen.stall()
            for index in range(100):
                line.play(tone(400), f"r1t1:{index}")
            page = Page(key=frozen.key)
            async with asyncio.timeout(1), opened(served.port, page):
                assert (await page.hello())["resumed"]
                await page.told("mark", name="r1t1:99")
                assert [seq for seq, _, _ in page.frames] == list(range(1, 201))

    run(scene, resume_seconds=5)


def test_a_restart_asks_the_page_to_come_back() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            (await lines.get()).end(CANCELLED)
            assert await page.closed() == RESTART

    run(scene)


def test_the_phone_line_is_taken_when_it_is_chosen_and_left_again() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello(line="pstn")
            line = await lines.get()
            line.play(tone(100), "r1t1:end", last=True)
            await Reader(line).mark("r1t1:end")
            await page.send(type="line", mode="web", loss=0, jitter_ms=0)
            await page.send(type="ping", id=1)
            await page.told("pong", id=1)
            line.play(tone(100), "r2t1:end", last=True)
            await Reader(line).until(lambda event: event == PlaybackMark("r2t1:end"))
            first, second = (rms_db(piece.audio) for piece in page.heard if piece.audio.ms > 50)
            assert second - first == pytest.approx(6, abs=0.2)

    run(scene)


def test_only_so_many_at_once() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page, opened(served.port) as second:
            await page.hello()
            await second.send(type="hello", proto=1, line="web", vad=True)
            assert await second.closed() == LIMIT_REACHED
            assert "busy" in (await second.told("error"))["text"]

    run(scene, calls_at_once=1)


def test_a_conversation_has_a_limit() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            ready = await page.hello()
            assert ready["limits"] == {"seconds": 0}
            assert await page.closed() == LIMIT_REACHED
            assert (await page.told("error"))["code"] == "limit"

    run(scene, max_seconds=0.1)


def test_at_the_limit_myra_is_asked_to_say_goodbye_first() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        served.door.wind_up = lambda call: served.over.set()
        async with opened(served.port) as page:
            ready = await page.hello()
            assert await page.closed() == 1000
            assert (await page.told("bye"))["reason"] == "goodbye"
            assert [m for m in page.said if m["type"] == "error"] == []
            assert ready["conversation"] == (await lines.get()).info.id

    run(scene, max_seconds=0.1)


@pytest.mark.parametrize("origin", ["https://evil.example", ""])
def test_other_sites_pages_are_refused(origin: str) -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port, origin=origin) as page:
            assert await page.closed() == WRONG_ORIGIN

    run(scene)


def test_nobody_talks_before_signing_in() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            assert await page.closed() == SIGN_IN_FIRST

    run(scene, password="correct horse")


@pytest.mark.parametrize(
    "first",
    [
        "no json",
        '{"type": "ping", "id": 1}',
        '{"type": "hello", "proto": 9}',
        f'{{"type": "{"é" * 200}"}}',
        b"\x01\x02",
    ],
)
def test_what_is_no_hello_is_refused(first: str | bytes) -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            assert page.socket
            await page.socket.send(first)
            assert await page.closed() == NOT_UNDERSTOOD

    run(scene)


@pytest.mark.parametrize("kind", ["text", "quality"])
def test_a_page_cannot_flood_the_model_or_the_record(kind: str) -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            try:
                for number in range(200):
                    await page.send(type=kind, id=str(number), text="more", depth_ms=number)
            except ConnectionClosed:
                pass
            assert await page.closed() == NOT_UNDERSTOOD
            told = [one async for one in line.events() if isinstance(one, CallerTyped)]
        kept = [fact for _, fact in served.facts if isinstance(fact, QualityReported)]
        assert 10 < len(told) + len(kept) < 40

    run(scene)


async def _told(line: BrowserLine) -> list[type]:
    return [type(one) async for one in line.events()]


def test_a_page_cannot_keep_the_conversation_busy_with_messages_or_crumbs_of_sound() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            reading = asyncio.create_task(_told(line))
            assert page.socket
            for _ in range(1000):
                await page.socket.send(page.frame(b"\0\0"))
            await page.told("ack", seq=1000)
            try:
                for _ in range(4000):
                    await page.send(type="mark", name="r1t1:1")
            except ConnectionClosed:
                pass
            assert await page.closed() == NOT_UNDERSTOOD
            told = await reading
        assert 500 < told.count(LineAudio) < 800
        assert told.count(PlaybackMark) < 3000

    run(scene)


def test_a_page_that_talks_nonsense_is_given_up() -> None:
    async def scene(served: Served, lines: asyncio.Queue[BrowserLine]) -> None:
        async with opened(served.port) as page:
            await page.hello()
            line = await lines.get()
            assert page.socket
            try:
                for _ in range(40):
                    await page.socket.send("nonsense")
            except ConnectionClosed:
                pass
            assert await page.closed() == NOT_UNDERSTOOD
            await Reader(line).closed()

    run(scene)
