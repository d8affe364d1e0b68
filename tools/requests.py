"""Requests that people work on: recorded with a number to quote and a day to expect."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tools.declare import Deed
from tools.models import Booking, Passenger, ServiceRequest
from tools.quotes import new_number

OPEN = ("received", "in review", "approved")


async def record(
    session: AsyncSession,
    deed: Deed,
    booking: Booking,
    kind: str,
    details: str,
    *,
    due_on: dt.date,
    passenger: Passenger | None = None,
) -> ServiceRequest:
    request = ServiceRequest(
        number=new_number(),
        booking_id=booking.id,
        passenger_id=passenger.id if passenger else None,
        kind=kind,
        details=details,
        opened_at=deed.now,
        due_on=due_on,
    )
    session.add(request)
    await session.flush()
    return request


async def on_booking(session: AsyncSession, booking: Booking) -> list[ServiceRequest]:
    """The requests of a booking, newest first."""
    found = await session.scalars(
        select(ServiceRequest)
        .where(ServiceRequest.booking_id == booking.id)
        .order_by(ServiceRequest.opened_at.desc(), ServiceRequest.id.desc())
    )
    return list(found)


async def open_one(
    session: AsyncSession, booking: Booking, kind: str, passenger: Passenger
) -> ServiceRequest | None:
    """The newest request of a kind for a passenger that people still work on."""
    return next(
        (
            one
            for one in await on_booking(session, booking)
            if (one.kind, one.passenger_id) == (kind, passenger.id) and one.status in OPEN
        ),
        None,
    )
