"""References as they are spoken: exact, near (ask), or none; never guessed."""

from __future__ import annotations

from itertools import combinations
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.references import (
    Heard,
    MatchKind,
    distance,
    keyed,
    match,
    neighbours,
    read,
    read_back,
    unkeyed,
)
from tools.seed import PLANS
from tools.spoken import words

pytestmark = pytest.mark.pure

KNOWN = [plan.reference for plan in PLANS]
references = st.from_regex(r"[A-Z]{3}[0-9]{3}", fullmatch=True)

NATO = {
    name[0]: name
    for name in words(
        "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November "
        "Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
    )
}
SPOKEN_LETTERS = dict(
    zip(
        ascii_uppercase,
        words(
            "A bee see dee E eff gee aitch I jay kay el em en O pea queue are ess tea you vee "
            "double-u ex why zee"
        ),
        strict=True,
    )
)
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@pytest.mark.parametrize(
    ("said", "reference"),
    [
        ("CYM427", "CYM427"),
        ("cym-427", "CYM427"),
        ("C Y M 4 2 7", "CYM427"),
        ("C.Y.M. 427", "CYM427"),
        ("see why em four two seven", "CYM427"),
        ("It's C as in Charlie, Y as in Yankee, M as in Mike, four, two, seven.", "CYM427"),
        ("c y m four hundred and twenty-seven", "CYM427"),
        ("Charlie Yankee Mike four twenty seven", "CYM427"),
        ("can you cancel reservation C Y M four two seven for me?", "CYM427"),
        ("Bravo kilo x-ray nine thirty one", "BKX931"),
        ("Bravo Kilo X-ray931", "BKX931"),
        ("L H double u two sixty four", "LHW264"),
        ("M P E double seven two", "MPE772"),
        ("M for mother, P like Peter, E as in echo, seven seven two", "MPE772"),
        ("queue are tea five eight oh", "QRT580"),
        ("D V N nine O five", "DVN905"),
        ("F M H triple eight", "FMH888"),
        ("B K X 9 3 1, no sorry, C Y M 4 2 7", "CYM427"),
        ("296427", "CYM427"),
        ("two nine six four two seven", "CYM427"),
        ("my reference is quebec romeo tango 5 8 0 please", "QRT580"),
    ],
)
def test_spoken_references_are_understood(said: str, reference: str) -> None:
    found = match(said, KNOWN)
    assert (found.kind, found.reference) == (MatchKind.EXACT, reference)


@pytest.mark.parametrize(
    "said",
    [
        "C Y N 427",  # a letter that sounds alike
        "C Y M 42",  # one missing
        "C Y M 4 2 7 1",  # one too many
        "Y M 4 2 7",
        "C Y M 4 7 2",  # swapped
        "G Y N 427",  # two that sound alike
        "CYM 427 and BKX 931",  # two at once
    ],
)
def test_a_near_reference_is_nobodys(said: str) -> None:
    found = match(said, KNOWN)
    assert (found.kind, found.reference) == (MatchKind.NEAR, "")


@pytest.mark.parametrize(
    "said",
    ["", "hello", "I would like to look up my booking", "427", "A B C 1 2 3", "X Y Z", "see you"],
)
def test_what_is_no_booking_matches_none(said: str) -> None:
    assert match(said, KNOWN).kind is MatchKind.NONE


@given(references)
def test_every_way_of_spelling_is_read(reference: str) -> None:
    letters, numbers = reference[:3], reference[3:]
    words = " ".join(DIGITS[int(c)] for c in numbers)
    for said in (
        reference,
        reference.lower(),
        " ".join(reference),
        ", ".join(reference),
        f"{' '.join(NATO[c] for c in letters)} {words}",
        f"{' '.join(SPOKEN_LETTERS[c] for c in letters)} {words}",
        f"the reference is {', '.join(f'{c} as in {NATO[c]}' for c in letters)}, {words}",
    ):
        found = match(said, [reference])
        assert (found.kind, found.reference) == (MatchKind.EXACT, reference), said


@given(references, st.integers(0, 5), st.sampled_from("ABCDEFGHJKLMNPQRSTVXZ0123456789"))
def test_one_wrong_character_is_near_and_never_exact(
    reference: str, at: int, character: str
) -> None:
    wrong = reference[:at] + character + reference[at + 1 :]
    if wrong == reference or character.isdigit() != reference[at].isdigit():
        return
    assert match(" ".join(wrong), [reference]).kind is MatchKind.NEAR


@given(references, references)
def test_an_exact_match_is_what_was_said(one: str, other: str) -> None:
    found = match(" ".join(one), [other])
    assert (found.kind is MatchKind.EXACT) == (one == other)


@given(st.text(max_size=80))
def test_any_text_is_read_without_harm(said: str) -> None:
    heard = read(said)
    assert isinstance(heard, Heard)
    assert len(heard.near()) < 20_000


@given(references)
def test_a_keypad_spells_and_unspells(reference: str) -> None:
    assert reference in set(unkeyed(keyed(reference)))
    assert match(keyed(reference), [reference]).kind is MatchKind.EXACT


def test_neighbours_are_references_and_not_the_same() -> None:
    around = neighbours("CYM427")
    assert "CYM427" not in around
    assert {"CYN427", "CYM437", "CYM472", "GYN427"} <= around
    assert "ABC123" not in around


def test_demonstration_references_are_well_apart_in_sound_and_on_the_keypad() -> None:
    for one, other in combinations(KNOWN, 2):
        assert distance(one, other) >= 3, (one, other)
        assert keyed(one) != keyed(other)


def test_only_the_end_is_read_back() -> None:
    assert read_back("CYM427") == "the booking ending in four two seven"
