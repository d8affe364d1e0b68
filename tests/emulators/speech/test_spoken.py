"""Written text as a voice says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.speech.numbers import cardinal, letters, ordinal, year
from emulators.speech.spoken import spoken

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Cymbol Travels", "Symbol Travels"),
        ("at 09:30", "at nine thirty ay em"),
        ("at 9:05 PM.", "at nine oh five pee em"),
        ("at 14:20, gate", "at two twenty pee em, gate"),
        ("at 12:00", "at twelve noon"),
        ("at 00:15", "at twelve fifteen ay em"),
        ("at 7 am", "at seven ay em"),
        ("$1", "one dollar"),
        ("$120.50", "one hundred twenty dollars and fifty cents"),
        ("$0.05", "five cents"),
        ("1,240 EUR", "one thousand two hundred forty euros"),
        ("GBP 60.", "sixty pounds."),
        ("£1.01", "one pound and one penny"),
        ("2026-06-12", "June twelfth, twenty twenty-six"),
        ("Fri 12 Jun", "Friday June twelfth"),
        ("the 3rd of March", "the March third"),
        ("June 21st, 2027", "June twenty-first, twenty twenty-seven"),
        ("You may go", "You may go"),
        ("flight CT218", "flight C T two one eight"),
        ("flight AB 1045", "flight ay B one zero four five"),
        ("reference CYM427", "reference C Y M four two seven"),
        ("ending in 427", "ending in four two seven"),
        ("ending in A 2 7", "ending in ay two seven"),
        ("seat 12A", "seat twelve ay"),
        ("23 kg", "twenty-three kilograms"),
        ("1 kg", "one kilogram"),
        ("5-7 days", "five to seven days"),
        ("the 2nd bag", "the second bag"),
        ("25%", "twenty-five percent"),
        ("24 h", "twenty-four hours"),
        ("2.5 hours", "two point five hours"),
        ("jo@example.com", "jo at example dot com"),
        ("by SMS", "by S M S"),
        ("your e-ticket", "your E ticket"),
        ("No. 5", "number five"),
        ("No.", "No."),
        ("No. I can't.", "No. I can't."),
        ("**Important**: bags & pets", "Important: bags and pets"),
        ("+14155550123", "one four one five five five five zero one two three"),
    ],
)
def test_written_forms_become_words(written: str, said: str) -> None:
    assert spoken(written) == said


def test_a_result_of_a_tool_reads_well() -> None:
    text = "Flight CT 218 leaves on 12 June at 09:30; the change costs $40 for 2 people."
    assert spoken(text) == (
        "Flight C T two one eight leaves on June twelfth at nine thirty ay em; "
        "the change costs forty dollars for two people."
    )


@given(st.text(max_size=80))
def test_any_text_can_be_said(text: str) -> None:
    said = spoken(text)
    assert not any(c.isascii() and c.isdigit() for c in said) or not text.isascii()


@given(st.integers(min_value=0, max_value=10**12))
def test_every_number_has_words(value: int) -> None:
    assert cardinal(value).replace(" ", "").replace("-", "").isalpha()
    assert ordinal(value)[-2:] in ("st", "nd", "rd", "th")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1999, "nineteen ninety-nine"),
        (2000, "two thousand"),
        (2005, "two thousand five"),
        (2026, "twenty twenty-six"),
        (1900, "nineteen hundred"),
        (1805, "eighteen oh five"),
    ],
)
def test_years(value: int, said: str) -> None:
    assert year(value) == said


def test_letters_are_spelled_one_by_one() -> None:
    assert letters("cA9") == "C ay nine"
