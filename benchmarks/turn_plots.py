"""The pictures of docs/turn-taking.md: both sides of a call with the cut marked, and how the
figures spread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.axes import Axes

from benchmarks.barge_in import Cut
from benchmarks.false_cuts import FalseCut
from emulators.twilio.phone_call import PhoneCall
from media.audio import Audio
from media.g711 import ulaw_to_pcm
from media.levels import samples_of

RATE = 8000
CALLER, MYRA, MARK, QUIET = "#b4541a", "#1f5f8b", "#a3123a", "#8a8a8a"
STYLE = {
    "font.size": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "axes.axisbelow": True,
    "figure.dpi": 110,
    "savefig.bbox": "tight",
    "axes.titlelocation": "left",
    "axes.titlesize": 11.0,
}
MEDIAN_MS, P95_MS, ERROR_MS = 160.0, 300.0, 60.0


def barge_in(path: Path, cut: Cut) -> None:
    """Both sides around one barge-in. Times are at the caller's end."""
    assert cut.clear is not None
    start, end = cut.onset - 1.0, cut.onset + 1.6
    with pyplot.rc_context(STYLE):
        figure, (upper, lower) = pyplot.subplots(2, 1, figsize=(9.5, 4.6), sharex=True)
        _wave(upper, cut.call, "said", start, end, cut.onset, CALLER, "caller says")
        _wave(lower, cut.call, "heard", start, end, cut.onset, MYRA, "caller hears Myra")
        for axes in (upper, lower):
            axes.axvline(0, color=CALLER, lw=1.2)
            axes.axvline(cut.clear.at - cut.onset, color=MARK, lw=1.4)
        _label(upper, 0, f"first sound: “{cut.said.text}”", CALLER, right=False)
        _label(lower, cut.clear.at - cut.onset, f"clear, {cut.latency_ms:.0f} ms", MARK)
        upper.set_title(
            f"A traveller speaks over Myra ({cut.said.voice}, {cut.said.level_db:g} dBFS)"
        )
        lower.set_xlabel("seconds from the traveller's first sound")
        _save(figure, path)


def false_cut(path: Path, cut: FalseCut) -> None:
    """Both sides around a false cut and what was said again."""
    start, end = cut.stopped - 1.0, cut.resumed + 1.2
    with pyplot.rc_context(STYLE):
        figure, (upper, lower) = pyplot.subplots(2, 1, figsize=(9.5, 4.6), sharex=True)
        _wave(upper, cut.call, "said", start, end, cut.stopped, CALLER, "caller says")
        _wave(lower, cut.call, "heard", start, end, cut.stopped, MYRA, "caller hears Myra")
        gap = cut.gap_ms / 1000
        for axes in (upper, lower):
            axes.axvspan(0, gap, color="#f1e3e6", zorder=0)
        _label(upper, cut.onset - cut.stopped, f"“{cut.said.text}”", CALLER)
        _label(lower, 0, "Myra stops", MARK, right=False)
        _label(lower, gap, f"and goes on {cut.gap_ms:.0f} ms later", MARK)
        if cut.twice_ms:
            low = lower.get_ylim()[0]
            for first in (-cut.twice_ms / 1000, gap):
                lower.plot(
                    (first, first + cut.twice_ms / 1000), (0.93 * low,) * 2, color=MARK, lw=4
                )
            lower.text(
                gap + cut.twice_ms / 1000,
                0.93 * low,
                f"  {cut.twice_ms:.0f} ms said again",
                va="center",
                color=MARK,
            )
        upper.set_title("A short sound is taken for the traveller, and undone")
        lower.set_xlabel("seconds from where Myra stopped")
        _save(figure, path)


def onsets(path: Path, cuts: Sequence[Cut]) -> None:
    """How soon the line was cleared: by level, and by voice."""
    with pyplot.rc_context(STYLE):
        figure, (left, right) = pyplot.subplots(1, 2, figsize=(9.5, 4.4))
        for level, colour in zip(
            sorted({c.said.level_db for c in cuts})[::-1],
            ("#12395b", MYRA, "#7fb2d6"),
            strict=False,
        ):
            mine = sorted(_latencies(cuts, level=level))
            shares = np.arange(1, len(mine) + 1) / len(mine)
            left.step(
                mine, 100 * shares, where="post", color=colour, lw=1.8, label=f"{level:g} dBFS"
            )
        for limit, share in ((MEDIAN_MS, 50), (P95_MS, 95)):
            left.plot((limit, limit), (0, share), color=MARK, lw=1, ls="--")
            left.plot((0, limit), (share, share), color=MARK, lw=1, ls="--")
            left.text(limit + 6, share - 12, f"{share} % within {limit:g} ms", color=MARK)
        left.set(
            xlim=(0, 620),
            ylim=(0, 101),
            xlabel="ms from first sound to clear",
            ylabel="% of utterances",
        )
        left.legend(loc="lower right", frameon=False)
        left.set_title("By the level of the speech")
        voices = sorted(
            {c.said.voice for c in cuts}, key=lambda v: float(np.median(_latencies(cuts, voice=v)))
        )
        dice = np.random.default_rng(1)
        for row, voice in enumerate(voices):
            values = _latencies(cuts, voice=voice)
            right.plot(
                values,
                row + dice.uniform(-0.22, 0.22, len(values)),
                ".",
                ms=4,
                color=MYRA,
                alpha=0.6,
            )
            right.plot(np.median(values), row, "|", ms=16, mew=2.2, color=MARK)
        right.set_yticks(range(len(voices)), voices)
        right.set(xlim=(0, 620), xlabel="ms from first sound to clear")
        right.set_title("By voice; the bar is the median")
        _save(figure, path)


def heard(path: Path, cuts: Sequence[Cut]) -> None:
    """What the hotline took for heard, less what the telephone had played."""
    lines = sorted({cut.line for cut in cuts})
    with pyplot.rc_context(STYLE):
        figure, axes = pyplot.subplots(figsize=(9.5, 3.6))
        groups = [
            [
                c.clear.error_ms
                for c in cuts
                if c.line == line and c.clear and c.clear.error_ms is not None
            ]
            for line in lines
        ]
        names = [f"{a:g} to {a + b:g} ms" if a + b else "none" for a, b in lines]
        colours = ("#12395b", MYRA, "#7fb2d6", "#c9b37a")
        bins = np.arange(-100, 105, 5)
        axes.hist(
            [np.clip(group, -99, 99) for group in groups],
            bins,
            stacked=True,
            color=colours[: len(lines)],
            label=names,
        )
        for limit in (-ERROR_MS, ERROR_MS):
            axes.axvline(limit, color=MARK, lw=1, ls="--")
        axes.set(
            xlabel="ms: heard as the hotline has it, less as the telephone played it",
            ylabel="clears",
            xlim=(-100, 100),
        )
        axes.set_title("The heard position at a barge-in, against the telephone's own clock")
        axes.legend(title="delay, one way", frameon=False)
        _save(figure, path)


def _latencies(cuts: Sequence[Cut], *, level: float | None = None, voice: str = "") -> list[float]:
    return [
        cut.latency_ms
        for cut in cuts
        if cut.latency_ms is not None
        and level in {None, cut.said.level_db}
        and voice in {"", cut.said.voice}
    ]


def _wave(
    axes: Axes,
    call: PhoneCall,
    side: str,
    start: float,
    end: float,
    zero: float,
    colour: str,
    name: str,
) -> None:
    """The envelope of a side of a call, in cells of 2 ms."""
    stream = call.streams[0]
    ulaw = stream.said if side == "said" else stream.playout.heard
    origin = stream.playout.origin
    first = max(0, round((start - origin) * RATE))
    last = round((end - origin) * RATE)
    samples = samples_of(Audio(ulaw_to_pcm(bytes(ulaw[first:last])), RATE)) / 32768
    cells = samples[: len(samples) // 16 * 16].reshape(-1, 16)
    at = origin + first / RATE - zero + (np.arange(len(cells)) + 0.5) * 16 / RATE
    axes.fill_between(at, cells.min(axis=1), cells.max(axis=1), color=colour, lw=0.6)
    loud = max(0.05, float(np.abs(samples).max())) * 1.35
    axes.set(ylim=(-loud, loud), xlim=(start - zero, end - zero), ylabel=name, yticks=[])


def _label(axes: Axes, at: float, text: str, colour: str, *, right: bool = True) -> None:
    top = axes.get_ylim()[1]
    side = "left" if right else "right"
    axes.annotate(
        text,
        (at, 0.86 * top),
        (5 if right else -5, 0),
        textcoords="offset points",
        ha=side,
        color=colour,
    )


def _save(figure: matplotlib.figure.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
