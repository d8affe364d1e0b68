"""A telephone line with the physics of one: one-way delays, a buffer at the far end that is
played at the pace of sound, marks that come back after what lies before them, and clear."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator
from dataclasses import dataclass

from conversation.events import (
    CallerStopped,
    CallerTyped,
    Keypress,
    LineAudio,
    LineClosed,
    LineEvent,
    PlaybackMark,
)
from conversation.line import Ending, LineInfo
from media.audio import Audio
from media.levels import gain, mix

FRAME_MS = 20
INFO = LineInfo(id="call-1", door="simulator", caller="+4915112345678", input_rate=8000)
SPEECH = Audio(b"\x00\x0c\x00\xf4" * 80, 8000)
"""A frame that ``LevelDetector`` takes for speech: 3072 either way, -20.6 dBFS."""
SILENCE = Audio.silence(FRAME_MS, 8000)


@dataclass(slots=True)
class Stretch:
    """Sound as it lies on the far end's clock: seconds, and ms of it that were played."""

    start: float
    audio: Audio
    mark: str
    played_ms: float

    @property
    def end(self) -> float:
        return self.start + self.played_ms / 1000


class SimulatedLine:
    """``forward`` and ``back`` are one-way delays in seconds, ``start_lag`` is how late an empty
    buffer starts to play. ``loses_marks`` never returns one. ``quiet_frames``: whether frames
    come while the caller is silent. ``echo_db``: Myra's voice comes back this much softer."""

    def __init__(
        self,
        info: LineInfo = INFO,
        *,
        forward: float = 0.04,
        back: float = 0.04,
        start_lag: float = 0.0,
        loses_marks: bool = False,
        quiet_frames: bool = True,
        echo_db: float | None = None,
    ) -> None:
        self.info = info
        self.forward, self.back, self.start_lag = forward, back, start_lag
        self.loses_marks, self.quiet_frames, self.echo_db = loses_marks, quiet_frames, echo_db
        self.stretches: list[Stretch] = []
        self.endings: list[Ending] = []
        self.clears: list[float] = []
        self.orders: list[tuple[float, str]] = []
        self.silent_at: list[float] = []
        self._speech: list[tuple[float, Audio]] = []
        self._marks: list[tuple[str, float, asyncio.TimerHandle]] = []
        self._out: asyncio.Queue[LineEvent] = asyncio.Queue(10000)
        self._loop = asyncio.get_running_loop()
        self._closed = False

    # What the caller does.

    def speaks(self, at: float, seconds: float, level_db: float = -20.6) -> None:
        """Makes a sound that ``LevelDetector`` takes for speech."""
        sound = Audio(SPEECH.pcm * round(seconds * 1000 / FRAME_MS), 8000)
        self.says(at, gain(sound, level_db + 20.6) if level_db != -20.6 else sound)

    def says(self, at: float, audio: Audio) -> None:
        """Plays this, at 8 kHz, into the telephone."""
        self._speech.append((at, audio))

    def presses(self, at: float, keys: str, apart: float = 0.3) -> None:
        for index, key in enumerate(keys):
            self._later(at + apart * index, Keypress(key))

    def types(self, at: float, text: str) -> None:
        self._later(at, CallerTyped(text))

    def stops(self, at: float, reason: str, mark: str = "", past_ms: float = 0.0) -> None:
        """The far end has stopped what it plays, by itself, and may say where."""
        self._later(at, CallerStopped(reason, mark, past_ms))

    def hangs_up(self, at: float) -> None:
        self._loop.call_at(at + self.back, self._close, "the caller hung up")

    def _later(self, at: float, event: LineEvent) -> None:
        self._loop.call_at(at + self.back, self._put, event)

    # The line.

    async def events(self) -> AsyncIterator[LineEvent]:
        self._tick()
        while True:
            event = await self._out.get()
            yield event
            if isinstance(event, LineClosed):
                return

    def play(self, audio: Audio, mark: str, *, last: bool = False, fade_in_ms: float = 0.0) -> None:
        self.orders.append((self._loop.time(), mark))
        self._loop.call_later(self.forward, self._arrive, audio, mark)

    def clear(self) -> None:
        self.clears.append(self._loop.time())
        self._loop.call_later(self.forward, self._flush)

    def hang_up(self, ending: Ending) -> None:
        self.endings.append(ending)
        self._loop.call_later(self.forward, self._close, "hung up")

    # What the caller hears.

    def heard(self) -> list[Stretch]:
        return [s for s in self.stretches if s.played_ms > 0]

    def heard_until(self, at: float) -> float:
        """The end of the last sound the caller heard before ``at``."""
        return max((min(s.end, at) for s in self.heard() if s.start < at), default=0.0)

    def numbers(self) -> list[int]:
        """The numbers that ``numbered`` replies carry, in the order they were heard."""
        found = []
        for stretch in self.heard():
            size = 2 * stretch.audio.rate // 100
            pcm = stretch.audio.pcm[: 2 * round(stretch.played_ms * stretch.audio.rate / 1000)]
            found += [
                int.from_bytes(pcm[start : start + 2], "little", signed=True)
                for start in range(0, len(pcm) - size // 2, size)
            ]
        return found

    def _arrive(self, audio: Audio, mark: str) -> None:
        now = self._loop.time()
        busy = [s.end for s in self.stretches if s.end > now]
        start = max(busy) if busy else now + (self.start_lag if audio.pcm else 0.0)
        self.stretches.append(Stretch(start, audio, mark, audio.ms))
        end = start + audio.ms / 1000
        timer = self._loop.call_at(end + self.back, self._mark_back, mark)
        self._marks.append((mark, end, timer))

    def _mark_back(self, mark: str) -> None:
        self._marks = [entry for entry in self._marks if entry[0] != mark]
        if not self.loses_marks:
            self._put(PlaybackMark(mark))

    def _flush(self) -> None:
        now = self._loop.time()
        self.silent_at.append(now)
        self.stretches = [stretch for stretch in self.stretches if stretch.start < now]
        for stretch in self.stretches:
            stretch.played_ms = min(stretch.played_ms, max(0.0, 1000 * (now - stretch.start)))
        pending, self._marks = self._marks, []
        for mark, end, timer in pending:
            if end > now:
                timer.cancel()
                self._loop.call_later(self.back, self._mark_back, mark)

    def _tick(self) -> None:
        if self._closed:
            return
        self._loop.call_later(FRAME_MS / 1000, self._tick)
        now = self._loop.time() - self.back
        frame = self._frame(now)
        if frame is not None:
            self._put(LineAudio(frame))

    def _frame(self, at: float) -> Audio | None:
        """What goes into the caller's telephone in the 20 ms up to ``at``."""
        frame = SILENCE
        start = at - FRAME_MS / 1000
        for begins, audio in self._speech:
            said = audio.slice_ms(1000 * (start - begins), 1000 * (at - begins))
            if said.pcm:
                frame = mix(frame, said).slice_ms(0, FRAME_MS)
        if self.echo_db is not None:
            frame = mix(frame, self._echo(start, at)).slice_ms(0, FRAME_MS)
        return frame if self.quiet_frames or any(frame.pcm) else None

    def _echo(self, start: float, end: float) -> Audio:
        """Myra's own voice between two moments, as it comes back."""
        last = bisect_left(self.stretches, end, key=lambda stretch: stretch.start)
        pcm = b"".join(
            stretch.audio.slice_ms(1000 * (start - stretch.start), 1000 * (end - stretch.start)).pcm
            for stretch in self.stretches[max(0, last - 4) : last]
            if stretch.end > start
        )
        return gain(Audio(pcm, 8000), self.echo_db or 0.0)

    def _put(self, event: LineEvent) -> None:
        if not self._closed:
            self._out.put_nowait(event)

    def _close(self, reason: str) -> None:
        if not self._closed:
            self._put(LineClosed(reason))
            self._closed = True
