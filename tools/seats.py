"""The seat map of the house's aircraft."""

from __future__ import annotations

from collections.abc import Iterator

from tools.models import Seat

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
