"""The browser line: a page's conversation, which outlives the sockets that carry it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator

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
from conversation.records import Fact
from media.audio import Audio
from media.levels import rms_db
from web_demo.server.allowance import Allowance
from web_demo.server.inbox import Inbox
from web_demo.server.messages import (
    DEFERRED,
    FIRST,
    IN_RATE,
    LAST,
    OUT_RATE,
    BargedIn,
    Bye,
    CallerFrame,
    FromPage,
    LineChosen,
    MarkPassed,
    Message,
    NotUnderstood,
    Pressed,
    Typed,
)
from web_demo.server.outgoing import Outgoing
from web_demo.server.paths import Caller, OpenPhonePath, PhonePath, Reply
from web_demo.server.reports import Reports
from web_demo.server.settings import WebSettings
from web_demo.server.takes import MarksOut, TakeNumbers
from web_demo.server.uplink import Uplink

log = logging.getLogger(__name__)

# Why a line closed.
HUNG_UP = "hung_up"
LEFT = "left"
DISCONNECTED = "disconnected"
STALLED = "stalled"
OVERRUN = "overrun"
LIMIT = "limit"
BAD_INPUT = "bad_input"
CANCELLED = "cancelled"


SILENT_FRAME = Audio.silence(20, IN_RATE)
# Typed words that may come once more after a lost socket.
TYPED_KEPT = 50
# Every text is read by the model and paid for: a quick typist's, not a program's.
TYPED_AT_ONCE, TYPED_PER_SECOND = 20, 0.5
# A frame of Myra's holds 200 ms at most: what a clear or a pong waits behind.
MAX_FRAME = 2 * OUT_RATE // 5


class BrowserLine:
    """A page on the line. Everything only enqueues; ``Session`` does the talking.

    Bounds: ``unread_seconds`` of the caller's sound (then the oldest is dropped and counted),
    ``unsent_seconds`` of Myra's (then the line is closed as stalled). ``record`` keeps facts of
    the call, ``open_phone`` makes the telephone's path for the phone-line mode.
    """

    def __init__(
        self,
        info: LineInfo,
        settings: WebSettings,
        clock: Callable[[], float],
        record: Callable[[Fact], None],
        open_phone: OpenPhonePath,
    ) -> None:
        self.ending: Ending | None = None
        self.reason = ""
        self.outgoing = Outgoing(settings.unsent_seconds)
        self.news = asyncio.Event()
        self.closed = asyncio.Event()
        self.level_db = -90.0
        self.reports = Reports(record)
        self._info = info
        self._clock = clock
        self._began = clock()
        self._open_phone = open_phone
        self._phone: PhonePath | None = None
        self._uplink = Uplink(clock())
        self._inbox = Inbox(1000 * settings.unread_seconds)
        self._unread = asyncio.Event()
        self._numbers = TakeNumbers()
        self._caller = Caller()
        self._reply = Reply()
        self._marks = MarksOut()
        self._typed: deque[str] = deque(maxlen=TYPED_KEPT)
        self._typing = Allowance(TYPED_AT_ONCE, TYPED_PER_SECOND)

    @property
    def info(self) -> LineInfo:
        return self._info

    @property
    def heard_seq(self) -> int:
        """The newest of the caller's frames, for the acknowledgement."""
        return self._uplink.newest

    async def events(self) -> AsyncIterator[LineEvent]:
        """What happens on the line. For one reader at a time; it may stop and begin again."""
        while True:
            while (event := self._inbox.take()) is not None:
                yield event
            if self._inbox.closed:
                return
            self._unread.clear()
            await self._unread.wait()

    def play(self, audio: Audio, mark: str, *, last: bool = False, fade_in_ms: float = 0.0) -> None:
        """See ``Line``. On a closed line nothing happens."""
        if self._inbox.closed:
            return
        if audio.pcm or last:
            self._sound(audio, mark, last=last, fade_in_ms=fade_in_ms)
        now = self._numbers.now
        self._marks.given(mark, now.number, now.position)
        self.tell({"type": "mark", "name": mark, "take": now.number, "position": now.position})
        if self.outgoing.full:
            self.end(STALLED)

    def clear(self) -> None:
        """See ``Line``. Sound not yet taken by the page is dropped first, then it is told."""
        if self._inbox.closed:
            return
        self._reply.reset()
        if self._phone:
            self._phone.reset()
        self._numbers.cleared()
        self.reports.takes.cleared()
        self.outgoing.drop_sound()
        self.tell({"type": "clear"})

    def hang_up(self, ending: Ending) -> None:
        """See ``Line``. The page is told, and which take is the last."""
        if not self._inbox.closed:
            self.ending = ending
            self.tell(
                {
                    "type": "bye",
                    "reason": ending.after.value,
                    "after_take": self._numbers.now.number,
                }
            )
            self.end(HUNG_UP)

    def tell(self, message: Message) -> None:
        """A message for the page, in its place among the sound."""
        if not self._inbox.closed:
            self.outgoing.tell(message)
            self.news.set()

    def end(self, reason: str) -> None:
        """The line is gone, for this reason. Only the first time counts."""
        if self._inbox.closed:
            return
        self.reason = reason
        log.info("browser line closed", extra=self._fields(reason))
        self._put(LineClosed(reason))
        self.closed.set()
        self.news.set()

    def hear(self, one: CallerFrame) -> None:
        """A frame of the caller's sound; one that came before, or too fast, is left out."""
        if not self._uplink.heard(one, self._clock()):
            return
        audio = self._caller.audio(one.audio)
        if self._phone:
            audio = self._phone.caller(audio)
        if audio.pcm:
            self.level_db = rms_db(audio)
            self._put(LineAudio(audio))

    def fill(self) -> None:
        """Put silence where no sound comes from the page any more."""
        for _ in range(round(self._uplink.quiet(self._clock()) / 0.02)):
            self._put(LineAudio(SILENT_FRAME))

    def said(self, message: FromPage) -> None:
        """A message of the page's that concerns the conversation.

        Raises:
            NotUnderstood: words or reports come faster than a person's page sends them.
        """
        match message:
            case MarkPassed():
                self._marks.returned(message.name)
                self._put(PlaybackMark(message.name))
            case BargedIn():
                place = self._marks.nearest(message.take, message.played)
                self._put(CallerStopped(message.reason, *place))
            case Typed():
                words = message.text.strip()
                if words and message.id not in self._typed:
                    if not self._typing.takes(self._clock()):
                        raise NotUnderstood("words come faster than anybody types")
                    self._typed.append(message.id)
                    self._put(CallerTyped(words))
            case Pressed():
                self._put(Keypress(message.digit))
            case LineChosen():
                on_phone = message.mode == "pstn"
                path = self._open_phone(message.loss, message.jitter_ms) if on_phone else None
                self._phone = path
            case Bye():
                # Who hangs up has heard enough: what was left of Myra's sound is not lost.
                self.reports.takes.cleared()
                self.end(LEFT)
            case _:
                pass
        self.reports.told(message, self._clock() - self._began)

    def _sound(self, audio: Audio, mark: str, *, last: bool, fade_in_ms: float) -> None:
        news = self._numbers.of(mark, behind=bool(self._marks))
        if news:
            self.reports.takes.announced(news["take"], news["response"], news["kind"])
            self.tell(news)
        sound = self._reply.audio(audio, last=last, fade_in_ms=fade_in_ms)
        if self._phone:
            sound = self._phone.myra(sound, last=last)
        flags = (FIRST if news else 0) | (DEFERRED if news and news["deferred"] else 0)
        pieces = list(_pieces(sound.pcm)) or [b""]
        for index, pcm in enumerate(pieces, 1):
            ends = LAST if last and index == len(pieces) else 0
            begins = self._numbers.played(len(pcm) // 2)
            take = self._numbers.now.number
            self.outgoing.sound(pcm, take=take, position=begins, flags=flags | ends)
            self.reports.takes.sent(take, len(pcm) // 2)
            flags = 0
        self.news.set()

    def _put(self, event: LineEvent) -> None:
        self._inbox.put(event)
        self._unread.set()
        if self._inbox.overrun:
            self.end(OVERRUN)

    def _fields(self, reason: str) -> dict[str, object]:
        uplink = self._uplink
        return {
            "call": self._info.id,
            "reason": reason,
            "gaps": uplink.gaps,
            "repeated": uplink.repeated,
            "refused": uplink.refused,
            "dropped_ms": round(self._inbox.dropped_ms),
        }


def _pieces(pcm: bytes) -> Iterator[bytes]:
    return (pcm[at : at + MAX_FRAME] for at in range(0, len(pcm), MAX_FRAME))
