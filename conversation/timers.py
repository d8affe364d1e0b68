"""Named timers that fire into the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from conversation.events import TimerFired


class Timers:
    """``fire`` takes each timer that is due. Starting a name again moves it."""

    def __init__(self, fire: Callable[[TimerFired], None]) -> None:
        self._fire = fire
        self._armed: dict[str, asyncio.TimerHandle] = {}
        self._loop = asyncio.get_running_loop()

    def start(self, name: str, seconds: float) -> None:
        self.stop(name)
        self._armed[name] = self._loop.call_later(seconds, self._due, name)

    def stop(self, name: str) -> None:
        if timer := self._armed.pop(name, None):
            timer.cancel()

    def stop_all(self) -> None:
        for name in list(self._armed):
            self.stop(name)

    def _due(self, name: str) -> None:
        del self._armed[name]
        self._fire(TimerFired(name))
