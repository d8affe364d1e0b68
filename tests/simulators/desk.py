"""A desk whose tools take as long as the script says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.contract import Declaration, Order, Status, ToolCall, ToolResult, When


@dataclass(frozen=True, slots=True)
class Work:
    """What a tool does: its time in seconds and its result."""

    seconds: float = 0.5
    response: dict[str, Any] = field(default_factory=lambda: {"ok": True})
    when: When = When.IDLE
    keep: bool = False
    order: Order | None = None
    writes: bool = False
    status: Status = Status.OK


class ScriptedDesk:
    def __init__(self, **tools: Work) -> None:
        self.tools = tools
        self.started: list[ToolCall] = []
        self.cancelled: list[str] = []
        self.finished: list[str] = []
        self._results: asyncio.Queue[ToolResult | None] = asyncio.Queue(1000)
        self._timers: dict[str, tuple[ToolCall, asyncio.TimerHandle]] = {}
        self._loop = asyncio.get_running_loop()

    @property
    def declarations(self) -> Sequence[Declaration]:
        return [Declaration(name, "", {}, writes=work.writes) for name, work in self.tools.items()]

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            for call, timer in list(self._timers.values()):
                timer.cancel()
                writes = self.tools[call.name].writes
                self._done(call, Status.OK if writes else Status.CANCELLED)
            self._results.put_nowait(None)

    def start(self, call: ToolCall) -> None:
        self.started.append(call)
        work = self.tools[call.name]
        timer = self._loop.call_later(work.seconds, self._done, call, work.status)
        self._timers[call.id] = (call, timer)

    def cancel(self, call_id: str) -> None:
        self.cancelled.append(call_id)
        entry = self._timers.get(call_id)
        if entry and not self.tools[entry[0].name].writes:
            entry[1].cancel()
            self._done(entry[0], Status.CANCELLED)

    def _done(self, call: ToolCall, status: Status) -> None:
        if self._timers.pop(call.id, None) is None:
            return
        self.finished.append(call.id)
        work = self.tools[call.name]
        order = work.order if status is Status.OK else None
        self._results.put_nowait(
            ToolResult(call.id, call.name, status, work.response, work.when, work.keep, order)
        )

    async def results(self) -> AsyncIterator[ToolResult]:
        while (result := await self._results.get()) is not None:
            yield result
