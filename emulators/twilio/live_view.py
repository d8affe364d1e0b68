"""The call as it happens: lines for what happened, and on a terminal a panel for what is."""

from __future__ import annotations

import asyncio

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from emulators.twilio.journal import Happened, Kind
from emulators.twilio.loudness import FRAME_BYTES, frame_peak_db
from emulators.twilio.phone_call import PhoneCall
from emulators.twilio.report import greeting_ms, turns
from emulators.twilio.stream import EndedBy
from media.levels import FLOOR_DB

REFRESH_SECONDS = 0.1
METER_CELLS = 24
METER_FLOOR_DB = -50.0
_STYLES = {
    Kind.CALLER_SPEAKS: "bold cyan",
    Kind.MYRA_SAID: "bold green",
    Kind.MYRA_SPEAKS: "green",
    Kind.CLEAR: "yellow",
    Kind.KEY: "cyan",
    Kind.OBJECTION: "bold red",
    Kind.UNMET: "bold red",
    Kind.FAILED: "bold red",
    Kind.TRANSFER: "magenta",
    Kind.TWILIO_SAYS: "magenta",
}


class LiveView:
    """Shows one call on a console. Without a terminal, or without ``panel``, lines alone."""

    def __init__(self, console: Console, panel: bool = True) -> None:
        self._console = console
        self._panel = panel and console.is_terminal

    async def watch(self, call: PhoneCall) -> None:
        """Until the call is over; lines that come later are still printed."""
        call.journal.listen(lambda event: self._show(call, event))
        caller = call.setup.caller
        self._print(0.0, f"dialling {caller.to} at {call.url} as {caller.from_}", "bold")
        if not self._panel:
            while not call.over:
                await call.journal.change()
            return
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while not call.over:
                live.update(_picture(call), refresh=True)
                await asyncio.sleep(REFRESH_SECONDS)

    def _show(self, call: PhoneCall, event: Happened) -> None:
        text = describe(call, event)
        if text:
            self._print(event.at - call.dialled_at, text, _STYLES.get(event.kind, "dim"))

    def _print(self, seconds: float, text: str, style: str) -> None:
        line = Text(f"{seconds:8.2f}  ", "dim").append(text, style)
        self._console.print(line, soft_wrap=True)


def describe(call: PhoneCall, event: Happened) -> str:
    """An event in words; empty for what is too frequent to be told."""
    detail = event.detail
    match event.kind:
        case Kind.WEBHOOK:
            verbs = detail["verbs"]
            answer = f": {', '.join(map(str, verbs))}" if isinstance(verbs, list) and verbs else ""
            return f"webhook ({detail['purpose']}) {detail['path']}, {detail['ms']} ms{answer}"
        case Kind.STREAM_STARTED:
            return f"stream {detail['stream']}"
        case Kind.STREAM_ENDED:
            unheard = detail["unheard_ms"]
            rest = f", {unheard} ms of Myra's unheard" if unheard else ""
            return f"stream {_ended(detail['by'])}{rest}"
        case Kind.CALLER_SPEAKS:
            return f"caller  {_last_words(call)}"
        case Kind.MYRA_SPEAKS:
            return f"Myra speaks{_waited(call, event)}"
        case Kind.MYRA_SAID:
            return f"Myra    {detail['text']}"
        case Kind.KEY:
            return f"key {detail['digit']}"
        case Kind.CLEAR:
            return f"clear: {detail['dropped_ms']} ms dropped, {detail['marks']} marks returned"
        case Kind.OBJECTION:
            return f"Twilio error {detail['code']}: {detail['reason']}"
        case Kind.TWILIO_SAYS:
            return f"Twilio  {detail['text']}"
        case Kind.TRANSFER:
            targets = detail["targets"]
            whom = ", ".join(map(str, targets)) if isinstance(targets, list) else ""
            return f"transfer to {whom}: {detail['status']}"
        case Kind.UNMET | Kind.FAILED:
            return str(detail["reason"])
        case Kind.ENDED:
            return f"call {_ended(detail['by'])}"
    return ""


def _ended(by: object) -> str:
    return "failed" if by == EndedBy.FAILURE else f"ended by the {by}"


def _last_words(call: PhoneCall) -> str:
    begun = [spoken for spoken in call.spoken if spoken.start is not None]
    return begun[-1].utterance.text or "(sound)" if begun else ""


def _waited(call: PhoneCall, event: Happened) -> str:
    end = call.last_words_end
    if end is None:
        greeting = greeting_ms(call)
        return "" if greeting is None else f", {greeting / 1000:.2f} s after the call was answered"
    if any(end <= stretch.start < event.at for stretch in call.ear.stretches):
        return ", on"
    wait = event.at - end
    return f", {wait:.2f} s after the caller" if wait >= 0 else ", over the caller"


def _picture(call: PhoneCall) -> Panel:
    stream, now = call.stream, call.now()
    live = stream is not None and stream.live
    said = frame_peak_db(bytes(stream.said[-FRAME_BYTES:])) if stream and live else FLOOR_DB
    heard = stream.hearing.level_db(now) if stream and live else FLOOR_DB
    meters = Table.grid(padding=(0, 1))
    meters.add_row("caller", _meter(said, "cyan"))
    meters.add_row("Myra", _meter(heard, "green"))
    counts = Text(style="dim")
    if stream is not None:
        pending = len(stream.playout.pending_marks)
        counts.append(
            f"buffered {stream.playout.buffered_ms / 1000:.1f} s   marks pending {pending}   "
            f"clears {len(stream.playout.clears)}   keys {call.keys or '-'}"
        )
    waits = [f"{t.reply_ms / 1000:.2f}" for t in turns(call)[-8:] if t.reply_ms is not None]
    latency = Text(f"replies after {' '.join(waits) or '-'} s", "dim")
    title = f"{_state(call)}   {now - call.dialled_at:.0f} s"
    return Panel(Group(meters, counts, latency), title=title, title_align="left", width=72)


def _state(call: PhoneCall) -> str:
    if call.stream is None:
        return "ringing"
    if not call.stream.live:
        return call.after or "connecting"
    return "Myra speaks" if call.ear.myra_speaking() else "listening"


def _meter(level_db: float, colour: str) -> Text:
    share = max(0.0, min(1.0, 1 - level_db / METER_FLOOR_DB))
    cells = round(share * METER_CELLS)
    return Text("█" * cells, colour).append("·" * (METER_CELLS - cells), "dim")
