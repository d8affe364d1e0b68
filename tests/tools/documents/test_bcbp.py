"""The bar code's text, field by field, against the positions that Resolution 792 gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.documents.samples import CODED
from tools.documents.bcbp import Leg, encode, mandatory

pytestmark = pytest.mark.pure

NAMES = st.text(
    st.characters(codec="latin-1", categories=["Lu", "Ll", "Zs", "Pd"], exclude_characters="µ"),
    max_size=40,
).filter(lambda text: any("a" <= c <= "z" for c in text.lower()))
LEGS = st.builds(
    Leg,
    surname=NAMES,
    given_name=NAMES,
    reference=st.from_regex(r"[A-Z0-9]{6}", fullmatch=True),
    origin=st.from_regex(r"[A-Z]{3}", fullmatch=True),
    destination=st.from_regex(r"[A-Z]{3}", fullmatch=True),
    flight=st.from_regex(r"CT ?[0-9]{1,4}", fullmatch=True),
    date=st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)),
    cabin=st.sampled_from(("economy", "business", "Business")),
    seat=st.from_regex(r"[1-9][0-9]?[A-K]", fullmatch=True),
    sequence=st.integers(1, 9999),
    ticket_number=st.from_regex(r"[0-9]{3}-?[0-9]{10}", fullmatch=True),
    bags=st.integers(0, 9),
)


def test_the_example_of_the_resolution() -> None:
    """Attachment B, example 1: an Air Canada pass with the mandatory fields only."""
    example = Leg(
        surname="Desmarais",
        given_name="Luc",
        reference="ABC123",
        origin="YUL",
        destination="FRA",
        flight="AC834",
        date=dt.date(2026, 11, 22),
        cabin="business",
        seat="1A",
        sequence=25,
        ticket_number="0141234567890",
        bags=2,
    )
    expected = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 1"
    # The example's airline names its business cabin J, this house C.
    assert mandatory(example) == expected.replace("326J", "326C")


@given(LEGS)
def test_every_field_stands_where_a_gate_looks_for_it(leg: Leg) -> None:
    text = encode(leg)
    assert text.isascii()
    assert text.isprintable()
    assert text == text.upper()
    assert text[:2] == "M1"
    surname, _, given_name = text[2:22].rstrip().partition("/")
    assert surname
    assert given_name
    assert text[22] == "E"
    assert text[23:30] == f"{leg.reference} "
    assert text[30:36] == leg.origin + leg.destination
    assert text[36:39] == "CT "
    assert int(text[39:43]) == int(leg.flight[2:])
    assert dt.date(leg.date.year, 1, 1) + dt.timedelta(int(text[44:47]) - 1) == leg.date
    assert text[47] == ("Y" if leg.cabin == "economy" else "C")
    assert text[48:52].lstrip("0") == leg.seat
    assert int(text[52:56]) == leg.sequence
    assert text[57] == "1"


@given(LEGS)
def test_the_conditional_part_is_as_long_as_it_says(leg: Leg) -> None:
    text = encode(leg)
    rest = text[60:]
    assert int(text[58:60], 16) == len(rest)
    assert rest[:2] == ">6"
    unique = 4 + int(rest[2:4], 16)
    repeated = rest[unique + 2 :]
    assert int(rest[unique : unique + 2], 16) == len(repeated)
    assert repeated[:13] == leg.ticket_number.replace("-", "")
    assert repeated[38:41] == f"{leg.bags}PC"


def test_a_long_name_keeps_room_for_the_given_name() -> None:
    leg = replace(CODED, surname="Montenegro y Villavicencio", given_name="María José")
    assert encode(leg)[2:22] == "MONTENEGRO Y VILLA/M"


def test_marks_and_letters_beyond_a_to_z() -> None:
    leg = replace(CODED, surname="O'Neíll-Żółkiewska", given_name="Þóra")
    assert encode(leg)[2:22] == "ONEILL ZOLKIEWSKA/TH"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("surname", "王"),
        ("given_name", "  "),
        ("reference", "LHW 264"),
        ("origin", "New York"),
        ("destination", "LH"),
        ("flight", "902"),
        ("cabin", "cargo"),
        ("seat", "C14"),
        ("sequence", 0),
        ("sequence", 10000),
        ("ticket_number", ""),
        ("bags", 10),
    ],
)
def test_what_does_not_fit_is_refused_and_not_quoted(field: str, value: object) -> None:
    leg: Leg = replace(CODED, **{field: value})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^[a-z].*") as refused:
        encode(leg)
    if str(value).strip():
        assert f" {value} " not in f" {refused.value} "
