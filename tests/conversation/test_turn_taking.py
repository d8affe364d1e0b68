"""Who decides that the caller's turn is over: the model, or this program."""

from __future__ import annotations

import pytest

from conversation.events import CallerWords, ModelInterrupted
from conversation.settings import TalkSettings
from media.speech import LevelDetector
from tests.simulators.call import call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply

pytestmark = pytest.mark.pure

LOCAL = TalkSettings(turn_taking="local")


def greeting(model: ScriptedModel, ms: int = 1000, words: str = "Hello.") -> None:
    model.when("text", "Greet", reply(1, ms, words))


def test_with_local_the_model_hears_turns_and_nothing_else() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.5)
        line.speaks(8.0, 1.0)

    done = call(scene, seconds=12, settings=LOCAL)
    kinds = [kind for _, kind, _ in done.model.told]
    begins, ends = done.model.times("begin"), done.model.times("end")
    assert len(begins) == len(ends) == 2
    assert kinds.index("audio") > kinds.index("begin")
    for at, kind, _ in done.model.told:
        if kind == "audio":
            assert any(b <= at <= e for b, e in zip(begins, ends, strict=True))
    # 4.54 is the end of speech at this end of the line; 700 ms of silence end the turn.
    assert ends[0] == pytest.approx(4.54 + 0.7, abs=0.05)


def test_the_turn_carries_its_pre_roll() -> None:
    """The first word is whole: sound from before speech was noticed goes first."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.5)

    done = call(scene, seconds=8, settings=LOCAL)
    sent = done.model.of("audio")
    spoken = sum(audio.ms for audio in sent if any(audio.pcm))
    assert spoken == pytest.approx(1500, abs=20)
    first_spoken = next(i for i, audio in enumerate(sent) if any(audio.pcm))
    assert 200 <= 20 * first_spoken <= 400


def test_a_noise_is_no_turn() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 0.1)

    done = call(scene, seconds=7, settings=LOCAL)
    assert done.model.of("begin") == []
    assert done.facts.turns("caller") == []


def test_with_local_an_interruption_reaches_the_model_from_its_first_word() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 6000, "A long story about many flights to many places in the world.")
        line.speaks(3.0, 2.0)
        model.when("begin", "", [(0.08, ModelInterrupted(1))])
        model.when("end", "", reply(2, 1000, "Yes?", first=1000))

    done = call(scene, seconds=12, settings=LOCAL)
    assert len(done.model.of("begin")) == 1
    spoken = sum(audio.ms for audio in done.model.of("audio") if any(audio.pcm))
    assert spoken == pytest.approx(2000, abs=40)
    assert done.line.numbers()[-1] == 3099
    assert [t.interrupted for t in done.facts.turns("myra")] == [True, False]


def test_with_local_a_false_alarm_tells_the_model_nothing() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 6000)
        line.speaks(3.0, 0.2)

    done = call(scene, seconds=9, settings=LOCAL)
    assert len(done.line.clears) == 1
    assert [kind for _, kind, _ in done.model.told] == ["text"]


def test_with_local_a_reply_that_races_the_turns_end_waits_for_it() -> None:
    """A tool's result makes Myra speak while the caller pauses within a turn."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.0)
        model.at(4.3, reply(2, 1000, "By the way.", first=1000))

    done = call(scene, seconds=8, settings=LOCAL)
    end = done.model.times("end")[0]
    first = next(s.start for s in done.line.heard() if s.start > 3.0)
    assert end < first < end + 0.1
    assert done.line.numbers()[100:] == list(range(3000, 3100))


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("I would like to change my flight.", 0.4),
        ("I want to fly to", 1.1),
        ("my reference is K 7 P", 1.6),
        ("", 0.7),
    ],
)
def test_silence_adapts_to_what_was_said(words: str, seconds: float) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.5)
        model.at(4.4, [(0.0, CallerWords(words))])

    done = call(scene, seconds=8, settings=LOCAL)
    assert done.model.times("end") == [pytest.approx(4.54 + seconds, abs=0.05)]


def test_words_that_come_late_shorten_the_wait_at_once() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.5)
        model.at(5.05, [(0.0, CallerWords("Yes, please."))])

    done = call(scene, seconds=8, settings=LOCAL)
    assert done.model.times("end") == [pytest.approx(5.05, abs=0.01)]


def test_after_a_question_for_a_reference_she_waits_between_the_letters() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 2000, "Hello. What is your booking reference?")
        for index in range(4):
            line.speaks(4.0 + 1.4 * index, 0.4)

    done = call(scene, seconds=14, settings=LOCAL)
    assert len(done.model.of("begin")) == len(done.model.of("end")) == 1


def test_with_model_the_end_of_a_turn_is_not_told() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.5)

    done = call(scene, seconds=8)
    assert done.model.of("begin") == done.model.of("end") == []


def test_an_endless_turn_is_ended() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 20.0)

    settings = TalkSettings(turn_taking="local", max_turn_seconds=5.0)
    done = call(scene, seconds=12, settings=settings)
    assert done.model.times("end")[0] == pytest.approx(8.04, abs=1.0)


@pytest.mark.parametrize("turn_taking", ["model", "local"])
def test_a_line_without_frames_in_silence_still_ends_a_turn(turn_taking: str) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.5)
        model.when("text", "waiting", reply(2, 1000, "Yes?", first=1000))
        line.speaks(13.0, 1.5)
        model.when("text", "waiting", reply(3, 1000, "Oh yes?", first=2000))

    settings = TalkSettings.model_validate({"turn_taking": turn_taking})
    done = call(scene, seconds=23, settings=settings, quiet_frames=False)
    assert {3099, 4099} <= set(done.line.numbers())
    assert len(done.model.of("end")) == (2 if turn_taking == "local" else 0)


@pytest.mark.parametrize("turn_taking", ["model", "local"])
def test_who_speaks_while_she_ends_has_the_floor_after_her(turn_taking: str) -> None:
    """A short protected greeting ends under the caller's first words: they are a turn."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 800)
        line.speaks(0.6, 2.0)

    settings = TalkSettings.model_validate({"turn_taking": turn_taking})
    done = call(scene, seconds=5, settings=settings)
    assert len(done.facts.turns("caller")) == 1
    spoken = sum(audio.ms for audio in done.model.of("audio") if any(audio.pcm))
    assert spoken == pytest.approx(2000, abs=130)


def test_a_false_alarm_is_undone_without_frames_in_silence() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 6000)
        line.speaks(3.0, 0.2)

    done = call(scene, seconds=9, quiet_frames=False)
    assert set(done.line.numbers()) == set(range(2000, 2600))


def test_late_sound_of_a_dead_reply_is_no_answer() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 8000, "A long story.", pace=1.2))
        line.speaks(2.0, 1.0)
        model.at(7.0, reply(2, 1000, "Yes?", first=1000))

    done = call(scene, seconds=10)
    latency = done.facts.turns("myra")[1].latency
    assert latency["first_audio"] == pytest.approx(1000 * (7.0 - 3.02), abs=40)


def test_a_caller_who_drops_their_voice_after_interrupting_is_still_heard() -> None:
    """What she would have gone on to say is not played, so nothing soft can be its echo."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 9000, "A long story.")
        line.speaks(1.6, 1.0)
        line.speaks(2.6, 2.0, level_db=-45.0)

    done = call(scene, seconds=8, settings=LOCAL, detector=LevelDetector(-60.0))
    assert done.model.times("end") == [pytest.approx(4.64 + 0.7, abs=0.06)]


@pytest.mark.parametrize("turn_taking", ["model", "local"])
def test_how_long_the_caller_waited_is_known(turn_taking: str) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model)
        line.speaks(3.0, 1.5)
        model.at(6.0, reply(2, 2000, "Certainly.", first=1000))

    settings = TalkSettings.model_validate({"turn_taking": turn_taking})
    done = call(scene, seconds=9, settings=settings)
    latency = done.facts.turns("myra")[1].latency
    assert set(latency) == {"end_of_speech", "first_audio", "line", "heard"}
    assert latency["heard"] == pytest.approx(40.0, abs=1.0)
    assert latency["end_of_speech"] == pytest.approx(700 if turn_taking == "local" else 0, abs=30)
    assert sum(latency.values()) == pytest.approx(1000 * (6.04 - 4.52), abs=30)


def test_with_local_a_key_holds_no_reply_back() -> None:
    """Keys have no end of turn that a reply could wait for."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 6000)
        line.presses(2.0, "1")
        model.at(3.5, reply(2, 1000, "By the way.", first=1000))

    done = call(scene, seconds=8, settings=LOCAL)
    assert done.line.numbers()[-1] == 3099


def test_with_local_a_key_pressed_while_speaking_loses_no_word() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        greeting(model, 6000)
        line.speaks(3.0, 1.5)
        line.presses(3.2, "1#")

    done = call(scene, seconds=8, settings=LOCAL)
    spoken = sum(audio.ms for audio in done.model.of("audio") if any(audio.pcm))
    assert spoken == pytest.approx(1500, abs=40)
    assert len(done.model.of("begin")) == len(done.model.of("end")) == 1
