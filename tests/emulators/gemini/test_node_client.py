"""@google/genai for JavaScript, unmodified, against the emulator: the tests are in tests/node."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.emulators.gemini.live import emulator

pytestmark = pytest.mark.node

PROJECT = Path(__file__).resolve().parents[2] / "node"


@pytest.fixture(scope="module")
def node() -> str:
    """Node.js, with the packages of the lock file installed."""
    found = shutil.which("node")
    assert found, "Node.js is not installed; scripts/test installs it, or apt install nodejs npm"
    if not (PROJECT / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=PROJECT, check=True, timeout=110)
    return found


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_javascript_client_holds_conversations(tmp_path: Path, node: str, scheme: str) -> None:
    async def main() -> tuple[int | None, str]:
        async with emulator(tmp_path, speed=(5.0, 5.0)) as live:
            port = live.port if scheme == "https" else live.plain_port
            process = await asyncio.create_subprocess_exec(
                *(node, "--test", "live.test.mjs"),
                cwd=PROJECT,
                env={
                    **os.environ,
                    "EMULATOR_URL": f"{scheme}://127.0.0.1:{port}",
                    "NODE_EXTRA_CA_CERTS": str(tmp_path / "ca.pem"),
                },
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            try:
                async with asyncio.timeout(60):
                    said, _ = await process.communicate()
            finally:
                if process.returncode is None:
                    process.kill()
            return process.returncode, said.decode()

    code, said = asyncio.run(main())
    assert code == 0, said
    assert "pass 5" in said
