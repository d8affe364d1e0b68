"""The processes that are measured: the server on a core of its own, the emulator on the rest."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import cpu_seconds

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
STOP_SECONDS = 15.0
# The settings of the machine's owner are not what is measured.
_OURS = (
    *("HOTLINE_", "PHONE_", "TWILIO_", "GEMINI_", "GOOGLE_", "TALK_", "TOOLS_", "OUTBOX_"),
    *("MAIL_", "SMS_", "DATABASE_", "WEB_"),
)


class StageFailed(Exception):
    """A process did not start; the message holds its last words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the processes are set up. ``settings`` are the server's environment, ``behaviour`` and
    ``script`` the emulator's; ``real_time`` runs all ahead of other people's work. ``model``
    is the module that plays the model, ``ears`` what ``reading_model`` hears by."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    behaviour: Mapping[str, object] = field(default_factory=dict)
    script: Mapping[str, object] = field(default_factory=dict)
    faults: str = ""
    real_time: bool = False
    model: str = "emulators.gemini"
    ears: str = "level"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the processes are and what they write."""

    url: str
    server_pid: int
    emulator_pid: int
    journal: Path
    audio: Path
    data: Path

    def server_cpu(self) -> float:
        """CPU seconds of the server so far."""
        return cpu_seconds(self.server_pid)

    def emulator_cpu(self) -> float:
        return cpu_seconds(self.emulator_pid)


def cores() -> tuple[set[int], set[int]]:
    """The server's cores and everybody else's; one and the same where there is only one."""
    every = sorted(os.sched_getaffinity(0))
    return {every[0]}, set(every[1:]) or {every[0]}


@asynccontextmanager
async def stage(plan: Plan) -> AsyncIterator[Stage]:
    """Start everything, and stop it on the way out.

    Raises:
        StageFailed: a process ended or was not ready in time.
    """
    shutil.rmtree(plan.folder, ignore_errors=True)
    plan.folder.mkdir(parents=True)
    server, rest = cores()
    async with AsyncExitStack() as stack:
        stack.enter_context(_this_process(rest, real_time=plan.real_time))
        emulator = await stack.enter_async_context(_emulator(plan, rest))
        hotline = await stack.enter_async_context(_server(plan, server, emulator))
        yield Stage(
            url=f"http://127.0.0.1:{hotline.port}/twilio/voice",
            server_pid=hotline.pid,
            emulator_pid=emulator.pid,
            journal=plan.folder / "emulator.jsonl",
            audio=plan.folder / "audio",
            data=plan.folder / "data",
        )


@dataclass(frozen=True, slots=True)
class _Running:
    pid: int
    port: int
    ca_file: str = ""


@contextlib.contextmanager
def _this_process(where: set[int], *, real_time: bool) -> Iterator[None]:
    """The callers: on their cores, and without the pauses of the garbage collector."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, where)
    if real_time:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        if real_time:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        os.sched_setaffinity(0, before)


def _pinned(where: set[int], *, real_time: bool) -> Callable[[], None]:
    def prepare() -> None:
        os.sched_setaffinity(0, where)
        if real_time:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))

    return prepare


@asynccontextmanager
async def _emulator(plan: Plan, where: set[int]) -> AsyncIterator[_Running]:
    script = plan.folder / "script.yaml"
    script.write_text(json.dumps(dict(plan.script)))
    command = [
        *(sys.executable, "-m", plan.model, "--voice", "tones", "--with-parent"),
        *("--state", str(ROOT / "out" / "bench" / "emulator"), "--script", str(script)),
        *("--log", str(plan.folder / "emulator.jsonl")),
        *("--log-audio", str(plan.folder / "audio"), "--fault", plan.faults),
    ]
    for name, value in plan.behaviour.items():
        command += ["--set", f"{name}={json.dumps(value)}"]
    environment = {**os.environ, "BENCH_EARS": plan.ears}
    async with _process(command, plan, where, environment, "emulator") as lines:
        said = await _first(lines, "ready", "emulator", plan)
        yield _Running(int(said["pid"]), int(said["port"]), str(said["ca_file"]))


@asynccontextmanager
async def _server(plan: Plan, where: set[int], emulator: _Running) -> AsyncIterator[_Running]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    environment = {
        **own,
        "PYTHONPATH": str(ROOT),
        "HOTLINE_DATA_FOLDER": str(plan.folder / "data"),
        "HOTLINE_LOG_STYLE": "json",
        "GEMINI_BASE_URL": f"https://127.0.0.1:{emulator.port}",
        "GEMINI_CA_FILE": emulator.ca_file,
        **plan.settings,
    }
    command = [sys.executable, "-m", "hotline", "serve", "--port", "0"]
    async with _process(command, plan, where, environment, "server") as lines:
        said = await _first(lines, "port", "server", plan)
        yield _Running(int(said["server pid"]), int(said["port"]))


Lines = asyncio.Queue[dict[str, object]]


@asynccontextmanager
async def _process(
    command: list[str], plan: Plan, where: set[int], environment: dict[str, str], name: str
) -> AsyncIterator[Lines]:
    """A process whose JSON lines, on either output, can be waited for; all goes to a log file."""
    lines: Lines = asyncio.Queue(100)
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT if name == "emulator" else plan.folder,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        preexec_fn=_pinned(where, real_time=plan.real_time),
        start_new_session=True,
    )
    reader = asyncio.create_task(_read(process, lines, plan.folder / f"{name}.log"))
    try:
        yield lines
    finally:
        await _stop(process)
        await reader


async def _read(process: asyncio.subprocess.Process, lines: Lines, log: Path) -> None:
    assert process.stdout is not None
    with log.open("wb") as file:
        async for line in process.stdout:
            file.write(line)
            with contextlib.suppress(ValueError, asyncio.QueueFull):
                said = json.loads(line)
                if isinstance(said, dict):
                    lines.put_nowait({**said, "server pid": process.pid})
    with contextlib.suppress(asyncio.QueueFull):
        lines.put_nowait({"ended": True})


async def _first(lines: Lines, key: str, name: str, plan: Plan) -> dict[str, str]:
    try:
        async with asyncio.timeout(READY_SECONDS):
            while True:
                said = await lines.get()
                if key in said:
                    return {field: str(value) for field, value in said.items()}
                if "ended" in said:
                    break
    except TimeoutError:
        pass
    raise StageFailed(f"the {name} did not start; see {plan.folder / f'{name}.log'}")


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
