"""Seats and rooms to sell: taken and given back under lock, always in the same order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tools.fare_rules import paying
from tools.models import (
    Booking,
    CheckIn,
    Flight,
    FlightCabin,
    HotelNight,
    Seat,
    Segment,
    Stay,
)


async def flights_on(
    session: AsyncSession, segment: Segment, days: Sequence[dt.date], seats: int
) -> list[tuple[Flight, FlightCabin]]:
    """Flights of the segment's route and cabin on those local days with so many seats left.

    The segment's own flight number comes first on each day.
    """
    old = segment.flight
    zone = ZoneInfo(old.origin.timezone)
    start = dt.datetime.combine(min(days), dt.time(), zone)
    end = dt.datetime.combine(max(days) + dt.timedelta(days=1), dt.time(), zone)
    rows = await session.execute(
        select(Flight, FlightCabin)
        .join(FlightCabin, FlightCabin.flight_id == Flight.id)
        .where(
            Flight.origin_code == old.origin_code,
            Flight.destination_code == old.destination_code,
            Flight.departs_at >= start,
            Flight.departs_at < end,
            Flight.status != "cancelled",
            FlightCabin.cabin == segment.cabin,
            FlightCabin.seats_left >= seats,
        )
    )
    found = [(flight, cabin) for flight, cabin in rows if flight.id != old.id]
    return sorted(found, key=lambda one: (one[0].number != old.number, one[0].departs_at))


async def rooms_on(
    session: AsyncSession, stay: Stay, first: dt.date, last: dt.date
) -> list[HotelNight]:
    """The nights of the stay's kind of room from ``first`` up to and with ``last``."""
    found = await session.scalars(
        select(HotelNight)
        .where(
            HotelNight.hotel_id == stay.hotel_id,
            HotelNight.room == stay.room,
            HotelNight.night >= first,
            HotelNight.night <= last,
        )
        .order_by(HotelNight.night)
    )
    return list(found)


async def move_seats(
    session: AsyncSession, cabin: str, flight_from: int, flight_to: int, count: int
) -> bool:
    """Give ``count`` seats back on one flight and take them on another; false if too few."""
    rows = await session.scalars(
        select(FlightCabin)
        .where(FlightCabin.flight_id.in_((flight_from, flight_to)), FlightCabin.cabin == cabin)
        .order_by(FlightCabin.flight_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    cabins = {one.flight_id: one for one in rows}
    if cabins[flight_to].seats_left < count:
        return False
    cabins[flight_to].seats_left -= count
    cabins[flight_from].seats_left += count
    return True


async def move_rooms(session: AsyncSession, stay: Stay, arrives: dt.date) -> bool:
    """Move a stay's rooms to begin on another night; false if one of the nights is full."""
    old = {stay.arrives_on + dt.timedelta(days=n) for n in range(stay.nights)}
    new = {arrives + dt.timedelta(days=n) for n in range(stay.nights)}
    rows = await session.scalars(
        select(HotelNight)
        .where(
            HotelNight.hotel_id == stay.hotel_id,
            HotelNight.room == stay.room,
            HotelNight.night.in_(old ^ new),
        )
        .order_by(HotelNight.night)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    nights = {one.night: one for one in rows}
    if not all(night in nights and nights[night].rooms_left >= stay.rooms for night in new - old):
        return False
    for night, one in nights.items():
        one.rooms_left += -stay.rooms if night in new else stay.rooms
    return True


async def give_back(session: AsyncSession, booking: Booking) -> None:
    """Everything a booking took: seats to sell, places on the seat map, rooms."""
    for segment in sorted(booking.segments, key=lambda one: one.flight_id):
        await vacate(session, segment)
        await session.execute(
            update(FlightCabin)
            .where(FlightCabin.flight_id == segment.flight_id, FlightCabin.cabin == segment.cabin)
            .values(seats_left=FlightCabin.seats_left + paying(booking))
        )
    if booking.stay is not None:
        stay = booking.stay
        await session.execute(
            update(HotelNight)
            .where(
                HotelNight.hotel_id == stay.hotel_id,
                HotelNight.room == stay.room,
                HotelNight.night >= stay.arrives_on,
                HotelNight.night < stay.leaves_on,
            )
            .values(rooms_left=HotelNight.rooms_left + stay.rooms)
        )


async def vacate(session: AsyncSession, segment: Segment) -> None:
    """Undo the check-ins of a segment."""
    places = [one.seat_id for one in segment.check_ins]
    await session.execute(delete(CheckIn).where(CheckIn.segment_id == segment.id))
    await session.execute(update(Seat).where(Seat.id.in_(places)).values(taken=False))
    session.expire(segment, ["check_ins"])
