"""One trace a call, as a real OTLP collector receives it; and that nobody can be told from it."""

from __future__ import annotations

import asyncio
import logging
import socket
import time

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from conversation.events import (
    CallerWords,
    ModelLost,
    ModelReady,
    ToolCallRequested,
    UsageReported,
)
from hotline.observing.settings import TraceSettings
from hotline.observing.tracing import Tracing
from tests.hotline.collector import Received, attributes, collecting
from tests.hotline.watched import BEGAN, INFO, Watched, watch
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tools import contract

pytestmark = pytest.mark.socket


def settings(url: str, **changes: object) -> TraceSettings:
    given = {"endpoint": url, "headers": "x-key=hush", "timeout_seconds": 1.0, **changes}
    return TraceSettings.model_validate(given)


def talk(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
    """A greeting; a question that takes a tool, answered and talked over; a lost session."""
    model.when("text", "Greet", reply(1, 1000, "Hello."))
    line.speaks(3.0, 1.5)
    model.at(4.6, [(0.0, CallerWords("my name is Mustermann"))])
    args = {"surname": "Mustermann"}
    model.at(4.7, [(0.0, ToolCallRequested(contract.ToolCall("c1", "look_up", args)))])
    model.at(6.0, reply(2, 6000, "Mister Mustermann flies today.", first=1000))
    model.at(6.1, [(0.0, UsageReported(30, 12, 42))])
    line.speaks(8.0, 1.0)
    model.at(10.0, reply(3, 1000, "Yes?", first=2000))
    model.at(12.0, [(0.0, ModelLost(1011, "quota for project 12345", retry=True))])
    model.at(12.8, [(0.0, ModelReady(resumed=True))])


def traced(url: str, **changes: object) -> Watched:
    tracing = Tracing(settings(url, **changes), "1.2.3")
    work = Work(0.4, status=contract.Status.ERROR, response={"name": "Mustermann"})
    try:
        return watch(talk, seconds=15, desk=lambda: ScriptedDesk(look_up=work), tracing=tracing)
    finally:
        asyncio.run(tracing.aclose())


@pytest.fixture(scope="module")
def received() -> Received:
    with collecting() as collected:
        traced(collected.url)
    return collected


def seconds(span: Span) -> tuple[float, float]:
    """Start and end on the call's clock."""
    return (span.start_time_unix_nano - BEGAN) / 1e9, (span.end_time_unix_nano - BEGAN) / 1e9


def test_a_call_is_one_trace_with_one_root(received: Received) -> None:
    assert len({span.trace_id for span in received.spans}) == 1
    assert [span.name for span in received.spans if not span.parent_span_id] == [
        "invoke_agent myra"
    ]
    root = received.one("invoke_agent")
    assert seconds(root) == (0.0, pytest.approx(15.0, abs=0.2))
    assert attributes(root) == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "myra",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": "gemini-3.8-live",
        "gen_ai.conversation.id": INFO.id,
        "voicebot.channel": "phone",
        "voicebot.outcome": "caller_hangup",
    }
    assert root.status.code != Status.STATUS_CODE_ERROR
    assert set(received.paths) == {"/v1/traces"}
    assert received.headers[0]["x-key"] == "hush"
    assert received.resource["service.name"] == "cymbol-hotline"
    assert received.resource["service.version"] == "1.2.3"


def test_turns_hold_their_latency_and_their_tools(received: Received) -> None:
    root = received.one("invoke_agent")
    turns = sorted(received.named("turn"), key=lambda span: span.start_time_unix_nano)
    assert len(turns) == 3
    assert {turn.parent_span_id for turn in turns} == {root.span_id}
    question = turns[1]
    assert seconds(question)[0] == pytest.approx(3.04, abs=0.2)
    told = attributes(question)
    assert told["voicebot.interrupted"] is True
    assert told["voicebot.latency.first_audio"] == pytest.approx(6.0 - 4.54, abs=0.1)
    assert {"voicebot.latency.line", "voicebot.latency.heard"} <= set(told)
    assert [event.name for event in question.events] == ["caller finished", "reply began"]
    tool = received.one("execute_tool look_up")
    assert tool.parent_span_id == question.span_id
    assert seconds(tool) == (pytest.approx(4.7), pytest.approx(5.1, abs=0.01))
    assert attributes(tool) == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "look_up",
        "gen_ai.tool.call.id": "c1",
        "gen_ai.tool.type": "function",
        "voicebot.outcome": "error",
        "error.type": "error",
    }
    assert tool.status.code == Status.STATUS_CODE_ERROR


def test_sessions_and_the_reconnect_between_them(received: Received) -> None:
    first, second = sorted(
        received.named("generate_content gemini-3.8-live"),
        key=lambda span: span.start_time_unix_nano,
    )
    assert first.kind == Span.SPAN_KIND_CLIENT
    assert seconds(first) == (0.0, pytest.approx(12.0))
    lost = attributes(first)
    assert (lost["error.type"], lost["voicebot.session.code"]) == ("quota", 1011)
    assert lost["gen_ai.usage.input_tokens"] == 30
    assert lost["gen_ai.usage.output_tokens"] == 12
    assert attributes(second)["voicebot.session.resumed"] is True
    reconnect = received.one("reconnect")
    assert seconds(reconnect) == (pytest.approx(12.0), pytest.approx(12.8))
    assert attributes(reconnect) == {"voicebot.reconnect.reason": "error"}


def test_nothing_personal_is_sent(received: Received) -> None:
    for part in (b"Mustermann", INFO.caller.encode(), b"4915112345678", b"surname", b"12345 "):
        assert part not in received.raw
    assert b"quota for project" not in received.raw


def test_the_trace_of_a_call_can_be_found_by_it() -> None:
    with collecting() as collected:
        seen = traced(collected.url)
    assert seen.observation.trace_of(INFO.id) == collected.spans[0].trace_id.hex()
    assert seen.observation.trace_of("CA0") == ""
    assert seen.value("trace_spans_total", outcome="exported") == len(collected.spans)


def test_a_call_that_sampling_leaves_out_sends_nothing() -> None:
    with collecting() as collected:
        seen = traced(collected.url, ratio=0.0)
    assert collected.spans == []
    assert seen.observation.trace_of(INFO.id) == ""


@pytest.mark.parametrize("gone", [True, False])
def test_a_collector_that_fails_costs_spans_and_no_call(
    gone: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with collecting(status=500) as collected:
        url = collected.url
        if gone:
            with socket.socket() as unused:
                unused.bind(("127.0.0.1", 0))
                url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        began = time.monotonic()
        with caplog.at_level(logging.WARNING):
            seen = traced(url)
        took = time.monotonic() - began
    assert seen.value("calls_total", channel="phone", outcome="caller_hangup") == 1
    assert seen.value("trace_spans_total", outcome="failed") >= 6
    assert [r.message for r in caplog.records].count("traces are not delivered") == 1
    assert "hush" not in caplog.text
    assert took < 10
