"""Names, dates, money and seats as they are spoken, and slips told from new names."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import names, spoken
from tools.dates import read_date
from tools.models import Seat
from tools.name_rules import Verdict, correction
from tools.references import MatchKind
from tools.seats import by_row, choose, read_seat, seat_map
from tools.seed import PLANS

pytestmark = pytest.mark.pure

TODAY = dt.date(2026, 3, 4)  # a Wednesday
OLD = dt.date(2026, 3, 18)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-03-20", "2026-03-20"),
        ("next Tuesday", "2026-03-10"),
        ("Tuesday", "2026-03-10"),
        ("this Friday", "2026-03-06"),
        ("next Friday", "2026-03-13"),
        ("wednesday next week", "2026-03-11"),
        ("the following Monday", "2026-03-23"),
        ("the 14th", "2026-03-14"),
        ("the 2nd", "2026-04-02"),
        ("twenty-first", "2026-03-21"),
        ("the twenty first", "2026-03-21"),
        ("the 31st", "2026-03-31"),
        ("Friday the 20th", "2026-03-20"),
        ("Saturday, March 14th", "2026-03-14"),
        ("March the fourteenth", "2026-03-14"),
        ("14 March", "2026-03-14"),
        ("the fourteenth of March", "2026-03-14"),
        ("april twenty one", "2026-04-21"),
        ("January 5th", "2027-01-05"),
        ("March 14, 2027", "2027-03-14"),
        ("February 29", "2028-02-29"),
        ("3/20", "2026-03-20"),
        ("20/3", "2026-03-20"),
        ("3/20/26", "2026-03-20"),
        ("tomorrow", "2026-03-05"),
        ("the day after tomorrow", "2026-03-06"),
        ("today please", "2026-03-04"),
        ("in two weeks", "2026-03-18"),
        ("in a fortnight", "2026-03-18"),
        ("five days from now", "2026-03-09"),
        ("a week later", "2026-03-25"),
        ("two days earlier", "2026-03-16"),
    ],
)
def test_dates_are_understood(said: str, day: str) -> None:
    assert read_date(said, TODAY, OLD) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    "said",
    ["", "sometime", "Friday the 14th", "2026-02-30", "Saturday March 15th", "the 45th", "soon"],
)
def test_what_is_no_date_is_asked_for(said: str) -> None:
    assert read_date(said, TODAY, OLD) is None


@given(st.dates(dt.date(2026, 3, 5), dt.date(2027, 3, 3)))
def test_a_date_said_in_full_is_understood(day: dt.date) -> None:
    assert read_date(spoken.date(day), TODAY) == day
    assert read_date(day.isoformat(), TODAY) == day
    assert read_date(f"{day.day} {spoken.MONTHS[day.month - 1]}", TODAY) == day


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(said: str) -> None:
    found = read_date(said, TODAY, OLD)
    assert found is None or isinstance(found, dt.date)


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (0, "USD", "zero dollars"),
        (100, "USD", "one dollar"),
        (24050, "USD", "two hundred and forty dollars and fifty cents"),
        (1, "GBP", "one penny"),
        (120_099, "GBP", "one thousand two hundred pounds and ninety-nine pence"),
        (100_500, "EUR", "one thousand and five euros"),
        (-9000, "USD", "minus ninety dollars"),
        (500, "CHF", "five CHF"),
    ],
)
def test_money_in_words(minor: int, currency: str, said: str) -> None:
    assert spoken.money(minor, currency) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [("00:00", "midnight"), ("12:00", "noon"), ("09:05", "9:05 AM"), ("13:30", "1:30 PM")],
)
def test_times_in_words(at: str, said: str) -> None:
    assert spoken.time(dt.time.fromisoformat(at)) == said


def test_dates_and_codes_in_words() -> None:
    assert spoken.date(dt.date(2026, 3, 21), TODAY) == "Saturday, March twenty-first"
    assert spoken.date(dt.date(2027, 1, 2), TODAY) == "Saturday, January second, 2027"
    assert spoken.spelled("CT456") == "C T four five six"
    assert spoken.listing(["a", "b", "c"], "or") == "a, b or c"
    assert spoken.counted(1, "night") == "one night"


def test_contacts_are_named_without_giving_them_away() -> None:
    mail = spoken.masked_email("ada.okafor@example.com")
    assert mail == "the address beginning with a, at example dot com"
    assert spoken.masked_phone("+14155550101") == "the number ending in zero one"


@pytest.mark.parametrize(
    ("said", "on_booking", "kind"),
    [
        ("Okafor", "Okafor", "exact"),
        ("okafor.", "Okafor", "exact"),
        ("Mrs Okafor", "Okafor", "exact"),
        ("my surname is Okafor", "Okafor", "exact"),
        ("Ada Okafor", "Okafor", "exact"),
        ("O K A F O R", "Okafor", "exact"),
        ("Oscar Kilo Alfa Foxtrot Oscar Romeo", "Okafor", "exact"),
        ("O'Neill", "O'Neill", "exact"),
        ("oneill", "O'Neill", "exact"),
        ("Van der Berg", "van der Berg", "exact"),
        ("Vanderberg", "van der Berg", "exact"),
        ("foster stone", "Foster-Stone", "exact"),
        ("Müller", "Muller", "exact"),
        ("Ocafor", "Okafor", "exact"),
        ("Okafore", "Okafor", "exact"),
        ("Smyth", "Smith", "exact"),
        ("Okafo", "Okafor", "near"),
        ("Muller", "Miller", "near"),
        ("Smid", "Smith", "near"),
        ("Smith", "Okafor", "none"),
        ("", "Okafor", "none"),
        ("Okaforson", "Okafor", "none"),
        ("Li", "Lo", "none"),
    ],
)
def test_surnames_as_said(said: str, on_booking: str, kind: str) -> None:
    assert names.surname(said, [on_booking]) is MatchKind(kind)


def test_no_demonstration_surname_is_taken_for_another() -> None:
    everyone = {one.partition(",")[0].partition(" ")[2] for plan in PLANS for one in plan.people}
    for one, other in permutations(everyone, 2):
        assert names.surname(one, [other]) is MatchKind.NONE, (one, other)


@given(st.text(max_size=12), st.text(max_size=12))
def test_edits_are_a_distance(one: str, other: str) -> None:
    assert names.edits(one, other) == names.edits(other, one)
    assert (names.edits(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("old", "said", "verdict", "new"),
    [
        (("Jonh", "Miller"), "John", "slip", ("John", "Miller")),
        (("Jonh", "Miller"), "J O H N", "slip", ("John", "Miller")),
        (("Jonh", "Miller"), "john miller", "slip", ("John", "Miller")),
        (("Miller", "John"), "John Miller", "slip", ("John", "Miller")),
        (("Aoife", "ONeill"), "Aoife O'Neill", "slip", ("Aoife", "O'Neill")),
        (("Gerrit", "van der Berg"), "Gerrit van den Berg", "slip", ("Gerrit", "van den Berg")),
        (("Jose", "Garcia"), "José García", "slip", ("José", "García")),
        (("Ada", "Okafor"), "Ada Okafor", "same", ("Ada", "Okafor")),
        (("Sofia", "Marchetti"), "Sofia Bergman", "legal", ("Sofia", "Bergman")),
        (("Bob", "Miller"), "Robert Miller", "legal", ("Robert", "Miller")),
        (("Ada", "Okafor"), "Maria Schmidt", "other person", ("Maria", "Schmidt")),
        (("Ada", "Okafor"), "Xylophone", "unclear", ("", "")),
        (("Ada", "Okafor"), " ", "unclear", ("", "")),
    ],
)
def test_slips_new_names_and_other_people(
    old: tuple[str, str], said: str, verdict: str, new: tuple[str, str]
) -> None:
    found = correction(*old, said)
    assert (found.verdict, (found.given_name, found.surname)) == (Verdict(verdict), new)


@given(st.text(max_size=60))
def test_no_name_is_mended_into_another_persons(said: str) -> None:
    found = correction("Benedict", "Abernathy", said)
    if found.verdict is Verdict.SLIP:
        new = sorted((names.letters(found.given_name), names.letters(found.surname)))
        assert sum(map(names.edits, new, ("abernathy", "benedict"))) <= 3


@pytest.mark.parametrize(
    ("said", "seat"),
    [
        ("12A", "12A"),
        ("seat 12 a", "12A"),
        ("twelve alpha", "12A"),
        ("row seven, C as in Charlie", "7C"),
        ("a window seat", "window"),
        ("on the aisle", "aisle"),
        ("anything", None),
        ("99Z", None),
    ],
)
def test_seats_as_said(said: str, seat: str | None) -> None:
    assert read_seat(said) == seat


def _free(*labels: str) -> list[Seat]:
    known = {one.label: one for one in seat_map(1)}
    return by_row(known[label] for label in labels)


def test_people_sit_together_where_they_can() -> None:
    free = _free("5A", "6A", "6B", "7A", "7B", "7C", "11A", "11B", "11C")
    assert [one.label for one in choose(free, None, 3)] == ["7A", "7B", "7C"]
    assert [one.label for one in choose(free, None, 1)] == ["5A"]
    assert [one.label for one in choose(free, "aisle", 1)] == ["7C"]
    assert [one.label for one in choose(free, "11A", 1)] == ["11A"]
    assert choose(free, "9A", 1) == []
