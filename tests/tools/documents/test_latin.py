from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.documents.latin import machine_letters

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Zoë Müller", "ZOE MUELLER"),
        ("Strauß", "STRAUSS"),
        ("Łukasz Dvořák", "LUKASZ DVORAK"),
        ("Søren Ærø", "SOEREN AEROE"),
        ("Þórður", "THORDUR"),
        ("O'Neill", "ONEILL"),
        ("Foster-Stone", "FOSTER STONE"),
        ("Nguyễn Thị", "NGUYEN THI"),
        ("  van   der  Berg ", "VAN DER BERG"),
        ("Ijsbrand Ĳssel", "IJSBRAND IJSSEL"),
    ],
)
def test_names_as_passports_print_them(name: str, letters: str) -> None:
    assert machine_letters(name) == letters


@pytest.mark.parametrize("name", ["", "...", "王伟", "Анна", "Αλέξης"])
def test_names_that_need_their_passport_form_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name needs"):
        machine_letters(name)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=30))
def test_nothing_but_capitals_and_single_spaces(name: str) -> None:
    try:
        letters = machine_letters(name)
    except ValueError:
        return
    assert set(letters) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    assert letters == " ".join(letters.split())
    assert machine_letters(letters) == letters
