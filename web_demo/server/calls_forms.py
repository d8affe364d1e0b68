"""Calls as the page gets them: the JSON of docs/browser-protocol.md."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from conversation.records import TakePlayed
from tools.call_archive import CallStory, CallSummary
from tools.models import QualityReport, TakeRecord, ToolUseRecord, TurnRecord
from web_demo.server.audit import Judged, Verdict, judged, suspicious
from web_demo.server.insight_masking import masked

Form = dict[str, Any]
# The telephone's sound: a ledger's milliseconds are told as samples of it.
_LINE_RATE = 8000


def call_form(call: CallSummary, *, running: bool, recording: bool) -> Form:
    record = call.record
    return {
        "id": record.conversation,
        "door": record.door,
        "caller": record.caller,
        "model": record.model,
        "opened_at": record.opened_at.isoformat(),
        "closed_at": record.closed_at.isoformat() if record.closed_at else None,
        "running": running,
        "reason": record.reason,
        "seconds": record.seconds,
        "turns": call.turns,
        "tools": call.tools,
        "interruptions": call.interruptions,
        "reply_p50_ms": call.reply_ms,
        "recording": recording,
        "first_words": call.first_words,
    }


def detail_form(story: CallStory, *, running: bool, recording: bool) -> Form:
    bars = {reply.response: reply.bar for reply in story.replies}
    return {
        **call_form(story.summary, running=running, recording=recording),
        "transcript": [_turn(turn, bars.get(turn.response, turn.latency)) for turn in story.turns],
        "tool_calls": [_tool(tool) for tool in story.tools],
        "audit": audit_forms(story),
        "quality": quality_form(story),
    }


def _turn(turn: TurnRecord, bar: Form) -> Form:
    return {
        "position": turn.position,
        "speaker": turn.speaker,
        "text": turn.text,
        "heard": turn.heard,
        "started": turn.started,
        "ended": turn.ended,
        "interrupted": turn.interrupted,
        "latency": bar if turn.speaker == "myra" else turn.latency,
    }


def _tool(tool: ToolUseRecord) -> Form:
    return {
        "id": tool.call_id,
        "name": tool.name,
        "args": masked(tool.args, tool.response),
        "status": tool.status,
        "result": masked(tool.response, tool.args),
        "started": tool.started,
        "ended": tool.ended,
    }


def audit_forms(story: CallStory) -> list[Form]:
    """By the page's account of its takes; where there is no page, by the line's ledger."""
    if story.takes:
        texts = {turn.response: turn.text for turn in story.turns if turn.response}
        return [_line(one) for one in judged(map(_take, story.takes), texts)]
    chunks = {reply.response: reply.chunks for reply in story.replies}
    return [
        _line(_of_ledger(turn, chunks.get(turn.response, 0)))
        for turn in story.turns
        if turn.response and turn.sound
    ]


def _take(row: TakeRecord) -> TakePlayed:
    return TakePlayed(
        row.take, row.response, row.kind, row.rate, row.chunks_sent, row.samples_sent,
        row.received, row.played, row.dropped, row.underruns, row.ended, row.cleared,
    )  # fmt: skip


def _of_ledger(turn: TurnRecord, chunks: int) -> Judged:
    """What the line's marks told. What was sent has arrived: the line keeps order and loses
    nothing; what it had not played when it was cleared is dropped, as is what was never sent."""
    sent, heard, dropped = (_samples(turn, name) for name in ("sent", "heard", "dropped"))
    take = TakePlayed(
        turn.response, turn.response, "reply", _LINE_RATE, chunks, sent, sent, heard, dropped
    )
    if turn.interrupted and dropped > 0:
        found = Verdict.INTERRUPTED
    elif heard < sent:
        found = Verdict.UNPLAYED
    elif suspicious(turn.text, sent / _LINE_RATE):
        found = Verdict.SUSPICIOUS
    else:
        found = Verdict.COMPLETE
    return Judged(take, found)


def _samples(turn: TurnRecord, name: str) -> int:
    return round(float(turn.sound.get(name, 0.0)) * _LINE_RATE / 1000)


def _line(one: Judged) -> Form:
    take = one.take
    return {
        "take": take.take,
        "response": take.response,
        "chunks_sent": take.chunks_sent,
        "samples_sent": take.samples_sent,
        "samples_received": take.received,
        "samples_played": take.played,
        "samples_dropped": take.dropped,
        "underruns": take.underruns,
        "verdict": one.verdict.value,
    }


def quality_form(story: CallStory) -> Form:
    record = story.summary.record
    return {
        **quality(story.quality),
        "prompt_tokens": record.prompt_tokens,
        "response_tokens": record.response_tokens,
    }


def quality(reports: Sequence[QualityReport]) -> Form:
    """Of each figure its median and, as ``..._max``, its worst; of each word the latest."""
    numbers: dict[str, list[float]] = {}
    words: Form = {}
    for report in reports:
        for name, value in report.figures.items():
            if isinstance(value, int | float):
                numbers.setdefault(name, []).append(float(value))
            else:
                words[name] = str(value)
    summed: Form = {}
    for name, values in numbers.items():
        summed[name] = round(statistics.median(values), 2)
        summed[f"{name}_max"] = round(max(values), 2)
    return {**summed, **words}


AUDIT_COLUMNS = (
    "take",
    "response",
    "chunks_sent",
    "samples_sent",
    "samples_received",
    "samples_played",
    "samples_dropped",
    "underruns",
    "verdict",
)


def audit_csv(lines: Iterable[Form]) -> str:
    """The audit as a table: every value is a number or one of our own words, none needs quotes."""
    rows = [",".join(AUDIT_COLUMNS)]
    rows += [",".join(str(line[column]) for column in AUDIT_COLUMNS) for line in lines]
    return "\r\n".join(rows) + "\r\n"
