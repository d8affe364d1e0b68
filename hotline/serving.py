"""The web server: uvicorn on uvloop, a polite shutdown that lets running calls finish."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Generator

import uvicorn
from starlette.applications import Starlette

from hotline.settings import Settings
from telephony.door import PhoneDoor
from telephony.listening import tune

log = logging.getLogger(__name__)

# Media Streams frames are far smaller; what is larger is refused before it is read whole.
MAX_SOCKET_BYTES = 64 * 1024
# Twilio answers pings; a socket that does not is dead without having said so.
PING_SECONDS = 10
CLOSE_SECONDS = 5


class ServeError(Exception):
    """The server cannot listen; the message names the address and how to mend it."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the hotline, whose calls outlive the first one."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def address(settings: Settings) -> tuple[str, int]:
    """Where to listen. Without signatures anybody could call, so only this machine may."""
    host = settings.server.host
    if not host:
        host = "0.0.0.0" if settings.phone.checks_signatures else "127.0.0.1"  # noqa: S104
    return host, settings.server.port


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ServeError: the address cannot be had.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=512)
        tune(listener)
        return listener
    except OSError as error:
        raise ServeError(
            f"HOTLINE_PORT={port}: cannot listen on {host}:{port} ({error.strerror}). "
            "Stop what listens there or choose another port."
        ) from None


@contextlib.asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    """Serve while the block runs. Requests are answered as soon as it is entered."""
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=MAX_SOCKET_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=CLOSE_SECONDS,
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(server.serve([listener]), name="web server")
        try:
            yield
        finally:
            server.should_exit = True
            await asyncio.wait([task])


async def until_signalled() -> None:
    """Return at the first SIGINT or SIGTERM; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    try:
        await asked.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def drain(door: PhoneDoor, seconds: float) -> None:
    """Take no more calls and let the running ones finish, for at most ``seconds``."""
    door.live.stop_accepting()
    if not len(door.live):
        return
    log.warning("draining", extra={"calls": len(door.live), "seconds": seconds})
    try:
        async with asyncio.timeout(seconds):
            await door.live.idle()
    except TimeoutError:
        log.error("calls cut off by the end of the drain", extra={"calls": len(door.live)})
