"""Tool calls in whole conversations: answered once, at the right moment, spoken of in turn."""

from __future__ import annotations

from typing import Any

import pytest

from conversation.events import (
    ModelAudio,
    ModelEvent,
    ModelInterrupted,
    ModelLost,
    ModelReady,
    ToolCallRequested,
    ToolCallsCancelled,
)
from tests.simulators.call import Call, call
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, Timed, numbered, reply
from tools.contract import ToolCall, When

pytestmark = pytest.mark.pure


def asks(name: str, call_id: str = "c1", **args: Any) -> ModelEvent:
    return ToolCallRequested(ToolCall(call_id, name, args))


def answers(done: Call) -> list[str]:
    return [answer[0] for answer in done.model.of("answer")]


def greeting(model: ScriptedModel, ms: int = 1000) -> None:
    model.when("text", "Greet", reply(1, ms, "Hello."))


def then(*script: tuple[float, ModelEvent]) -> list[Timed]:
    return list(script)


def test_a_result_waits_until_what_she_is_saying_has_been_heard() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, reply(2, 3000, "Let me look.", first=500))
        model.at(2.2, then((0.0, asks("look_up"))))
        model.when("answer", "look_up", reply(3, 1000, "Found it.", first=1000))

    done = call(scene, seconds=9, desk=lambda: ScriptedDesk(look_up=Work(0.3)))
    answered = done.model.times("answer")
    assert answered == [pytest.approx(2.0 + 3.08, abs=0.02)]
    assert done.line.numbers() == [*range(2000, 2100), *range(2500, 2800), *range(3000, 3100)]
    assert done.model.of("answer")[0][3] is When.IDLE


def test_on_an_idle_line_the_result_goes_at_once() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, then((0.0, asks("look_up"))))

    done = call(scene, seconds=6, desk=lambda: ScriptedDesk(look_up=Work(0.3)))
    assert done.model.times("answer") == [pytest.approx(3.3, abs=0.01)]


def test_an_urgent_result_does_not_wait() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 6000)
        model.at(2.0, then((0.0, asks("alarm"))))

    done = call(scene, seconds=8, desk=lambda: ScriptedDesk(alarm=Work(0.3, when=When.NOW)))
    assert done.model.times("answer") == [pytest.approx(2.3, abs=0.01)]


def test_a_model_that_waits_for_its_answer_in_mid_reply_gets_it() -> None:
    """No GenerationFinished comes while a blocking call is open: no deadlock."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, ModelAudio(2, numbered(1000, 500))), (0.1, asks("look_up"))))
        model.when("answer", "look_up", reply(2, 1000, "Found it.", first=600))

    done = call(scene, seconds=7, desk=lambda: ScriptedDesk(look_up=Work(0.2)))
    assert done.model.times("answer") == [pytest.approx(3.08, abs=0.02)]
    assert done.line.numbers()[100:] == [*range(2500, 2700)]


def test_while_the_caller_speaks_results_wait_and_then_all_go_in_order() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 3.0)
        model.at(3.5, then((0.0, asks("a")), (0.1, asks("b", "c2"))))

    desk = lambda: ScriptedDesk(a=Work(1.0), b=Work(0.5))  # noqa: E731
    done = call(scene, seconds=9, desk=desk)
    assert answers(done) == ["c2", "c1"]
    assert done.model.times("answer")[0] == pytest.approx(7.24, abs=0.05)


def test_a_model_is_not_left_waiting_by_a_line_that_never_falls_idle() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 40.0)
        model.at(3.5, then((0.0, asks("a"))))

    done = call(scene, seconds=30, desk=lambda: ScriptedDesk(a=Work(0.5)))
    assert done.model.times("answer") == [pytest.approx(4.0 + 15.0, abs=0.1)]


@pytest.mark.parametrize("keep", [True, False])
def test_a_kept_result_is_offered_again_after_a_barge_in(keep: bool) -> None:
    """What Myra says of it is cut off; the caller's question is answered; then, if kept, the
    result is offered once more."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("look_up"))))
        model.when("answer", "look_up", reply(2, 3000, "Your refund is on its way.", first=500))
        line.speaks(3.0, 1.0)
        model.at(5.5, reply(3, 1000, "Of course.", first=1000))
        model.when("text", "look_up", reply(4, 1000, "And your refund is on its way.", first=1500))

    work = Work(0.3, {"refund": "on its way"}, keep=keep)
    done = call(scene, seconds=12, desk=lambda: ScriptedDesk(look_up=work))
    again = [text for text in done.model.of("text") if "look_up" in text]
    assert bool(again) is keep
    assert answers(done) == ["c1"]
    if keep:
        assert '"refund":"on its way"' in again[0]
        assert done.line.numbers()[-100:] == list(range(3500, 3600))


def test_a_kept_result_that_was_heard_is_not_offered_again() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("look_up"))))
        model.when("answer", "look_up", reply(2, 1000, "Refunded.", first=500))
        model.at(5.0, reply(3, 3000, "Anything else?", first=1000))
        line.speaks(6.0, 1.0)

    done = call(scene, seconds=12, desk=lambda: ScriptedDesk(look_up=Work(0.3, keep=True)))
    assert not [text for text in done.model.of("text") if "look_up" in text]


def test_a_kept_result_the_model_never_came_to_speak_of_is_offered_again() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("look_up"))))
        model.when("answer", "look_up", then((0.2, ModelInterrupted(2))))
        line.speaks(2.4, 1.0)
        model.at(5.0, reply(3, 1000, "Of course.", first=1000))

    done = call(scene, seconds=9, desk=lambda: ScriptedDesk(look_up=Work(0.3, keep=True)))
    assert len([text for text in done.model.of("text") if "look_up" in text]) == 1


def test_held_results_of_an_interrupted_turn_become_silent_knowledge() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 6000)
        model.at(1.5, then((0.0, asks("look_up"))))
        line.speaks(3.0, 1.0)

    done = call(scene, seconds=6, desk=lambda: ScriptedDesk(look_up=Work(0.3)))
    assert [(a[0], a[3]) for a in done.model.of("answer")] == [("c1", When.SILENT)]
    assert done.model.times("answer")[0] < 3.6


def test_the_same_call_twice_is_one_effect_and_two_answers() -> None:
    """While it runs, and just after; not for other arguments."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then(
            (0.0, asks("cancel", "c1", ref="K7", sure=True)),
            (0.1, asks("cancel", "c2", sure=True, ref="K7")),
            (2.0, asks("cancel", "c3", ref="K7", sure=True)),
            (2.1, asks("cancel", "c4", ref="X9", sure=True)),
            (2.2, asks("cancel", "c4", ref="X9", sure=True)),
        ))  # fmt: skip

    done = call(scene, seconds=8, desk=lambda: ScriptedDesk(cancel=Work(0.5, writes=True)))
    assert [c.id for c in done.desk.started] == ["c1", "c4"]
    assert sorted(answers(done)) == ["c1", "c2", "c3", "c4"]
    assert len(done.facts.tools()) == 4


def test_a_call_that_failed_may_be_tried_again() -> None:
    from tools.contract import Status

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("a", "c1")), (1.0, asks("a", "c2"))))

    done = call(scene, seconds=5, desk=lambda: ScriptedDesk(a=Work(0.2, status=Status.ERROR)))
    assert [c.id for c in done.desk.started] == ["c1", "c2"]


def test_cancelled_calls_are_cancelled_and_still_answered_silently() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("read", "c1")), (0.0, asks("write", "c2"))))
        model.at(2.3, then((0.0, ToolCallsCancelled(("c1", "c2", "unheard-of")))))
        model.at(2.4, then((0.0, asks("read", "c3"))))

    desk = lambda: ScriptedDesk(read=Work(1.0), write=Work(1.0, writes=True))  # noqa: E731
    done = call(scene, seconds=6, desk=desk)
    assert done.desk.cancelled == ["c1", "c2"]
    assert {a[0]: a[3] for a in done.model.of("answer")} == {
        "c1": When.SILENT,
        "c2": When.SILENT,
        "c3": When.IDLE,
    }
    assert {f.call_id: f.status for f in done.facts.tools()}["c2"] == "ok"


def test_hanging_up_answers_everything_and_finishes_what_writes() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("read", "c1")), (0.0, asks("write", "c2"))))

    desk = lambda: ScriptedDesk(read=Work(60.0), write=Work(60.0, writes=True))  # noqa: E731
    done = call(scene, seconds=3, desk=desk)
    assert sorted(answers(done)) == ["c1", "c2"]
    assert {f.call_id: f.status for f in done.facts.tools()} == {"c1": "cancelled", "c2": "ok"}


def test_a_long_tool_gets_signs_of_life() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("slow"))))

    done = call(scene, seconds=20, desk=lambda: ScriptedDesk(slow=Work(16.0)))
    prompts = [s.start for s in done.line.heard() if s.mark.startswith("p")]
    assert prompts[0] == pytest.approx(5.04, abs=0.05)
    assert prompts[1] == pytest.approx(5.04 + 0.8 + 9.0, abs=0.2)
    assert done.model.times("answer") == [pytest.approx(18.0, abs=0.05)]
    assert not [text for text in done.model.of("text") if "silent" in text or "waiting" in text]


def test_while_she_speaks_herself_no_sign_of_life_is_needed() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("slow"))))
        model.at(4.0, reply(2, 3000, "Let me tell you something meanwhile.", first=500))

    done = call(scene, seconds=9.5, desk=lambda: ScriptedDesk(slow=Work(16.0)))
    assert not [s for s in done.line.heard() if s.mark.startswith("p")]


def test_a_barge_in_works_on_a_sign_of_life() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then((0.0, asks("slow"))))
        line.speaks(5.3, 1.0)

    done = call(scene, seconds=8, desk=lambda: ScriptedDesk(slow=Work(16.0)))
    assert len(done.line.clears) == 1


def test_a_call_of_a_lost_session_is_answered_like_any_other() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, then(
            (0.0, asks("look_up")),
            (0.5, ModelLost(1011, "gone", retry=True)),
            (1.5, ModelReady(resumed=False)),
        ))  # fmt: skip

    done = call(scene, seconds=9, desk=lambda: ScriptedDesk(look_up=Work(2.5)))
    assert answers(done) == ["c1"]
