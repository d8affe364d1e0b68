"""What any ``Line`` must do, whichever door it is: a suite to run a door's line through.

A door gives a ``make_line``: a context in which a line is up, with the far end of it. The far
end is the door's own client (a caller's handset, a browser tab) with a playout clock. Each
check gets a line of its own; ``CHECKS`` lists them for a parametrised test. The real loop's
clock is used, so sounds are short.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from conversation.events import (
    Keypress,
    LineAudio,
    LineClosed,
    LineEvent,
    PlaybackMark,
)
from conversation.line import Ending, Line
from media.audio import Audio
from media.levels import rms_db

SECONDS = 10.0
MODEL_RATE = 24000


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch that the far end played, beginning at this time of the loop's clock."""

    at: float
    audio: Audio


class FarEnd(Protocol):
    """The other end of a line, as a person holds it."""

    @property
    def heard(self) -> Sequence[Heard]:
        """What was played; what a clear cut off is not in it."""

    async def speak(self, audio: Audio) -> None:
        """Send sound of any rate as the caller's, as fast as it goes."""

    async def press(self, digit: str) -> None:
        """Press a key; only on lines with a keypad."""

    async def stall(self) -> None:
        """Read nothing more, but stay."""

    async def vanish(self) -> None:
        """Be gone, without a goodbye."""


MakeLine = Callable[[], AbstractAsyncContextManager[tuple[Line, FarEnd]]]
Check = Callable[[MakeLine], Coroutine[Any, Any, None]]


def tone(ms: float, hz: float = 440.0, rate: int = MODEL_RATE) -> Audio:
    """A sine at -9 dBFS RMS."""
    samples = round(ms * rate / 1000)
    step = 2 * math.pi * hz / rate
    values = (round(16000 * math.sin(step * i)) for i in range(samples))
    return Audio(struct.pack(f"<{samples}h", *values), rate)


@dataclass(slots=True)
class Reader:
    """Reads a line's events and remembers them, with the time each came."""

    line: Line
    events: list[LineEvent] = field(default_factory=list)
    times: dict[str, float] = field(default_factory=dict)
    _source: AsyncIterator[LineEvent] | None = None

    async def until(self, wanted: Callable[[LineEvent], bool]) -> LineEvent:
        """Read on until an event is wanted.

        Raises:
            AssertionError: it did not come, or the line ended first.
        """
        self._source = self._source or self.line.events()
        try:
            async with asyncio.timeout(SECONDS):
                async for event in self._source:
                    self.events.append(event)
                    if isinstance(event, PlaybackMark):
                        self.times[event.name] = asyncio.get_running_loop().time()
                    if wanted(event):
                        return event
        except TimeoutError:
            raise AssertionError(f"did not come; came: {self.names()}") from None
        raise AssertionError(f"the line ended first; came: {self.names()}")

    async def mark(self, name: str) -> float:
        """When this mark came back."""
        if name not in self.times:
            await self.until(lambda event: event == PlaybackMark(name))
        return self.times[name]

    async def closed(self) -> LineClosed:
        """The end, which must be the only one and the last."""
        event = await self.until(lambda event: isinstance(event, LineClosed))
        assert isinstance(event, LineClosed)
        assert self._source is not None
        async with asyncio.timeout(SECONDS):
            rest = [event async for event in self._source]
        assert rest == [], "nothing comes after LineClosed"
        again = [event async for event in self.line.events()]
        assert again == [], "a closed line has no more events"
        return event

    def marks(self) -> list[str]:
        return [event.name for event in self.events if isinstance(event, PlaybackMark)]

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events if not isinstance(event, LineAudio)]


def played_ms(heard: Sequence[Heard]) -> float:
    return sum(piece.audio.ms for piece in heard)


async def the_caller_is_heard(make_line: MakeLine) -> None:
    """All of it, at the promised rate, as loud as it was spoken."""
    async with make_line() as (line, far):
        rate = line.info.input_rate
        spoken = tone(400, rate=rate)
        await far.speak(spoken)
        reader, pcm = Reader(line), b""
        while len(pcm) < len(spoken.pcm) * 0.97:
            event = await reader.until(lambda event: isinstance(event, LineAudio))
            assert isinstance(event, LineAudio)
            assert event.audio.rate == rate
            pcm += event.audio.pcm
        middle = Audio(pcm, rate).slice_ms(100, 300)
        assert abs(rms_db(middle) - rms_db(spoken)) < 1.0


async def keys_arrive(make_line: MakeLine) -> None:
    async with make_line() as (line, far):
        if line.info.has_keypad:
            for digit in "0#*":
                await far.press(digit)
            reader = Reader(line)
            await reader.until(lambda event: event == Keypress("*"))
            assert [e for e in reader.events if isinstance(e, Keypress)] == [
                Keypress(digit) for digit in "0#*"
            ]


async def marks_follow_their_audio(make_line: MakeLine) -> None:
    """A mark comes back once what was queued before it has played, and in order."""
    async with make_line() as (line, far):
        for index in range(3):
            line.play(tone(100), f"m{index}", last=index == 2)
        reader = Reader(line)
        await reader.mark("m2")
        assert reader.marks() == ["m0", "m1", "m2"]
        begun = far.heard[0].at
        for index in range(3):
            # The filter may hold back a few ms of a reply that is not at its end.
            assert reader.times[f"m{index}"] >= begun + 0.1 * (index + 1) - 0.01


async def a_lone_mark_returns_at_once(make_line: MakeLine) -> None:
    async with make_line() as (line, far):
        begun = asyncio.get_running_loop().time()
        line.play(Audio(b"", MODEL_RATE), "probe")
        assert await Reader(line).mark("probe") - begun < 1.0
        assert played_ms(far.heard) == 0


async def replies_arrive_whole(make_line: MakeLine) -> None:
    """Pieces of any length, and the tail by ``last``, also on a piece without sound."""
    async with make_line() as (line, far):
        reply = tone(333)
        sizes = [2, 998, 1440, 6, 4802, 1922]
        cut = 0
        for size in sizes:
            line.play(Audio(reply.pcm[cut : cut + size], MODEL_RATE), f"at{cut}")
            cut += size
        line.play(Audio(reply.pcm[cut:], MODEL_RATE), "rest")
        line.play(Audio(b"", MODEL_RATE), "end", last=True)
        await Reader(line).mark("end")
        assert abs(played_ms(far.heard) - reply.ms) < 1.0
        tail = far.heard[-1].audio
        whole = b"".join(piece.audio.pcm for piece in far.heard)
        assert rms_db(Audio(whole, tail.rate).slice_ms(300)) > -15


async def any_rate_is_played(make_line: MakeLine) -> None:
    async with make_line() as (line, far):
        for rate in (8000, 16000, 24000, 48000):
            line.play(tone(40, rate=rate), f"r{rate}", last=True, fade_in_ms=5)
        await Reader(line).mark("r48000")
        assert abs(played_ms(far.heard) - 160) < 8.0


async def clear_is_silent(make_line: MakeLine) -> None:
    """What is queued is never heard, and every pending mark comes back, in order."""
    async with make_line() as (line, far):
        for index in range(20):
            line.play(tone(200), f"m{index}")
        reader = Reader(line)
        await reader.mark("m0")
        line.clear()
        await reader.mark("m19")
        assert reader.marks() == [f"m{index}" for index in range(20)]
        assert played_ms(far.heard) < 1500


async def play_after_clear_is_heard(make_line: MakeLine) -> None:
    """And nothing of what came before the clear is: filters forget it."""
    async with make_line() as (line, far):
        line.play(tone(499), "old")
        line.clear()
        reader = Reader(line)
        await reader.mark("old")
        cleared = asyncio.get_running_loop().time()
        line.play(Audio.silence(200, MODEL_RATE), "new", last=True)
        await reader.mark("new")
        fresh = [piece for piece in far.heard if piece.at >= cleared]
        assert abs(played_ms(fresh) - 200) < 1.5
        assert max(rms_db(piece.audio) for piece in fresh) < -60


async def clear_overtakes_unwritten_sound(make_line: MakeLine) -> None:
    """A clear at once after playing: nothing, or next to nothing, is heard."""
    async with make_line() as (line, far):
        for index in range(50):
            line.play(tone(100), f"m{index}")
        line.clear()
        line.play(Audio(b"", MODEL_RATE), "after")
        reader = Reader(line)
        await reader.mark("after")
        assert reader.marks() == [*(f"m{index}" for index in range(50)), "after"]
        assert played_ms(far.heard) < 300


async def clears_are_idempotent(make_line: MakeLine) -> None:
    async with make_line() as (line, _):
        line.clear()
        line.play(tone(60), "m")
        line.clear()
        line.clear()
        assert await Reader(line).mark("m")


async def hang_up_ends_it_once(make_line: MakeLine) -> None:
    async with make_line() as (line, _):
        line.play(tone(60), "m")
        line.hang_up(Ending(reason="first"))
        line.hang_up(Ending(reason="second"))
        await Reader(line).closed()


async def a_closed_line_takes_orders_in_silence(make_line: MakeLine) -> None:
    async with make_line() as (line, far):
        line.hang_up(Ending())
        await Reader(line).closed()
        line.play(tone(60), "m", last=True)
        line.clear()
        line.hang_up(Ending())
        assert played_ms(far.heard) == 0


async def a_far_end_may_vanish(make_line: MakeLine) -> None:
    async with make_line() as (line, far):
        line.play(tone(2000), "m")
        await far.vanish()
        await Reader(line).closed()
        line.play(tone(60), "n")


async def a_late_reader_misses_only_sound(make_line: MakeLine) -> None:
    """Nobody reads for long: keys and the end are all there, of the sound the latest."""
    async with make_line() as (line, far):
        if line.info.has_keypad:
            await far.press("1")
        for _ in range(30):
            await far.speak(tone(1000, rate=line.info.input_rate))
        if line.info.has_keypad:
            await far.press("2")
        line.play(Audio(b"", MODEL_RATE), "read so far")
        reader = Reader(line)
        await reader.mark("read so far")
        keys = [event for event in reader.events if isinstance(event, Keypress)]
        assert keys == ([Keypress("1"), Keypress("2")] if line.info.has_keypad else [])
        sound = sum(e.audio.ms for e in reader.events if isinstance(e, LineAudio))
        assert 1000 < sound < 30_000
        await far.vanish()
        await reader.closed()


async def a_reader_may_be_cancelled(make_line: MakeLine) -> None:
    async with make_line() as (line, far):
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(Reader(line).mark("never"))
            await asyncio.sleep(0)
            reading.cancel()
        line.play(tone(40), "m")
        reader = Reader(line)
        await reader.mark("m")
        assert played_ms(far.heard) > 30
        line.hang_up(Ending())
        await reader.closed()


async def a_far_end_that_does_not_read_is_given_up(make_line: MakeLine) -> None:
    """Meanwhile the caller is still heard; and the one who plays never waits."""
    async with make_line() as (line, far):
        await far.stall()
        long = tone(5000)
        for index in range(12):
            line.play(long, f"m{index}")
        await far.speak(tone(60, rate=line.info.input_rate))
        reader = Reader(line)
        await reader.until(lambda event: isinstance(event, LineAudio))
        for index in range(60):
            line.play(long, f"n{index}")
        await reader.closed()


CHECKS: tuple[Check, ...] = (
    the_caller_is_heard,
    keys_arrive,
    marks_follow_their_audio,
    a_lone_mark_returns_at_once,
    replies_arrive_whole,
    any_rate_is_played,
    clear_is_silent,
    play_after_clear_is_heard,
    clear_overtakes_unwritten_sound,
    clears_are_idempotent,
    hang_up_ends_it_once,
    a_closed_line_takes_orders_in_silence,
    a_far_end_may_vanish,
    a_late_reader_misses_only_sound,
    a_reader_may_be_cancelled,
    a_far_end_that_does_not_read_is_given_up,
)


async def check_line(make_line: MakeLine) -> None:
    """The whole suite, one check after the other."""
    for check in CHECKS:
        try:
            await check(make_line)
        except AssertionError as failed:
            with contextlib.suppress(AttributeError):
                failed.add_note(f"in {check.__name__}")
            raise
