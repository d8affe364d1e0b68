"""Carries a confirmed change out: seats and rooms move, tickets are issued anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tools import quotes
from tools.declare import Deed
from tools.describe import departs
from tools.fare_rules import paying
from tools.inventory import move_rooms, move_seats, vacate
from tools.models import Booking, Flight, Passenger, Stay, Ticket


async def move_stay(session: AsyncSession, stay: Stay, details: dict[str, Any]) -> dt.date | None:
    """Move a stay as it was quoted: its new first day, or None where a night is full by now."""
    arrives_on = dt.date.fromisoformat(details["arrives"])
    nights = stay.nights
    if not await move_rooms(session, stay, arrives_on):
        return None
    stay.arrives_on, stay.leaves_on = arrives_on, arrives_on + dt.timedelta(days=nights)
    return arrives_on


async def move_flight(
    session: AsyncSession, deed: Deed, booking: Booking, details: dict[str, Any]
) -> dt.date | None:
    """Move a flight as it was quoted: its new day, or None where it is full by now."""
    segment = next(one for one in booking.segments if one.id == details["segment"])
    new_id = int(details["flight"])
    if not await move_seats(session, segment.cabin, segment.flight_id, new_id, paying(booking)):
        return None
    await vacate(session, segment)
    flight = await session.get_one(Flight, new_id)
    segment.flight, segment.price = flight, int(details["price"])
    for person in booking.passengers:
        _reissue(person, deed)
    return departs(flight).date()


def _reissue(person: Passenger, deed: Deed) -> None:
    """A new ticket for the new date; the old one is exchanged."""
    for ticket in person.tickets:
        ticket.status = "exchanged" if ticket.status == "open" else ticket.status
    person.tickets.append(
        Ticket(number=f"270{quotes.new_number()}{person.id % 10000:04d}", issued_at=deed.now)
    )
