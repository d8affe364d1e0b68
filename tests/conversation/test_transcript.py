"""What the record says, and where an interrupted turn ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.events import CallerWords, ModelWords, UsageReported
from conversation.records import CallClosed, CallOpened
from conversation.spoken_words import SpeakingRate, heard_words
from tests.simulators.call import call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply

pytestmark = pytest.mark.pure

WORDS = " ".join(f"word{index:02d}" for index in range(30))


@given(
    text=st.text("abc d", max_size=60),
    heard=st.floats(0, 9000),
    total=st.none() | st.floats(0, 9000),
)
def test_heard_words_are_always_a_beginning_of_the_text(
    text: str, heard: float, total: float | None
) -> None:
    part = heard_words(text, heard, total, SpeakingRate())
    assert text.strip().startswith(part)
    assert part == "" or len(part) == len(text.strip()) or not part[-1].isspace()


def test_a_word_counts_once_most_of_it_was_heard() -> None:
    rate = SpeakingRate()
    assert heard_words("one two", 500, 1000, rate) == "one"
    assert heard_words("one two", 800, 1000, rate) == "one"
    assert heard_words("one two", 900, 1000, rate) == "one two"


def test_an_unfinished_reply_is_placed_by_the_voices_rate() -> None:
    rate = SpeakingRate()
    rate.learn("x" * 200, 20_000)
    assert heard_words("abcd efgh ijkl", 900, None, rate) == "abcd efgh"


@pytest.mark.parametrize("at", [1.5, 3.0, 5.0])
@pytest.mark.parametrize("ahead", [True, False])
def test_an_interrupted_turn_ends_at_the_heard_word(at: float, ahead: bool) -> None:
    """Whether the transcript comes with the sound or all of it ahead of it."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        script = reply(1, 6000, "" if ahead else WORDS)
        if ahead:
            script.insert(0, (0.0, ModelWords(1, WORDS)))
        model.when("text", "Greet", script)
        line.speaks(at, 1.0)

    done = call(scene, seconds=8)
    truth = sum(s.played_ms for s in done.line.heard() if s.start < at + 1) / 200
    heard = done.facts.turns("myra")[0].heard.split()
    assert len(heard) == pytest.approx(truth, abs=1.01)
    assert done.facts.turns("myra")[0].text == WORDS


def test_pauses_in_the_sound_are_no_words() -> None:
    """Half of the reply is a pause in its middle: what follows it was not heard before it."""
    from conversation.events import GenerationFinished, ModelAudio
    from media.audio import Audio
    from tests.simulators.model import numbered

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.at(0.3, [
            (0.0, ModelWords(1, "first part then second part")),
            (0.0, ModelAudio(1, numbered(1000))),
            (0.0, ModelAudio(1, Audio.silence(3000, 8000))),
            (0.0, ModelAudio(1, numbered(1000))),
            (0.0, GenerationFinished(1)),
        ])  # fmt: skip
        line.speaks(3.5, 1.0)

    done = call(scene, seconds=6)
    assert done.facts.turns("myra")[0].heard == "first part"


def test_both_sides_are_written_down_in_order_with_late_words_in_their_turn() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        line.speaks(3.0, 1.0)
        model.at(4.5, [(0.0, CallerWords("Where is")), (1.2, CallerWords(" my bag?"))])
        model.at(5.5, reply(2, 1000, "In Lisbon.", first=500))
        line.speaks(8.0, 1.0)
        model.at(9.2, [(0.0, CallerWords("Thanks."))])

    done = call(scene, seconds=10.5)
    turns = [(t.index, t.speaker, t.heard) for t in done.facts.turns()]
    assert turns == [
        (1, "myra", "Hello."),
        (2, "caller", "Where is my bag?"),
        (3, "myra", "In Lisbon."),
        (4, "caller", "Thanks."),
    ]
    asked = done.facts.turns("caller")[0]
    assert (asked.started, asked.ended) == (
        pytest.approx(3.0, abs=0.1),
        pytest.approx(4.05, abs=0.1),
    )


def test_the_record_opens_and_closes_with_the_call() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 1000, "Hello."))
        model.at(1.0, [(0.0, UsageReported(10, 5, 15)), (0.5, UsageReported(20, 7, 27))])

    done = call(scene, seconds=3)
    assert isinstance(done.facts.all[0], CallOpened)
    closed = done.facts.all[-1]
    assert closed == CallClosed("the caller hung up", 3.04, 30, 12)
