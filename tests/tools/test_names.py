"""A surname is known by its sound, because nobody hears a spelling on the telephone."""

from __future__ import annotations

import pytest

from tools.names import surname
from tools.references import MatchKind

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("said", "booked"),
    [
        ("Okafor", "Okafor"),
        ("Okafore", "Okafor"),
        ("my surname is Reyes", "Reyes"),
        ("O K A F O R", "Okafor"),
        ("Witaker", "Witakker"),
        ("Philips", "Fillips"),
        ("Browne", "Brown"),
        ("Hendrix", "Hendricks"),
        ("Oneill", "O'Neíll"),
        ("Ada Okafor", "Okafor"),
    ],
)
def test_what_sounds_the_same_is_the_same(said: str, booked: str) -> None:
    assert surname(said, [booked]) is MatchKind.EXACT


@pytest.mark.parametrize(
    ("said", "booked"),
    [("Okafer", "Okafor"), ("Millar", "Miller"), ("Brant", "Brandt")],
)
def test_what_sounds_nearly_the_same_is_asked_for_again(said: str, booked: str) -> None:
    assert surname(said, [booked]) is MatchKind.NEAR


@pytest.mark.parametrize("said", ["Reyes", "how many bags may I take", "Chen", ""])
def test_another_name_is_no_match(said: str) -> None:
    assert surname(said, ["Okafor"]) is MatchKind.NONE
