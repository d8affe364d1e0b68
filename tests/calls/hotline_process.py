"""A whole hotline in a process of its own, with a data folder of its own, and calls to it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("scripts")
_SERVING = re.compile(r"serving host=\S+ port=(\d+)")


@dataclass(frozen=True, slots=True)
class HotlineProcess:
    folder: Path
    port: int

    def call(self, script: str, seconds: float = 280) -> dict[str, Any]:
        """Place a scripted call with spoken audio; its report, as `hotline call --json` has it."""
        done = subprocess.run(
            [
                *(sys.executable, "-m", "hotline", "call"),
                f"http://127.0.0.1:{self.port}/twilio/voice",
                *("--script", str(SCRIPTS / script), "--json", "--no-live", "--no-words"),
                *("--cache", str(self.folder / "emulator" / "voices")),
                *("--record", str(self.folder / f"{script}.wav")),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        try:
            report: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"no report: {done.stdout}{done.stderr}") from None
        return report


@contextmanager
def running_hotline(folder: Path, *, voice: str = "speech") -> Iterator[HotlineProcess]:
    """`hotline serve` with the embedded defaults, ended as an operator would."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hotline", "serve", "--port", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "HOTLINE_DATA_FOLDER": str(folder),
            "HOTLINE_LOG_LEVEL": "warning",
            "HOTLINE_EMULATOR_VOICE": voice,
            # The emulator speaks as fast as the machine lets it.
            "TALK_DEAD_AIR_SECONDS": "10",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said: list[str] = []
    try:
        for line in process.stderr:
            said.append(line)
            if found := _SERVING.search(line):
                yield HotlineProcess(folder, int(found[1]))
                break
        else:
            raise AssertionError("the hotline did not start: " + "".join(said))
    finally:
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=60)
        (folder / "hotline.log").write_text("".join(said) + rest)
