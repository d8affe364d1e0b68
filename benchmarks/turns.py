"""Everything that docs/turn-taking.md claims, measured and drawn.

Wanted figures are in the rows. Pictures go to ``pictures``. The stages follow one another, about
eleven minutes in all; the hour of noise is in sample time and takes one.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import barge_in, false_cuts, interruption, quiet_hour, reply_times, turn_plots
from benchmarks.barge_in import Cut
from benchmarks.false_cuts import FalseCut
from benchmarks.matching import Spread
from benchmarks.reply_times import Mode
from benchmarks.stage import Plan
from benchmarks.voices import everything_said, snatches
from media.levels import rms_db

Row = tuple[str, str, str]
CALLS, ROUNDS = 50, 4
NEAR_CALLS, FAR_CALLS, FAR_SAID = 10, 8, 64
SNATCHED_CALLS = 9
READING = "benchmarks.reading_model"
MODES: tuple[Mode, ...] = ("model", "local")
LATE_MS = 300.0
TYPICAL_MS = 90.0


def turn_rows(pictures: Path, *, real_time: bool) -> Iterator[Row]:
    """All figures. ``real_time`` runs the processes ahead of other people's work."""
    plan = Plan(Path(tempfile.mkdtemp(prefix="cymbol-bench-")), real_time=real_time)
    yield from interruption_rows(plan)
    yield from onset_rows(plan, pictures)
    yield from false_cut_rows(plan, pictures)
    yield from reply_rows(plan)
    yield from noise_rows()


def interruption_rows(plan: Plan) -> Iterator[Row]:
    for calls, wanted in ((10, "for information"), (25, "for information"), (CALLS, "p99 <= 3 ms")):
        mine = replace(
            plan,
            settings=interruption.SETTINGS,
            script=interruption.SCRIPT,
            behaviour=interruption.BEHAVIOUR,
        )
        found = asyncio.run(interruption.measure(mine, calls, ROUNDS))
        where = "on the wire" if found.tapped else "as the caller's end read it"
        spread = f"{Spread.of(found.latencies)}; server's core {100 * found.server_core:.0f} % busy"
        yield f"`interrupted` to `clear` {where}, {calls} calls", spread, wanted


def onset_rows(plan: Plan, pictures: Path) -> Iterator[Row]:
    everything = everything_said()
    mine = replace(
        plan,
        settings=barge_in.SETTINGS,
        script=barge_in.SCRIPT,
        behaviour=barge_in.BEHAVIOUR,
        model=READING,
    )
    far = everything[:: len(everything) // FAR_SAID][:FAR_SAID]
    cuts = asyncio.run(barge_in.measure(mine, everything, NEAR_CALLS, far, FAR_CALLS))
    near = [cut for cut in cuts if cut.line == (0.0, 0.0)]
    yield "first sound of speech to `clear`", _latency(near), "p50 <= 160, p95 <= 300 ms"
    for level in sorted({cut.said.level_db for cut in near}, reverse=True):
        mine_only = [cut for cut in near if cut.said.level_db == level]
        yield f"- at {level:g} dBFS", _latency(mine_only), "the same"
    for voice in sorted({cut.said.voice for cut in near}):
        yield f"- {voice}", _latency([cut for cut in near if cut.said.voice == voice]), "the same"
    late = sorted(
        {f"{c.said.voice} “{c.said.text}”" for c in near if (c.latency_ms or 0) > LATE_MS}
    )
    yield f"- later than {LATE_MS:g} ms", "; ".join(late) or "none", "for information"
    missed = [
        f"{c.said.voice} “{c.said.text}” at {c.said.level_db:g}" for c in near if c.clear is None
    ]
    yield "- not noticed by the hotline itself", "; ".join(missed) or "none", "none"
    yield from _heard_rows(cuts)
    if near:
        _draw_onsets(cuts, near, pictures)


def _heard_rows(cuts: Sequence[Cut]) -> Iterator[Row]:
    for name, lines in (
        ("all lines", None),
        *((f"- one way {a:g} to {a + b:g} ms", (a, b)) for a, b in barge_in.LINES),
    ):
        errors = [
            abs(cut.clear.error_ms)
            for cut in cuts
            if cut.clear and cut.clear.error_ms is not None and lines in {None, cut.line}
        ]
        yield (
            f"heard position against the telephone's, {name}",
            str(Spread.of(errors)),
            "p95 <= 60 ms",
        )


def _draw_onsets(cuts: Sequence[Cut], near: Sequence[Cut], pictures: Path) -> None:
    turn_plots.onsets(pictures / "turn-onsets.png", near)
    turn_plots.heard(pictures / "turn-heard.png", cuts)
    shown = [
        cut
        for cut in near
        if cut.said.voice == "bm_george"
        and cut.clear
        and not cut.clear.undone
        and (cut.latency_ms or 0.0) > TYPICAL_MS
    ]
    if shown:
        turn_plots.barge_in(pictures / "turn-barge-in.png", max(shown, key=_cut_in_a_word))


def _cut_in_a_word(cut: Cut) -> float:
    """How loud Myra was when she was stopped."""
    assert cut.clear is not None
    return rms_db(cut.call.streams[0].heard(cut.clear.at - 0.06, cut.clear.at))


def _latency(cuts: Sequence[Cut]) -> str:
    return str(Spread.of([cut.latency_ms for cut in cuts if cut.latency_ms is not None]))


def false_cut_rows(plan: Plan, pictures: Path) -> Iterator[Row]:
    mine = replace(
        plan,
        settings=false_cuts.SETTINGS,
        script=false_cuts.SCRIPT,
        behaviour=false_cuts.BEHAVIOUR,
        model=READING,
    )
    found = asyncio.run(false_cuts.measure(mine, snatches(), SNATCHED_CALLS))
    cuts = found.cuts
    what = f"{found.said} short sounds: undone, ignored, taken for the traveller"
    undone = found.said - found.ignored - found.taken
    yield what, f"{undone}, {found.ignored}, {found.taken}", "for information"
    gaps = Spread.of([cut.gap_ms for cut in cuts])
    yield "gap of a false cut as heard", f"{gaps}, longest {gaps.worst:.0f}", "<= 700 ms"
    twice = [cut.twice_ms for cut in cuts if cut.twice_ms is not None]
    yield "- sound lost in it", f"{sum(one < 0 for one in twice)} of {len(twice)}", "0"
    yield "- said twice", f"{Spread.of(twice)}, most {max(twice, default=0.0):.0f}", "<= 200 ms"
    if cuts:
        turn_plots.false_cut(pictures / "turn-false-cut.png", _typical(cuts))


def _typical(cuts: Sequence[FalseCut]) -> FalseCut:
    """One that shows a word, with a gap that is usual."""
    shown = [cut for cut in cuts if cut.said.text.endswith(".")] or list(cuts)
    return sorted(shown, key=lambda cut: cut.gap_ms)[len(shown) // 2]


def reply_rows(plan: Plan) -> Iterator[Row]:
    for kind in reply_times.ANSWERS:
        for mode in MODES:
            mine = replace(
                plan,
                settings=reply_times.settings_for(mode),
                script={"otherwise": reply_times.QUESTIONS[kind]},
                behaviour=reply_times.BEHAVIOUR,
                model=READING,
                ears="speech",
            )
            found = asyncio.run(reply_times.measure(mine, kind, mode))
            spread = Spread.of(found.seconds)
            said = f"{spread.p50:.2f} / {spread.p95:.2f} s of {spread.count}"
            said += f", {found.cut_in} cut in on, {found.unanswered} unanswered"
            yield f"reply to a {kind}, turn_taking={mode} (p50 / p95)", said, "for information"


def noise_rows() -> Iterator[Row]:
    apart = quiet_hour.hour()
    yield "an hour of noises and echo: replies killed", _killed(apart), "0"
    yield "- suspicions", _suspected(apart), "<= 3"
    together = quiet_hour.hour(together=True)
    yield "an hour of noises over the echo: replies killed", _killed(together), "for information"
    yield "- suspicions", _suspected(together), "for information"


def _killed(hour: Sequence[quiet_hour.Stretch]) -> str:
    return _by_kind(hour, [len(one.killed) for one in hour])


def _suspected(hour: Sequence[quiet_hour.Stretch]) -> str:
    return _by_kind(hour, [len(one.suspected) for one in hour])


def _by_kind(hour: Sequence[quiet_hour.Stretch], counts: Sequence[int]) -> str:
    kinds = {one.kind: 0 for one in hour}
    for one, count in zip(hour, counts, strict=True):
        kinds[one.kind] += count
    named = ", ".join(f"{kind} {count}" for kind, count in kinds.items() if count)
    minutes = sum(one.seconds for one in hour) / 60
    return f"{sum(counts)} in {minutes:.0f} min" + (f" ({named})" if named else "")
