"""What a demonstration booking is made of: who, what, when (relative to today), what it shows.

Telephone numbers are of the range that is kept for fiction (555-0100 to 555-0199), addresses
of example.com.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.models.money import RefundStage


@dataclass(frozen=True, slots=True)
class Leg:
    """A flight of the timetable ``days`` from today, or one that leaves ``hours`` from now."""

    number: str
    days: int = 0
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Nights:
    """A stay in the hotel of that number, beginning ``days`` from today."""

    hotel: int
    days: int
    nights: int
    room: str = "double room"
    rooms: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is already with people."""

    number: str
    kind: str
    details: str
    status: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One booking. ``people``: "Given Surname", or "Given Surname, child".

    ``number`` of the refund goes with ``refund``. ``seats`` are those checked in, by person.
    """

    reference: str
    people: tuple[str, ...]
    fare: str
    shows: str
    legs: tuple[Leg, ...] = ()
    stay: Nights | None = None
    email: str = ""
    phone: str = ""
    booked_hours_ago: float = 24 * 30
    currency: str = "USD"
    cancelled: bool = False
    refund: RefundStage | None = None
    refund_number: str = ""
    asked: Asked | None = None
    seats: tuple[str, ...] = ()
    flight_status: str = "on time"
    delay_minutes: int = 0
    flown: bool = False


def address(name: str) -> str:
    return f"{name}@example.com"


def telephone(last: int) -> str:
    return f"+1415555{last:04d}"
