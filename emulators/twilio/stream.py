"""One media stream: the 20 ms clock, with the caller's mouth and ear on it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from websockets.asyncio.client import ClientConnection

from emulators.twilio.floor import Floor
from emulators.twilio.hearing import Hearing
from emulators.twilio.journal import Journal, Kind
from emulators.twilio.loudness import FRAME_SECONDS, IDLE, RATE
from emulators.twilio.mouth import Mouth
from emulators.twilio.network import LineQuality, Loss
from emulators.twilio.playout import MarkReturned, Playout
from emulators.twilio.protocol import Clear, Mark, Media, Objection, StreamMessages, read
from emulators.twilio.proxy import Proxy
from emulators.twilio.upgrade import Refused, closing, connect
from emulators.twilio.wire import Wire, WireFrame
from media.audio import Audio
from media.g711 import ulaw_to_pcm

# The caller's audio begins this many frames after ``start``: 102 to 171 ms were seen on real
# calls, so the first timestamp is never 0.
LEAD_FRAMES = 6
# How far timestamps stray from the 20 ms grid, in milliseconds; real ones do, by a few.
WOBBLE_MS = (2, 1, 2, 3, 2, 1, 3)
KEY_SECONDS = 0.18
CLOSE_SECONDS = 2.0


class EndedBy(StrEnum):
    """Who ended a stream or a call."""

    CALLER = "caller"
    HOTLINE = "hotline"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """Where the stream goes and how: everything but the call's own state."""

    url: str
    headers: Mapping[str, str]
    quality: LineQuality
    trusted: ssl.SSLContext | None = None
    proxy: Proxy = field(default_factory=Proxy)
    keep_wire: bool = False


class MediaStream:
    """From the upgrade to the end of the socket. Times are of the event loop's clock.

    ``said`` and ``playout.heard`` are both sides from ``playout.origin`` on, in frames of the
    same grid: frame *k* of ``said`` was spoken from ``origin + k * 20 ms`` on and went out when
    it was complete. ``received`` and ``sent`` are the wire itself, if it is to be kept.
    """

    def __init__(
        self, plan: StreamPlan, messages: StreamMessages, mouth: Mouth, journal: Journal
    ) -> None:
        self.plan = plan
        self.messages = messages
        self.hearing = Hearing()
        self.playout = Playout(0.0)
        self.said = bytearray()
        self.started_at: float | None = None
        self.on_start: Callable[[], None] = lambda: None
        self.received: list[WireFrame] = []
        self._wire: Wire | None = None
        self._mouth = mouth
        self._journal = journal
        self._keys: deque[str] = deque()
        self._key_free = 0.0
        self._said_loss = Loss(plan.quality, "to the hotline")
        self._heard_loss = Loss(plan.quality, "from the hotline")
        self._over = asyncio.Event()
        self._ended_by = EndedBy.FAILURE
        self._floor = Floor(journal)

    @property
    def live(self) -> bool:
        """Started and not yet ended."""
        return self.started_at is not None and not self._over.is_set()

    @property
    def sent(self) -> list[WireFrame]:
        return self._wire.sent if self._wire else []

    @property
    def lost_frames(self) -> tuple[int, int]:
        """How many frames the line lost: to the hotline, from the hotline."""
        return self._said_loss.lost, self._heard_loss.lost

    @property
    def keys_pending(self) -> bool:
        return bool(self._keys)

    def heard(self, since: float | None = None, until: float | None = None) -> Audio:
        """What the caller heard between two moments, 8 kHz, silence included."""
        origin = self.playout.origin
        first = 0 if since is None else max(0, round((since - origin) * RATE))
        last = None if until is None else max(0, round((until - origin) * RATE))
        return Audio(ulaw_to_pcm(bytes(self.playout.heard[first:last])), RATE)

    def press(self, digits: str) -> None:
        """Keys, one every 180 ms."""
        self._keys.extend(digits)

    def hang_up(self) -> None:
        """The caller puts the receiver down; ``run`` says ``stop`` and ends."""
        self._end(EndedBy.CALLER)

    async def run(self) -> EndedBy:
        """Connects and streams until one side ends it. What goes wrong goes to the journal."""
        try:
            plan = self.plan
            socket = await connect(plan.url, plan.headers, plan.trusted, plan.proxy)
        except Refused as refused:
            self._journal.object(refused.objection)
            self._end(EndedBy.FAILURE)
            return self._ended_by
        try:
            await self._converse(socket)
        finally:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await socket.close()
        unheard = round(self.playout.buffered_ms)
        self._journal.note(Kind.STREAM_ENDED, by=str(self._ended_by), unheard_ms=unheard)
        return self._ended_by

    async def _converse(self, socket: ClientConnection) -> None:
        wire = Wire(socket, self.plan.quality, self._journal.clock, self.plan.keep_wire)
        self._wire = wire
        async with asyncio.TaskGroup() as group:
            reader = group.create_task(self._listen(wire))
            writer = group.create_task(wire.write())
            self._start()
            clock = group.create_task(self._clock(wire))
            await self._over.wait()
            clock.cancel()
            if self._ended_by is EndedBy.CALLER:
                self._send("stop", self.messages.stop())
            wire.finish()
            await asyncio.wait([writer], timeout=CLOSE_SECONDS)
            writer.cancel()
            reader.cancel()

    def _start(self) -> None:
        self._send("connected", self.messages.connected())
        self._send("start", self.messages.start())
        now = self._journal.clock()
        self.started_at = now
        self.playout = Playout(now, self.hearing.hear, self._heard_loss.strikes)
        self._journal.note(Kind.STREAM_STARTED, now, stream=self.messages.stream_sid)
        self.on_start()

    async def _clock(self, wire: Wire) -> None:
        """Every 20 ms, measured from the start so that lateness never adds up: a frame of the
        caller goes out, a frame of the hotline is played."""
        origin, frame = self.playout.origin, 0
        while True:
            began = origin + frame * FRAME_SECONDS
            await asyncio.sleep(max(0.0, began + FRAME_SECONDS - self._journal.clock()))
            self._speak(wire, frame, began)
            self._return(self.playout.advance(self._journal.clock()))
            self._floor.look(self._journal.clock(), mouth=self._mouth, ear=self.hearing)
            self._journal.beat()
            frame += 1

    def _speak(self, wire: Wire, frame: int, began: float) -> None:
        if frame < LEAD_FRAMES:
            self.said += IDLE
            return
        ulaw = self._mouth.frame(began)
        self.said += ulaw
        if self._keys and began >= self._key_free:
            key = self._keys.popleft()
            self._key_free = began + KEY_SECONDS
            self._journal.note(Kind.KEY, began, digit=key)
            self._send("dtmf", self.messages.dtmf(key), name=key)
        if self._said_loss.strikes():
            return
        if wire.congested:
            self._journal.object(
                Objection(31930, "the hotline reads too slowly: the caller's audio is discarded")
            )
            return
        timestamp = round(1000 * frame * FRAME_SECONDS) + WOBBLE_MS[frame % len(WOBBLE_MS)]
        self._send("media", self.messages.media(timestamp, ulaw), ulaw)

    def _send(self, event: str, text: str, ulaw: bytes = b"", name: str = "") -> None:
        if self._wire is None:
            return
        try:
            self._wire.send(text, WireFrame(self._journal.clock(), event, ulaw, name))
        except asyncio.QueueFull:
            self._journal.object(Objection(31903, "the hotline does not read at all"))
            self._end(EndedBy.FAILURE)

    async def _listen(self, wire: Wire) -> None:
        closed = await wire.read(self._receive)
        if not self._over.is_set():
            objection = closing(closed)
            if objection is not None:
                self._journal.object(objection)
            self._end(EndedBy.HOTLINE if objection is None else EndedBy.FAILURE)

    def _receive(self, at: float, message: str | bytes) -> None:
        if self._over.is_set():
            return
        meant = read(message, self.messages.stream_sid)
        match meant:
            case Media(ulaw):
                self._keep(at, "media", ulaw)
                self._return(self.playout.media(at, ulaw))
            case Mark(name):
                self._keep(at, "mark", name=name)
                self._journal.note(Kind.MARK, at, name=name)
                self._return(self.playout.mark(at, name))
            case Clear():
                self._keep(at, "clear")
                self._clear(at)
            case Objection():
                self._journal.object(meant)

    def _clear(self, at: float) -> None:
        returned = self.playout.clear(at)
        self.hearing.cut()
        cleared = self.playout.clears[-1]
        dropped = round(cleared.dropped / 8)
        self._journal.note(Kind.CLEAR, at, dropped_ms=dropped, marks=len(cleared.marks))
        self._return(returned)

    def _keep(self, at: float, event: str, ulaw: bytes = b"", name: str = "") -> None:
        if self.plan.keep_wire:
            self.received.append(WireFrame(at, event, ulaw, name))

    def _return(self, marks: list[MarkReturned]) -> None:
        for mark in marks:
            self._journal.note(Kind.MARK_RETURNED, mark.at, name=mark.name, played=mark.played)
            self._send("mark", self.messages.mark(mark.name), name=mark.name)

    def _end(self, by: EndedBy) -> None:
        if not self._over.is_set():
            self._ended_by = by
            self._over.set()
            self._journal.beat()
