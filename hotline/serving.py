"""The web server: uvicorn on uvloop, a polite shutdown that lets running calls finish."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
from collections.abc import AsyncIterator, Generator

import uvicorn
from starlette.applications import Starlette

from hotline.settings import Settings
from telephony.door import PhoneDoor
from telephony.listening import tune
from web_demo.server.door import BrowserDoor

log = logging.getLogger(__name__)

# Media Streams frames are far smaller; what is larger is refused before it is read whole.
MAX_SOCKET_BYTES = 64 * 1024
# Twilio answers pings; a socket that does not is dead without having said so.
PING_SECONDS = 10
CLOSE_SECONDS = 5
# Once a stream is over Twilio asks what comes next: who is to be transferred must not find the
# door shut.
AFTERWARDS_SECONDS = 2.0
LOOK_SECONDS = 0.1


class ServeError(Exception):
    """The server cannot listen; the message names the address and how to mend it."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the hotline, whose calls outlive the first one."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def address(settings: Settings) -> tuple[str, int]:
    """Where to listen. Without signatures anybody could call, so only this machine may.

    Raises:
        ServeError: an address beyond this machine is asked for, and nothing would be checked.
    """
    host, port = settings.server.host, settings.server.port
    if settings.phone.checks_signatures:
        return host or "0.0.0.0", port  # noqa: S104
    if host and not _is_loopback(host):
        raise ServeError(
            f"HOTLINE_HOST={host}: without TWILIO_AUTH_TOKEN nothing is authenticated, and the "
            "hotline listens on loopback only. Set the token, or unset HOTLINE_HOST."
        )
    return host or "127.0.0.1", port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int, setting: str = "HOTLINE_PORT") -> socket.socket:
    """A listening socket; ``setting`` is where the port is from.

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
            f"{setting}={port}: cannot listen on {host}:{port} ({error.strerror}). Stop what "
            "listens there or choose another port; HOTLINE_HOST is an address of this machine."
        ) from None


def look_for_room(settings: Settings) -> None:
    """Fail early: the house takes long to open, and the address may be somebody else's.

    Raises:
        ServeError: an address cannot be had; metrics may be missing only where nobody relies on
            them.
    """
    host, port = address(settings)
    listen(host, port).close()
    metrics = settings.server.metrics_port
    if metrics and settings.phone.checks_signatures:
        listen(host, metrics, "HOTLINE_METRICS_PORT").close()


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


async def drain(door: PhoneDoor, seconds: float, browser: BrowserDoor | None = None) -> None:
    """Take no more calls and let the running ones finish, for at most ``seconds``."""
    door.live.stop_accepting()
    if browser:
        browser.accepting = False
    if not _calls(door, browser):
        return
    log.warning("draining", extra={"calls": _calls(door, browser), "seconds": seconds})
    try:
        async with asyncio.timeout(seconds):
            quiet_since = door.clock()
            while door.clock() - quiet_since < AFTERWARDS_SECONDS:
                await asyncio.sleep(LOOK_SECONDS)
                if _calls(door, browser):
                    quiet_since = door.clock()
    except TimeoutError:
        if _calls(door, browser):
            log.error(
                "calls cut off by the end of the drain", extra={"calls": _calls(door, browser)}
            )


def _calls(door: PhoneDoor, browser: BrowserDoor | None) -> int:
    """Calls in progress, with those whose webhook was answered and whose stream is to come."""
    waiting = door.tokens.waiting(door.clock())
    return len(door.live) + waiting + (len(browser) if browser else 0)
