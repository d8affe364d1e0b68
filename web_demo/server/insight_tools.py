"""The tools' timeline: begun, finished, spoken of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conversation.actions import AnswerTool, ClearLine, Play, Record, RunTool
from conversation.events import Event, PlaybackMark
from conversation.records import ToolUsed
from tools.contract import When
from web_demo.server.insight_masking import masked
from web_demo.server.insight_messages import Message, Reactions, reply_of


@dataclass(frozen=True, slots=True)
class _Told:
    """A result the model was given; ``during`` is what the line was playing of then."""

    call_id: str
    name: str
    during: int | None


class ToolTimeline:
    def __init__(self) -> None:
        self._untold: list[_Told] = []
        self._playing: int | None = None
        self._last_mark = ""

    def reactions(self) -> Reactions:
        return {
            RunTool: self._began,
            Record: self._recorded,
            AnswerTool: self._answered,
            Play: self._play,
            PlaybackMark: self._played,
            ClearLine: self._cleared,
        }

    def _began(self, item: RunTool, cause: Event, now: float) -> Iterable[Message]:
        call = item.call
        yield {
            **_tool(call.id, call.name, "started", now),
            "args": masked(call.args),
        }

    def _recorded(self, item: Record, cause: Event, now: float) -> Iterable[Message]:
        used = item.fact
        if isinstance(used, ToolUsed):
            yield {
                **_tool(used.call_id, used.name, "finished", now),
                "args": masked(used.args, used.response),
                "ms": round(1000 * (used.ended - used.started), 1),
                "status": str(used.status),
                "result": masked(used.response, used.args),
            }

    def _answered(self, item: AnswerTool, cause: Event, now: float) -> Iterable[Message]:
        if item.when is not When.SILENT:
            self._untold.append(_Told(item.call_id, item.name, self._playing))
        return ()

    def _play(self, item: Play, cause: Event, now: float) -> Iterable[Message]:
        response = reply_of(item.mark)
        if response is None:
            return
        self._playing, self._last_mark = response, item.mark
        if item.audio.pcm and self._untold:
            yield from self._spoken(response, now)

    def _spoken(self, response: int, now: float) -> Iterator[Message]:
        """What the line was playing when the result came does not speak of it yet."""
        told, self._untold = self._untold, []
        for one in told:
            if one.during == response:
                self._untold.append(one)
            else:
                yield _tool(one.call_id, one.name, "spoken", now)

    def _played(self, item: PlaybackMark, cause: Event, now: float) -> Iterable[Message]:
        if item.name == self._last_mark:
            self._playing = None
        return ()

    def _cleared(self, item: ClearLine, cause: Event, now: float) -> Iterable[Message]:
        self._playing = None
        return ()


def _tool(call_id: str, name: str, phase: str, now: float) -> Message:
    return {"type": "tool", "id": call_id, "name": name, "phase": phase, "at": round(now, 3)}
