"""``hotline top``: the running calls of a hotline, looked at once or for as long as one likes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
import tty
from collections.abc import Iterator

import aiohttp
from pydantic import ValidationError
from rich.console import Console
from rich.live import Live

from hotline.observing.top_view import Calls, Picture

ANSWER_SECONDS = 3.0
_LEAVE = "q or Ctrl-C leaves"
_QUITS = b"qQ\x03\x04"


class NoCalls(Exception):
    """The running calls cannot be had; one line that says why and what to do."""


async def look(session: aiohttp.ClientSession, url: str) -> Calls:
    """The calls of this moment.

    Raises:
        NoCalls: nothing answers there, or not a hotline.
    """
    try:
        async with session.get(f"{url}/calls") as answer:
            if answer.status != 200:
                raise NoCalls(f"{url} answers HTTP {answer.status}: is that a hotline's port?")
            return Calls.model_validate_json(await answer.read())
    except (aiohttp.ClientConnectionError, TimeoutError):
        raise NoCalls(
            f"{url} does not answer. Is the hotline running, and HOTLINE_METRICS_PORT the same "
            "here as there? For a pod: kubectl port-forward POD 9090, then --url."
        ) from None
    except (ValidationError, aiohttp.ClientError, ValueError):
        raise NoCalls(f"{url} answers, but not as a hotline: is that its metrics port?") from None


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))


async def top_once(url: str, console: Console) -> None:
    """Print the calls of this moment.

    Raises:
        NoCalls: they cannot be had.
    """
    async with _session() as session:
        console.print(Picture(await look(session, url), url))


async def top(url: str, console: Console, every: float) -> None:
    """Show the calls until somebody leaves. A hotline that stops answering is said to.

    Raises:
        NoCalls: it did not answer at all.
    """
    async with _session() as session:
        calls = await look(session, url)
        left = asyncio.Event()
        shown = Picture(calls, url, foot=_LEAVE)
        with _leaving(left), Live(shown, console=console, screen=True, auto_refresh=False) as live:
            live.refresh()
            while not await _within(every, left):
                trouble = ""
                try:
                    calls = await look(session, url)
                except NoCalls as error:
                    trouble = str(error)
                live.update(Picture(calls, url, trouble=trouble, foot=_LEAVE), refresh=True)


async def _within(seconds: float, left: asyncio.Event) -> bool:
    """Whether somebody left within this time."""
    try:
        async with asyncio.timeout(seconds):
            await left.wait()
    except TimeoutError:
        return False
    return True


@contextlib.contextmanager
def _leaving(left: asyncio.Event) -> Iterator[None]:
    """Set the event at ``q``, Ctrl-C or SIGTERM. Keys come one by one, unseen, meanwhile."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, left.set)
    keys = sys.stdin.fileno() if sys.stdin.isatty() else None
    before = termios.tcgetattr(keys) if keys is not None else None

    def pressed() -> None:
        read = os.read(sys.stdin.fileno(), 64)
        if not read or any(key in _QUITS for key in read):
            left.set()

    try:
        if keys is not None:
            tty.setcbreak(keys)
            loop.add_reader(keys, pressed)
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
        if keys is not None and before is not None:
            loop.remove_reader(keys)
            termios.tcsetattr(keys, termios.TCSADRAIN, before)
