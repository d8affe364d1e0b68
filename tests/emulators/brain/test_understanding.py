"""Utterances understood: intents, answers, references, names and dates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.gemini.brain.dates import date_in
from emulators.gemini.brain.heard import understand
from emulators.gemini.brain.intents import Intent
from emulators.gemini.brain.slots import reference_in, slots_in
from emulators.gemini.brain.spelling import spelled
from emulators.gemini.brain.stage import Cue, split_stage
from emulators.gemini.brain.wording import normal
from tests.emulators.speech.sentences import SENTENCES, Sentence

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s.text)
def test_sentences_as_written(sentence: Sentence) -> None:
    heard = understand(sentence.text, sentence.asked)
    if sentence.answer is not None:
        assert heard.answer is sentence.answer
    elif sentence.intent is not None:
        assert heard.intent is sentence.intent
    assert heard.slots.items() >= sentence.slots.items()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Can you cancel it for me?", Intent.CANCEL),
        ("I'd like my money back.", Intent.CANCEL),
        ("When will I get my refund?", Intent.PROGRESS),
        ("What happens if I cancel?", Intent.ENQUIRY),
        ("Could we fly on Sunday instead?", Intent.CHANGE),
        ("I got married and my surname has changed.", Intent.NAME),
        ("I haven't received my confirmation email.", Intent.ETICKET),
        ("Yes, please send them to me", Intent.ETICKET),
        ("What about parrots?", Intent.ENQUIRY),
        ("Send the etiquette to my phone", Intent.ETICKET),
        ("They broke my suitcase.", Intent.CLAIM),
        ("The flight was cancelled and I want to complain.", Intent.CLAIM),
        ("Do you allow cats in the cabin?", Intent.ENQUIRY),
        ("which terminal do we leave from", Intent.DETAILS),
        ("Operator!", Intent.HUMAN),
        ("Am I talking to a real person?", Intent.WHO),
        ("Who am I speaking to?", Intent.CALLED),
        ("Are you still there?", Intent.PRESENCE),
        ("Sorry, what did you say?", Intent.REPEAT),
        ("What can you do for me?", Intent.HELP),
        ("Hello there", Intent.HELLO),
        ("Thanks a lot", Intent.THANKS),
        ("Nothing else, thanks.", Intent.BYE),
        ("purple monkey dishwasher", None),
    ],
)
def test_intents(text: str, intent: Intent | None) -> None:
    assert understand(text).intent is intent


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yeah, that's right", True),
        ("um, yes", True),
        ("sure", True),
        ("Sounds good", True),
        ("nope", False),
        ("No, thank you", False),
        ("Don't cancel it", False),
        ("I changed my mind", False),
        ("actually no", False),
        ("Tuesday", None),
        ("I know the way", None),
    ],
)
def test_answers(text: str, answer: bool | None) -> None:
    assert understand(text).answer is answer


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("CYM427", "CYM427"),
        ("cym 427", "CYM427"),
        ("C, Y, M, four, two, seven.", "CYM427"),
        ("C.Y.M. 4-2-7", "CYM427"),
        ("C Y M four hundred twenty seven", "CYM427"),
        ("C Y M nine hundred five", "CYM905"),
        ("C Y M four twenty-seven", "CYM427"),
        ("charlie yankee mike four two seven", "CYM427"),
        ("C for Charlie, Y as in Yankee, M like Mike, 427", "CYM427"),
        ('"Why" as in Yankee, C, M, one triple two', "YCM1222"),
        ("see why em for two seven", "CYM427"),
        ("A F S three one A", "AFS318"),
        ("B O B two O seven", "BOB207"),
        ("double B K nine three one", "BBK931"),
        ("W as in Whiskey, double-u, X-ray, one two three", "WWX123"),
        ("My booking reference is Bravo Kilo X-ray931.", "BKX931"),
        ("Charlie Foxdrop Quebec 684", "CFQ684"),
        ("Charlie Yankee might 427", "CYM427"),
    ],
)
def test_references_as_people_spell_them(text: str, reference: str) -> None:
    assert reference_in(text, asked=True) == reference


@pytest.mark.parametrize(
    "text",
    [
        "I want to see you about my trip",
        "Is flight two one eight on time?",
        "for two people",
        "Yes",
    ],
)
def test_no_reference_where_none_was_said(text: str) -> None:
    assert reference_in(text, asked=False) == ""


def test_what_is_unclear_goes_on_as_it_was_heard() -> None:
    unclear = "see why em for two seven eight"
    assert reference_in(unclear, asked=True) == unclear


@given(st.text(alphabet="BCDFGHJKLMNPQRSTVWXYZ", min_size=3, max_size=3), st.integers(100, 999))
def test_any_spelled_reference_is_read(letters: str, number: int) -> None:
    said = f"my reference is {' '.join(letters)} {' '.join(str(number))}, thank you"
    assert reference_in(said, asked=True) == f"{letters}{number}"


@given(st.text(max_size=60))
def test_any_text_can_be_heard(text: str) -> None:
    understand(text)
    spelled(text)
    split_stage(text)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("next Friday", "next friday"),
        ("the day after tomorrow", "day after tomorrow"),
        ("the twelfth of June", "12 june"),
        ("June the 12th", "12 june"),
        ("on the twenty-first of May 2027", "21 may 2027"),
        ("2026-06-12", "2026-06-12"),
        ("in two weeks", "in two weeks"),
        ("three days later", "three days later"),
        ("the 15th", "the 15th"),
        ("not Monday but Tuesday", "tuesday"),
        ("I may go", ""),
        ("as soon as possible", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert date_in(normal(text)) == date


@pytest.mark.parametrize(
    ("text", "asked", "slot", "value"),
    [
        ("Okafor", "surname", "surname", "Okafor"),
        ("It's O'Brien.", "surname", "surname", "O'Brien"),
        ("My name is Lena van Dijk", "", "surname", "van Dijk"),
        ("Foster Stone", "surname", "surname", "Foster Stone"),
        ("it's van der Berg", "surname", "surname", "van der Berg"),
        ("K-o-w-a-l-s-k-i.", "surname", "surname", "Kowalski"),
        ("It's ok for.", "surname", "surname", "ok for"),
        ("okay for", "surname", "surname", "okay for"),
        ("John Miller, J O N", "corrected_name", "corrected_name", "Jon Miller"),
        ("Smith, S M I T H", "surname", "surname", "Smith"),
        ("The surname is Miller and the reference is C Y M 427", "", "surname", "Miller"),
        ("It should be Katherine with a K", "", "corrected_name", "Katherine"),
        ("The new name is Sophia Bergman.", "corrected_name", "corrected_name", "Sophia Bergman"),
        (
            "My name is spelled wrong. It should be John Miller.",
            "",
            "corrected_name",
            "John Miller",
        ),
        ("J O N A S", "corrected_name", "corrected_name", "Jonas"),
        ("by text message please", "channel", "channel", "sms"),
        ("seat 12 A", "", "seat", "12A"),
        ("on the aisle", "seat", "seat", "aisle"),
    ],
)
def test_slots(text: str, asked: str, slot: str, value: str) -> None:
    assert slots_in(text, asked).get(slot) == value


@pytest.mark.parametrize(
    ("text", "cue", "keys"),
    [
        ("[The call is connected. Greet the caller.]", Cue.GREET, ""),
        ("[The caller keyed 427#]", Cue.KEYS, "427#"),
        ("[The caller pressed 1]", Cue.KEYS, "1"),
        ("[The caller has said nothing for 8 seconds.]", Cue.SILENCE, ""),
        ("[Say goodbye and end the call.]", Cue.GOODBYE, ""),
        ("[The line was interrupted for a moment; continue]", Cue.CONTINUE, ""),
        ("[The caller's number ends in 21]", Cue.NOTE, ""),
    ],
)
def test_stage_directions(text: str, cue: Cue, keys: str) -> None:
    (direction,), speech = split_stage(text)
    assert (direction.cue, direction.keys, speech) == (cue, keys, "")


def test_speech_beside_a_direction_is_kept() -> None:
    directions, speech = split_stage("[The caller keyed 1#] yes please")
    assert len(directions) == 1
    assert speech == "yes please"


def test_a_question_is_no_surname() -> None:
    assert "surname" not in slots_in("And the baggage rules for pets.", "surname")
