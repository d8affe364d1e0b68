"""The terminal's picture of the running calls, from what ``/calls`` says."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hotline.observing.state import Doing

# Above the first a caller has waited longer than the objective for a reply, above the second so
# long that they wonder whether anybody is there.
SLOW_MS, VERY_SLOW_MS = 2000, 4000
_COLOURS = {
    Doing.CONNECTING: "yellow",
    Doing.LISTENING: "default",
    Doing.HEARING: "cyan",
    Doing.SPEAKING: "green",
    Doing.TOOL: "magenta",
}
# Name, width that is always had, and whether it is a number. The tools get what is left.
_COLUMNS = (
    ("call", 6, False),
    ("caller", 10, False),
    ("age", 7, True),
    ("state", 10, False),
    ("turns", 5, True),
    ("reply", 6, True),
    ("recon.", 6, True),
)
_TAKEN = sum(width + 1 for _, width, _ in _COLUMNS) + 1
# Lines of the picture that are no call: two of the head, the table's, the foot.
_AROUND = 7


class Call(BaseModel):
    """A running call. ``call`` is the end of its id, ``caller`` of its number."""

    model_config = ConfigDict(frozen=True)

    call: str
    channel: str
    caller: str
    seconds: float
    doing: Doing
    turns: int
    reply_ms: float | None
    tools: tuple[str, ...]
    reconnects: int


class Calls(BaseModel):
    """What ``/calls`` answers."""

    model_config = ConfigDict(frozen=True)

    version: str
    draining: bool
    capacity: int
    ended: dict[str, int]
    calls: tuple[Call, ...]


class Picture:
    """The calls as they are shown. ``trouble`` is why they are not of this moment; ``foot``
    says how to leave."""

    def __init__(self, calls: Calls, where: str, *, trouble: str = "", foot: str = "") -> None:
        self._calls = calls
        self._where = where
        self._trouble = trouble
        self._foot = foot

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._head()
        room = options.height - _AROUND if options.height else len(self._calls.calls)
        yield from self._body(max(1, room), options.max_width)
        if self._trouble:
            yield Text(self._trouble, style="bold red")
        yield Text(f"{self._where}   {self._foot}".rstrip(), style="dim")

    def _head(self) -> Iterator[RenderableType]:
        calls = self._calls
        busy, share = len(calls.calls), len(calls.calls) / max(1, calls.capacity)
        full = "bold red" if share >= 1 else "yellow" if share >= 0.8 else "bold green"
        head = Text.assemble(
            ("Cymbol Travels hotline ", "bold"), (calls.version, "dim"), "   ",
            (f"{busy} of {calls.capacity} calls", full), "   ",
            ("DRAINING: no new calls", "bold yellow") if calls.draining else "taking calls",
        )  # fmt: skip
        yield head
        said = "   ".join(
            f"{number} {name.replace('_', ' ')}" for name, number in calls.ended.items() if number
        )
        yield Text(f"ended: {said or 'none yet'}", style="dim")

    def _body(self, room: int, width: int) -> Iterator[RenderableType]:
        calls = sorted(self._calls.calls, key=lambda call: -call.seconds)
        if not calls:
            yield Padding(Text("No calls in progress.", style="italic"), (1, 0))
            return
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
        for name, least, right in _COLUMNS:
            justify: JustifyMethod = "right" if right else "left"
            table.add_column(name, min_width=least, no_wrap=True, justify=justify)
        table.add_column("tools", no_wrap=True)
        for call in calls[:room]:
            table.add_row(*_row(call, max(8, width - _TAKEN)))
        yield Padding(table, (1, 0, 0 if len(calls) > room else 1, 0))
        if len(calls) > room:
            yield Text(f"and {len(calls) - room} more, all younger", style="dim")


def _row(call: Call, width: int) -> Iterator[Text]:
    yield Text(call.call, style="bold")
    yield Text.assemble(call.channel, (f" ..{call.caller}" if call.caller else "", "dim"))
    yield Text(age(call.seconds))
    yield Text(call.doing.value, style=_COLOURS[call.doing])
    yield Text(str(call.turns))
    yield _reply(call.reply_ms)
    yield Text(str(call.reconnects), style="yellow" if call.reconnects else "dim")
    tools = Text(", ".join(call.tools))
    tools.truncate(width, overflow="ellipsis")
    yield tools


def _reply(ms: float | None) -> Text:
    if ms is None:
        return Text("-", style="dim")
    style = "red" if ms > VERY_SLOW_MS else "yellow" if ms > SLOW_MS else "green"
    return Text(f"{ms / 1000:.1f} s", style=style)


def age(seconds: float) -> str:
    """``3:07``, or ``1:02:09`` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
