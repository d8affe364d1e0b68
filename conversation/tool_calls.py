"""Every tool call is answered exactly once, at a moment when its answer does no harm.

Pure bookkeeping: which calls run, which are copies of one another, which the model no longer
wants, and which results wait until the line is idle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from conversation.actions import AnswerTool, CancelTool, Record, RunTool, StartTimer
from conversation.events import (
    TimerFired,
    ToolCallRequested,
    ToolCallsCancelled,
    ToolFinished,
)
from conversation.floor import Floor, Holder
from conversation.line import After, Ending
from conversation.moments import (
    AnswerDue,
    Confirmed,
    EndWanted,
    FloorFree,
    Out,
    Over,
    Reaction,
    ResultTold,
    Withdrawn,
)
from conversation.records import ToolUsed
from conversation.settings import TalkSettings
from tools.contract import Order, Status, ToolCall, ToolResult, When

_ENDED: Mapping[str, Any] = {"status": "cancelled", "reason": "the call has ended"}
_AFTER = {Order.HANG_UP: After.GOODBYE, Order.TRANSFER: After.TRANSFER}


def effect_of(call: ToolCall) -> str:
    """Equal for calls that would do the same thing."""
    return (
        call.name + orjson.dumps(dict(call.args), option=orjson.OPT_SORT_KEYS, default=str).decode()
    )


@dataclass(slots=True)
class _Run:
    """One effect under way and everybody who asked for it."""

    call: ToolCall
    started: float
    copies: list[ToolCall] = field(default_factory=list)
    cancelled: bool = False


class ToolCalls:
    """``writes`` names the tools that change something: those run on when cancelled."""

    def __init__(self, settings: TalkSettings, floor: Floor, writes: frozenset[str]) -> None:
        self._settings = settings
        self._floor = floor
        self._writes = writes
        self._runs: dict[str, _Run] = {}
        self._known: set[str] = set()
        self._held: list[ToolResult] = []
        self._unwanted: set[str] = set()
        self._remembered: dict[str, tuple[float, ToolResult]] = {}
        self._over = False

    @property
    def working(self) -> bool:
        """Whether somebody waits for a tool."""
        return bool(self._runs)

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ToolCallRequested: self._requested,
            ToolFinished: self._finished,
            ToolCallsCancelled: self._cancelled,
            FloorFree: self._release,
            Confirmed: self._interrupted,
            Withdrawn: self._withdrawn,
            Over: self._end,
            "results": self._overdue,
        }

    def _requested(self, event: ToolCallRequested, now: float) -> Iterable[Out]:
        call = event.call
        if call.id in self._known:
            return
        self._known.add(call.id)
        if self._over:
            yield AnswerTool(call.id, call.name, _ENDED, When.SILENT)
            return
        effect = effect_of(call)
        for run in self._runs.values():
            same = effect_of(run.call) == effect
            if same and (not run.cancelled or call.name in self._writes):
                run.copies.append(call)
                return
        at, result = self._remembered.get(effect, (now, None))
        if result is not None and now - at <= self._settings.duplicate_seconds:
            yield from self._conclude(call, result, now, now)
            return
        self._runs[call.id] = _Run(call, now)
        yield RunTool(call)

    def _finished(self, event: ToolFinished, now: float) -> Iterable[Out]:
        result = event.result
        run = self._runs.pop(result.call_id, None)
        if run is None:
            return
        if result.status is Status.OK:
            self._remembered[effect_of(run.call)] = (now, result)
        for call in (run.call, *run.copies):
            yield from self._conclude(call, result, run.started, now)

    def _conclude(
        self, call: ToolCall, result: ToolResult, started: float, now: float
    ) -> Iterable[Out]:
        """Record one call's end, and answer it at once or when the line is idle."""
        yield Record(
            ToolUsed(call.id, call.name, call.args, result.status, result.response, started, now)
        )
        if self._over:
            return
        when = When.SILENT if call.id in self._unwanted else result.when
        own = ToolResult(
            call.id,
            call.name,
            result.status,
            result.response,
            when,
            result.keep,
            None if call.id in self._unwanted else result.order,
            result.order_detail,
        )
        if when is When.IDLE and self._floor.holder is not Holder.NOBODY:
            self._held.append(own)
            yield StartTimer("results", self._settings.result_hold_seconds)
        else:
            yield from self._answer(own, now)

    def _answer(self, result: ToolResult, now: float) -> Iterable[Out]:
        yield AnswerTool(result.call_id, result.name, result.response, result.when)
        if result.when is not When.SILENT:
            yield ResultTold(result.name, result.response, result.keep)
            yield AnswerDue(now)
        if result.order is not None and result.status is Status.OK:
            yield EndWanted(Ending(_AFTER[result.order], result.name, result.order_detail))

    def _release(self, cause: object, now: float) -> Iterable[Out]:
        held, self._held = self._held, []
        for result in held:
            yield from self._answer(result, now)

    def _overdue(self, event: TimerFired, now: float) -> Iterable[Out]:
        """The line would not fall idle: a model that waits for its answer must get it."""
        return self._release(event, now)

    def _interrupted(self, moment: Confirmed, now: float) -> Iterable[Out]:
        """The conversation has moved on: results still held become knowledge, not speech. An
        order goes out now, so that it counts as interrupted and the caller can talk it away."""
        held, self._held = self._held, []
        for result in held:
            if result.keep and result.order is None:
                self._held.append(result)
            else:
                yield from self._answer(replace(result, when=When.SILENT), now)

    def _cancelled(self, event: ToolCallsCancelled, now: float) -> Iterable[Out]:
        for call_id in event.call_ids:
            self._unwanted.add(call_id)
            if (run := self._runs.get(call_id)) and not run.cancelled and not run.copies:
                run.cancelled = True
                yield CancelTool(call_id)
        held, self._held = self._held, []
        for result in held:
            if result.call_id in self._unwanted:
                yield AnswerTool(result.call_id, result.name, result.response, When.SILENT)
            else:
                self._held.append(result)

    def _withdrawn(self, moment: Withdrawn, now: float) -> Iterable[Out]:
        """The next order to end the call is a new one, whatever its arguments."""
        self._remembered = {
            effect: (at, result)
            for effect, (at, result) in self._remembered.items()
            if result.order is None
        }
        return ()

    def _end(self, moment: Over, now: float) -> Iterable[Out]:
        """Nobody will speak any more; everybody still gets an answer."""
        self._over = True
        for result in self._held:
            yield AnswerTool(result.call_id, result.name, result.response, When.SILENT)
        self._held.clear()
        for run in self._runs.values():
            for call in (run.call, *run.copies):
                yield AnswerTool(call.id, call.name, _ENDED, When.SILENT)
