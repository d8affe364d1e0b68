"""A WebSocket that can misbehave on demand, below the messages: pongs withheld, TCP broken off."""

from __future__ import annotations

from collections.abc import Callable

from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode


class EmulatorConnection(ServerConnection):
    """The library's connection, unless told otherwise."""

    def drop(self) -> None:
        """Break the TCP connection off, without a close frame."""
        self.transport.abort()

    def withhold_pongs(self, seconds: float | None) -> None:
        """Answer pings this much later, or never."""
        send = self.protocol.send_frame

        def send_late(frame: Frame) -> None:
            if frame.opcode is not Opcode.PONG:
                send(frame)
            elif seconds is not None:
                self.loop.call_later(seconds, self._pong, send, frame)

        self.protocol.send_frame = send_late  # type: ignore[method-assign]

    def _pong(self, send: Callable[[Frame], None], frame: Frame) -> None:
        if not self.transport.is_closing():
            send(frame)
            self.send_data()
