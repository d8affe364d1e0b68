"""Where the time of each reply went, and how much of it was handed to the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversation.actions import Play, Record, RunTool
from conversation.events import CallerWords, Event, ModelAudio, ModelWords, ToolFinished
from conversation.records import TurnTaken
from web_demo.server.insight_messages import Message, Reactions, reply_of

# Tools of earlier replies than the latest few concern nobody any more.
_RUNS_KEPT = 32


@dataclass(slots=True)
class _Reply:
    """Seconds since the conversation began; what the line got."""

    first_event: float | None = None
    first_audio: float | None = None
    words_known: float | None = None
    chunks: int = 0
    samples: int = 0


@dataclass(slots=True)
class _Run:
    began: float
    ended: float | None = None


class Replies:
    def __init__(self) -> None:
        self._replies: dict[int, _Reply] = {}
        self._runs: dict[str, _Run] = {}
        self._words_at: float | None = None
        self._done_through = 0

    def reactions(self) -> Reactions:
        return {
            CallerWords: self._caller_words,
            ModelWords: self._model_words,
            ModelAudio: self._audio,
            RunTool: self._tool_began,
            ToolFinished: self._tool_finished,
            Play: self._play,
            Record: self._recorded,
        }

    def _caller_words(self, item: CallerWords, cause: Event, now: float) -> Iterable[Message]:
        self._words_at = now
        return ()

    def _model_words(self, item: ModelWords, cause: Event, now: float) -> Iterable[Message]:
        self._reply(item.response, now)
        return ()

    def _audio(self, item: ModelAudio, cause: Event, now: float) -> Iterable[Message]:
        reply = self._reply(item.response, now)
        if reply is not None and reply.first_audio is None and item.audio.pcm:
            reply.first_audio = now
        return ()

    def _reply(self, response: int, now: float) -> _Reply | None:
        """The reply, begun now if it is new; None for what comes of one that is over."""
        if response <= self._done_through:
            return None
        reply = self._replies.get(response)
        if reply is None:
            reply = self._replies[response] = _Reply(now, None, self._words_at)
        return reply

    def _tool_began(self, item: RunTool, cause: Event, now: float) -> Iterable[Message]:
        self._runs[item.call.id] = _Run(now)
        while len(self._runs) > _RUNS_KEPT:
            del self._runs[next(iter(self._runs))]
        return ()

    def _tool_finished(self, item: ToolFinished, cause: Event, now: float) -> Iterable[Message]:
        if run := self._runs.get(item.result.call_id):
            run.ended = now
        return ()

    def _play(self, item: Play, cause: Event, now: float) -> Iterable[Message]:
        response = reply_of(item.mark)
        if response is not None and item.audio.pcm and (reply := self._replies.get(response)):
            reply.chunks += 1
            reply.samples += item.audio.samples
        return ()

    def _recorded(self, item: Record, cause: Event, now: float) -> Iterable[Message]:
        turn = item.fact
        if not isinstance(turn, TurnTaken) or turn.speaker != "myra":
            return
        reply = self._replies.get(turn.response, _Reply())
        self._done_through = max(self._done_through, turn.response)
        self._replies = {r: one for r, one in self._replies.items() if r > self._done_through}
        yield {
            "type": "turn",
            "id": f"r{turn.response}",
            "response": turn.response,
            "bar": bar(
                turn.latency, reply, [(run.began, run.ended) for run in self._runs.values()]
            ),
            "samples": reply.samples,
            "chunks": reply.chunks,
            "interrupted": turn.interrupted,
            "heard_text": turn.heard,
        }
        if self._words_at is not None and self._words_at <= (reply.first_event or 0.0):
            self._words_at = None


def bar(
    latency: Mapping[str, float], reply: _Reply, runs: Iterable[tuple[float, float | None]]
) -> dict[str, float]:
    """A reply's latency with the stretch until its first sound taken apart.

    The core's ``first_audio`` becomes ``recognised`` (until the caller's words were known),
    ``first_token`` (until the model began to answer), ``tools`` (what of it tools took) and
    ``first_audio`` (the rest). Nothing else changes: the stretches still follow one another and
    together are how long the caller waited. Words that came after the answer had begun were not
    waited for.
    """
    waited, sound = latency.get("first_audio"), reply.first_audio
    if waited is None or sound is None or reply.first_event is None:
        return dict(latency)
    turn_end = sound - waited / 1000
    first = min(max(reply.first_event, turn_end), sound)
    known = reply.words_known
    recognised = first if known is None else min(max(known, turn_end), first)
    spans = _joined(runs, turn_end, sound)
    apart: dict[str, float] = {}
    points = [turn_end, first, sound] if known is None else [turn_end, recognised, first, sound]
    names = ["recognised", "first_token", "first_audio"][-len(points) + 1 :]
    for name, start, end in zip(names, points, points[1:], strict=False):
        apart[name] = 1000 * (end - start - _within(spans, start, end))
    tools = 1000 * _within(spans, turn_end, sound)
    stretches = {**latency, **apart, **({"tools": tools} if tools > 0 else {})}
    order = ("end_of_speech", "recognised", "first_token", "tools", "first_audio", "line", "heard")
    return {name: round(stretches[name], 1) for name in order if name in stretches}


def _joined(
    runs: Iterable[tuple[float, float | None]], start: float, end: float
) -> list[tuple[float, float]]:
    """When tools worked between two moments, each moment once; one that runs on has no end."""
    spans: list[tuple[float, float]] = []
    for began, ended in sorted(runs, key=lambda run: run[0]):
        lower, upper = max(began, start), min(end if ended is None else ended, end)
        if upper <= lower:
            continue
        if spans and lower <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], upper))
        else:
            spans.append((lower, upper))
    return spans


def _within(spans: Iterable[tuple[float, float]], start: float, end: float) -> float:
    return sum(max(0.0, min(upper, end) - max(lower, start)) for lower, upper in spans)
