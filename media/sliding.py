"""The greatest of the latest values, without looking at all of them each time."""

from __future__ import annotations

from collections import deque


class SlidingMax:
    """Values by place; places only grow. Each value is looked at twice in all: only those that
    no later value exceeds are kept."""

    def __init__(self) -> None:
        self._falling: deque[tuple[int, float]] = deque()

    def add(self, place: int, value: float) -> None:
        """A value at a place after all others."""
        falling = self._falling
        while falling and falling[-1][1] <= value:
            falling.pop()
        falling.append((place, value))

    def forget_before(self, place: int) -> None:
        falling = self._falling
        while falling and falling[0][0] < place:
            falling.popleft()

    def clear(self) -> None:
        self._falling.clear()

    @property
    def greatest(self) -> float | None:
        """None where there is no value."""
        return self._falling[0][1] if self._falling else None
