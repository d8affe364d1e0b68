"""One dialogue over many sessions of the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversation.events import ModelLeaving, ModelReady, ToolCallRequested
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
