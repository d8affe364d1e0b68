"""Nobody speaks: the caller is asked, the model is nudged, nobody is left on a dead line."""

from __future__ import annotations

import itertools

import pytest

from conversation.events import (
    CallerWords,
    ModelLost,
    ModelReady,
    ModelWords,
    ToolCallRequested,
    TurnFinished,
)
from conversation.line import After
from conversation.settings import TalkSettings
from tests.simulators.call import Call, call
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tools.contract import ToolCall, When

pytestmark = pytest.mark.pure


def texts(done: Call, part: str) -> list[float]:
    return [at for at, kind, what in done.model.told if kind == "text" and part in what]


def greeting(model: ScriptedModel, ms: int = 1000) -> None:
    model.when("text", "Greet", reply(1, ms, "Hello."))


def longest_silence(done: Call, start: float) -> float:
    heard = [s for s in done.line.heard() if s.end > start]
    ends = [start, *[s.end for s in heard]]
    starts = [s.start for s in heard]
    return max(b - a for a, b in zip(ends, starts, strict=False))


# The caller is silent.


def test_a_silent_caller_is_asked_twice_and_then_let_go() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.when("text", "silent for a while", reply(2, 1000, "Are you there?", first=500))
        model.when("text", "still silent", reply(3, 1000, "Hello?", first=700))
        model.when("text", "goodbye", reply(4, 1000, "Goodbye.", first=900))

    done = call(scene, seconds=60)
    assert texts(done, "silent for a while") == [pytest.approx(1.28 + 8, abs=0.02)]
    assert texts(done, "still silent") == [pytest.approx(9.28 + 1.08 + 8, abs=0.05)]
    assert texts(done, "goodbye") == [pytest.approx(18.36 + 1.08 + 8, abs=0.08)]
    assert done.line.numbers()[-1] == 2999
    assert done.ending.after is After.GOODBYE
    assert done.line.endings == [done.ending]


def test_a_caller_who_speaks_again_starts_the_count_afresh() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.when("text", "silent for a while", reply(2, 1000, "Are you there?", first=500))
        line.speaks(12.0, 1.0)
        model.at(14.5, reply(3, 1000, "Fine.", first=700))

    done = call(scene, seconds=25)
    assert texts(done, "silent for a while") == [
        pytest.approx(9.28, abs=0.02),
        pytest.approx(15.58 + 8, abs=0.05),
    ]


def test_while_a_tool_works_the_caller_is_not_asked() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(2.0, [(0.0, ToolCallRequested(ToolCall("c1", "slow", {})))])

    done = call(scene, seconds=22, desk=lambda: ScriptedDesk(slow=Work(20.0)))
    assert texts(done, "silent") == []


def test_a_caller_who_asked_her_to_hold_is_left_in_peace() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(4.6, [(0.0, CallerWords("One moment,")), (0.3, CallerWords(" let me look."))])
        model.at(6.0, reply(2, 1000, "Take your time.", first=500))

    done = call(scene, seconds=99)
    assert texts(done, "silent for a while") == [pytest.approx(7.08 + 90, abs=0.1)]


def test_also_when_they_paused_within_the_turn_that_asked() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(4.05, [(0.0, CallerWords("Hold on a second."))])
        line.speaks(4.5, 1.5)
        model.at(6.5, [(0.0, CallerWords(" I'm looking for my ticket."))])
        model.at(7.5, reply(2, 1000, "Take your time.", first=500))

    assert texts(call(scene, seconds=40), "silent for a while") == []


def test_the_figures_are_settings() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.when("text", "goodbye", reply(2, 500, "Bye.", first=500))

    settings = TalkSettings(silence_seconds=3.0, silence_prompts=0)
    done = call(scene, seconds=30, settings=settings)
    assert texts(done, "goodbye") == [pytest.approx(1.28 + 3, abs=0.02)]
    assert done.ending.reason == "the caller said nothing"


# The model is silent.


def test_a_silent_model_is_nudged_renewed_and_apologised_for() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(4.8, [(0.0, CallerWords("Where is my suitcase?"))])

    done = call(scene, seconds=60)
    assert texts(done, "Where is my suitcase?") == [pytest.approx(8.02, abs=0.05)]
    assert done.model.times("renew") == [pytest.approx(12.02, abs=0.05)]
    assert "Myra: Hello." in done.model.of("renew")[0]
    assert done.ending.after is After.FAILED
    prompts = [round(s.played_ms) for s in done.line.heard() if s.mark.startswith("p")]
    assert prompts == [800, 1000, 1000, 2000]
    assert longest_silence(done, 4.0) < 4.1


def test_a_caller_who_keeps_asking_does_not_put_off_the_renewal() -> None:
    """ "Hello? Are you there?" every five seconds."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        for at in range(3, 60, 5):
            line.speaks(at, 0.6)

    done = call(scene, seconds=60)
    assert len(done.model.times("renew")) == 1
    assert done.ending.after is After.FAILED


def test_a_nudge_is_enough_for_a_silent_turn() -> None:
    """The model finishes a turn without a sound."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(5.3, [(0.0, TurnFinished(2))])
        model.when("text", "waiting", reply(3, 1000, "Sorry. Yes.", first=500))

    done = call(scene, seconds=15)
    assert done.model.times("renew") == []
    assert done.line.numbers()[-1] == 2599


def test_a_renewed_session_carries_on() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.when("renew", "", [(0.5, ModelReady(resumed=False))])
        model.when("text", "Carry on", reply(2, 1000, "Here I am.", first=500))

    done = call(scene, seconds=18)
    assert 2599 in done.line.numbers()
    assert done.ending.reason == "the caller hung up"


def test_while_a_tool_works_the_model_is_not_nudged() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(5.5, [(0.0, ToolCallRequested(ToolCall("c1", "slow", {})))])

    done = call(scene, seconds=16, desk=lambda: ScriptedDesk(slow=Work(10.0)))
    assert texts(done, "waiting") == []
    assert [s.start for s in done.line.heard() if s.mark.startswith("p")]


def test_silence_counts_from_the_last_thing_heard() -> None:
    """An urgent result is owed words while she is still speaking: not late before she ends."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 8000)
        model.at(1.0, [(0.0, ToolCallRequested(ToolCall("c1", "alarm", {})))])

    done = call(scene, seconds=16, desk=lambda: ScriptedDesk(alarm=Work(0.5, when=When.NOW)))
    assert texts(done, "waiting") == [pytest.approx(8.28 + 4.0, abs=0.02)]


def test_words_without_sound_are_given_a_moment_and_no_more() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(7.5, [(0.5 * index, ModelWords(2, "well ")) for index in range(20)])

    done = call(scene, seconds=14)
    assert texts(done, "waiting") == [pytest.approx(11.02, abs=0.1)]


def test_an_answer_in_time_needs_nothing() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(7.8, reply(2, 1000, "Here.", first=500))

    done = call(scene, seconds=10)
    assert len(done.model.of("text")) == 1


def test_a_quick_answer_ends_the_wait_for_good() -> None:
    """It comes before this side took the turn for over."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(4.6, reply(2, 1000, "Here.", first=500))

    done = call(scene, seconds=12)
    assert len(done.model.of("text")) == 1
    assert len(done.facts.turns("caller")) == 1


def test_a_cough_needs_no_answer() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 0.1)

    done = call(scene, seconds=9)
    assert len(done.model.of("text")) == 1


def test_after_talking_over_her_unheard_by_the_model_the_caller_is_answered() -> None:
    """Only this side heard the caller: the model is told what became of its reply."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 8000, "One two three four five six seven eight"))
        line.speaks(3.0, 1.0)

    done = call(scene, seconds=9)
    assert texts(done, "They talked over you after") == [pytest.approx(8.02, abs=0.05)]


# No session.


def test_no_session_at_the_start_is_not_dead_air() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)

    done = call(scene, seconds=60, ready=None)
    assert done.ending.after is After.FAILED
    assert done.model.of("text") == []
    heard = [s.start for s in done.line.heard()]
    assert heard[0] == pytest.approx(4.04, abs=0.05)
    gaps = [b.start - a.end for a, b in itertools.pairwise(done.line.heard())]
    assert max(gaps) < 4.1


def test_a_lost_session_is_opened_again_with_growing_pauses() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, ModelLost(1011, "internal", retry=True))])
        model.when("renew", "", [(0.1, ModelLost(1011, "internal", retry=True))])
        model.when("renew", "", [(0.1, ModelReady(resumed=True))])

    done = call(scene, seconds=8)
    assert done.model.times("renew") == [
        pytest.approx(3.25, abs=0.01),
        pytest.approx(3.85, abs=0.01),
    ]
    assert len(done.model.of("text")) == 1


def test_a_reply_that_broke_off_is_carried_on() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 4000, "One two three four")[:20])
        model.at(0.9, [(0.0, ModelLost(1011, "internal", retry=True))])
        model.when("renew", "", [(0.1, ModelReady(resumed=True))])
        model.when("text", "Carry on", reply(2, 1000, "Five.", first=500))

    done = call(scene, seconds=8)
    told = [text for text in done.model.of("text") if "broke off" in text]
    assert len(told) == 1
    assert done.line.numbers()[-1] == 2599


def test_a_hopeless_model_is_apologised_for_at_once() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, ModelLost(1008, "not found", retry=False))])

    done = call(scene, seconds=20)
    assert done.ending.after is After.FAILED
    assert [s.start for s in done.line.heard() if s.mark.startswith("p")] == [
        pytest.approx(3.04, abs=0.01)
    ]
    assert done.line.heard()[-1].end == pytest.approx(5.04, abs=0.01)


def test_sessions_that_fail_again_and_again_are_given_up() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        model.at(3.0, [(0.0, ModelLost(1011, "x", retry=True))])
        model.when("renew", "", [(0.1, ModelLost(1011, "x", retry=True))], once=False)

    done = call(scene, seconds=60)
    assert len(done.model.of("renew")) == 5
    assert done.ending.after is After.FAILED
