"""One call as one trace: the call, its turns, its tools, the model's sessions and reconnects.

Names and attributes follow OpenTelemetry's GenAI conventions (semantic conventions 0.66b2, in
development there); what they do not know begins with ``voicebot.``. Nothing that was said, asked
of a tool or answered by one is in a span, and no number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opentelemetry.context import Context
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as gen_ai
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import SpanKind, StatusCode, Tracer, set_span_in_context

from conversation.actions import Action, Record, RenewModel, RunTool
from conversation.core import Setting
from conversation.events import Event, ToolFinished
from conversation.records import TurnTaken
from hotline.observing.labels import Outcome, tool_outcome
from hotline.observing.spans import Attributes, SessionSpans, Spans, Subject
from tools.contract import Status, ToolResult

# The keys that a turn's latency may have; in the trace they are seconds.
_STAGES = ("end_of_speech", "first_audio", "line", "heard")
_NOT_AN_ERROR = (Status.OK, Status.REFUSED, Status.CANCELLED)


@dataclass(slots=True)
class _Tool:
    """A tool under way; ``turn`` is the one it began in, once that has been written."""

    name: str
    began: float
    turn: Context | None = None
    ended: float = 0.0
    result: ToolResult | None = None


class CallTrace:
    """One call's ``Observer``. ``wall`` is the time of day in ns when the conversation begins,
    ``outcome`` how it ended, asked once it has. ``name`` gives a tool its bounded name."""

    def __init__(
        self,
        tracer: Tracer,
        subject: Subject,
        wall: int,
        outcome: Callable[[], Outcome],
        name: Callable[[str], str],
    ) -> None:
        self._outcome = outcome
        self._name = name
        self._now = 0.0
        self._caller: TurnTaken | None = None
        self._tools: dict[str, _Tool] = {}
        self._finished: list[tuple[str, _Tool]] = []
        root = tracer.start_span(
            "invoke_agent myra",
            kind=SpanKind.INTERNAL,
            start_time=wall,
            attributes={
                gen_ai.GEN_AI_OPERATION_NAME: "invoke_agent",
                gen_ai.GEN_AI_AGENT_NAME: "myra",
                "voicebot.channel": subject.channel,
                **subject.attributes,
            },
        )
        self._root = root
        self._spans = Spans(tracer, set_span_in_context(root), wall)
        self._sessions = SessionSpans(self._spans, subject)
        self._events: Mapping[type, Callable[[Any, float], None]] = {
            ToolFinished: self._tool_finished,
            **self._sessions.events(),
        }
        self._actions: Mapping[type, Callable[[Any, float], None]] = {
            RunTool: self._tool_began,
            RenewModel: self._sessions.renewed,
            Record: self._recorded,
        }

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        return f"{self._root.get_span_context().trace_id:032x}"

    @property
    def recording(self) -> bool:
        """False for a call that sampling leaves out."""
        return self._root.is_recording()

    def began(self, setting: Setting) -> None: ...

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> None:
        self._now = now
        if seen := self._events.get(type(event)):
            seen(event, now)
        for action in actions:
            if ordered := self._actions.get(type(action)):
                ordered(action, now)

    def ended(self) -> None:
        now, outcome = self._now, self._outcome()
        if self._caller is not None:
            self._turn(self._caller, None)
        self._write_tools(self._spans.context)
        for call_id, tool in self._tools.items():
            self._tool_span(call_id, tool, now)
        self._sessions.end(now)
        self._root.set_attribute("voicebot.outcome", outcome)
        if outcome is Outcome.ERROR:
            self._root.set_attribute(ERROR_TYPE, outcome)
            self._root.set_status(StatusCode.ERROR)
        self._root.end(self._spans.at(now))

    # Turns.

    def _recorded(self, action: Record, now: float) -> None:
        turn = action.fact
        if not isinstance(turn, TurnTaken):
            return
        if turn.speaker == "caller":
            if self._caller is not None:
                self._turn(self._caller, None)
            self._caller = turn
        else:
            self._turn(self._caller, turn)
            self._caller = None

    def _turn(self, caller: TurnTaken | None, reply: TurnTaken | None) -> None:
        """One exchange: what the caller said, and Myra's reply to it."""
        known = [turn for turn in (caller, reply) if turn is not None]
        began = min(turn.started for turn in known)
        attributes: Attributes = {"voicebot.turn": known[-1].index}
        if reply is not None:
            attributes["voicebot.interrupted"] = reply.interrupted
            for stage in _STAGES:
                if stage in reply.latency:
                    attributes[f"voicebot.latency.{stage}"] = reply.latency[stage] / 1000
        span = self._spans.start("turn", began, attributes)
        if caller is not None:
            span.add_event("caller finished", timestamp=self._spans.at(caller.ended))
        if reply is not None:
            span.add_event("reply began", timestamp=self._spans.at(reply.started))
        self._write_tools(set_span_in_context(span))
        span.end(self._spans.at(max(turn.ended for turn in known)))

    # Tools.

    def _tool_began(self, action: RunTool, now: float) -> None:
        self._tools[action.call.id] = _Tool(self._name(action.call.name), now)

    def _tool_finished(self, event: ToolFinished, now: float) -> None:
        tool = self._tools.pop(event.result.call_id, None)
        if tool is None:
            return
        tool.ended, tool.result = now, event.result
        if tool.turn is None:
            self._finished.append((event.result.call_id, tool))
        else:
            self._tool_span(event.result.call_id, tool, now)

    def _write_tools(self, turn: Context) -> None:
        """The tools of a turn belong to it, also those that outlast it."""
        finished, self._finished = self._finished, []
        for call_id, tool in finished:
            tool.turn = turn
            self._tool_span(call_id, tool, tool.ended)
        for tool in self._tools.values():
            tool.turn = tool.turn or turn

    def _tool_span(self, call_id: str, tool: _Tool, ended: float) -> None:
        status = tool.result.status if tool.result else None
        outcome = tool_outcome(status) if status else "unfinished"
        attributes: Attributes = {
            gen_ai.GEN_AI_OPERATION_NAME: "execute_tool",
            gen_ai.GEN_AI_TOOL_NAME: tool.name,
            gen_ai.GEN_AI_TOOL_CALL_ID: call_id,
            gen_ai.GEN_AI_TOOL_TYPE: "function",
            "voicebot.outcome": outcome,
        }
        if status not in _NOT_AN_ERROR:
            attributes[ERROR_TYPE] = outcome
        span = self._spans.start(
            f"execute_tool {tool.name}", tool.began, attributes, within=tool.turn
        )
        if status not in _NOT_AN_ERROR:
            span.set_status(StatusCode.ERROR)
        span.end(self._spans.at(ended))
