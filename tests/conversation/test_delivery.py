"""Myra's sound on its way to the caller."""

from __future__ import annotations

import itertools

import pytest

from conversation.actions import Play
from conversation.events import ModelAudio, ModelInterrupted
from conversation.settings import TalkSettings
from tests.simulators.call import call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, numbered, reply

pytestmark = pytest.mark.pure


def test_a_minute_generated_in_twenty_seconds_plays_without_a_gap() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 60_000, "Very long.", pace=3.0, chunk=240))

    done = call(scene, seconds=62)
    stretches = done.line.heard()
    gaps = [b.start - a.end for a, b in itertools.pairwise(stretches)]
    assert max(gaps) < 1e-6
    assert sum(s.played_ms for s in stretches) == 60_000
    assert done.facts.turns("myra")[0].heard == "Very long."


def test_and_stops_at_once_when_it_must() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 60_000, "Very long.", pace=3.0, chunk=240))
        line.speaks(25.0, 1.0)

    done = call(scene, seconds=40)
    assert done.line.heard_until(28) == pytest.approx(25.14, abs=0.05)


def test_sound_goes_out_as_it_comes() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 3000, "Hello.", pace=2.0, chunk=50))

    done = call(scene, seconds=5)
    for now, event, actions in done.decisions.all:
        if isinstance(event, ModelAudio):
            sent = sum(a.audio.ms for a in actions if isinstance(a, Play))
            assert sent == event.audio.ms, now


def test_the_round_trip_is_measured_and_taken_out() -> None:
    """With 300 ms there and back the heard words still end where the caller's ear did."""
    words = " ".join(f"word{index:02d}" for index in range(40))

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 8000, words))
        line.speaks(4.0, 2.0)

    done = call(scene, seconds=8, forward=0.2, back=0.1)
    heard_ms = sum(s.played_ms for s in done.line.heard())
    count = len(done.facts.turns("myra")[0].heard.split())
    assert count == pytest.approx(heard_ms / 200, abs=1)


def test_replies_queue_in_order_and_nothing_cuts_into_what_is_being_said() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 4000, "First.", pace=20))
        model.at(1.0, reply(2, 2000, "Second.", first=1000, pace=20))
        model.at(1.5, reply(3, 1000, "Third.", first=2000, pace=20))

    done = call(scene, seconds=9)
    assert done.line.numbers() == [
        *range(2000, 2400),
        *range(3000, 3200),
        *range(4000, 4100),
    ]
    assert [t.heard for t in done.facts.turns()] == ["First.", "Second.", "Third."]


def test_a_barge_in_drops_what_is_queued_too() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 4000, "First.", pace=20))
        model.at(1.0, reply(2, 2000, "Second.", first=1000, pace=20))
        line.speaks(2.0, 1.0)

    done = call(scene, seconds=6)
    assert max(done.line.numbers()) < 2400
    assert [(t.heard, t.interrupted) for t in done.facts.turns("myra")] == [("", True), ("", True)]


def test_a_queued_reply_is_heard_from_the_moment_the_one_before_it_ends() -> None:
    """Interrupted before its first mark could come back."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 2000, "First.", pace=20))
        model.at(1.0, reply(2, 2000, "a b c d e f g h i j k l m n o p q r s t", pace=20))
        model.at(2.35, [(0.0, ModelInterrupted(2))])

    done = call(scene, seconds=4, forward=0.04, back=0.04)
    assert done.line.heard_until(4) == pytest.approx(2.39, abs=0.01)
    assert done.facts.turns("myra")[1].heard == "a b"


def test_a_line_that_loses_marks_does_not_keep_her_on_the_floor() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 2000, "Hello."))
        model.when("text", "silent for a while", reply(2, 1000, "Still there?", first=1000))

    done = call(scene, seconds=20, loses_marks=True)
    assert done.line.numbers()[-1] == 3099


def test_a_slow_model_is_waited_for_within_a_reply() -> None:
    """A pause inside a reply is no end: nothing is asked of the model meanwhile."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.at(0.3, [(0.0, ModelAudio(1, numbered(500)))])
        model.at(1.6, reply(1, 500, "Done.", first=50))

    done = call(scene, seconds=4)
    assert done.line.numbers() == list(range(2000, 2100))
    assert len(done.facts.turns("myra")) == 1
    assert len(done.model.of("text")) == 1


@pytest.mark.parametrize("chunk", [10, 30, 70, 370])
def test_marks_keep_their_distance_at_any_chunk_length(chunk: int) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 4000, "Hello.", chunk=chunk))

    settings = TalkSettings(mark_first_ms=100, mark_later_ms=200)
    done = call(scene, seconds=6, settings=settings)
    stretches = [s for s in done.line.heard() if s.audio.pcm]
    first = [s.audio.ms for s in stretches if s.start < stretches[0].start + 0.999]
    assert max(first) <= 120
    assert max(s.audio.ms for s in stretches) <= 220
    assert sum(s.audio.ms for s in stretches) == 4000
