"""The hotline's command line."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, BinaryIO

import click
import uvloop

from hotline import logs
from hotline.settings import Settings, SettingsError, environment, load, table


class Stop(click.ClickException):
    """An error a person meets: one sentence, exit code 1."""


class Misconfigured(Stop):
    """What was asked cannot be answered; exit code 2, apart from an answer that is no."""

    exit_code = 2


def _settings(**overrides: object) -> Settings:
    """The settings of this process, with the command line's own over the environment's."""
    given = {name: str(value) for name, value in overrides.items() if value is not None}
    try:
        settings = load({**environment(os.environ, Path(".env")), **given})
    except SettingsError as error:
        raise Stop(str(error)) from None
    server, project = settings.server, settings.gemini.project
    logs.set_up(server.log_style, server.log_level, project=project)
    return settings


def _run(main: Coroutine[Any, Any, int]) -> None:
    """Run to the end on uvloop and exit with what it returns."""
    from conversation.gemini.client import ClientError
    from hotline.emulator import EmulatorFailed
    from hotline.errors import HouseError
    from hotline.serving import ServeError
    from tools.database import DatabaseUnavailable

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            code = runner.run(main)
    except DatabaseUnavailable as error:
        raise Stop(f"DATABASE_URL: no answer ({error}). Is it right, and the server up?") from None
    except (ClientError, EmulatorFailed, ServeError, HouseError) as error:
        raise Stop(str(error)) from None
    sys.exit(code)


class _Lazy(click.Group):
    """Commands whose engines are slow to import are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "call"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "call":
            return super().get_command(ctx, cmd_name)
        from emulators.twilio.command import call

        if port := environment(os.environ, Path(".env")).get("HOTLINE_PORT"):
            ctx.default_map = {"call": {"url": f"http://127.0.0.1:{port}/twilio/voice"}}
        return call


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The Cymbol Travels hotline: Myra on the telephone."""


@main.command()
@click.option("--port", type=int, help="Instead of HOTLINE_PORT.")
def serve(port: int | None) -> None:
    """Serve until SIGTERM or Ctrl-C; running calls finish first."""
    from hotline.running import serve_until_stopped

    _run(serve_until_stopped(_settings(HOTLINE_PORT=port)))


@main.command()
@click.option("--port", type=int, help="Instead of HOTLINE_PORT.")
@click.option("--once", is_flag=True, help="End after the demonstration call.")
def demo(port: int | None, *, once: bool) -> None:
    """Serve, place one demonstration call through the telephone path, and keep serving."""
    from hotline.demo import demonstrate

    os.environ.setdefault("HOTLINE_LOG_LEVEL", "warning")
    # The emulator speaks as fast as this machine lets it; a nudge would make it begin anew.
    os.environ.setdefault("TALK_DEAD_AIR_SECONDS", "10")
    _run(demonstrate(_settings(HOTLINE_PORT=port), once=once))


@main.command()
def check() -> None:
    """Verify the configuration without a call; exits 1 if something is wrong."""
    from hotline.check import findings

    os.environ.setdefault("HOTLINE_LOG_LEVEL", "error")
    settings = _settings()

    async def report() -> int:
        bad = 0
        async for finding in findings(settings):
            mark = {True: "ok   ", False: "WRONG", None: "-    "}[finding.well]
            colour = {True: "green", False: "red", None: "yellow"}[finding.well]
            click.echo(f"{click.style(mark, fg=colour)} {finding.subject}: {finding.detail}")
            if finding.mend:
                click.echo(f"      mend: {finding.mend}")
            bad += finding.well is False
        return 1 if bad else 0

    _run(report())


@main.command()
@click.option("--url", help="Instead of http://127.0.0.1 and HOTLINE_METRICS_PORT.")
@click.option("--every", default=1.0, show_default=True, help="Seconds between two looks.")
@click.option("--once", is_flag=True, help="Print the calls of this moment and end.")
def top(url: str | None, every: float, *, once: bool) -> None:
    """Show the running calls of a hotline; q leaves."""
    from rich.console import Console

    from hotline.observing.top import NoCalls, top, top_once

    port = 0 if url else _settings().server.metrics_port
    if not (url or port):
        raise Stop("HOTLINE_METRICS_PORT=0: this hotline shows nothing of itself. Name a port.")
    where = (url or f"http://127.0.0.1:{port}").rstrip("/")
    console = Console()
    show = top_once(where, console) if once else top(where, console, max(0.2, every))
    try:
        asyncio.run(show)
    except NoCalls as error:
        raise Stop(str(error)) from None


@main.command()
@click.argument("journal", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--set", "changes", multiple=True, metavar="NAME=VALUE", help="Another TALK_ value.")
def replay(journal: Path, changes: tuple[str, ...]) -> None:
    """Run a recorded call through the core again; with --set, under other settings."""
    from conversation.journal_lines import JournalError
    from hotline.replaying import replayed

    try:
        click.echo(replayed(journal, changes))
    except (SettingsError, JournalError) as error:
        raise Stop(str(error)) from None
    except OSError as error:
        raise Stop(f"{journal}: {error.strerror}") from None


@main.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database's tables up to date."""
    from hotline.errors import database_url_named
    from tools.migrations import upgrade as migrate

    settings = _settings()

    async def run() -> int:
        with database_url_named():
            await migrate(settings.tools.database_url)
        click.echo("The database is up to date.")
        return 0

    _run(run())


@db.command()
@click.option("--anew", is_flag=True, help="Take what is there out first.")
def seed(*, anew: bool) -> None:
    """Put the demonstration bookings in, with dates relative to today."""
    from hotline.house import seed_database

    settings = _settings()

    async def run() -> int:
        done = await seed_database(settings.tools, anew=anew)
        click.echo("Seeded." if done else "The database holds bookings already; --anew replaces.")
        return 0

    _run(run())


@main.command()
@click.option("--looked-after", type=int, metavar="NUMBER", help="A person has seen to this one.")
def unfinished(looked_after: int | None) -> None:
    """Changes that were promised to a traveller and cut off. Exit code 1 when there are any."""
    from hotline.unfinished import look

    configured = _settings()
    _run(look(configured.tools, looked_after))


@main.command()
@click.option(
    "--terraform",
    "output",
    type=click.File("rb"),
    required=True,
    metavar="OUTPUT.json",
    help="What terraform output -json prints in terraform/telephony; - reads it from a pipe.",
)
def numbers(output: BinaryIO) -> None:
    """Compare the Twilio account with what Terraform applied. Exit code: 0 they are the same, 1
    they differ, 2 they could not be compared."""
    from rich.console import Console

    from hotline.numbers.account import AccountUnseen
    from hotline.numbers.applied import NotTelephonyOutput, read
    from hotline.numbers.command import look

    try:
        phone, applied = _settings().phone, read(output.read())
        code = asyncio.run(look(phone, applied, Console()))
    except NotTelephonyOutput as error:
        looks = "is it what terraform output -json prints in terraform/telephony?"
        raise Misconfigured(f"{output.name}: {error}; {looks}") from None
    except AccountUnseen as error:
        raise Misconfigured(str(error)) from None
    except Stop as error:
        raise Misconfigured(error.message) from None
    sys.exit(code)


@main.command()
@click.argument("call_id")
def forget(call_id: str) -> None:
    """Delete what is personal of one call at once: its sound, its journal, its words."""
    from hotline.retention import UnderWay
    from hotline.retention import forget as forget_now

    configured = _settings()

    async def run() -> int:
        try:
            gone = await forget_now(configured.tools, configured.server.data_folder, call_id)
        except UnderWay:
            raise Stop(f"{call_id} may still be under way; ask again when it is over.") from None
        if not gone.calls and not gone.files:
            click.echo(f"Nothing is known of {call_id}.", err=True)
            return 1
        click.echo(f"{call_id} is forgotten: its words in the database and {gone.files} files.")
        return 0

    _run(run())


@main.command("demo-link")
@click.argument("name")
def demo_link(name: str) -> None:
    """A link that signs NAME in to the browser demo."""
    import time

    from web_demo.server.sign_in import Gate

    configured = _settings()
    if not configured.web.link_secret.get_secret_value():
        raise Stop("WEB_LINK_SECRET is not set: the running hotline could not know the link again.")
    origin = configured.web.public_url or f"http://127.0.0.1:{configured.server.port}"
    click.echo(f"{origin}/demo/sign-in?link={Gate(configured.web, time.time).link(name)}")


@main.command()
def settings() -> None:
    """Every setting with its default and meaning, as Markdown."""
    click.echo("\n".join(table()))


@main.command()
def bookings() -> None:
    """The demonstration bookings, as the table QA read aloud from."""
    from tools.seed import qa_table

    click.echo(qa_table())
