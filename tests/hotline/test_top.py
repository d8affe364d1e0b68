"""The terminal's view of running calls: at 80 columns, as a script reads it, and by its keys."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from conversation.core import Setting
from hotline.observing.page import page
from hotline.observing.state import Doing
from hotline.observing.top import NoCalls, top_once
from hotline.observing.top_view import Call, Calls, Picture, age
from hotline.serving import listen, serving
from tests.hotline.watched import INFO, observed

pytestmark = pytest.mark.socket

ROOT = Path(__file__).resolve().parents[2]
CALL = Call(
    call="b5e8ea",
    channel="phone",
    caller="14",
    seconds=187,
    doing=Doing.SPEAKING,
    turns=4,
    reply_ms=1430,
    tools=("Flight_Booking_Details_Agent", "Enquiry_Tool"),
    reconnects=1,
)
CALLS = Calls(
    version="4f2a91c",
    draining=False,
    capacity=100,
    ended={"completed": 402, "error": 2, "drained": 0},
    calls=(CALL, CALL.model_copy(update={"call": "0000aa", "seconds": 4.0, "reply_ms": None})),
)


def printed(calls: Calls, *, height: int | None = None, trouble: str = "") -> list[str]:
    console = Console(width=80, file=io.StringIO(), color_system=None)
    picture = Picture(calls, "http://127.0.0.1:9090", trouble=trouble, foot="q leaves")
    options = console.options.update(height=height)
    lines = console.render_lines(picture, options.update(height=None), pad=False)
    if height:
        parts = list(picture.__rich_console__(console, options))
        lines = [line for part in parts for line in console.render_lines(part, pad=False)]  # type: ignore[arg-type]
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


def test_eighty_columns_hold_a_call() -> None:
    lines = printed(CALLS)
    assert max(len(line) for line in lines) <= 80
    assert lines[0].startswith("Cymbol Travels hotline 4f2a91c   2 of 100 calls   taking calls")
    assert lines[1] == "ended: 402 completed   2 error"
    first = next(line for line in lines if line.startswith("b5e8ea"))
    assert first.split()[:9] == [
        "b5e8ea",
        "phone",
        "..14",
        "3:07",
        "speaking",
        "4",
        "1.4",
        "s",
        "1",
    ]
    assert first.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert "Flight_Booking" in first
    assert " - " in next(line for line in lines if line.startswith("0000aa"))


def test_what_does_not_fit_is_said() -> None:
    many = CALLS.model_copy(
        update={"calls": tuple(CALL.model_copy(update={"seconds": i}) for i in range(30))}
    )
    lines = printed(many, height=14, trouble="does not answer")
    assert len(lines) <= 14
    assert "and 23 more, all younger" in lines
    assert "does not answer" in lines


def test_a_quiet_and_a_draining_hotline() -> None:
    quiet = printed(CALLS.model_copy(update={"calls": (), "ended": {}, "draining": True}))
    assert "DRAINING" in quiet[0]
    assert "No calls in progress." in quiet
    assert "ended: none yet" in quiet


def test_ages() -> None:
    assert [age(4.9), age(60), age(3599), age(3729)] == ["0:04", "1:00", "59:59", "1:02:09"]


@asynccontextmanager
async def running() -> AsyncIterator[str]:
    async def there() -> None: ...

    seen = observed()
    (watcher,) = seen.observation.observers(INFO)
    watcher.began(Setting(INFO))
    listener = listen("127.0.0.1", 0)
    async with serving(page(seen.sources, seen.observation.registry, there), listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def command(url: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "hotline", "top", "--url", url, *more]


def test_once_for_a_script() -> None:
    async def main() -> subprocess.CompletedProcess[str]:
        async with running() as url:
            return await asyncio.to_thread(
                subprocess.run, command(url, "--once"), cwd=ROOT, capture_output=True, text=True,
                timeout=30, check=False,
            )  # fmt: skip

    done = asyncio.run(main())
    assert done.returncode == 0, done.stderr
    assert INFO.id[-6:] in done.stdout
    assert "connecting" in done.stdout
    assert "\x1b" not in done.stdout
    assert INFO.caller not in done.stdout


def test_nothing_there_is_one_friendly_line() -> None:
    console = Console(file=io.StringIO())
    with pytest.raises(NoCalls, match=r"127\.0\.0\.1:9 does not answer.*HOTLINE_METRICS_PORT"):
        asyncio.run(top_once("http://127.0.0.1:9", console))


def test_a_hotline_told_to_show_nothing_is_not_looked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hotline", "top", "--once"],
        cwd=ROOT,
        env={**os.environ, "HOTLINE_METRICS_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "HOTLINE_METRICS_PORT=0" in done.stderr


@pytest.mark.parametrize(("status", "said"), [(404, "HTTP 404"), (200, "not as a hotline")])
def test_something_else_there_is_said(status: int, said: str) -> None:
    async def other(_: Request) -> Response:
        return PlainTextResponse("hello", status)

    async def main() -> None:
        listener = listen("127.0.0.1", 0)
        app = Starlette(routes=[Route("/calls", other)])
        async with serving(app, listener):
            port = listener.getsockname()[1]
            with pytest.raises(NoCalls, match=said):
                await top_once(f"http://127.0.0.1:{port}", Console(file=io.StringIO()))

    asyncio.run(main())


@pytest.mark.parametrize("key", [b"q", b"\x03"])
def test_a_key_leaves_and_the_terminal_is_as_before(key: bytes) -> None:
    """In a terminal of its own: Ctrl-C comes as the signal that the terminal makes of it."""
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)

    def leave(url: str) -> int:
        process = subprocess.Popen(
            command(url, "--every", "0.2"),
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24"},
            start_new_session=True,
            preexec_fn=lambda: _own_terminal(theirs),
        )
        seen = b""
        while b"Ctrl-C leaves" not in seen:
            assert select.select([ours], [], [], 20)[0], seen
            seen += os.read(ours, 4096)
        os.write(ours, key)
        while select.select([ours], [], [], 0.5)[0]:
            seen += os.read(ours, 4096)
        assert INFO.id[-6:].encode() in seen
        return process.wait(timeout=20)

    async def main() -> int:
        async with running() as url:
            return await asyncio.to_thread(leave, url)

    try:
        assert asyncio.run(main()) == 0
        assert termios.tcgetattr(theirs)[3] == before[3]
    finally:
        os.close(ours)
        os.close(theirs)


def _own_terminal(terminal: int) -> None:
    import fcntl

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
