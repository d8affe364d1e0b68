"""The one queue that everything which happens in a conversation goes through."""

from __future__ import annotations

import asyncio
from collections import deque

from conversation.events import Event


class Inbox:
    """Bounded for the pumps, which wait when it is full. What must not be lost or late (timers,
    the end of the line, requests to end) has room beyond the bound: each of those happens a
    bounded number of times, so the inbox stays bounded too.
    """

    def __init__(self, size: int = 512) -> None:
        self._events: deque[tuple[Event, bool]] = deque()
        self._room = asyncio.Semaphore(size)
        self._something = asyncio.Event()
        self.deepest = 0

    def __len__(self) -> int:
        return len(self._events)

    async def put(self, event: Event) -> None:
        """Add an event, waiting for room."""
        await self._room.acquire()
        self._add(event, counted=True)

    def put_now(self, event: Event) -> None:
        """Add an event that may not wait."""
        self._add(event, counted=False)

    def _add(self, event: Event, *, counted: bool) -> None:
        self._events.append((event, counted))
        self.deepest = max(self.deepest, len(self._events))
        self._something.set()

    async def get(self) -> Event:
        """The oldest event, waiting for one."""
        while not self._events:
            self._something.clear()
            await self._something.wait()
        event, counted = self._events.popleft()
        if counted:
            self._room.release()
        return event
