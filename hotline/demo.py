"""``hotline demo``: the whole hotline in one terminal, with a call placed to itself."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from conversation.gemini.settings import Backend
from conversation.records import CallClosed, CallOpened, Fact, ToolUsed, TurnTaken
from hotline.house import open_house
from hotline.running import serving_house
from hotline.serving import look_for_room, until_signalled
from hotline.settings import Settings

SCRIPT = Path(__file__).with_name("demo_call") / "script.yaml"
CALL_SECONDS = 240.0


def demonstration_told(conversation: str, fact: Fact) -> None:
    """A fact of the running call as lines for the terminal."""
    match fact:
        case CallOpened():
            _say("call", f"{fact.door} call {conversation[:8]}... opened", "cyan")
        case TurnTaken(speaker="caller"):
            _say("caller", fact.text, "green")
        case TurnTaken():
            text = f"{fact.heard} -- (interrupted here)" if fact.interrupted else fact.text
            _say("Myra", text, "magenta")
            if fact.latency:
                parts = ", ".join(f"{name} {value:.0f} ms" for name, value in fact.latency.items())
                _say("", f"latency: {parts}", None)
        case ToolUsed():
            took = 1000 * (fact.ended - fact.started)
            _say("tool", f"{fact.name} -> {fact.status} in {took:.0f} ms", "yellow")
        case CallClosed():
            _say("call", f"closed after {fact.seconds:.1f} s: {fact.reason}", "cyan")


def _say(who: str, text: str, colour: str | None) -> None:
    click.echo(f"{click.style(f'{who:>7}', fg=colour, bold=True)}  {text}")


@dataclass(frozen=True, slots=True)
class _Outcome:
    code: int
    report: dict[str, Any]


async def _place_call(port: int, recording: Path) -> _Outcome:
    """A simulated Twilio call in a process of its own, so that neither clock disturbs the other."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hotline", "call", f"http://127.0.0.1:{port}/twilio/voice"),
        *("--script", str(SCRIPT), "--record", str(recording), "--no-words", "--no-live", "--json"),
        stdout=asyncio.subprocess.PIPE,
        stdin=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(CALL_SECONDS):
            out, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return _Outcome(1, {})
    try:
        report = json.loads(out)
    except ValueError:
        report = {}
    return _Outcome(process.returncode or 0, report)


async def demonstrate(settings: Settings, *, once: bool) -> int:
    """Serve, call, and go on serving. With real credentials no call is placed: it would cost."""
    look_for_room(settings)
    watcher = demonstration_told
    async with open_house(settings, watcher=watcher) as house, serving_house(house) as port:
        if settings.gemini.backend is not Backend.EMULATOR:
            click.echo("A real model is configured: no demonstration call is placed.")
        else:
            code = await _demonstration(settings, port)
            if once:
                return code
        click.echo(f"Serving on port {port}. Telephone it from another terminal, for example:")
        click.echo('  .venv/bin/hotline call --say "When does my flight leave?"')
        click.echo(f"Talk to Myra in a browser: http://127.0.0.1:{port}/demo/")
        click.echo("Ctrl-C ends.")
        await until_signalled()
    return 0


async def _demonstration(settings: Settings, port: int) -> int:
    recording = settings.server.data_folder / "demonstration.wav"
    click.echo("A demonstration call, placed as Twilio would place it:")
    outcome = await _place_call(port, recording)
    if outcome.code:
        click.echo(f"The demonstration call failed: {json.dumps(outcome.report, indent=2)}")
    else:
        click.echo("The demonstration call went as it should.")
    click.echo(f"Recording (caller left, Myra right): {recording}")
    return outcome.code
