"""What Myra says, written down while the call goes on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from emulators.twilio.hearing import Stretch
from emulators.twilio.journal import Kind
from emulators.twilio.phone_call import PhoneCall
from emulators.twilio.speech import Transcriber, words_in
from emulators.twilio.stream import MediaStream

# Shorter pauses are within a sentence or between two that belong together.
PAUSE_SECONDS = 0.8
# A little of the line around the words, so that soft first and last sounds are not cut.
MARGIN_SECONDS = 0.15
CATCH_UP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of Myra's, with when they were heard."""

    start: float
    end: float
    text: str


class Listening:
    """Transcribes each stretch of Myra's speech once a pause follows it."""

    def __init__(self, call: PhoneCall, ears: Transcriber) -> None:
        self.heard: list[Heard] = []
        self._call = call
        self._ears = ears
        self._done: list[int] = []  # how many stretches of each stream

    async def run(self) -> None:
        """Until the call is over and everything is written down."""
        while True:
            found = self._next()
            if found is not None:
                await self._listen(*found)
            elif self._call.over:
                return
            else:
                await self._call.journal.change()

    @property
    def caught_up(self) -> bool:
        """Nothing was heard that is not written down."""
        counts = [len(stream.hearing.stretches) for stream in self._call.streams]
        return counts == self._done or not any(counts)

    async def catch_up(self) -> None:
        """Wait until everything heard is written down.

        Raises:
            TimeoutError: it takes too long.
        """
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while not self.caught_up:
                await self._call.journal.change()

    def since(self, moment: float | None) -> str:
        """Myra's words from a moment on, or from the beginning."""
        first = float("-inf") if moment is None else moment
        return " ".join(heard.text for heard in self.heard if heard.end > first and heard.text)

    def _next(self) -> tuple[int, int, int] | None:
        """A finished run of stretches: which stream, from which to before which."""
        streams = self._call.streams
        self._done += [0] * (len(streams) - len(self._done))
        for number, stream in enumerate(streams):
            stretches, first = stream.hearing.stretches, self._done[number]
            last = first + 1
            while last < len(stretches) and self._belong(stretches[last - 1], stretches[last]):
                last += 1
            if first < len(stretches) and self._finished(stream, last):
                return number, first, last
        return None

    def _belong(self, one: Stretch, other: Stretch) -> bool:
        """Two stretches are one saying: a short pause, and no words of the caller's between."""
        if other.start - one.end >= PAUSE_SECONDS:
            return False
        begins = (spoken.words_begin for spoken in self._call.spoken)
        return not any(at is not None and one.start < at <= other.start for at in begins)

    def _finished(self, stream: MediaStream, last: int) -> bool:
        stretches = stream.hearing.stretches
        silent = self._call.now() - stretches[last - 1].end > PAUSE_SECONDS
        return last < len(stretches) or silent or not stream.live

    async def _listen(self, number: int, first: int, last: int) -> None:
        stream = self._call.streams[number]
        start = stream.hearing.stretches[first].start
        end = stream.hearing.stretches[last - 1].end
        sound = stream.heard(start - MARGIN_SECONDS, end + MARGIN_SECONDS)
        text = await words_in(sound, self._ears)
        self.heard.append(Heard(start, end, text))
        self._done[number] = last
        self._call.journal.note(Kind.MYRA_SAID, start, text=text, until=end)
