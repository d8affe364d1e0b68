"""``hotline call``: a simulated telephone call to any hotline."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import click
from rich.console import Console

from emulators.speech.asr import open_ears
from emulators.speech.tts import CALLERS, TONES, Voices, voice_names
from emulators.speech.weights import EngineMissing
from emulators.twilio.caller import FROM, TO, Caller, Sip
from emulators.twilio.fields import ScriptError
from emulators.twilio.live_view import LiveView
from emulators.twilio.network import LineQuality
from emulators.twilio.placing import Placing, place
from emulators.twilio.proxy import Proxy
from emulators.twilio.report import Report
from emulators.twilio.script import load_script
from emulators.twilio.signing import Signer
from emulators.twilio.speech import (
    EngineSpeaker,
    Speaker,
    ToneSpeaker,
    Transcriber,
    Voice,
    make_ready,
)
from emulators.twilio.steps import HangUp, Say, Script, Speech, Step, WaitReply
from emulators.twilio.switchboard import CallSetup
from emulators.twilio.walk import Transfer

URL = "http://127.0.0.1:8080/twilio/voice"
SIP_FROM = "sip:traveller@pbx.example.com"
SIP_TO = "sip:hotline@cymbol.sip.twilio.com"
OUTCOMES = ("completed", "answered", "busy", "no-answer", "failed", "canceled")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Options(TypedDict):
    """The command line, as click hands it over."""

    url: str
    says: tuple[str, ...]
    wavs: tuple[Path, ...]
    script_file: Path | None
    record: Path | None
    as_json: bool
    from_: str | None
    to: str | None
    sip: bool
    voice: str
    delay_ms: float
    jitter_ms: float
    loss: float
    noise_db: float | None
    seed: int
    auth_token: str
    account_sid: str
    dial_status: str
    via: str
    ca_file: Path | None
    timeout: float
    no_words: bool
    no_live: bool
    cache: Path


@click.command("call")
@click.argument("url", default=URL)
@click.option("--say", "says", multiple=True, help="Something to say; may be given repeatedly.")
@click.option("--wav", "wavs", multiple=True, type=FILE, help="A recording to play, after --say.")
@click.option("--script", "script_file", type=FILE, help="A YAML script of the whole call.")
@click.option(
    "--record",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to write a stereo WAV: caller left, Myra right.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
@click.option("--from", "from_", help=f"The caller: a number or SIP URI. [{FROM}]")
@click.option("--to", help=f"The number or SIP URI called. [{TO}]")
@click.option(
    "--sip", is_flag=True, help="Call from a PBX by SIP instead of the telephone network."
)
@click.option("--voice", type=click.Choice(voice_names()), default=CALLERS[0], show_default=True)
@click.option("--delay-ms", default=0.0, help="Delay of the line, each way.")
@click.option("--jitter-ms", default=0.0, help="Uneven delay on top of it.")
@click.option("--loss", default=0.0, help="Share of 20 ms frames lost, 0 to 1.")
@click.option("--noise-db", type=float, help="Noise behind the caller, dBFS, such as -50.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same jitter and loss.")
@click.option("--auth-token", default="", help="Sign everything as this Twilio account would.")
@click.option("--account-sid", default="", help="The account that calls; random if not given.")
@click.option(
    "--dial-status",
    type=click.Choice(OUTCOMES),
    default="completed",
    help="How a transfer turns out.",
)
@click.option(
    "--via",
    default="",
    metavar="http://HOST:PORT",
    help="URL is the public address; connect here instead, as a proxy would.",
)
@click.option("--ca-file", type=FILE, help="Trust this CA for https and wss.")
@click.option("--timeout", default=300.0, show_default=True, help="Seconds the call may last.")
@click.option("--no-words", is_flag=True, help="Do not make out what Myra says.")
@click.option("--no-live", is_flag=True, help="Lines only, no panel.")
@click.option(
    "--cache",
    default=Path("var/speech"),
    type=click.Path(path_type=Path),
    show_default=True,
    help="Where speech models and phrases are kept.",
)
def call(**options: Unpack[Options]) -> None:
    """Place a simulated call to URL, a hotline's voice webhook, as Twilio would.

    Without --say, --wav or --script the caller listens to the greeting and hangs up. The exit
    code is 0 when the call went well, 1 when it failed, 2 when it could not be placed.
    """
    console = Console(stderr=True)
    try:
        script, setup = _script(options), _setup(options)
        console.print("making the caller's speech ready", style="dim")
        ready = make_ready(script.speeches(), _speaker(options, script), script.noise_db)
    except (ScriptError, ValueError, OSError) as error:
        raise click.UsageError(str(error)) from None
    view = LiveView(console, panel=not options["no_live"])
    placing = Placing(
        url=options["url"],
        script=script,
        ready=ready,
        setup=setup,
        ears=_ears(options, console),
        watch=view.watch,
        record=options["record"],
        seconds=options["timeout"],
    )
    outcome = asyncio.run(place(placing))
    if options["as_json"]:
        click.echo(json.dumps(outcome.as_json(), indent=2, ensure_ascii=False))
    _summarise(outcome, console)
    if not outcome.ok:
        raise SystemExit(1)


def _script(options: Options) -> Script:
    if options["script_file"] is not None:
        if options["says"] or options["wavs"]:
            raise ScriptError("give either --script, or --say and --wav")
        script = load_script(options["script_file"])
        noise = options["noise_db"]
        return script if noise is None else replace(script, noise_db=noise)
    if not all(text.strip() for text in options["says"]):
        raise ScriptError("--say has nothing to say")
    return conversation(options["says"], options["wavs"], options["noise_db"])


def conversation(
    says: Sequence[str], wavs: Sequence[Path] = (), noise_db: float | None = None
) -> Script:
    """The simplest call: after the greeting say each thing and wait for the reply."""
    speeches = [Speech(text=text) for text in says] + [Speech(wav=path) for path in wavs]
    steps: list[Step] = [WaitReply(0, greeting=True)]
    for speech in speeches:
        steps += [Say(0, speech), WaitReply(0)]
    return Script((*steps, HangUp(0)), noise_db)


def _setup(options: Options) -> CallSetup:
    caller = Caller(
        from_=options["from_"] or (SIP_FROM if options["sip"] else FROM),
        to=options["to"] or (SIP_TO if options["sip"] else TO),
        sip=Sip() if options["sip"] else None,
        account_sid=options["account_sid"],
    )
    quality = LineQuality(
        options["delay_ms"],
        options["jitter_ms"],
        options["loss"],
        options["noise_db"],
        options["seed"],
    )
    ca_file = options["ca_file"]
    return CallSetup(
        caller=caller,
        quality=quality,
        signer=Signer(options["auth_token"]),
        transfer=Transfer(options["dial_status"]),
        proxy=Proxy(options["via"]),
        trusted=None if ca_file is None else ssl.create_default_context(cafile=ca_file),
    )


def _speaker(options: Options, script: Script) -> Speaker:
    """What a script says is kept in the cache, so that its second call starts at once."""
    usual = options["voice"]
    if usual == TONES:
        return ToneSpeaker()
    voices = Voices(options["cache"])

    def open_voice(name: str) -> Voice:
        texts = [s.text for s in script.speeches() if (s.voice or usual) == name and s.text]
        return voices.open(name, texts)

    return EngineSpeaker(open_voice, usual)


def _ears(options: Options, console: Console) -> Transcriber | None:
    """Loaded before dialling, so that the first words are made out without delay."""
    if options["no_words"]:
        return None
    ears = open_ears()
    try:
        ears.warm()
    except EngineMissing as error:
        console.print(f"Myra's words are not made out: {error}", style="yellow")
        return None
    return ears


def _summarise(outcome: Report, console: Console) -> None:
    waits = [f"{ms / 1000:.2f}" for ms in outcome.reply_ms]
    if outcome.greeting_ms is not None:
        console.print(f"greeting after {outcome.greeting_ms / 1000:.2f} s")
    if waits:
        console.print(f"replies after {', '.join(waits)} s")
    if outcome.recording:
        console.print(f"recording: {outcome.recording} (caller left, Myra right)")
    if outcome.ok:
        console.print(f"the call went well: {outcome.seconds:.0f} s", style="green")
        return
    console.print("the call failed:", style="bold red")
    for failure in outcome.failures:
        console.print(f"  {failure}", style="red", markup=False, soft_wrap=True)
