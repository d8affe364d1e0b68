"""Opening hours."""

from __future__ import annotations

from datetime import datetime

import pytest

from telephony.hours import is_open, parse_hours

pytestmark = pytest.mark.pure

MONDAY = datetime(2026, 11, 23, 10, 0)


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        ("", MONDAY, True),
        ("mon-fri 08:00-20:00", MONDAY, True),
        ("mon-fri 08:00-20:00", MONDAY.replace(hour=20), False),
        ("mon-fri 10:00-20:00", MONDAY, True),
        ("Mon-Fri 08:00-20:00, sat 09:00-14:00", MONDAY.replace(day=28), True),
        ("mon-fri 08:00-20:00, sat 09:00-14:00", MONDAY.replace(day=29), False),
        ("fri-mon 08:00-20:00", MONDAY, True),
        ("fri-sun 08:00-20:00", MONDAY, False),
        ("mon 00:00-24:00", MONDAY.replace(hour=23, minute=59), True),
    ],
)
def test_somebody_is_there_or_not(hours: str, at: datetime, expected: bool) -> None:
    assert is_open(parse_hours(hours), at) is expected


@pytest.mark.parametrize(
    "hours", ["always", "mon", "mon 8-20", "mon 20:00-08:00", "xyz 08:00-20:00", "mon 08:00-25:00"]
)
def test_other_words_say_how_it_should_look(hours: str) -> None:
    with pytest.raises(ValueError, match="mon-fri 08:00-20:00"):
        parse_hours(hours)
