"""The core under any course of events whatever."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversation.actions import (
    Action,
    AnswerTool,
    BeginActivity,
    EndActivity,
    HangUp,
    Play,
    RunTool,
    SendAudio,
    StartTimer,
)
from conversation.core import Core, Setting
from conversation.events import (
    CallerAudio,
    CallerStopped,
    CallerTyped,
    CallerWords,
    ConversationBegan,
    ConversationOver,
    EndRequested,
    Event,
    GenerationFinished,
    Keypress,
    LineClosed,
    ModelAudio,
    ModelInterrupted,
    ModelLeaving,
    ModelLost,
    ModelReady,
    ModelWords,
    PlaybackMark,
    TimerFired,
    ToolCallRequested,
    ToolCallsCancelled,
    ToolFinished,
    TurnFinished,
    UsageReported,
)
from conversation.settings import TalkSettings
from media.audio import Audio
from tests.simulators.line import INFO
from tools.contract import Order, Status, ToolCall, ToolResult, When

pytestmark = pytest.mark.pure

PROMPTS = {"one_moment": 800.0, "apology": 2000.0, "goodbye": 900.0}
responses = st.integers(1, 5)
call_ids = st.sampled_from(["c1", "c2", "c3", "c4", "c5"])
sounds = st.integers(0, 400).map(lambda ms: Audio(bytes(2 * 8 * ms), 8000))
frames = st.builds(
    CallerAudio,
    st.just(Audio(bytes(320), 8000)),
    st.sampled_from([0.0, 0.4, 1.0]),
    st.sampled_from([-70.0, -40.0, -20.0]),
)
results = st.builds(
    ToolResult,
    call_id=call_ids,
    name=st.just("tool"),
    status=st.sampled_from(Status),
    response=st.just({"a": 1}),
    when=st.sampled_from(When),
    keep=st.booleans(),
    order=st.sampled_from([None, None, Order.HANG_UP, Order.TRANSFER]),
)
requests = st.builds(
    ToolCall,
    id=call_ids,
    name=st.sampled_from(["tool", "write"]),
    args=st.sampled_from([{}, {"x": 1}]),
)
texts = st.sampled_from(["", "yes", "stop", "mhm", "hold on", "a long sentence about luggage."])
events: st.SearchStrategy[Event] = st.one_of(
    frames,
    frames,
    st.builds(ModelAudio, responses, sounds),
    st.builds(ModelAudio, responses, sounds),
    st.builds(ModelWords, responses, texts),
    st.builds(CallerWords, texts),
    st.builds(GenerationFinished, responses),
    st.builds(TurnFinished, responses),
    st.builds(ModelInterrupted, responses),
    st.builds(ToolCallRequested, requests),
    st.builds(ToolFinished, results),
    st.builds(ToolCallsCancelled, st.lists(call_ids, max_size=2).map(tuple)),
    st.builds(Keypress, st.sampled_from("1#*")),
    st.builds(CallerTyped, texts),
    st.builds(
        CallerStopped,
        st.sampled_from(["voice", "button", "text"]),
        st.sampled_from(["", "r1t1:100", "r1t1:200"]),
        st.floats(-300, 300),
    ),
    st.builds(PlaybackMark, st.sampled_from(["r1t1:100", "probe1", "nonsense", "p1t1:end"])),
    st.builds(ModelReady, st.booleans()),
    st.builds(ModelLost, st.just(1011), st.just("x"), st.booleans()),
    st.builds(ModelLeaving, st.floats(0, 60)),
    st.builds(UsageReported, st.just(1), st.just(1), st.just(2)),
    st.builds(EndRequested, texts),
    st.just(LineClosed("gone")),
)
steps = st.lists(st.tuples(st.floats(0.0, 2.0), events), max_size=60)


class Course:
    """Runs events through a core, with the timers and, where willing, the marks it asked for."""

    def __init__(self, talk: TalkSettings, marks: bool) -> None:
        self.core = Core(Setting(INFO, talk, frozenset({"write"}), PROMPTS))
        self.done: list[Action] = []
        self.log: list[tuple[float, Event, list[Action]]] = []
        self.marks = marks
        self.waiting: list[str] = []
        self.timers: dict[str, float] = {}
        self.now = 0.0

    def happen(self, event: Event) -> None:
        actions = self.core.decide(event, self.now)
        self.log.append((self.now, event, actions))
        self.done += actions
        for action in actions:
            if isinstance(action, StartTimer):
                self.timers[action.name] = self.now + action.seconds
            elif isinstance(action, Play):
                self.waiting.append(action.mark)

    def wait(self, seconds: float) -> None:
        """Time goes by; what falls due happens. Marks come back late and all at once."""
        end = self.now + seconds
        while self.timers and min(self.timers.values()) <= end:
            name = min(self.timers, key=lambda timer: self.timers[timer])
            self.now = max(self.now, self.timers.pop(name))
            self.happen(TimerFired(name))
        self.now = end
        if self.marks:
            marks, self.waiting = self.waiting, []
            for mark in marks:
                self.happen(PlaybackMark(mark))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(course=steps, local=st.booleans(), marks=st.booleans())
def test_nothing_upsets_the_core(
    course: list[tuple[float, Event]], local: bool, marks: bool
) -> None:
    talk = TalkSettings(turn_taking="local" if local else "model")
    held = Course(talk, marks)
    held.happen(ConversationBegan())
    for seconds, event in course:
        held.wait(seconds)
        held.happen(event)
    held.wait(1.0)
    held.happen(LineClosed("the end"))
    held.happen(ConversationOver())

    done = held.done
    assert sum(isinstance(action, HangUp) for action in done) == 1
    asked = {e.call.id for _, e, _ in held.log if isinstance(e, ToolCallRequested)}
    answered = Counter(a.call_id for a in done if isinstance(a, AnswerTool))
    assert answered == dict.fromkeys(asked, 1)
    assert {a.call.id for a in done if isinstance(a, RunTool)} <= asked
    hung_up = next(i for i, action in enumerate(done) if isinstance(action, HangUp))
    assert not [a for a in done[hung_up:] if isinstance(a, Play | SendAudio | StartTimer)]
    activity = [a for a in done if isinstance(a, BeginActivity | EndActivity)]
    assert all(isinstance(a, BeginActivity) == (i % 2 == 0) for i, a in enumerate(activity))
    assert local or not activity

    again = Core(Setting(INFO, talk, frozenset({"write"}), PROMPTS))
    assert [again.decide(event, now) for now, event, _ in held.log] == [a for _, _, a in held.log]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(course=steps)
def test_no_sound_of_a_dead_reply_is_ever_played(course: list[tuple[float, Event]]) -> None:
    held = Course(TalkSettings(), marks=True)
    held.happen(ConversationBegan())
    dead = 0
    for seconds, event in course:
        held.wait(seconds)
        if isinstance(event, ModelInterrupted):
            dead = max(dead, event.response)
        before = len(held.done)
        held.happen(event)
        for action in held.done[before:]:
            if isinstance(action, Play) and action.mark.startswith("r"):
                assert int(action.mark[1:].split("t")[0]) > dead


def test_left_alone_with_a_silent_model_every_call_ends() -> None:
    held = Course(TalkSettings(), marks=True)
    held.happen(ConversationBegan())
    held.happen(ModelReady(False))
    held.wait(60.0)
    assert [a.ending.reason for a in held.done if isinstance(a, HangUp)] == [
        "the model fell silent"
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"speech_probability": 0.2},
        {"confirm_ms": 10.0},
        {"turn_taking": "both"},
        {"silence_seconds": 0},
        {"unknown": 1},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TalkSettings.model_validate(wrong)
