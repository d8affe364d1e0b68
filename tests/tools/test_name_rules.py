"""What is a slip of spelling, what is a new name, and what is no name at all."""

from __future__ import annotations

import pytest

from tools.name_rules import Verdict, correction

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "said",
    [
        "Ada Okafor.",
        "ada okafor",
        "Mrs. Ada Okafor",
        "Okafor, Ada",
        "A D A O K A F O R",
        "O K A F O R",
    ],
)
def test_ways_of_saying_the_name_that_stands_there(said: str) -> None:
    found = correction("Ada", "Okafor", said)
    assert (found.verdict, found.given_name, found.surname) == (Verdict.SAME, "Ada", "Okafor")


@pytest.mark.parametrize(
    ("said", "given_name", "surname"),
    [
        ("Okafer, Ada", "Ada", "Okafer"),
        ("A D A O K A F E R", "Ada", "Okafer"),
        ("Ada O'Kafor", "Ada", "O'Kafor"),
        ("E D A", "Eda", "Okafor"),
    ],
)
def test_a_slip_is_put_where_it_belongs(said: str, given_name: str, surname: str) -> None:
    found = correction("Ada", "Okafor", said)
    assert (found.verdict, found.given_name, found.surname) == (Verdict.SLIP, given_name, surname)


@pytest.mark.parametrize(
    "said",
    [
        "Ada 0kafor",
        "<b>Ada Okafor</b>",
        "Ada Okaf\x00or",
        "Ada Okafor\r\nBcc: x@example.com",
        "Ada O\N{GRINNING FACE}kafor",
        "Ada -Okafor",
        "...",
        "",
    ],
)
def test_what_is_no_name_never_gets_on_a_ticket(said: str) -> None:
    assert correction("Ada", "Okafor", said).verdict is Verdict.UNCLEAR
