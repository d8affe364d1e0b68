"""The emulator as a process: its ready line, its notice, its end."""

from __future__ import annotations

import asyncio
import signal
import ssl
import stat
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import connect

from tests.emulators.gemini.live import PATH, read, setup_message, write

pytestmark = pytest.mark.socket

ROOT = Path(__file__).resolve().parents[3]


async def started(state: Path, *options: str) -> tuple[Process, dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "emulators.gemini", "--voice", "tones", "--state", str(state), *options),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = await process.stdout.readline()
    ready: dict[str, Any] = orjson.loads(line)
    return process, ready


async def ended(process: Process) -> str:
    async with asyncio.timeout(10):
        _, said = await process.communicate()
    return said.decode()


def test_it_serves_says_what_it_is_and_ends_with_its_parent(tmp_path: Path) -> None:
    async def main() -> None:
        process, ready = await started(
            tmp_path, "--with-parent", "--log", str(tmp_path / "log"), "--set", "think=[0,0]"
        )
        tls = ssl.create_default_context(cafile=ready["ca_file"])
        address = f"wss://localhost:{ready['port']}{PATH}?key=k"
        async with connect(address, ssl=tls) as socket:
            await write(socket, setup_message())
            assert "setupComplete" in await read(socket)
        assert ready["plain_port"] is None
        assert stat.S_IMODE((tmp_path / "server.key").stat().st_mode) == 0o600
        assert process.stdin is not None
        process.stdin.close()
        assert "emulator" in await ended(process)
        assert process.returncode == 0
        assert b'"setupComplete"' in (tmp_path / "log").read_bytes()

    asyncio.run(main())


def test_sigterm_ends_it_cleanly_also_amid_a_call(tmp_path: Path) -> None:
    async def main() -> None:
        process, ready = await started(tmp_path, "--plain-port", "0")
        async with connect(f"ws://127.0.0.1:{ready['plain_port']}{PATH}?key=k") as socket:
            await write(socket, setup_message())
            await write(socket, {"realtimeInput": {"text": "say 30 seconds"}})
            await read(socket)
            process.send_signal(signal.SIGTERM)
            said = await ended(process)
        assert process.returncode == 0
        assert "Traceback" not in said

    asyncio.run(main())


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--fault", "nonsense"], "nonsense"),
        (["--set", "speed=fast"], "speed"),
        (["--set", "novelty=1"], "novelty"),
        (["--set", "think"], "NAME=VALUE"),
    ],
)
def test_a_wrong_option_is_named_in_one_line(options: list[str], named: str) -> None:
    async def main() -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "emulators.gemini", *options), stderr=PIPE, cwd=ROOT
        )
        assert named in (await ended(process)).splitlines()[-1]
        assert process.returncode == 2

    asyncio.run(main())
