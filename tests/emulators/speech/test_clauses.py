"""Text cut into pieces for the voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.speech.clauses import FIRST, LONGEST, SHORTEST, clauses, pause_after
from emulators.speech.numbers import words

pytestmark = pytest.mark.pure

WORDS = st.sampled_from(
    words("the flight leaves at 9:30, and costs $1,240.50. Mr. Miller; or not? yes! to London")
)


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_nothing_is_lost_or_doubled(text: str) -> None:
    assert "".join(clauses(text)) == text


@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join))
def test_the_first_piece_is_short_where_the_text_allows(text: str) -> None:
    pieces = clauses(text)
    assert all(piece.strip() for piece in pieces)
    if " and " not in text and ". " not in text and ", " not in text and "; " not in text:
        return
    assert len(pieces[0]) <= LONGEST + SHORTEST


def test_a_greeting_is_cut_at_its_breath() -> None:
    text = "Thank you for calling Cymbol Travels, this is Myra. How can I help you today?"
    first, *rest = clauses(text)
    assert first == "Thank you for calling Cymbol Travels, "
    assert len(rest) == 1


def test_a_long_first_sentence_is_cut_before_a_joining_word() -> None:
    first = clauses("Your flight to Lisbon leaves on Friday the twelfth of June at nine thirty.")[0]
    assert first == "Your flight to Lisbon leaves "
    assert len(first) <= FIRST


@pytest.mark.parametrize("text", ["It is 9:30 now", "That is $1,240.50 in all", "Mr. Miller"])
def test_numbers_and_titles_stay_whole(text: str) -> None:
    assert clauses(text) == [text]


def test_sentences_have_the_longest_pause() -> None:
    assert pause_after("That is all. ") > pause_after("Well, ") > pause_after("the flight ")


def test_no_words_no_pieces() -> None:
    assert clauses("  ") == []
