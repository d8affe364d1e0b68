"""QA see what really happened: whole conversations on virtual time, told as messages."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.core import Core, Setting
from conversation.events import (
    CallerWords,
    ModelAudio,
    ModelInterrupted,
    ModelLost,
    ModelReady,
    ModelWords,
    ToolCallRequested,
)
from conversation.journal import JournalFolder
from conversation.records import ReplyMeasured
from conversation.replay import read_journal
from conversation.settings import TalkSettings
from tests.simulators.call import Call, Scene, call
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import INFO, SimulatedLine
from tests.simulators.model import ScriptedModel, numbered, reply
from tools.contract import ToolCall
from web_demo.server.insight import Insight, InsightObserver
from web_demo.server.insight_replies import _joined, _Reply, bar

pytestmark = pytest.mark.pure

Told = list[tuple[float, dict[str, Any]]]


def tell(done: Call) -> Told:
    insight = Insight()
    assert done.decisions.setting is not None
    insight.began(done.decisions.setting)
    return [
        (now, message)
        for now, event, actions in done.decisions.all
        for message in insight.decided(now, event, actions)
    ]


def held(scene: Scene, **options: Any) -> tuple[Call, Told]:
    done = call(scene, **options)
    return done, tell(done)


def of(told: Told, kind: str, **fields: Any) -> list[dict[str, Any]]:
    return [m for _, m in told if m["type"] == kind and fields.items() <= m.items()]


def states(told: Told) -> list[str]:
    return [m["state"] for m in of(told, "state")]


def greeting(model: ScriptedModel, ms: int = 1000) -> None:
    model.when("text", "Greet", reply(1, ms, "Hello, this is Myra."))


def question(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
    """A greeting, a question, an answer after a tool."""
    greeting(model)
    line.speaks(3.0, 1.5)
    model.at(4.9, [(0.0, CallerWords("where is ")), (0.1, CallerWords("my flight?"))])
    look_up = ToolCall("t1", "look_up", {"booking_reference": "CYM427", "surname": "Okafor"})
    model.at(6.0, [(0.0, ToolCallRequested(look_up))])
    model.when("answer", "look_up", [(0.2, e) for _, e in reply(2, 2000, "It leaves at ten.")])


WORK = {"say": "Mr Okafor, CYM427 leaves at ten.", "passengers": ["Ada Okafor"]}


def test_a_question_with_a_tool_is_told_from_end_to_end() -> None:
    _, told = held(question, seconds=12, desk=lambda: ScriptedDesk(look_up=Work(0.5, dict(WORK))))
    assert states(told) == [
        "connecting", "thinking", "speaking", "listening", "hearing", "thinking", "working",
        "thinking", "speaking", "listening", "ended",
    ]  # fmt: skip
    caller = of(told, "transcript", who="caller")
    assert [(m["text"], m["final"], m["id"]) for m in caller] == [
        ("where is", False, "c1"),
        ("where is my flight?", False, "c1"),
        ("where is my flight?", True, "c1"),
    ]
    myra = of(told, "transcript", who="myra", id="r2")
    assert [m["final"] for m in myra][-2:] == [False, True]
    assert myra[-1]["text"] == "It leaves at ten."
    assert all(myra[-1]["text"].startswith(m["text"]) for m in myra)
    phases = [(m["phase"], m["at"]) for m in of(told, "tool", id="t1")]
    assert [phase for phase, _ in phases] == ["started", "finished", "spoken"]
    assert [at for _, at in phases] == [6.0, 6.5, 6.7]


def test_the_bar_adds_up_to_what_the_caller_waited() -> None:
    done, told = held(
        question, seconds=12, desk=lambda: ScriptedDesk(look_up=Work(0.5, dict(WORK)))
    )
    (turn,) = of(told, "turn", response=2)
    (fact,) = (one for one in done.facts.turns("myra") if one.response == 2)
    parts = turn["bar"]
    assert sum(parts.values()) == pytest.approx(sum(fact.latency.values()), abs=1.0)
    assert parts["tools"] == pytest.approx(500, abs=5)
    assert parts["heard"] == fact.latency["heard"]
    assert list(parts) == [name for name in parts if parts[name] >= 0]
    # The words were known at 5.0, the turn's end at about 4.5 in a call without local turns.
    assert parts["recognised"] == pytest.approx(500, abs=60)
    assert parts["first_token"] == pytest.approx(1200, abs=60)  # 5.0 to 6.0, and 6.5 to 6.7
    assert turn["chunks"] == len([m for _, m in done.line.orders if m.startswith("r2t")]) - 1
    assert turn["samples"] == 2 * 8000
    assert not turn["interrupted"]


def test_what_tools_are_given_and_answer_is_masked() -> None:
    _, told = held(question, seconds=12, desk=lambda: ScriptedDesk(look_up=Work(0.5, dict(WORK))))
    text = str(of(told, "tool"))
    assert "***427" in text
    assert "CYM427" not in text
    assert "Okafor" not in text
    assert of(told, "tool", phase="finished")[0]["result"]["say"].endswith("leaves at ten.")


def interrupted(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
    model.when("text", "Greet", reply(1, 6000, " ".join(f"word{i:02d}" for i in range(30))))
    line.speaks(3.0, 1.0)
    model.at(3.5, [(0.0, ModelInterrupted(1)), (0.1, ModelAudio(1, numbered(100)))])
    model.at(6.0, reply(2, 500, "Yes?"))


def test_an_interrupted_reply_ends_where_it_was_heard() -> None:
    done, told = held(interrupted, seconds=9)
    final = of(told, "transcript", who="myra", id="r1", final=True)
    assert len(final) == 1
    assert final[0]["interrupted"]
    assert final[0]["text"] == done.facts.turns("myra")[0].heard
    assert 0 < len(final[0]["text"].split()) < 30
    (turn,) = of(told, "turn", response=1)
    assert turn["heard_text"] == final[0]["text"]
    assert states(told)[2:6] == ["speaking", "held", "hearing", "thinking"]
    (figure,) = of(told, "metrics", name="barge_in_ms")
    assert 0 < figure["value"] < 300
    assert of(told, "metrics", name="late_frames")[-1]["value"] == 1
    assert of(told, "metrics", name="round_trip_ms")[0]["value"] == pytest.approx(80, abs=2)


def test_a_noise_over_myra_holds_her_and_she_goes_on() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 5000)
        line.speaks(3.0, 0.2)

    _, told = held(scene, seconds=12)
    assert states(told)[2:6] == ["speaking", "held", "speaking", "listening"]
    assert not of(told, "turn")[0]["interrupted"]
    assert of(told, "turn")[0]["chunks"] > 0


def test_a_reply_without_sound_is_closed_and_reconnects_are_counted() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, ModelWords(2, "Never said.")), (0.2, ModelLost(1011, "gone", True))])
        model.when("renew", "", [(0.3, ModelReady(resumed=True))])
        model.at(6.0, reply(3, 500, "Back again."))

    _, told = held(scene, seconds=9)
    never = of(told, "transcript", id="r2")
    assert [(m["text"], m["final"], m["interrupted"]) for m in never] == [
        ("Never said.", False, False),
        ("", True, True),
    ]
    assert of(told, "metrics", name="model_reconnects") == [
        {"type": "metrics", "name": "model_reconnects", "value": 1}
    ]
    assert "connecting" in states(told)[3:]


def test_lost_marks_do_not_keep_her_speaking_for_ever() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)

    _, told = held(scene, seconds=12, loses_marks=True)
    assert states(told)[:4] == ["connecting", "thinking", "speaking", "listening"]


def test_typed_words_are_the_callers_and_close_what_was_open() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.types(3.0, "Where is my flight?")
        model.at(3.5, reply(2, 500, "On time."))

    _, told = held(scene, seconds=6)
    assert [(m["text"], m["final"]) for m in of(told, "transcript", who="caller")] == [
        ("Where is my flight?", True)
    ]
    ids = [m["id"] for m in of(told, "transcript", final=True)]
    assert ids == ["r1", "c1", "r2"]


def test_every_final_transcript_is_the_record_and_final_once() -> None:
    for scene in (question, interrupted):
        done, told = held(scene, seconds=12, desk=lambda: ScriptedDesk(look_up=Work(0.5)))
        finals = of(told, "transcript", final=True)
        said = [turn.heard for turn in done.facts.turns() if turn.text]
        assert [m["text"] for m in finals] == said
        assert len({m["id"] for m in finals}) == len(finals)


def test_a_journal_tells_the_same_as_the_call(tmp_path: Path) -> None:
    """What was written while the call ran gives the same messages afterwards."""
    done, told = held(interrupted, seconds=9)
    setting = done.decisions.setting
    assert isinstance(setting, Setting)
    with JournalFolder(tmp_path) as journals:
        journal = journals.open(INFO.id)
        journal.began(setting)
        for now, event, actions in done.decisions.all:
            journal.decided(now, event, actions)
        journal.ended()
    recorded = read_journal(journal.path)
    core, insight = Core(recorded.setting), Insight()
    insight.began(recorded.setting)
    again = [
        (one.now, message)
        for one in recorded.decisions
        for message in insight.decided(one.now, one.event, core.decide(one.event, one.now))
    ]
    assert again == told


def test_the_observer_keeps_the_bars_with_the_call() -> None:
    done = call(interrupted, seconds=9)
    sent: list[dict[str, Any]] = []
    kept: list[Any] = []
    observer = InsightObserver(sent.append, kept.append)
    assert done.decisions.setting is not None
    observer.began(done.decisions.setting)
    for now, event, actions in done.decisions.all:
        observer.decided(now, event, actions)
    observer.ended()
    assert [one.response for one in kept if isinstance(one, ReplyMeasured)] == [1, 2]
    assert sent == [message for _, message in tell(done)]


def test_local_turns_tell_the_same_states() -> None:
    local = TalkSettings(turn_taking="local")
    _, told = held(question, seconds=12, desk=lambda: ScriptedDesk(look_up=Work()), settings=local)
    assert states(told)[:6] == [
        "connecting", "thinking", "speaking", "listening", "hearing", "thinking",
    ]  # fmt: skip


times = st.floats(0, 20, allow_nan=False)


@given(
    waited=st.floats(0, 8000),
    sound=st.floats(8, 20),
    first=times,
    known=st.none() | times,
    runs=st.lists(st.tuples(times, st.none() | times), max_size=5),
)
def test_stretches_never_overlap_nor_lack_anything(
    waited: float,
    sound: float,
    first: float,
    known: float | None,
    runs: list[tuple[float, float | None]],
) -> None:
    latency = {"end_of_speech": 300.0, "first_audio": waited, "line": 2.0, "heard": 90.0}
    parts = bar(latency, _Reply(first, sound, known), runs)
    assert all(ms >= -0.05 for ms in parts.values())
    assert sum(parts.values()) == pytest.approx(sum(latency.values()), abs=1.0)
    spans = _joined(runs, 0, 20)
    assert all(a[1] < b[0] for a, b in pairwise(spans))
