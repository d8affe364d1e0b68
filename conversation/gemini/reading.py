"""Reading one session: sound by hand, everything else by the SDK."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from google.genai import types
from google.genai.live import AsyncSession
from websockets.asyncio.client import ClientConnection

from conversation.gemini.close_codes import AGAIN
from conversation.gemini.losses import SessionLost
from conversation.gemini.wire import Sound, socket_of, sound_in

UNREADABLE_IN_A_ROW = 50


@dataclass(frozen=True, slots=True)
class Readers:
    """Who gets what comes, in the order in which it comes: messages that are nothing but sound,
    all others, and what the SDK could not read."""

    message: Callable[[types.LiveServerMessage], Awaitable[None]]
    sound: Callable[[Sound], Awaitable[None]]
    unreadable: Callable[[Exception], None]


class SoundApart:
    """The socket as the SDK's reader sees it: without the messages that are nothing but sound,
    which go to ``take`` when it is their turn."""

    def __init__(self, socket: ClientConnection, take: Callable[[Sound], Awaitable[None]]) -> None:
        self._socket = socket
        self._take = take

    async def recv(self, decode: bool | None = None) -> Any:
        """The next frame that is for the SDK.

        Raises:
            websockets.exceptions.ConnectionClosed: the session has ended.
        """
        while True:
            frame = await self._socket.recv(decode=False)
            sound = sound_in(frame)
            if sound is None:
                return frame
            await self._take(sound)


async def read(session: AsyncSession, readers: Readers) -> None:
    """Never stops: an unread socket answers no pings and ends. The SDK's iterator ends with
    every turn and is begun anew; a message it cannot read ends it with a TypeError (a key it
    does not know) or ValueError (no JSON), and the session is none the worse.

    Raises:
        SessionLost: nothing readable comes.
    """
    reader = _reader(session, readers.sound)
    in_a_row = 0
    while True:
        async with aclosing(messages_of(reader)) as messages:
            while True:
                try:
                    message = await anext(messages)
                except StopAsyncIteration:
                    break
                except (TypeError, ValueError) as error:
                    in_a_row += 1
                    readers.unreadable(error)
                    if in_a_row > UNREADABLE_IN_A_ROW:
                        raise SessionLost(1003, "nothing readable comes", AGAIN) from error
                    break
                in_a_row = 0
                await readers.message(message)


def messages_of(session: AsyncSession) -> AsyncGenerator[types.LiveServerMessage, None]:
    """The messages up to the end of a turn, as the SDK reads them."""
    return cast(AsyncGenerator[types.LiveServerMessage, None], session.receive())


def _reader(session: AsyncSession, take: Callable[[Sound], Awaitable[None]]) -> AsyncSession:
    """A second view of the session that reads sound apart; the session itself where a release of
    the SDK keeps its parts elsewhere, and sound is then read by the SDK too."""
    socket, client = socket_of(session), getattr(session, "_api_client", None)
    if socket is None or client is None:
        return session
    return AsyncSession(client, cast(ClientConnection, SoundApart(socket, take)))
