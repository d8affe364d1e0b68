"""The ledger of one response: generated, sent, heard, dropped.

The line plays from a buffer that cannot be seen. A mark comes back once the sound before it has
played; a clear sends every pending mark back at once, so a mark's name says which response and
which take of it the mark belongs to, and what is not of the live take proves nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from conversation.actions import Play, PlayPrompt
from conversation.envelope import Envelope
from media.audio import Audio

# A shorter rest joins the piece before it.
_LEAST_PIECE_MS = 20.0
# What has been heard is kept this long, in case playing resumes a little before it.
_KEPT_MS = 1500.0
_DENSE_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Spacing:
    """Milliseconds between marks: in the first second of a response or take, and after it."""

    first_ms: float = 100.0
    later_ms: float = 200.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Something for the line, how long it plays, and how loud it is (dBFS, 20 ms each)."""

    order: Play | PlayPrompt
    ms: float
    levels: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """What became of a response that was not heard to its end, in ms of its sound.

    ``heard`` + ``dropped`` = ``generated``; what was sent and cleared is among the dropped.
    ``speech`` and ``speech_heard`` leave the pauses out. ``finished``: the model had said all.
    """

    response: int
    generated: float
    sent: float
    heard: float
    dropped: float
    speech: float
    speech_heard: float
    finished: bool


@dataclass(frozen=True, slots=True)
class _Chunk:
    start: float
    end: float
    audio: Audio


@dataclass(frozen=True, slots=True)
class _Mark:
    name: str
    position: float
    sent_at: float


class Ledger:
    """One response. Positions are milliseconds from its beginning, times are seconds."""

    def __init__(self, response: int, spacing: Spacing) -> None:
        self.response = response
        self.envelope = Envelope()
        self.finished = False
        self.paused = False
        self.begun = False
        self.heard = False
        self.audible_from: float | None = None
        self.sent_ms = 0.0
        self.farthest_ms = 0.0
        self._spacing = spacing
        self._chunks: deque[_Chunk] = deque()
        self._generated = 0.0
        self._rate = 0
        self._ended = False
        self._take_start = 0.0
        self._pending: deque[_Mark] = deque()
        self._sending_at = 0.0
        self._known = 0.0
        self._known_at: float | None = None

    @property
    def generated_ms(self) -> float:
        return self._generated

    def add(self, audio: Audio, levels: tuple[float, ...] = ()) -> None:
        """Keep sound the model produced, whether or not it is being played."""
        if not audio.pcm:
            return
        end = self._generated + audio.ms
        self._chunks.append(_Chunk(self._generated, end, audio))
        self.envelope.add(audio.ms, levels)
        self._generated, self._rate = end, audio.rate
        self.paused = False

    def finish(self) -> None:
        """The model has produced all of it."""
        self.finished = True

    def pieces(self, now: float, take: int, fade_in_ms: float = 0.0) -> Iterator[Piece]:
        """What the line has not got yet. The last piece of a finished response says so."""
        self._sending_at = now
        cuts = [(chunk, *span) for chunk in self._unsent() for span in self._spans(chunk)]
        for index, (chunk, start, end) in enumerate(cuts, 1):
            whole = end == chunk.end
            audio = chunk.audio.slice_ms(start - chunk.start, None if whole else end - chunk.start)
            last = self.finished and index == len(cuts)
            play = Play(audio, self._mark(take, f"{end:.0f}", end), last, fade_in_ms)
            yield Piece(play, end - start, self.envelope.levels(start, end))
            self.sent_ms, fade_in_ms = end, 0.0
            self._ended = self._ended or last
        if self.finished and not self._ended and self._rate:
            self._ended = True
            mark = self._mark(take, "end", self._generated)
            yield Piece(Play(Audio(b"", self._rate), mark, last=True), 0.0)

    def _unsent(self) -> list[_Chunk]:
        """From the end backwards: all but the newest have mostly been sent."""
        unsent: list[_Chunk] = []
        for chunk in reversed(self._chunks):
            if chunk.end <= self.sent_ms:
                break
            unsent.append(chunk)
        return unsent[::-1]

    def _spans(self, chunk: _Chunk) -> Iterator[tuple[float, float]]:
        start = max(self.sent_ms, chunk.start)
        while start < chunk.end:
            dense = start < _DENSE_MS or start - self._take_start < _DENSE_MS
            end = start + (self._spacing.first_ms if dense else self._spacing.later_ms)
            if chunk.end - end < _LEAST_PIECE_MS:
                end = chunk.end
            yield start, end
            start = end

    def _mark(self, take: int, where: str, position: float) -> str:
        name = f"r{self.response}t{take}:{where}"
        self._pending.append(_Mark(name, position, self._sending_at))
        return name

    def begin(self, now: float, round_trip_ms: float) -> None:
        """The mark before this one is back: the line goes straight on with what it had by then.

        What was sent too late for that started on an emptied buffer, nobody knows when.
        """
        had = self._pending and self._pending[0].sent_at <= now - round_trip_ms / 1000
        self._known_at = now if had else None

    def acknowledge(self, name: str, now: float, round_trip_ms: float) -> bool:
        """Note a returned mark of the live take; False for any other."""
        found = next((mark for mark in self._pending if mark.name == name), None)
        if found is None:
            return False
        while self._pending.popleft() is not found:
            pass
        self._known = found.position
        self.farthest_ms = max(self.farthest_ms, found.position)
        self.begin(now, round_trip_ms)
        if self.audible_from is None:
            self.audible_from = now - found.position / 1000
        self._forget()
        return True

    def _forget(self) -> None:
        while self._chunks and self._chunks[0].end < self._known - _KEPT_MS:
            self._chunks.popleft()

    def give_up_waiting(self, now: float) -> None:
        """The marks that are out will not come back."""
        if self._pending:
            self.acknowledge(self._pending[-1].name, now, 0.0)

    def position_ms(self, now: float, round_trip_ms: float) -> float:
        """Where playing stops if the line is cleared now.

        The last returned mark, plus the time since, plus the round trip: the mark was one way
        late, the clear will be. Never past the next pending mark by more than that, and nothing
        before a take's first mark, as the far end may start late.
        """
        if self._known_at is None or not self._pending:
            return self._known
        played = self._known + 1000 * (now - self._known_at) + round_trip_ms
        return min(played, self._pending[0].position + round_trip_ms, self.sent_ms)

    def heard_ms(self, now: float, round_trip_ms: float) -> float:
        """The farthest position heard in any take."""
        return max(self.farthest_ms, self.position_ms(now, round_trip_ms))

    def freeze(self, now: float, round_trip_ms: float) -> None:
        """The line was cleared: what it still held counts as not sent."""
        self._known = self.sent_ms = self.position_ms(now, round_trip_ms)
        self.farthest_ms = max(self.farthest_ms, self._known)
        self._known_at = None
        self._pending.clear()
        self._ended = False

    def stopped(self, mark: str, past_ms: float) -> bool:
        """The far end says where it has stopped, so that nothing is left to be reckoned. False
        where the mark is not out any more."""
        found = next((one for one in self._pending if one.name == mark), None)
        if found is None:
            return False
        self._known = min(max(found.position + past_ms, self._known), self.sent_ms)
        self._known_at = None
        return True

    def rewind(self, ms: float) -> None:
        """Resume a little earlier, at the softest place within the last ``ms``; never before
        where this take began, or one cut after another would lead back and back."""
        if self._known > 0 and ms > 0:
            earliest, latest = self._known - ms, self._known - ms / 2
            self._known = self.envelope.quietest(
                max(self._take_start, earliest), max(self._take_start, latest)
            )
            self.sent_ms = self._known
        self._take_start = self._known

    @property
    def waiting(self) -> bool:
        """Whether marks are out."""
        return bool(self._pending)

    @property
    def drained(self) -> bool:
        """Everything generated so far has been heard."""
        return not self._pending and self.sent_ms >= self._generated

    @property
    def complete(self) -> bool:
        return self.drained and self.finished and (self._ended or not self._rate)

    def cut(self, now: float, round_trip_ms: float) -> Cut:
        """Where the response stands if it goes no further."""
        heard = min(self.heard_ms(now, round_trip_ms), self._generated)
        sent = max(self.sent_ms, heard)
        return Cut(
            self.response,
            self._generated,
            sent,
            heard,
            dropped=self._generated - heard,
            speech=self.envelope.speech_ms(),
            speech_heard=self.envelope.speech_ms(heard),
            finished=self.finished,
        )
