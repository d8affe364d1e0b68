"""Names, contacts and references are shown by their ends, and what is no secret stays readable."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web_demo.server.insight_masking import ending, masked

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Your reference is CYM427.", "Your reference is ***427."),
        ("Write to ada.okafor@example.com today", "Write to ***com today"),
        ("Call +1 415 555 0101 now", "Call ***101 now"),
        ("Ticket 220-2412345678", "Ticket ***678"),
        ("It leaves on 2026-12-03 at 9:30 AM", "It leaves on 2026-12-03 at 9:30 AM"),
        ("Flight CT218 for 169 dollars", "Flight CT218 for 169 dollars"),
        ("That is C, Y, M, four, two, seven", "That is ***ven"),
    ],
)
def test_a_sentence(text: str, shown: str) -> None:
    assert masked({"say": text}) == {"say": shown}


def test_fields_by_their_names_however_deep() -> None:
    shown = masked(
        {
            "surname": "Okafor",
            "booking_reference": "CYM427",
            "reference_ending": "427",
            "passengers": ["Ada Okafor"],
            "flights": [{"number": "CT218", "date": "2026-12-03"}],
            "verified": True,
            "bags": 2,
        }
    )
    assert shown == {
        "surname": "***for",
        "booking_reference": "***427",
        "reference_ending": "427",
        "passengers": ["***for"],
        "flights": [{"number": "CT218", "date": "2026-12-03"}],
        "verified": True,
        "bags": 2,
    }


def test_a_name_of_the_call_is_hidden_in_what_is_said_of_it() -> None:
    shown = masked({"say": "Thank you, Mr Okafor."}, {"surname": "okafor"})
    assert shown == {"say": "Thank you, Mr ***for."}


fields: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(["surname", "email", "phone", "booking_reference", "passenger"]),
    st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=4, max_size=20),
)


@given(fields)
def test_of_a_personal_value_nothing_but_its_end_is_left(args: dict[str, Any]) -> None:
    for name, value in masked(args).items():
        assert value == ending(args[name])
        assert len(value) <= 6
