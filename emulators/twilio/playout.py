"""Twilio's end of the line: what the hotline sends is queued here and played to the caller.

Rules of this file: time is an argument and never goes backwards; frames of 20 ms start on a
grid that begins at ``origin`` and never drifts; a frame that has started is played to its end,
also when a clear arrives meanwhile, because it is already on its way to the caller.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from emulators.twilio.loudness import FRAME_BYTES, FRAME_SECONDS, IDLE, RATE

# Sums of times and multiples of a frame may differ by rounding; a microsecond decides nothing.
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class MarkReturned:
    """A mark goes back to the hotline. ``played``: all audio before it was; not after a clear."""

    at: float
    name: str
    played: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Audio heard without a break: byte ``first`` of all the hotline sent began at ``at``."""

    at: float
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a clear threw away: ``dropped`` bytes from byte ``first`` on, and its marks."""

    at: float
    first: int
    dropped: int
    marks: tuple[str, ...]


class Playout:
    """The playout buffer, with the truth of what was heard when.

    ``media``, ``mark`` and ``clear`` are the hotline's messages as they arrive; they and
    ``advance`` answer with the marks that go back to it, in order. ``heard`` is the caller's
    ear: mu-law from ``origin`` on, silence included. ``on_air`` is told of each frame that
    carries sound; ``lost`` says whether the next one never reaches the caller.

    Positions count the bytes (samples) of all media since the stream began, cleared ones too.
    """

    def __init__(
        self,
        origin: float,
        on_air: Callable[[float, bytes], None] | None = None,
        lost: Callable[[], bool] | None = None,
    ) -> None:
        self.origin = origin
        self.heard = bytearray()
        self.runs: list[Run] = []
        self.clears: list[Cleared] = []
        self.received = 0
        self._on_air = on_air
        self._lost = lost
        self._queue = bytearray()
        self._waiting: deque[tuple[int, str]] = deque()
        self._due: deque[tuple[float, str]] = deque()
        self._frames = 0
        self._audio_ends = origin

    @property
    def played(self) -> int:
        """The position up to which audio has been handed to the caller or cleared."""
        return self.received - len(self._queue)

    @property
    def buffered_ms(self) -> float:
        return 1000 * len(self._queue) / RATE

    @property
    def pending_marks(self) -> tuple[str, ...]:
        return tuple(name for _, name in (*self._due, *self._waiting))

    def idle(self, now: float) -> bool:
        """Nothing queued, nothing on the air, no mark outstanding."""
        return not (self._queue or self._waiting or self._due) and now >= self._audio_ends

    def media(self, at: float, ulaw: bytes) -> list[MarkReturned]:
        """Queue audio of any length."""
        returned = self.advance(at)
        self._queue += ulaw
        self.received += len(ulaw)
        return returned

    def mark(self, at: float, name: str) -> list[MarkReturned]:
        """Queue a mark; with nothing before it that still has to play it returns at once."""
        returned = self.advance(at)
        if self._queue:
            self._waiting.append((self.received, name))
        elif at + _EPSILON < self._audio_ends:
            self._due.append((self._audio_ends, name))
        else:
            returned.append(MarkReturned(at, name, played=True))
        return returned

    def clear(self, at: float) -> list[MarkReturned]:
        """Throw away what is queued; all pending marks return now."""
        returned = self.advance(at)
        names = self.pending_marks
        self.clears.append(Cleared(at, self.played, len(self._queue), names))
        self._queue.clear()
        self._waiting.clear()
        self._due.clear()
        return [*returned, *(MarkReturned(at, name, played=False) for name in names)]

    def advance(self, now: float) -> list[MarkReturned]:
        """Play every frame that has started by ``now``."""
        started = int((now - self.origin) / FRAME_SECONDS + _EPSILON) + 1
        while self._frames < started:
            if not self._queue:
                self.heard += IDLE * (started - self._frames)
                self._frames = started
                break
            self._play_frame()
        returned = []
        while self._due and self._due[0][0] <= now + _EPSILON:
            at, name = self._due.popleft()
            returned.append(MarkReturned(at, name, played=True))
        return returned

    def heard_when(self, position: int) -> float | None:
        """When the caller heard the byte at ``position``; None if not, or not yet."""
        index = bisect_right(self.runs, position, key=lambda run: run.first) - 1
        if index < 0:
            return None
        run = self.runs[index]
        if position >= run.first + run.count:
            return None
        return run.at + (position - run.first) / RATE

    def heard_by(self, now: float) -> int:
        """How many of the hotline's bytes the caller has heard by ``now``."""
        total = 0
        for run in self.runs:
            total += min(run.count, max(0, int((now - run.at) * RATE + _EPSILON)))
        return total

    def _play_frame(self) -> None:
        at = self.origin + self._frames * FRAME_SECONDS
        first = self.played
        frame = bytes(self._queue[:FRAME_BYTES])
        del self._queue[:FRAME_BYTES]
        self._frames += 1
        self._audio_ends = at + FRAME_SECONDS
        self._note(at, first, len(frame))
        while self._waiting and self._waiting[0][0] <= self.played:
            self._due.append((self._audio_ends, self._waiting.popleft()[1]))
        if len(frame) < FRAME_BYTES:
            frame += IDLE[len(frame) :]
        if self._lost is not None and self._lost():
            frame = IDLE
        self.heard += frame
        if self._on_air is not None:
            self._on_air(at, frame)

    def _note(self, at: float, first: int, count: int) -> None:
        if self.runs:
            last = self.runs[-1]
            follows = last.first + last.count == first
            if follows and abs(last.at + last.count / RATE - at) < _EPSILON:
                self.runs[-1] = Run(last.at, last.first, last.count + count)
                return
        self.runs.append(Run(at, first, count))
