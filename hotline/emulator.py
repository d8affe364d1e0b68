"""The embedded default for the model: the Gemini Live emulator in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

START_SECONDS = 120.0
STOP_SECONDS = 5.0


class EmulatorFailed(Exception):
    """The emulator did not start; the message says what it said last."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """Where a running emulator listens and which CA its certificate comes from."""

    base_url: str
    ca_file: Path
    pid: int


ROOT = Path(__file__).resolve().parent.parent


def _command(state: Path, voice: str, extra: tuple[str, ...]) -> list[str]:
    state.mkdir(parents=True, exist_ok=True)
    return [
        *(sys.executable, "-m", "emulators.gemini", "--port", "0", "--with-parent"),
        *("--state", str(state), "--voice", voice, *extra),
    ]


async def _ready(process: asyncio.subprocess.Process) -> Emulator:
    if process.stdout is None:
        raise EmulatorFailed("the emulator has no standard output")
    line = await process.stdout.readline()
    try:
        said = json.loads(line)
        return Emulator(f"https://127.0.0.1:{said['port']}", Path(said["ca_file"]), process.pid)
    except (ValueError, KeyError, TypeError):
        raise EmulatorFailed(
            "the Gemini Live emulator stopped before it was ready; its messages stand above. "
            "Try it alone: python -m emulators.gemini --port 0"
        ) from None


@contextlib.asynccontextmanager
async def running_emulator(
    state: Path, *, voice: str = "speech", extra: tuple[str, ...] = ()
) -> AsyncIterator[Emulator]:
    """Start the emulator, wait until it serves, and stop it on the way out.

    ``state`` keeps its certificates and its cache of spoken phrases. It ends by itself when
    this process does, because its standard input closes.

    Raises:
        EmulatorFailed: it ended, or was not ready within two minutes.
    """
    process = await asyncio.create_subprocess_exec(
        *_command(state, voice, extra),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            emulator = await _ready(process)
        log.info("emulator ready", extra={"base_url": emulator.base_url, "pid": process.pid})
        yield emulator
    except TimeoutError:
        raise EmulatorFailed(
            f"the Gemini Live emulator was not ready within {START_SECONDS:.0f} s"
        ) from None
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
