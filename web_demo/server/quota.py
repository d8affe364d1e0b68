"""How much of the demo may be used: a model's minutes cost money. Pure."""

from __future__ import annotations

from collections import deque

HOUR, DAY = 3600.0, 86400.0


class Quota:
    """Conversations begun within an hour by each visitor, and the minutes of everybody within a
    day. Times are seconds of one clock, passed in; both windows slide."""

    def __init__(self, calls_per_hour: int, minutes_per_day: float) -> None:
        self._calls_per_hour = calls_per_hour
        self._seconds_per_day = 60 * minutes_per_day
        self._begun: deque[tuple[float, str]] = deque()
        self._held: deque[tuple[float, float]] = deque()

    def refusal(self, visitor: str, now: float) -> str:
        """Why this visitor may not begin a conversation now, for the page; empty if they may."""
        while self._begun and now - self._begun[0][0] >= HOUR:
            self._begun.popleft()
        while self._held and now - self._held[0][0] >= DAY:
            self._held.popleft()
        mine = [at for at, who in self._begun if who == visitor]
        if len(mine) >= self._calls_per_hour:
            minutes = max(1, round((mine[0] + HOUR - now) / 60))
            return f"You have used up this hour's calls. Try again in {minutes} minutes."
        if sum(seconds for _, seconds in self._held) >= self._seconds_per_day:
            return "The demo's minutes for today are used up. Try again tomorrow."
        return ""

    def begun(self, visitor: str, now: float) -> None:
        self._begun.append((now, visitor))

    def held(self, seconds: float, now: float) -> None:
        """A conversation of so many seconds is over."""
        self._held.append((now, seconds))
