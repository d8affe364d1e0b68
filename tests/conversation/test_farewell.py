"""The call ends once the goodbye was heard: always, and never in mid-word."""

from __future__ import annotations

import asyncio

import pytest

from conversation.events import (
    EndRequested,
    ModelEvent,
    ModelInterrupted,
    ModelLost,
    ModelReady,
    ToolCallRequested,
)
from conversation.line import After
from conversation.runtime import Conversation
from conversation.settings import TalkSettings
from tests.simulators.call import Call, call
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tools.contract import Order, ToolCall

pytestmark = pytest.mark.pure


def end_call(call_id: str = "c1") -> ModelEvent:
    return ToolCallRequested(ToolCall(call_id, "end_call", {}))


def desk() -> ScriptedDesk:
    return ScriptedDesk(
        end_call=Work(0.1, order=Order.HANG_UP), transfer=Work(0.1, order=Order.TRANSFER)
    )


def greeting(model: ScriptedModel) -> None:
    model.when("text", "Greet", reply(1, 1000, "Hello."))


def hung_up_at(done: Call) -> float:
    assert len(done.line.endings) == 1
    from conversation.actions import HangUp

    return done.actions(HangUp)[0][0]


def test_the_goodbye_is_heard_in_full_before_the_line_is_let_go() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 2500, "Goodbye.", first=500))

    done = call(scene, seconds=30, desk=desk)
    assert done.line.numbers()[100:] == list(range(2500, 2750))
    assert done.ending.after is After.GOODBYE
    assert done.ending.reason == "end_call"
    # 3.1 answered, 2.5 s of goodbye, 80 ms for the last mark, 400 ms of tail.
    assert hung_up_at(done) == pytest.approx(3.1 + 2.5 + 0.08 + 0.4, abs=0.05)


def test_a_goodbye_said_before_the_order_is_heard_too() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, reply(2, 4000, "Thank you. Goodbye.", first=500, pace=20))
        model.at(3.1, [(0.0, end_call())])

    done = call(scene, seconds=30, desk=desk)
    assert done.line.numbers()[-1] == 2899
    assert hung_up_at(done) == pytest.approx(7.08 + 1.5, abs=0.05)


def test_a_goodbye_that_never_starts_ends_the_call_all_the_same() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])

    done = call(scene, seconds=60, desk=desk)
    assert hung_up_at(done) == pytest.approx(3.1 + 3.0, abs=0.05)


def test_a_goodbye_whose_marks_never_come_back_ends_by_the_deadline() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(6.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 2000, "Goodbye.", first=500))

    done = call(scene, seconds=60, desk=desk, loses_marks=True)
    assert done.line.numbers()[-1] == 2699
    assert 8.1 < hung_up_at(done) < 15


def test_an_interrupted_goodbye_followed_by_quiet_ends_the_call() -> None:
    """ "Thanks, bye!" over Myra's goodbye."""

    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 4000, "Goodbye and so on.", first=500))
        line.speaks(4.5, 0.8)
        model.at(4.75, [(0.0, ModelInterrupted(2))])
        model.at(6.8, reply(3, 800, "Bye.", first=1000))

    done = call(scene, seconds=60, desk=desk)
    assert done.line.numbers()[-1] == 3079
    assert hung_up_at(done) == pytest.approx(7.68 + 2.5, abs=0.1)


def test_an_interrupted_goodbye_that_is_not_answered_ends_the_call() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 4000, "Goodbye and so on.", first=500))
        line.speaks(4.5, 0.8)

    done = call(scene, seconds=60, desk=desk)
    assert hung_up_at(done) < 5.3 + 1.3 + 12.1
    assert [at for at, kind, what in done.model.told if kind == "text" and "waiting" in what] == [
        pytest.approx(5.32 + 4.0, abs=0.1)
    ]


def test_a_caller_who_has_more_to_say_after_all_is_not_hung_up_on() -> None:
    """The goodbye is interrupted, answered, and the caller speaks on: the call goes on, and a
    later order to end it counts although it is the same call again."""

    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 4000, "Goodbye and so on.", first=500))
        line.speaks(4.5, 0.8)
        model.at(6.8, reply(3, 800, "Yes, what else?", first=1000))
        line.speaks(8.5, 2.0)
        model.at(12.0, reply(4, 800, "Done. Goodbye.", first=1200))
        model.at(13.5, [(0.0, end_call("c2"))])

    done = call(scene, seconds=60, desk=desk)
    assert done.line.numbers()[-1] == 3279
    assert hung_up_at(done) == pytest.approx(13.6 + 3.0, abs=0.2)
    assert [c.id for c in done.desk.started] == ["c1", "c2"]


def test_an_order_that_waits_for_the_goodbye_is_talked_away_too() -> None:
    """She says goodbye and orders the end in one turn, so that the order still waits when the
    caller interrupts."""

    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, reply(2, 4000, "Goodbye and thank you for calling.", first=500))
        model.at(3.2, [(0.0, end_call())])
        line.speaks(4.5, 1.0)
        model.at(4.8, [(0.0, ModelInterrupted(2))])
        model.at(7.0, reply(3, 1000, "Sure, what else?", first=1000))
        line.speaks(9.0, 1.5)
        model.at(12.5, reply(4, 1000, "There it is.", first=1500))

    done = call(scene, seconds=18, desk=desk)
    assert done.line.numbers()[-1] == 3599
    assert done.ending.reason == "the caller hung up"
    assert len(done.model.of("answer")) == 1


def test_and_ends_the_call_when_the_caller_keeps_quiet_after_all() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, reply(2, 4000, "Goodbye and thank you for calling.", first=500))
        model.at(3.2, [(0.0, end_call())])
        line.speaks(4.5, 1.0)
        model.at(4.8, [(0.0, ModelInterrupted(2))])
        model.at(7.0, reply(3, 1000, "You too, bye.", first=1000))

    assert hung_up_at(call(scene, seconds=30, desk=desk)) == pytest.approx(8.08 + 2.5, abs=0.1)


def test_keys_pressed_after_an_interrupted_goodbye_are_more_to_say() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 4000, "Goodbye and so on.", first=500))
        line.speaks(4.5, 0.8)
        model.at(6.8, reply(3, 800, "Your number, please?", first=1000))
        line.presses(8.5, "427")
        model.when("text", "keyed", reply(4, 1000, "Thank you.", first=1500))

    done = call(scene, seconds=18, desk=desk)
    assert done.line.numbers()[-1] == 3599
    assert done.ending.reason == "the caller hung up"


def test_a_key_in_the_last_moment_of_a_goodbye_is_answered() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 1000, "Goodbye.", first=500))
        line.presses(4.25, "1")
        model.when("text", "keyed", reply(3, 1000, "Thank you, bye.", first=1500))

    done = call(scene, seconds=30, desk=desk)
    assert done.line.numbers()[-1] == 3599
    assert hung_up_at(done) == pytest.approx(7.29 + 1.08 + 2.5, abs=0.2)


def test_who_talks_over_a_goodbye_is_answered_also_when_its_session_was_lost() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 4000, "Goodbye and so on.", first=500))
        model.at(4.4, [(0.0, ModelLost(1011, "internal", retry=True))])
        model.when("renew", "", [(0.3, ModelReady(resumed=True))])
        line.speaks(4.9, 1.8)
        model.at(8.5, reply(3, 1000, "Of course.", first=1000))

    done = call(scene, seconds=30, desk=desk)
    assert done.model.times("renew") == [pytest.approx(4.65, abs=0.02)]
    assert done.line.numbers()[-1] == 3099


def test_noise_cannot_keep_an_ending_call_open_for_ever() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        line.speaks(3.5, 500.0)

    done = call(scene, seconds=200, desk=desk)
    assert done.ending.reason == "end_call"
    assert hung_up_at(done) < 70


def test_a_transfer_waits_for_its_announcement() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, ToolCallRequested(ToolCall("c1", "transfer", {})))])
        model.when("answer", "transfer", reply(2, 2000, "I am connecting you.", first=500))

    done = call(scene, seconds=30, desk=desk)
    assert done.line.numbers()[-1] == 2699
    assert done.ending.after is After.TRANSFER


def test_a_request_from_outside_ends_the_call_politely() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.when("text", "has to end", reply(2, 1500, "I have to go. Goodbye.", first=500))
        model.at(3.0, [(0.0, EndRequested("maintenance"))])  # type: ignore[list-item]

    done = call(scene, seconds=30)
    assert done.line.numbers()[-1] == 2649
    assert done.ending.reason == "maintenance"


def test_and_by_a_recorded_goodbye_when_the_model_says_none() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)

    done = call(
        scene, seconds=60, settings=TalkSettings(max_call_seconds=4.0, silence_seconds=60.0)
    )
    assert done.line.heard()[-1].mark.startswith("p")
    assert done.line.heard()[-1].played_ms == 1000
    assert done.ending.after is After.GOODBYE
    assert hung_up_at(done) == pytest.approx(4.0 + 3.0 + 1.08 + 0.4, abs=0.1)


def test_without_recorded_prompts_the_call_still_ends() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)

    done = call(scene, seconds=60, settings=TalkSettings(max_call_seconds=4.0), prompts={})
    assert hung_up_at(done) < 9


def test_a_caller_who_hangs_up_ends_the_conversation_once() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 5000, "One two three four five."))

    done = call(scene, seconds=2.0)
    assert done.ending.after is After.GOODBYE
    assert done.ending.reason == "the caller hung up"
    turn = done.facts.turns("myra")[0]
    assert turn.interrupted
    assert turn.heard in {"One", "One two"}
    assert done.model.of("note") == []


@pytest.mark.parametrize("when", [3.0, 6.0])
def test_a_request_from_outside_is_put_off_and_not_withdrawn(when: float) -> None:
    """Also one that comes while Myra ends the call by herself."""

    def scene(line: SimulatedLine, model: ScriptedModel, tools: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, end_call())])
        model.when("answer", "end_call", reply(2, 4000, "Goodbye and so on.", first=500))
        line.speaks(4.5, 0.8)
        model.at(6.8, reply(3, 800, "Yes, what else?", first=1000))
        line.speaks(8.5, 2.0)
        model.at(12.0, reply(4, 800, "That is settled.", first=1200))

    def close(conversation: Conversation) -> None:
        asyncio.get_running_loop().call_later(when, conversation.end, "closing")

    done = call(scene, seconds=120, desk=desk, meanwhile=close)
    assert done.line.numbers()[-1] == 3279
    assert hung_up_at(done) == pytest.approx(12.88 + 2.5, abs=0.2)
