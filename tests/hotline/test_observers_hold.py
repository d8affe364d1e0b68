"""Whatever happens in a call, in whatever order, the observers bear it: one that raised would end
the call."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from conversation import actions as order
from conversation import events as happened
from conversation.actions import Action
from conversation.core import Setting
from conversation.events import Event
from conversation.line import After, Ending
from conversation.records import CallClosed, ToolUsed, TurnTaken
from conversation.runtime import Observer
from hotline.observing.call_trace import CallTrace
from hotline.observing.spans import Subject
from media.audio import Audio
from tests.hotline.watched import BEGAN, INFO, Watched, observed
from tests.virtual_time import run
from tools.contract import Status, ToolCall, ToolResult

pytestmark = pytest.mark.pure

SOUND = Audio(b"\1\0" * 160, 8000)
WORDS = st.sampled_from(["", "hello", "quota", "+4915112345678"])
NAMES = st.sampled_from(["look_up", "made up by the model", ""])
IDS = st.sampled_from(["a", "b", ""])
CALLS = st.builds(ToolCall, IDS, NAMES, st.just({}))
TURNS = st.builds(
    TurnTaken,
    st.integers(1, 9),
    st.sampled_from(["caller", "myra"]),
    WORDS,
    WORDS,
    st.floats(0, 100),
    st.floats(0, 100),
    st.booleans(),
    st.dictionaries(
        st.sampled_from(["end_of_speech", "first_audio", "line", "heard", "another"]),
        st.floats(0, 9000),
    ),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(happened.CallerAudio, st.just(SOUND), st.floats(0, 1), st.just(-30.0)),
    st.builds(happened.Keypress, st.just("1")),
    st.builds(happened.PlaybackMark, WORDS),
    st.builds(happened.CallerTyped, WORDS),
    st.builds(happened.LineClosed, WORDS),
    st.builds(happened.ModelReady, st.booleans()),
    st.builds(happened.ModelAudio, st.just(1), st.just(SOUND)),
    st.builds(happened.CallerWords, WORDS),
    st.builds(happened.ModelInterrupted, st.just(1)),
    st.builds(happened.ToolCallRequested, CALLS),
    st.builds(happened.UsageReported, st.just(1), st.just(2), st.just(3)),
    st.builds(happened.ModelLeaving, st.just(9.0)),
    st.builds(
        happened.ModelLost, st.sampled_from([0, 429, 503, 1006, 1011, -1]), WORDS, st.booleans()
    ),
    st.builds(
        lambda call, status: happened.ToolFinished(ToolResult(call.id, call.name, status, {})),
        CALLS,
        st.sampled_from(Status),
    ),
    st.builds(happened.TimerFired, WORDS),
    st.just(happened.ConversationOver()),
)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(order.Play, st.sampled_from([SOUND, Audio(b"", 8000)]), WORDS),
    st.builds(order.PlayPrompt, st.sampled_from(["one_moment", "apology"]), WORDS),
    st.just(order.ClearLine()),
    st.just(order.SendAudio(SOUND)),
    st.builds(order.RunTool, CALLS),
    st.builds(order.StartTimer, st.sampled_from(["speech", "dead_air"]), st.just(1.0)),
    st.just(order.RenewModel()),
    st.builds(lambda after: order.HangUp(Ending(after)), st.sampled_from(After)),
    st.builds(order.Record, TURNS),
    st.just(order.Record(CallClosed("", 1.0, 2, 3))),
    st.just(order.Record(ToolUsed("a", "look_up", {}, "ok", {}, 0.0, 1.0))),
)
STORY = st.lists(st.tuples(st.floats(0, 0.5), EVENTS, st.lists(ACTIONS, max_size=3)), max_size=25)


def held(story: list[tuple[float, Event, list[Action]]]) -> tuple[Watched, InMemorySpanExporter]:
    """Both observers through the story; what they left."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))

    async def main() -> Watched:
        seen = observed()
        (watcher,) = seen.observation.observers(INFO)
        subject = Subject(INFO.id, "phone", "gcp.gemini", "gemini-3.8-live")
        trace = CallTrace(
            provider.get_tracer("test"),
            subject,
            BEGAN,
            lambda: watcher.outcome,  # type: ignore[attr-defined]
            seen.observation.instruments.tool,
        )
        both: tuple[Observer, ...] = (watcher, trace)
        now = 0.0
        for observer in both:
            observer.began(Setting(INFO))
        for later, event, ordered in story:
            now += later
            for observer in both:
                observer.decided(now, event, ordered)
        for observer in both:
            observer.ended()
        return seen

    return run(main()), kept


@settings(max_examples=80, deadline=None)
@given(STORY)
def test_observers_raise_nothing_and_leave_one_call(
    story: list[tuple[float, Event, list[Action]]],
) -> None:
    seen, kept = held(story)
    assert sum(seen.observation.instruments.calls.values()) == 1
    assert len(seen.sources.board) == 0
    scrape = seen.scrape
    assert "4915112345678" not in scrape
    assert "made up" not in scrape
    spans = kept.get_finished_spans()
    (root,) = (span for span in spans if span.parent is None)
    assert root.name == "invoke_agent myra"
    assert len({span.context.trace_id for span in spans}) == 1
    for span in spans:
        assert span.start_time is not None
        assert span.end_time is not None
        told = span.to_json()
        assert "4915112345678" not in told
        assert "made up" not in told
