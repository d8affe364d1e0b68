"""The WebSocket as the phone door sees it: frames, and how it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.websockets import WebSocketDisconnect

from telephony.counters import Count
from telephony.messages import Message, Rejected, parse

log = logging.getLogger(__name__)

CLOSE_SECONDS = 2.0
# RFC 6455, section 7.4.1.
NORMAL, UNSUPPORTED, POLICY, TOO_BIG = 1000, 1003, 1008, 1009

# What a server's send raises once the peer is gone, or once the server itself has closed
# because of a frame that breaks the protocol (RuntimeError, from Starlette and uvicorn).
GONE_ERRORS = (OSError, RuntimeError, WebSocketDisconnect)


class Socket(Protocol):
    """The part of Starlette's WebSocket that is used after the upgrade was accepted."""

    async def receive(self) -> MutableMapping[str, Any]: ...

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Gone:
    """The socket is closed, by whomever."""

    code: int


async def next_message(socket: Socket) -> Message | Rejected | Gone:
    """The next message, or why a frame is none. A frame above the server's bound ends the
    socket with code 1009."""
    frame = await socket.receive()
    if frame["type"] == "websocket.disconnect":
        return Gone(int(frame.get("code") or NORMAL))
    text = frame.get("text")
    if text is None:
        return Rejected(Count.BINARY, "a binary frame; Media Streams are text")
    return parse(text)


async def close(socket: Socket, code: int, reason: str, call: str = "") -> None:
    """Close the socket if it still can be. Waits little, raises nothing of the socket's."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(code, reason)
    except (TimeoutError, *GONE_ERRORS):
        log.debug("socket was gone before it was closed", extra={"call": call})
