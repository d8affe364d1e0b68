"""Finds what a booking can be moved to on a wanted day, or the nearest days instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tools.describe import arrives, departs, flight_name
from tools.fare_rules import paying
from tools.inventory import flights_on, rooms_on
from tools.models import Booking, Flight, HotelNight, Segment, Stay
from tools.spoken import counted, date, sentence, time

_LOOK_AROUND = 4
"""Days before and after a full day in which others are offered."""
_MOST_OFFERED = 2
_CONNECTION = dt.timedelta(minutes=30)
"""Least time between two flights of a trip."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be had: in words, its price above what was paid (minor units), and which it is."""

    what: str
    difference: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Instead:
    """Nothing on that day (``full``), or nothing that goes with the rest of the trip."""

    days: tuple[dt.date, ...]
    full: bool


async def for_flight(
    session: AsyncSession, booking: Booking, segment: Segment, day: dt.date, today: dt.date
) -> Offer | Instead:
    """Another flight on the segment's route and cabin."""
    around = [day + dt.timedelta(days=n) for n in range(-_LOOK_AROUND, _LOOK_AROUND + 1)]
    coming = [one for one in around if one > today]
    found = await flights_on(session, segment, coming, paying(booking))
    fitting = [(one, cabin) for one, cabin in found if _in_order(booking, segment, one)]
    on_day = [(one, cabin) for one, cabin in fitting if departs(one).date() == day]
    if not on_day:
        full = not any(departs(one).date() == day for one, _ in found)
        return Instead(_nearest(day, [departs(one).date() for one, _ in fitting]), full)
    flight, cabin = on_day[0]
    return Offer(
        f"{sentence(flight_name(flight))} on {date(day, today)} leaves at "
        f"{time(departs(flight))} and lands at {time(arrives(flight))}",
        max(0, cabin.price - segment.price) * paying(booking),
        {"segment": segment.id, "flight": flight.id, "price": cabin.price},
    )


async def for_stay(
    session: AsyncSession, booking: Booking, stay: Stay, day: dt.date, today: dt.date
) -> Offer | Instead:
    """The same kind of room for as many nights from another day."""
    first = max(today, day - dt.timedelta(days=_LOOK_AROUND))
    last = day + dt.timedelta(days=_LOOK_AROUND + stay.nights)
    known = {one.night: one for one in await rooms_on(session, stay, first, last)}
    cost = _price(stay, known, day)
    if cost is None:
        others = [one for one in known if one > today and _price(stay, known, one) is not None]
        return Instead(_nearest(day, others), full=True)
    nights = counted(stay.nights, "night")
    return Offer(
        f"{stay.hotel.name} has a {stay.room} from {date(day, today)} for {nights}",
        max(0, cost - booking.paid),
        {"arrives": day.isoformat()},
    )


def _price(stay: Stay, known: Mapping[dt.date, HotelNight], start: dt.date) -> int | None:
    """The price of the stay from another day, or None where a night is full."""
    own = {stay.arrives_on + dt.timedelta(days=n) for n in range(stay.nights)}
    nights = [start + dt.timedelta(days=n) for n in range(stay.nights)]
    for night in nights:
        if night not in known or (known[night].rooms_left < stay.rooms and night not in own):
            return None
    return sum(known[night].price for night in nights) * stay.rooms


def _in_order(booking: Booking, moving: Segment, flight: Flight) -> bool:
    """Does the new flight keep the order of the trip?"""
    return all(
        other.flight.arrives_at + _CONNECTION <= flight.departs_at
        if other.position < moving.position
        else flight.arrives_at + _CONNECTION <= other.flight.departs_at
        for other in booking.segments
        if other is not moving
    )


def _nearest(day: dt.date, others: list[dt.date]) -> tuple[dt.date, ...]:
    by_distance = sorted(set(others), key=lambda one: (abs(one - day), one))
    return tuple(sorted(by_distance[:_MOST_OFFERED]))
