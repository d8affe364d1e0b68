"""The stream's socket with the line's delay in it: bounded queues, in order, both directions."""

from __future__ import annotations

import asyncio
import contextlib
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from emulators.twilio.network import LineQuality, Path

# Two seconds of the caller's audio not yet sent: beyond this Twilio discards it (errors/31930).
CONGESTED = 100
# A hotline that leaves so many messages unread is taken for dead.
OUTGOING = 1000
# A line so slow that more are on their way makes the hotline wait, as TCP would.
ARRIVING = 4096


@dataclass(frozen=True, slots=True)
class WireFrame:
    """A message on the wire, for measurements: ``at`` is when it was handed to, or taken from,
    the socket. ``ulaw`` is empty but for media, ``name`` but for marks and keys."""

    at: float
    event: str
    ulaw: bytes = b""
    name: str = ""


class Wire:
    """Sends and receives for one stream; ``clock`` is the event loop's.

    ``sent`` is kept when ``keep`` is set.
    """

    def __init__(
        self,
        socket: ClientConnection,
        quality: LineQuality,
        clock: Callable[[], float],
        keep: bool = False,
    ) -> None:
        self.sent: list[WireFrame] = []
        self._socket = socket
        self._clock = clock
        self._keep = keep
        self._out = Path(quality, "to the hotline")
        self._in = Path(quality, "from the hotline")
        # When each message not yet sent is due at the other end.
        self._dues: deque[float] = deque()
        self._outgoing: asyncio.Queue[tuple[float, WireFrame, str] | None] = asyncio.Queue(OUTGOING)
        self._arriving: asyncio.Queue[tuple[float, str | bytes | ConnectionClosed]] = asyncio.Queue(
            ARRIVING
        )

    @property
    def congested(self) -> bool:
        """The hotline reads so slowly that the caller's audio has to be discarded. What the line
        itself holds, as the marks of a long reply coming back all at once, is no congestion."""
        return bisect_right(self._dues, self._clock()) >= CONGESTED

    def send(self, text: str, frame: WireFrame) -> None:
        """Queue a message.

        Raises:
            asyncio.QueueFull: the hotline has not read for long.
        """
        due = self._out.arrival(frame.at)
        self._outgoing.put_nowait((due, frame, text))
        self._dues.append(due)

    def finish(self) -> None:
        """Nothing more will be sent; ``write`` ends when all before is."""
        with contextlib.suppress(asyncio.QueueFull):  # then nothing gets through anyway
            self._outgoing.put_nowait(None)

    async def write(self) -> None:
        """Sends each message once the line has let it through, until ``finish``. What cannot be
        sent any more is dropped: ``read`` says why the socket ended."""
        with contextlib.suppress(ConnectionClosed):
            while (item := await self._outgoing.get()) is not None:
                due, frame, text = item
                if not self._out.instant:
                    await self._until(due)
                if self._keep:
                    self.sent.append(WireFrame(self._clock(), frame.event, frame.ulaw, frame.name))
                await self._socket.send(text)
                self._dues.popleft()

    async def read(self, receive: Callable[[float, str | bytes], None]) -> ConnectionClosed:
        """Hands over what arrives with the time of its arrival; returns how the socket ended."""
        if not self._in.instant:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._take())
                return await self._hand_over(receive)
        try:
            while True:
                message = await self._socket.recv()
                receive(self._clock(), message)
        except ConnectionClosed as closed:
            return closed

    async def _take(self) -> None:
        try:
            while True:
                message = await self._socket.recv()
                await self._arriving.put((self._in.arrival(self._clock()), message))
        except ConnectionClosed as closed:
            await self._arriving.put((self._in.arrival(self._clock()), closed))

    async def _hand_over(self, receive: Callable[[float, str | bytes], None]) -> ConnectionClosed:
        while True:
            due, message = await self._arriving.get()
            await self._until(due)
            if isinstance(message, ConnectionClosed):
                return message
            receive(due, message)

    async def _until(self, moment: float) -> None:
        late = moment - self._clock()
        if late > 0:
            await asyncio.sleep(late)
