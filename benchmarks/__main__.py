"""``python -m benchmarks``: measure what docs/performance.md claims, and print it as Markdown."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from benchmarks import desks, fidelity, greeting, media_path, opening
from benchmarks.machine import load, this_machine
from benchmarks.stage import ROOT, Plan

CALLS = 25
SECONDS = 20.0
Row = tuple[str, str, str]


def media_rows(calls: int, seconds: float) -> Iterator[Row]:
    found = asyncio.run(media_path.measure(Plan(_folder()), calls, seconds))
    spread = media_path.spreads(found)
    given = f"{calls} calls"
    yield f"caller's frame to the model, {given}", f"{spread['up']}", "p50 <= 3, p95 <= 6 ms"
    yield f"reply's first chunk to the line, {given}", f"{spread['down']}", "p95 <= 3 ms"
    yield "chunks lost", str(found.lost_chunks), "0"
    yield "server CPU per call-second", f"{found.cpu_ms:.1f} ms", "for information"
    yield "other work on the machine", f"{found.others:.2f} cores", "for information"


def opening_rows() -> Iterator[Row]:
    plan = Plan(
        _folder(),
        settings=opening.SETTINGS,
        script=opening.SCRIPT,
        faults=f"setupdelay={opening.LATE_SECONDS:g}",
    )
    found = asyncio.run(opening.measure(plan, 8))
    yield "first words lost while the session opens", f"{found.lost} of {found.said}", "0"
    yield "and out of order", str(found.disordered), "0"


def fidelity_rows() -> Iterator[Row]:
    plan = Plan(_folder(), settings=fidelity.SETTINGS, script=fidelity.SCRIPT)
    found = asyncio.run(fidelity.measure(plan))
    yield "SINAD of a 1004 Hz tone, up", f"{found.sinad_up:.1f} dB", ">= 36 dB"
    yield "SINAD of a 1004 Hz tone, down", f"{found.sinad_down:.1f} dB", ">= 36 dB"
    yield "image up", f"{found.image_up:.0f} dB", "<= -60 dB"
    worst = max(found.aliases_down.values(), default=float("nan"))
    yield "alias down, the worst of 4.6, 5, 6.5 kHz", f"{worst:.0f} dB", "<= -60 dB"
    whole = f"{found.tails_whole} of {found.replies}"
    yield "replies whose last 200 ms arrive whole", whole, "all"
    yield "clicks, up and down", f"{found.clicks_up}, {found.clicks_down}", "0, 0"


def desk_rows() -> Iterator[Row]:
    folder = _folder()
    found = asyncio.run(desks.measure(f"sqlite:///{folder / 'bench.db'}", folder))
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(found.answers.items()))
    given = f"{desks.CONVERSATIONS} conversations, {found.asked} tool calls at once: answered"
    yield given, f"{found.answers.total()} ({kinds})", "all, once"
    yield "the slowest answer", f"{found.slowest:.1f} s", "for information"


def greeting_rows() -> Iterator[Row]:
    found = asyncio.run(greeting.measure())
    yield "`make run` to Myra's greeting heard", f"{found.begun:.0f} s", "<= 60 s"


def turn_rows() -> Iterator[Row]:
    # Here, because the other figures need no library of pictures.
    from benchmarks import turns

    context = click.get_current_context().params
    yield from turns.turn_rows(context["pictures"], real_time=context["real_time"])


ALL: dict[str, Callable[[], Iterator[Row]]] = {
    "media": lambda: media_rows(CALLS, SECONDS),
    "opening": opening_rows,
    "fidelity": fidelity_rows,
    "desks": desk_rows,
    "greeting": greeting_rows,
    "turns": turn_rows,
}


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="cymbol-bench-"))


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(tuple(ALL)))
@click.option(
    "--pictures",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "out" / "bench" / "turns",
    help="Where turns draws its pictures.",
)
@click.option("--real-time", is_flag=True, help="turns: run ahead of other work (needs root).")
def main(names: tuple[str, ...], pictures: Path, real_time: bool) -> None:
    """Run the measurements named, or all."""
    machine = this_machine()
    click.echo(f"{machine.date}: {machine.cpu}, {machine.cores} cores, Python {machine.python}")
    click.echo(f"load before {machine.load}\n")
    click.echo("| figure | measured | wanted |\n|---|---|---|")
    for name in names or tuple(ALL):
        for figure, measured, wanted in ALL[name]():
            click.echo(f"| {figure} | {measured} | {wanted} |")
    click.echo(f"\nload after {load()}; latencies are p50 / p95 / p99")


main()
