"""Opening hours: when somebody is there to take a transferred call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+"
    r"(?P<opens>\d{2}:\d{2})-(?P<closes>\d{2}:\d{2})"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """On these weekdays (Monday is 0) from ``opens`` until before ``closes``, local time."""

    days: frozenset[int]
    opens: time
    closes: time


def parse_hours(text: str) -> tuple[Opening, ...]:
    """``mon-fri 08:00-20:00, sat 09:00-14:00``; empty means always. 24:00 ends a day.

    Raises:
        ValueError: not of this form; says how it should look.
    """
    return tuple(_opening(part.strip()) for part in text.lower().split(",") if part.strip())


def is_open(openings: tuple[Opening, ...], at: datetime) -> bool:
    """Whether somebody is there at this local time."""
    clock = at.time().replace(tzinfo=None)
    return not openings or any(
        at.weekday() in opening.days and opening.opens <= clock < opening.closes
        for opening in openings
    )


def _opening(part: str) -> Opening:
    wrong = ValueError("hours look like 'mon-fri 08:00-20:00, sat 09:00-14:00'")
    found = _PART.fullmatch(part)
    if not found or found["first"] not in _DAYS or (found["last"] or "mon") not in _DAYS:
        raise wrong
    first = _DAYS.index(found["first"])
    last = _DAYS.index(found["last"]) if found["last"] else first
    days = frozenset((first + i) % 7 for i in range((last - first) % 7 + 1))
    try:
        opens = time.fromisoformat(found["opens"])
        closes = time.max if found["closes"] == "24:00" else time.fromisoformat(found["closes"])
    except ValueError:
        raise wrong from None
    if opens >= closes:
        raise wrong
    return Opening(days, opens, closes)
