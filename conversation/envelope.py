"""How loud a reply is over its length: where it pauses, and which part of it is speech."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from media.levels import FLOOR_DB

CELL_MS = 20.0
# A cell this much below the reply's loudest is a pause between words.
_PAUSE_BELOW_DB = 30.0


class Envelope:
    """Levels in dBFS of consecutive cells of a reply, 20 ms each, a chunk's last one shorter."""

    def __init__(self) -> None:
        self._ends = array("d")
        self._levels = array("d")
        self._loudest = FLOOR_DB

    def add(self, ms: float, levels: Sequence[float]) -> None:
        """``ms`` more sound. Without levels it counts as speech throughout."""
        start = self.ms
        cells = list(levels) or [self._loudest if self._levels else 0.0]
        for index, level in enumerate(cells, 1):
            last = index == len(cells)
            self._ends.append(start + (ms if last else min(ms, index * CELL_MS)))
            self._levels.append(level)
            self._loudest = max(self._loudest, level)

    @property
    def ms(self) -> float:
        return self._ends[-1] if self._ends else 0.0

    def levels(self, start: float, end: float) -> tuple[float, ...]:
        """The levels from ``start`` to ``end`` in steps of 20 ms."""
        count = max(0, round((end - start) / CELL_MS))
        return tuple(self._at(start + (i + 0.5) * CELL_MS) for i in range(count))

    def quietest(self, start: float, end: float) -> float:
        """A position from ``start`` to ``end`` where it is softest, the latest of several."""
        best, level = max(0.0, start), float("inf")
        position = best
        while position <= end:
            here = self._at(position)
            if here <= level:
                best, level = position, here
            position += CELL_MS
        return best

    def speech_ms(self, end: float | None = None) -> float:
        """How much of the sound up to ``end`` is speech rather than pause."""
        ends = np.array(self._ends)
        spoken = np.array(self._levels) >= self._loudest - _PAUSE_BELOW_DB
        upto = ends if end is None else np.minimum(ends, end)
        lengths = np.diff(upto, prepend=0.0)
        return float(lengths[spoken].sum())

    def _at(self, position: float) -> float:
        if not self._levels:
            return FLOOR_DB
        return self._levels[min(bisect_left(self._ends, position), len(self._levels) - 1)]
