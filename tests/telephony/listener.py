"""A conversation that only listens and remembers, for tests to ask."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

from conversation.events import LineAudio, LineClosed, LineEvent
from conversation.line import Ending, Line


class Listener:
    """Holds any number of conversations. By default each ends when its line does."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.events: dict[str, list[LineEvent]] = defaultdict(list)
        self.over: list[str] = []
        self._news = asyncio.Condition()

    async def converse(self, line: Line) -> Ending:
        call = line.info.id
        async with self._news:
            self.lines[call] = line
            self._news.notify_all()
        async for event in line.events():
            async with self._news:
                self.events[call].append(event)
                self._news.notify_all()
        last = self.events[call][-1]
        assert isinstance(last, LineClosed)
        self.over.append(call)
        async with self._news:
            self._news.notify_all()
        return Ending(reason=last.reason)

    async def until(self, wanted: Callable[[], object], seconds: float = 5) -> None:
        """Wait for something to be so; asked again with every event.

        Raises:
            TimeoutError: it did not come to be.
        """
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: bool(wanted()))

    async def heard(self, call: str, event: LineEvent, seconds: float = 5) -> None:
        await self.until(lambda: event in self.events[call], seconds)

    async def closed(self, call: str, seconds: float = 5) -> str:
        """Why the call's line closed; that it closed once."""
        await self.until(lambda: call in self.over, seconds)
        closings = [e for e in self.events[call] if isinstance(e, LineClosed)]
        assert len(closings) == 1
        return closings[0].reason

    def sound_ms(self, call: str) -> float:
        return sum(e.audio.ms for e in self.events[call] if isinstance(e, LineAudio))
