from __future__ import annotations

import pytest

from conversation.settings import TalkSettings
from tests.simulators.call import Call, call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply

pytestmark = pytest.mark.pure


def keyed(done: Call) -> list[tuple[float, str]]:
    return [(at, what) for at, kind, what in done.model.told if kind == "text" and "keyed" in what]


def test_digits_are_told_as_what_they_are_at_once_after_the_hash() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        line.presses(3.0, "427#")

    done = call(scene, seconds=6)
    assert keyed(done) == [(pytest.approx(3.94, abs=0.01), "[The caller keyed 427#]")]
    assert [t.text for t in done.facts.turns("caller")] == ["[The caller keyed 427#]"]


def test_a_pause_between_keys_ends_the_entry() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        line.presses(3.0, "42", apart=2.5)

    done = call(scene, seconds=12)
    assert keyed(done) == [(pytest.approx(5.54 + 3.0, abs=0.01), "[The caller keyed 42]")]


@pytest.mark.parametrize("interrupts", [True, False])
def test_a_key_stops_myra_where_so_set(interrupts: bool) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 6000, "Press one for this and two for that."))
        line.presses(2.0, "1#")
        model.when("text", "keyed", reply(2, 1000, "This.", first=1000))

    done = call(scene, seconds=10, settings=TalkSettings(keypad_interrupts=interrupts))
    assert len(done.line.clears) == int(interrupts)
    assert done.line.numbers()[-1] == 3099
    assert done.facts.turns("myra")[0].interrupted is interrupts


@pytest.mark.parametrize("turn_taking", ["model", "local"])
def test_keys_are_answered_at_once_in_both_ways_of_taking_turns(turn_taking: str) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 6000, "Press one for this and two for that."))
        line.presses(2.0, "1#")
        model.when("text", "keyed", reply(2, 1000, "This.", first=1000))

    settings = TalkSettings.model_validate({"turn_taking": turn_taking})
    done = call(scene, seconds=6, settings=settings)
    first = next(s.start for s in done.line.heard() if "r2" in s.mark)
    assert first == pytest.approx(2.38, abs=0.05)
    assert done.model.of("begin") == []


def test_unanswered_keys_are_dead_air_too() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        line.presses(3.0, "7#")

    done = call(scene, seconds=9)
    nudges = [at for at, kind, what in done.model.told if kind == "text" and "waiting" in what]
    assert nudges == [pytest.approx(3.34 + 4.0, abs=0.02)]


def test_typed_text_interrupts_and_is_told_as_it_stands() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 6000, "A long greeting."))
        line.types(2.0, " Where is my bag? ")
        line.types(2.5, "   ")

    done = call(scene, seconds=5)
    assert done.model.of("text")[1:] == ["Where is my bag?"]
    assert len(done.line.clears) == 1
    assert done.facts.turns("caller")[0].text == "Where is my bag?"


def test_typed_blanks_are_nothing() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 3000, "A greeting that is heard to its end."))
        line.types(2.0, "  ")

    done = call(scene, seconds=5)
    assert not done.facts.turns("myra")[0].interrupted
    assert done.line.clears == []


def test_what_is_typed_before_the_model_is_there_follows_the_greeting_s_order() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        line.types(0.05, "Where is my bag?")
        line.types(0.1, "It is blue.")

    done = call(scene, seconds=1)
    greeting, *typed = done.model.of("text")
    assert "Greet" in greeting
    assert typed == ["Where is my bag?", "It is blue."]
