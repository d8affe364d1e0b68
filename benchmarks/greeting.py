"""``make run`` in a fresh clone: from the command to Myra's greeting at the caller's ear.

The clone is this repository's last commit in an empty folder; packages come from pip's cache.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stage import ROOT

LIMIT_SECONDS = 600.0
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Greeting:
    """Seconds from the command until the server served, until the first sound of the greeting
    was heard, and until all of it had been."""

    serving: float
    begun: float
    heard: float


class NoGreeting(Exception):
    """The command ended, or took too long; the message is its last words."""


async def measure() -> Greeting:
    """Clone, run, listen, stop, remove."""
    folder = Path(tempfile.mkdtemp(prefix="cymbol-hotline-"))
    try:
        await _clone(folder / "clone")
        return await _run(folder / "clone")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _clone(to: Path) -> None:
    cloning = await asyncio.create_subprocess_exec("git", "clone", "--quiet", str(ROOT), str(to))
    if await cloning.wait():
        raise NoGreeting("git clone failed")


async def _run(folder: Path) -> Greeting:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *("make", "run"),
        cwd=folder,
        env={**os.environ, "HOTLINE_PORT": str(port), "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            return await _listen(process, began)
    except TimeoutError:
        raise NoGreeting(f"nothing was heard within {LIMIT_SECONDS:.0f} s") from None
    finally:
        await _stop(process)


async def _listen(process: asyncio.subprocess.Process, began: float) -> Greeting:
    assert process.stdout is not None
    serving = begun = 0.0
    last: list[str] = []
    async for line in process.stdout:
        text = line.decode(errors="replace").strip()
        last = [*last[-9:], text]
        at = time.monotonic() - began
        if "serving host=" in text:
            serving = serving or at
        elif "Myra speaks" in text:
            begun = begun or at
        elif text.startswith("Myra  "):
            return Greeting(serving, begun or at, at)
    raise NoGreeting("make run ended before the greeting:\n" + "\n".join(last))


async def _stop(process: asyncio.subprocess.Process) -> None:
    for name in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is None:
            os.killpg(process.pid, name)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                continue
