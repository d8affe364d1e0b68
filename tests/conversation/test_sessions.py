"""One dialogue over many sessions of the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversation.events import ModelLeaving, ModelLost, ModelReady, ToolCallRequested
from tests.simulators.call import call
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import INFO, SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tools.contract import ToolCall

pytestmark = pytest.mark.pure


def greeting(model: ScriptedModel, ms: int = 1000) -> None:
    model.when("text", "Greet", reply(1, ms, "Hello."))


def test_myra_greets_first() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)

    done = call(scene, seconds=3)
    assert done.model.of("text") == ["[The call is connected. Greet the caller.]"]
    assert done.line.heard()[0].start == pytest.approx(0.24, abs=0.01)


@pytest.mark.parametrize("why", ["failed", "transfer_failed", "something new"])
def test_a_caller_who_is_back_is_not_greeted_again(why: str) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None: ...

    done = call(scene, seconds=2, info=replace(INFO, returning=why))
    assert "Greet" not in done.model.of("text")[0]
    assert "back" in done.model.of("text")[0]


def test_a_leaving_session_is_changed_on_a_quiet_line() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 5000)
        model.at(2.0, [(0.0, ModelLeaving(50.0))])
        model.when("renew", "", [(0.3, ModelReady(resumed=True))])

    done = call(scene, seconds=9)
    assert done.model.times("renew") == [pytest.approx(5.28, abs=0.02)]
    assert len(done.model.of("text")) == 1


def test_not_while_a_tool_works_or_an_answer_is_due() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, [(0.0, ToolCallRequested(ToolCall("c1", "slow", {})))])
        model.at(2.5, [(0.0, ModelLeaving(50.0))])
        model.when("answer", "slow", [(1.0 + at, e) for at, e in reply(2, 1000, "So.", first=500)])

    done = call(scene, seconds=9, desk=lambda: ScriptedDesk(slow=Work(2.0)))
    assert done.model.times("renew") == [pytest.approx(6.08, abs=0.05)]


def test_but_in_time() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 30_000)
        model.at(2.0, [(0.0, ModelLeaving(10.0))])

    done = call(scene, seconds=9)
    assert done.model.times("renew") == [pytest.approx(7.0, abs=0.02)]


def test_a_reply_cut_in_two_by_the_change_is_carried_on() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        story = " ".join(f"word{i}" for i in range(40))
        script = reply(1, 30_000, story, pace=1.2)
        model.when("text", "Greet", [entry for entry in script if entry[0] < 2.0])
        model.at(1.0, [(0.0, ModelLeaving(6.0))])
        model.when("renew", "", [(0.3, ModelReady(resumed=True))])
        model.when("text", "Carry on", reply(2, 1000, "and so on.", first=1000))

    done = call(scene, seconds=9)
    told = [text for text in done.model.of("text") if "broke off" in text]
    assert len(told) == 1
    assert 'after "word0 word1' in told[0]
    assert done.line.numbers()[-1] == 3099


def test_what_broke_off_is_named_also_while_it_still_plays() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, reply(2, 4000, "One two three four", first=500)[:30])
        model.at(4.0, [(0.0, ModelLost(1011, "internal", retry=True))])
        model.when("renew", "", [(0.1, ModelReady(resumed=True))])

    told = [text for text in call(scene, seconds=5).model.of("text") if "broke off" in text]
    assert len(told) == 1
    assert '"One' in told[0]


def test_a_session_lost_before_she_greeted_is_told_to_greet_again() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.at(0.5, [(0.0, ModelLost(1011, "internal", retry=True))])
        model.when("renew", "", [(0.1, ModelReady(resumed=False))])

    done = call(scene, seconds=3)
    assert done.model.of("text") == ["[The call is connected. Greet the caller.]"] * 2
