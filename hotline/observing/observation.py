"""What a process sees of its calls: an observer or two for each, and where their sums are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry

from conversation.gemini.settings import Backend, GeminiSettings
from conversation.line import LineInfo
from conversation.runtime import Observer
from hotline.observing.call_trace import CallTrace
from hotline.observing.instruments import Instruments
from hotline.observing.labels import channel_of
from hotline.observing.spans import Subject
from hotline.observing.state import Board, CallState, caller_end
from hotline.observing.tracing import Tracing
from hotline.observing.watch import CallWatch

# Calls whose trace id is still known: their last log lines come after their end.
TRACES_REMEMBERED = 1000
_PROVIDERS = {Backend.VERTEX: "gcp.vertex_ai"}
_ANOTHER_PROVIDER = "gcp.gemini"


class Observation:
    """``clock`` are the process's seconds, ``wall`` the time of day in ns; ``draining`` says
    whether the process is being stopped. Without ``tracing`` there are no traces."""

    def __init__(
        self,
        tools: Iterable[str],
        gemini: GeminiSettings,
        *,
        clock: Callable[[], float],
        wall: Callable[[], int],
        draining: Callable[[], bool],
        tracing: Tracing | None = None,
    ) -> None:
        self.registry = CollectorRegistry()
        self.instruments = Instruments(self.registry, tools)
        self.board = Board(clock)
        self._wall = wall
        self._draining = draining
        self._tracing = tracing
        self._provider = _PROVIDERS.get(gemini.backend, _ANOTHER_PROVIDER)
        self._model = gemini.model
        self._traces: OrderedDict[str, str] = OrderedDict()

    def observers(self, info: LineInfo) -> list[Observer]:
        """For one conversation on this line, which begins now."""
        channel = channel_of(info.door)
        state = CallState(info.id, channel, caller_end(info.caller), self.board.clock())
        watch = CallWatch(state, self.board, self.instruments, self._draining)
        if self._tracing is None:
            return [watch]
        trace = CallTrace(
            self._tracing.tracer,
            Subject(info.id, channel, self._provider, self._model),
            self._wall(),
            lambda: watch.outcome,
            self.instruments.tool,
        )
        if not trace.recording:
            return [watch]
        self._traces[info.id] = trace.trace_id
        while len(self._traces) > TRACES_REMEMBERED:
            self._traces.popitem(last=False)
        return [watch, trace]

    def trace_of(self, call: str) -> str:
        """The id of a call's trace, empty for none."""
        return self._traces.get(call, "")

    @property
    def spans(self) -> dict[str, int]:
        """Spans by what became of them."""
        return self._tracing.spans if self._tracing else {"exported": 0, "failed": 0}

    async def aclose(self) -> None:
        """Deliver the traces that wait."""
        if self._tracing:
            await self._tracing.aclose()
