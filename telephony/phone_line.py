"""The phone line: one Media Streams socket as the conversation's ``Line``.

A reader that never waits for the conversation, one writer that owns all sends, and a watch on
both. Whatever ends the line puts exactly one ``LineClosed`` last.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from conversation.events import Keypress, LineAudio, LineClosed, LineEvent, PlaybackMark
from conversation.line import Ending, LineInfo
from media.audio import Audio
from telephony.counters import Count, Counters
from telephony.gaps import Gaps
from telephony.inbox import Inbox
from telephony.liveness import Finding, Liveness
from telephony.messages import (
    Connected,
    Dtmf,
    Encoder,
    Mark,
    Media,
    Message,
    PlayMark,
    PlayMedia,
    Rejected,
    Start,
)
from telephony.outbox import Outbox
from telephony.refusals import Refusals
from telephony.settings import PhoneSettings
from telephony.sound import LINE_RATE, CallerSound, ReplySound
from telephony.wire import GONE_ERRORS, TOO_BIG, Gone, Socket, next_message

log = logging.getLogger(__name__)

# Why a line closed.
HUNG_UP = "hung_up"
STOPPED = "stopped"
DISCONNECTED = "disconnected"
STALLED = "stalled"
INACTIVE = "inactive"
OVERRUN = "overrun"
BAD_INPUT = "bad_input"
CANCELLED = "cancelled"
_COUNTED = {STALLED: Count.STALLED, INACTIVE: Count.INACTIVE, OVERRUN: Count.OVERRUN}

WATCH_SECONDS = 0.2
PROBE = "line-alive"
MAX_UNREAD_OTHERS = 2000
MAX_UNSENT_MESSAGES = 20000


class PhoneLine:
    """A call on the line. ``run`` carries it; everything else only enqueues.

    Bounds: ``unread_seconds`` of the caller's sound (then the oldest is dropped and counted),
    ``unsent_seconds`` of Myra's while a write hangs (then it is closed as stalled; see ``outbox``).
    """

    def __init__(
        self,
        socket: Socket,
        stream_sid: str,
        info: LineInfo,
        settings: PhoneSettings,
        counters: Counters,
        clock: Callable[[], float],
    ) -> None:
        self.stream_sid = stream_sid
        self.ending: Ending | None = None
        self.reason = ""
        self._info = info
        self._socket = socket
        self._settings = settings
        self._counters = counters
        self._clock = clock
        self._heard = CallerSound(info.input_rate)
        self._gaps = Gaps()
        self._inbox = Inbox(1000 * settings.unread_seconds, MAX_UNREAD_OTHERS)
        self._news = asyncio.Event()
        self._said = ReplySound()
        self._encoder = Encoder(stream_sid)
        self.outbox = Outbox(round(settings.unsent_seconds * LINE_RATE), MAX_UNSENT_MESSAGES)
        self._unsent = asyncio.Event()
        self._closed = asyncio.Event()
        self._liveness = Liveness(settings.stall_seconds, settings.inactivity_seconds, clock())
        self._refusals = Refusals(counters, settings.max_bad_messages, self._fields())

    @property
    def info(self) -> LineInfo:
        return self._info

    async def events(self) -> AsyncIterator[LineEvent]:
        """What happens on the line. For one reader at a time; it may stop and begin again."""
        while True:
            while (event := self._inbox.take()) is not None:
                yield event
            if self._inbox.closed:
                return
            self._news.clear()
            await self._news.wait()

    def play(self, audio: Audio, mark: str, *, last: bool = False, fade_in_ms: float = 0.0) -> None:
        """See ``Line``. On a closed line nothing happens."""
        if self._inbox.closed:
            return
        for ulaw in self._said.payloads(audio, last=last, fade_in_ms=fade_in_ms):
            self.outbox.put(PlayMedia(ulaw))
            self._liveness.sent(1000 * len(ulaw) / LINE_RATE, self._clock())
        self._ask(mark)
        # A long reply goes on at once after a false cut: that much is no fault of the peer's.
        if self.outbox.full and self._liveness.writing_since is not None:
            self.end(STALLED)

    def clear(self) -> None:
        """See ``Line``. Sound not yet written is dropped first, then Twilio is told."""
        if self._inbox.closed:
            return
        self._said.reset()
        self.outbox.clear()
        self._liveness.cleared(self._clock())
        self._counters.add(Count.CLEARS)
        self._unsent.set()

    def hang_up(self, ending: Ending) -> None:
        """See ``Line``. What was not written is dropped; ``ending`` tells what comes after."""
        if not self._inbox.closed:
            self.ending = ending
            self.end(HUNG_UP)

    def end(self, reason: str) -> None:
        """The line is gone, for this reason. Only the first time counts."""
        if self._inbox.closed:
            return
        self.reason = reason
        if reason in _COUNTED:
            self._counters.add(_COUNTED[reason])
        log.info("line closed", extra=self._fields(reason=reason, refused=self._refusals.seen))
        self.outbox.drop()
        self._put(LineClosed(reason))
        self._closed.set()

    async def run(self) -> None:
        """Carry the line until it is closed. Leaves the socket to be closed by the caller."""
        try:
            async with asyncio.TaskGroup() as tasks:
                carriers = [
                    tasks.create_task(self._read()),
                    tasks.create_task(self._write()),
                    tasks.create_task(self._watch()),
                ]
                await self._closed.wait()
                for carrier in carriers:
                    carrier.cancel()
        finally:
            self.end(CANCELLED)

    async def _read(self) -> None:
        while not self._inbox.closed:
            received = await next_message(self._socket)
            now = self._clock()
            self._liveness.sign(now)
            if isinstance(received, Media):
                self._hear(received, now)
            elif isinstance(received, Gone):
                if received.code == TOO_BIG:
                    self._refuse(Rejected(Count.OVERSIZED, "beyond the server's bound"))
                self.end(DISCONNECTED)
            elif isinstance(received, Rejected):
                self._refuse(received)
            else:
                self._happened(received)

    def _happened(self, message: Message) -> None:
        if isinstance(message, Connected):
            return
        if isinstance(message, Start):
            self._refuse(Rejected(Count.SECOND_START, "the stream has started"))
        elif message.stream_sid != self.stream_sid:
            self._refuse(Rejected(Count.WRONG_STREAM, "another stream's message"))
        elif isinstance(message, Mark):
            probe = message.name == PROBE
            self._liveness.answered(self._clock(), probe=probe)
            if not probe:
                self._put(PlaybackMark(message.name))
        elif isinstance(message, Dtmf):
            self._put(Keypress(message.digit))
        else:
            self.end(STOPPED)

    def _hear(self, media: Media, now: float) -> None:
        if media.stream_sid != self.stream_sid:
            self._refuse(Rejected(Count.WRONG_STREAM, "another stream's sound"))
            return
        if media.track != "inbound":
            self._refuse(Rejected(Count.OTHER_TRACK, "not the caller's track"))
            return
        self._counters.add(Count.FRAMES_IN)
        ms = 1000 * len(media.ulaw) / LINE_RATE
        self._fill(self._gaps.frame(media.timestamp, ms, now))
        audio = self._heard.audio(media.ulaw)
        if audio.pcm:
            self._put(LineAudio(audio))

    def _fill(self, missing_ms: float) -> None:
        if missing_ms > 0:
            self._counters.add(Count.GAPS_FILLED)
            for audio in self._heard.silence(missing_ms):
                self._put(LineAudio(audio))

    def _put(self, event: LineEvent) -> None:
        dropped = self._inbox.put(event)
        self._news.set()
        if dropped:
            self._counters.add(Count.AUDIO_DROPPED, dropped)
        if self._inbox.overrun and not self._inbox.closed:
            self.end(OVERRUN)

    def _refuse(self, rejected: Rejected) -> None:
        if self._refusals.add(rejected):
            self.end(BAD_INPUT)

    async def _write(self) -> None:
        try:
            while not self._inbox.closed:
                await self._unsent.wait()
                while (message := self.outbox.take()) is not None:
                    self._liveness.writing_since = self._clock()
                    await self._socket.send_text(self._encoder.encode(message))
                    self._liveness.writing_since = None
                    if isinstance(message, PlayMedia):
                        self._counters.add(Count.FRAMES_OUT)
                self._unsent.clear()
        except GONE_ERRORS:
            self.end(DISCONNECTED)

    async def _watch(self) -> None:
        """Close a line whose peer takes nothing or says nothing, and fill lasting silence."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = self._clock()
            self._fill(self._gaps.quiet(now))
            finding = self._liveness.check(now)
            if finding is Finding.STALLED:
                self.end(STALLED)
            elif finding is Finding.INACTIVE:
                self.end(INACTIVE)
            elif finding is Finding.PROBE:
                self._ask(PROBE)

    def _ask(self, mark: str) -> None:
        self.outbox.put(PlayMark(mark))
        self._liveness.marked(self._clock())
        self._unsent.set()

    def _fields(self, **fields: object) -> dict[str, object]:
        return {"call": self._info.id, "stream": self.stream_sid, **fields}
