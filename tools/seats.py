"""The seat map of the house's aircraft, and seats as people ask for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tools.models import Seat
from tools.spelling import pieces, plain

ROWS = range(1, 25)
BUSINESS_ROWS = range(1, 4)
EXIT_ROWS = (11, 12)
_PLACES = {"A": "window", "B": "middle", "C": "aisle", "D": "aisle", "E": "middle", "F": "window"}


def seat_map(flight_id: int) -> Iterator[Seat]:
    """Every seat of a flight, three and three to a row. A third is taken already."""
    for row in ROWS:
        for column, place in _PLACES.items():
            yield Seat(
                flight_id=flight_id,
                label=f"{row}{column}",
                cabin="business" if row in BUSINESS_ROWS else "economy",
                place=place,
                exit_row=row in EXIT_ROWS,
                taken=(flight_id * 31 + row * 7 + ord(column) * 3) % 3 == 0,
            )


def read_seat(said: str) -> str | None:
    """The seat or kind of place that was said: "12A" for "twelve alpha", "window", "aisle"."""
    text = plain(said)
    for place in ("window", "aisle", "middle"):
        if place in text:
            return place
    options = [one.options for one in pieces(text.replace("seat", " ")) if one is not None]
    row = "".join(next((c for c in one if c.isdigit()), "") for one in options)
    column = [c for one in options for c in one if c in _PLACES and not one[0].isdigit()]
    return f"{int(row)}{column[-1]}" if row and column else None


def choose(free: Sequence[Seat], wanted: str | None, count: int) -> list[Seat]:
    """Seats for ``count`` people: the one that was wanted, else side by side where it can be.

    Exit rows are given only when asked for by number.
    """
    if wanted and wanted[0].isdigit():
        return [one for one in free if one.label == wanted][:count]
    fitting = [one for one in free if not one.exit_row and wanted in (None, one.place)]
    rows = [list(row) for _, row in groupby(fitting, key=lambda one: one.label[:-1])]
    together = next((row[:count] for row in rows if len(row) >= count), [])
    return together or fitting[:count]


def by_row(seats: Iterable[Seat]) -> list[Seat]:
    return sorted(seats, key=lambda one: (int(one.label[:-1]), one.label[-1]))
