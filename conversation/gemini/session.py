"""One connection with the service: opened within a deadline, read without pause, closed in full."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, aclosing

from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import types
from google.genai.live import AsyncSession
from websockets.exceptions import WebSocketException

from conversation.gemini.losses import ENDINGS, SessionLost, diagnose
from conversation.gemini.reading import Readers, messages_of, read
from conversation.gemini.wire import socket_of

log = logging.getLogger(__name__)

CLOSE_SECONDS = 2.5
# Sound flows without pause, so unacknowledged data means a dead peer. Pings would not do: the
# service's pongs have been seen to take half a minute under load.
UNACKNOWLEDGED_MS = 15_000

Write = Callable[[], Awaitable[None]]


class _Left(Exception):
    """Ends the task group: we leave, the service did not end the session."""


async def open_session(
    stack: AsyncExitStack,
    client: genai.Client,
    model: str,
    config: types.LiveConnectConfig,
    *,
    seconds: float,
    resuming: bool = False,
) -> AsyncSession:
    """A session whose setup the service has confirmed; ``stack`` closes its socket.

    Raises:
        SessionLost: it did not come about, for whatever reason.
    """
    try:
        async with asyncio.timeout(seconds):
            connection = client.aio.live.connect(model=model, config=config)
            session = await stack.enter_async_context(connection)
            await _confirmed(session)
    except TimeoutError:
        failure = TimeoutError(f"no session within {seconds:g} s")
        raise diagnose(failure, opened=False, resuming=resuming) from None
    except (*ENDINGS, GoogleAuthError, ValueError, TypeError) as error:
        raise diagnose(error, opened=False, resuming=resuming) from error
    _notice_dead_peers(session)
    return session


async def serve(
    session: AsyncSession,
    readers: Readers,
    write: Write,
    leave: asyncio.Event,
    *,
    resuming: bool = False,
) -> None:
    """Read and write until ``leave`` is set; the socket is closed with 1000 on the way out, so
    that a resumption finds the old session gone.

    ``readers`` get what comes, ``write`` sends for as long as it is let.

    Raises:
        SessionLost: the session ended by itself.
    """
    left, lost = False, None
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(read(session, readers), name="gemini reader")
            tasks.create_task(_awaited(write), name="gemini writer")
            tasks.create_task(_leave(leave), name="gemini leaving")
    except* _Left:
        left = True
    except* (*ENDINGS, SessionLost) as group:
        lost = _first(group)
    finally:
        await _close(session)
    if lost is not None and not left:
        raise diagnose(lost, opened=True, resuming=resuming) from lost


async def _confirmed(session: AsyncSession) -> None:
    """Wait for setupComplete. The SDK takes the first frame for it, whatever that is."""
    while session.setup_complete is None:
        async with aclosing(messages_of(session)) as messages:
            async for message in messages:
                if message.setup_complete is not None:
                    return


async def _awaited(write: Write) -> None:
    await write()


async def _leave(leave: asyncio.Event) -> None:
    await leave.wait()
    raise _Left


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    """One plain exception of a group, ours before the socket's: both sides of a socket lose it
    together."""
    plain = [
        _first(one) if isinstance(one, BaseExceptionGroup) else one for one in group.exceptions
    ]
    return next((one for one in plain if isinstance(one, SessionLost)), plain[0])


async def _close(session: AsyncSession) -> None:
    """A dead peer may not hold us up."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await session.close()
    except (TimeoutError, WebSocketException, OSError):
        log.debug("model socket did not close in time")


def _notice_dead_peers(session: AsyncSession) -> None:
    """Linux ends a connection whose data stays unacknowledged (tcp(7), TCP_USER_TIMEOUT)."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    connection = socket_of(session)
    held = connection.transport.get_extra_info("socket") if connection else None
    if option is None or held is None:
        return
    try:
        with socket.socket(fileno=held.fileno()) as same:
            try:
                same.setsockopt(socket.IPPROTO_TCP, option, UNACKNOWLEDGED_MS)
            finally:
                same.detach()
    except OSError:
        log.debug("no user timeout on the model socket")
