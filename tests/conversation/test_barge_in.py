"""Barge-in, over a line with physics: what the caller hears, and what the model is told."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from conversation.actions import ClearLine, SendAudio
from conversation.events import CallerWords, ModelAudio, ModelInterrupted
from conversation.settings import TalkSettings
from media.speech import LevelDetector
from tests.simulators.call import Call, Scene, call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import INFO, SimulatedLine
from tests.simulators.model import ScriptedModel, numbered, reply

pytestmark = pytest.mark.pure

WORDS = "Your flight to Lisbon leaves on Friday at ten past nine in the morning from gate five."


def myra_speaks(model: ScriptedModel, ms: int = 6000) -> None:
    model.when("text", "Greet", reply(1, ms, WORDS))


def numbers(count: int) -> list[int]:
    return list(range(2000, 2000 + count))


def test_an_uninterrupted_reply_is_heard_once_and_whole() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)

    done = call(scene, seconds=8)
    assert done.line.numbers() == numbers(600)
    assert done.line.clears == []
    assert done.facts.turns("myra")[0].heard == WORDS


def test_the_caller_who_speaks_stops_her_at_once_and_for_good() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 1.5)

    done = call(scene, seconds=6)
    silent = done.line.heard_until(99)
    assert 3.0 < silent <= 3.0 + 0.06 + 0.02 + 0.08 + 0.02
    turn = done.facts.turns("myra")[0]
    assert turn.interrupted
    assert WORDS.startswith(turn.heard)
    share = len(turn.heard) / len(WORDS)
    assert share == pytest.approx((silent - 0.24) / 6.0, abs=0.08)
    assert done.model.of("note") == [
        f'[The caller interrupted. Of your last reply they heard only: "{turn.heard}"]'
    ]


@pytest.mark.parametrize("at", [1.4, 2.17, 3.55, 5.2])
@pytest.mark.parametrize("delay", [0.01, 0.04, 0.1])
def test_a_false_alarm_is_undone(at: float, delay: float) -> None:
    """A cough: she stops, and goes on where she was. No word lost, little said twice, nothing
    told to the model."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(at, 0.2)

    done = call(scene, seconds=9, forward=delay, back=delay)
    heard = done.line.numbers()
    assert set(heard) == set(numbers(600))
    jump = next(i for i in range(1, len(heard)) if heard[i] <= heard[i - 1])
    assert 10 * (heard[jump - 1] - heard[jump] + 1) <= 200
    assert heard[jump:] == list(range(heard[jump], 2600))
    stretches = done.line.heard()
    gaps = [b.start - a.end for a, b in itertools.pairwise(stretches)]
    assert 0.3 < max(gaps) <= 0.7
    assert [kind for _, kind, _ in done.model.told if kind != "audio"] == ["text"]
    assert not done.facts.turns("myra")[0].interrupted


def test_resuming_fades_in() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.2)

    done = call(scene, seconds=9)
    from conversation.actions import Play

    fades = [a.fade_in_ms for _, a in done.actions(Play) if isinstance(a, Play)]
    assert [fade for fade in fades if fade] == [12.0]


def test_sound_while_it_is_open_is_kept_and_played_after_a_false_alarm() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 6000, WORDS, pace=1.0))
        line.speaks(2.0, 0.2)

    done = call(scene, seconds=9)
    assert set(done.line.numbers()) == set(numbers(600))


def test_the_models_interrupted_confirms_at_once() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.16)
        model.at(3.25, [(0.0, ModelInterrupted(1))])

    done = call(scene, seconds=6)
    assert done.facts.turns("myra")[0].interrupted
    assert len(done.line.clears) == 1
    assert done.line.heard_until(99) < 3.3


def test_the_models_interrupted_stops_her_without_any_local_speech() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        model.at(3.0, [(0.0, ModelInterrupted(1))])

    done = call(scene, seconds=6)
    assert done.line.clears == [pytest.approx(3.0)]
    assert done.line.heard_until(99) == pytest.approx(3.04, abs=0.01)
    assert done.facts.turns("myra")[0].interrupted


def test_the_line_is_cleared_also_when_all_of_it_was_generated_long_ago() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 20000, WORDS, pace=20.0))
        line.speaks(8.0, 1.0)

    done = call(scene, seconds=12)
    assert len(done.line.clears) == 1
    assert done.line.heard_until(99) < 8.2


@pytest.mark.parametrize("by", ["model", "speech"])
def test_late_sound_of_a_dead_reply_never_reaches_the_line(by: str) -> None:
    """Also when only this side heard the caller and the model talks on to its turn's end."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 8000, WORDS, pace=1.2))
        if by == "model":
            model.at(2.0, [(0.0, ModelInterrupted(1))])
        else:
            line.speaks(2.0, 1.0)
        model.at(8.0, reply(2, 1000, "Yes?", first=1000))

    done = call(scene, seconds=12)
    late = [mark for at, mark in done.line.orders if 2.5 < at < 8.0 and not mark.startswith("p")]
    assert late == []
    assert done.line.numbers()[-100:] == list(range(3000, 3100))


def test_stale_marks_do_not_count_for_what_is_said_next() -> None:
    """After the clear all of reply 1's marks come back at once; reply 2 is heard in its time."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 8000, WORDS, pace=50.0))
        line.speaks(3.0, 0.6)
        model.at(5.0, reply(2, 3000, "Something quite different.", first=1000))

    done = call(scene, seconds=12)
    second = done.facts.turns("myra")[1]
    assert second.heard == "Something quite different."
    assert second.ended == pytest.approx(8.08, abs=0.05)


@pytest.mark.parametrize(
    ("words", "stops"),
    [("Stop", True), (" no, wait", True), ("mhm", False), ("uh-huh okay", False)],
)
def test_words_said_over_her_decide_what_length_alone_does_not(words: str, stops: bool) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.2)
        model.at(3.4, [(0.0, CallerWords(words))])

    done = call(scene, seconds=9)
    assert done.facts.turns("myra")[0].interrupted is stops
    if not stops:
        starts = [s.start for s in done.line.heard() if s.start > 3.3]
        assert starts[0] == pytest.approx(3.44, abs=0.02)


def test_assent_is_undone_once_also_when_its_words_come_at_once() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.2)
        model.at(3.3, [(0.0, CallerWords("mhm"))])

    done = call(scene, seconds=9)
    assert len(done.line.clears) == 1
    assert not done.facts.turns("myra")[0].interrupted


def test_an_order_to_stop_counts_also_when_its_transcript_comes_late() -> None:
    """She has gone on after a sound too short to be sure of; then the words arrive."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.2)
        model.at(4.5, [(0.0, CallerWords("Stop."))])

    done = call(scene, seconds=9)
    assert done.facts.turns("myra")[0].interrupted
    assert done.line.heard_until(7) == pytest.approx(4.54, abs=0.01)


def test_the_late_words_of_an_interruption_do_not_stop_the_answer_to_it() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.9)
        model.at(3.3, [(0.0, ModelInterrupted(1))])
        model.at(5.3, reply(2, 2000, "Terminal two.", first=1000))
        model.at(5.4, [(0.0, CallerWords("Wait, which terminal?"))])

    done = call(scene, seconds=9)
    assert [turn.interrupted for turn in done.facts.turns("myra")] == [True, False]
    assert done.line.numbers()[-1] == 3199


def test_what_was_said_before_she_began_does_not_stop_her() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        model.at(3.0, [(0.0, CallerWords("No, the other one."))])

    assert call(scene, seconds=8).line.clears == []


@pytest.mark.parametrize(("ms", "stops"), [(40, None), (120, False), (280, False), (480, True)])
def test_it_takes_some_speech_to_suspect_and_more_to_confirm(ms: int, stops: bool | None) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, ms / 1000)

    done = call(scene, seconds=9)
    assert bool(done.line.clears) is (stops is not None)
    assert done.facts.turns("myra")[0].interrupted is bool(stops)


def test_bursts_add_up() -> None:
    """ "No ... wait": two short sounds are one interruption."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.22)
        line.speaks(3.4, 0.24)

    assert call(scene, seconds=9).facts.turns("myra")[0].interrupted


def test_faint_sound_does_not_stop_her() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 1.0, level_db=-44.0)

    assert call(scene, seconds=9).line.clears == []


@pytest.mark.parametrize("softer", [-20.0, -30.0])
def test_her_own_echo_does_not_stop_her(softer: float) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model, 9000)

    eager = TalkSettings(barge_in_quiet_db=-90.0, quiet_db=-90.0)
    deaf = eager.model_copy(update={"echo_loss_db": 80.0})
    echo: dict[str, Any] = {"echo_db": softer, "detector": LevelDetector(-70.0)}
    assert call(scene, seconds=11, settings=eager, **echo).line.clears == []
    assert call(scene, seconds=11, settings=deaf, **echo).line.clears


@pytest.mark.parametrize(("at", "cancels", "heard"), [(1.6, False, False), (1.6, True, True),
                                                       (4.0, False, True)])  # fmt: skip
def test_a_soft_caller_is_heard_where_no_echo_comes_back(
    at: float, cancels: bool, heard: bool
) -> None:
    """At once in the browser, which removes echoes; on a telephone line once Myra has been
    listened to for a while and nothing of her came back."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(at, 1.0, level_db=-38.0)

    settings = TalkSettings(echo_loss_db=10.0)
    info = replace(INFO, echo_cancelled=cancels)
    assert bool(call(scene, seconds=6, settings=settings, info=info).line.clears) is heard


def test_what_the_caller_says_is_not_learned_as_an_echo() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model, 9000)
        line.speaks(4.0, 0.3, level_db=-38.0)
        line.speaks(7.0, 0.3, level_db=-38.0)

    done = call(scene, seconds=12, settings=TalkSettings(echo_loss_db=10.0))
    assert len(done.line.clears) == 2


def test_the_greetings_start_is_protected() -> None:
    """A "hello?" at pick-up neither stops the greeting nor reaches the model as speech."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(0.4, 0.3)

    done = call(scene, seconds=8)
    assert done.line.clears == []
    assert all(not any(audio.pcm) for audio in done.model.of("audio"))
    assert done.model.audio_ms == pytest.approx(8000, abs=200)
    bare = call(scene, seconds=8, settings=TalkSettings(greeting_protection_ms=0.0))
    assert bare.line.clears


def test_who_speaks_on_through_the_protected_greeting_is_heard_from_the_first_word() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(0.4, 2.0)

    done = call(scene, seconds=5)
    assert done.facts.turns("myra")[0].interrupted
    assert done.line.heard_until(99) == pytest.approx(1.25, abs=0.06)
    spoken = sum(audio.ms for audio in done.model.of("audio") if any(audio.pcm))
    assert spoken == pytest.approx(2000, abs=40)


def test_a_caller_already_speaking_when_her_turn_starts_is_noticed() -> None:
    """The reply is held back; the caller goes on, so it is never heard."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        line.speaks(3.0, 3.0)
        model.at(4.0, reply(2, 2000, "I see.", first=500))

    done = call(scene, seconds=9)
    assert all(number < 2500 for number in done.line.numbers())
    assert [t.heard for t in done.facts.turns("myra")] == ["Hello.", ""]


def test_a_reply_held_back_for_the_end_of_a_word_is_played_whole() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        line.speaks(3.0, 1.2)
        model.at(4.1, reply(2, 2000, "I see.", first=500))

    done = call(scene, seconds=9)
    assert done.line.numbers()[100:] == list(range(2500, 2700))
    assert done.line.clears == []


def test_every_frame_reaches_the_model_also_while_she_speaks() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 0.2)

    done = call(scene, seconds=8, settings=TalkSettings(greeting_protection_ms=0.0))
    sent = done.actions(SendAudio)
    frames = [e for _, e, _ in done.decisions.all if type(e).__name__ == "CallerAudio"]
    assert len(sent) == len(frames) > 390


def test_a_phantom_interruption_does_not_leave_the_line_dead() -> None:
    """The model says it was interrupted and nobody spoke: it is asked to go on."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        model.at(2.0, [(0.0, ModelInterrupted(1))])
        model.when("text", "waiting", reply(2, 1000, "As I said.", first=1000))

    done = call(scene, seconds=12)
    assert done.line.numbers()[-1] == 3099
    nudged = [at for at, kind, what in done.model.told if kind == "text" and "waiting" in what]
    assert nudged == [pytest.approx(6.0, abs=0.1)]


def test_only_the_reply_named_by_interrupted_dies() -> None:
    """A late ``interrupted`` of an earlier reply leaves the next one alone."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 2000, "Hello."))
        model.at(4.0, reply(2, 2000, "Second.", first=500))
        model.at(4.5, [(0.0, ModelInterrupted(1)), (0.1, ModelAudio(1, numbered(500, 900)))])

    done = call(scene, seconds=9)
    assert done.line.numbers()[200:] == list(range(2500, 2700))
    assert isinstance(done, Call)
    assert not done.actions(ClearLine)


@pytest.mark.parametrize("reason", ["voice", "button", "text"])
def test_what_the_far_end_has_stopped_is_dead_at_once(reason: str) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 6000, WORDS, pace=1.0))
        line.stops(3.0, reason)

    done = call(scene, seconds=6)
    assert len(done.line.clears) == 1
    assert done.line.heard_until(99) < 3.2, "late sound of a dead reply never reaches the line"
    (turn,) = done.facts.turns("myra")
    assert turn.interrupted
    assert WORDS.startswith(turn.heard)
    assert 0 < len(turn.heard) < len(WORDS)


def test_a_stop_by_voice_begins_the_turn_where_the_voice_did() -> None:
    """Also when the far end is sure before there was enough of it to count as speech here, and
    however long ago the caller spoke before."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.speaks(3.0, 1.2)
        line.stops(3.05, "voice")
        model.at(4.6, [(0.0, CallerWords("Wait, please."))])

    turns = call(scene, seconds=8).facts.turns("caller")
    assert [round(turn.started, 1) for turn in turns] == [3.0]


def test_a_button_leaves_the_floor_free_for_the_next_reply() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.stops(3.0, "button")
        model.at(4.0, reply(2, 1000, "Is there anything else?"))

    done = call(scene, seconds=7)
    assert done.facts.turns("myra")[1].heard == "Is there anything else?"


def test_a_stop_while_nobody_speaks_is_nothing() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        line.stops(3.0, "button")

    assert call(scene, seconds=5).line.clears == []


@pytest.mark.parametrize(("past_ms", "heard_ms"), [(-80, 2720), (0, 2800), (-5000, 2700)])
def test_where_the_far_end_says_it_stopped_is_where_she_was_heard(
    past_ms: float, heard_ms: float
) -> None:
    """But never before what she was certainly heard to."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        myra_speaks(model)
        line.stops(3.0, "button", "r1t1:2800", past_ms)

    done = call(scene, seconds=6)
    assert done.facts.turns("myra")[0].sound["heard"] == heard_ms


def test_a_mark_that_is_not_out_says_nothing() -> None:
    def scene(mark: str) -> Scene:
        def stops(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
            myra_speaks(model)
            line.stops(3.0, "voice", mark, 5000.0)

        return stops

    reckoned = call(scene(""), seconds=6).facts.turns("myra")[0]
    assert call(scene("r7t1:100"), seconds=6).facts.turns("myra")[0] == reckoned
