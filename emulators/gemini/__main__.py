"""The emulator as a process of its own: ``python -m emulators.gemini``."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import click
import orjson
import uvloop
import yaml
from pydantic import ValidationError

from emulators.gemini.behaviour import Behaviour
from emulators.gemini.certificates import make_certificates
from emulators.gemini.engines import Engines, Workshop, tone_engines
from emulators.gemini.faults import Fault, parse_faults
from emulators.gemini.journal import Journal
from emulators.gemini.scripted_mind import Script
from emulators.gemini.server import Emulator, listening

NOTICE = (
    "This is an emulator of the Gemini Live API on this machine. It is not the model: what it "
    "hears, thinks and says comes from small local engines and a written dialogue."
)


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, checked."""

    host: str
    port: int
    plain_port: int | None
    state: Path
    voice: str
    seed: int
    faults: tuple[Fault, ...]
    behaviour: Behaviour
    script: Script
    log: Path | None
    log_audio: Path | None
    with_parent: bool


class _Faults(click.ParamType["tuple[Fault, ...]"]):
    name = "faults"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Fault, ...]:
        try:
            return parse_faults(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=0, help="With TLS, for the Python client; 0: any free one.")
@click.option("--plain-port", type=int, help="Without TLS, for the JavaScript client.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/emulator"),
    show_default=True,
    help="Folder for the certificates and what the engines keep.",
)
@click.option(
    "--voice",
    type=click.Choice(["speech", "plain", "tones"]),
    default="speech",
    show_default=True,
    help="speech: real ears, dialogue and voice. plain: a robotic voice that costs a slow machine "
    "next to nothing. tones: nothing loaded, for tests.",
)
@click.option("--seed", default=0, help="Of all chance: chunk lengths, pace, faults.")
@click.option("--fault", "faults", type=_Faults(), default="", help="See emulators/gemini/faults.")
@click.option(
    "--behaviour",
    "behaviour_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML of the settings in emulators/gemini/behaviour.",
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="One such setting.")
@click.option(
    "--script",
    "script_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML for the mind that goes with tones: turns, rules, otherwise, results.",
)
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), help="JSONL of the wire.")
@click.option("--log-audio", type=click.Path(file_okay=False, path_type=Path), help="Raw audio.")
@click.option("--with-parent", is_flag=True, help="End when standard input ends.")
def main(
    behaviour_file: Path | None,
    settings: tuple[str, ...],
    script_file: Path | None,
    **options: object,
) -> None:
    """An emulator of the Gemini Live API: unmodified clients connect to this machine instead.

    Prints one line of JSON when ready: port, plain_port, ca_file (the certificate to trust), voice.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        behaviour = Behaviour.model_validate({**_yaml(behaviour_file), **_settings(settings)})
        script = Script.model_validate(_yaml(script_file))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise click.UsageError(f"setting {where}: {first['msg']}") from error
    chosen = Options(behaviour=behaviour, script=script, **options)  # type: ignore[arg-type]
    click.echo(NOTICE, err=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(chosen))


async def serve(options: Options) -> None:
    """Listens until SIGTERM, SIGINT, or, with a parent, the end of standard input."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if options.with_parent:
        Thread(target=_watch_parent, args=(loop, stop), daemon=True).start()
    certificates = make_certificates(options.state)
    workshop = Workshop(await _engines(options))
    journal = Journal(options.log, options.log_audio)
    emulator = Emulator(workshop, options.behaviour, journal, options.faults, options.seed)
    async with AsyncExitStack() as stack:
        stack.callback(workshop.close)
        stack.callback(journal.close)
        port, plain_port = await stack.enter_async_context(
            listening(
                emulator,
                options.host,
                options.port,
                options.plain_port,
                certificates.server_context(),
            )
        )
        ready = {
            "ready": True,
            "emulator": "gemini-live",
            "port": port,
            "plain_port": plain_port,
            "ca_file": str(certificates.authority.resolve()),
            "voice": options.voice,
            "pid": os.getpid(),
        }
        click.echo(orjson.dumps(ready))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        rehearsal = group.create_task(workshop.rehearse(emulator.idle))
        await stop.wait()
        rehearsal.cancel()


async def _engines(options: Options) -> Engines:
    if options.voice == "tones":
        return tone_engines(options.script)
    # Here, because tones shall not pay for engines they do not use.
    from emulators.gemini.speech_engines import speech_engines
    from emulators.speech.tts import MYRA, PLAIN

    voice = PLAIN if options.voice == "plain" else MYRA
    return await asyncio.to_thread(speech_engines, options.state, voice)


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Standard input is a pipe whose other end closes with the parent, however that ended."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    with contextlib.suppress(RuntimeError):  # the loop is closed: it was ending anyway
        loop.call_soon_threadsafe(stop.set)


def _yaml(path: Path | None) -> dict[str, object]:
    if path is None:
        return {}
    read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(read, dict):
        raise click.UsageError(f"{path}: a mapping is expected")
    return read


def _settings(settings: tuple[str, ...]) -> dict[str, object]:
    """``think=[0.1,0.2]`` or ``go_away_after=null``: values are YAML."""
    pairs = [setting.partition("=") for setting in settings]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise click.UsageError(f"--set {wrong[0]}: write NAME=VALUE")
    return {name: yaml.safe_load(value) for name, _, value in pairs}


if __name__ == "__main__":
    main()
