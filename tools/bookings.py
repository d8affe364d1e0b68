"""Loading bookings: only with the access that verification grants."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from tools import names
from tools.models import Booking, BookingKind, Passenger, Segment
from tools.outcome import Next, Outcome, refused
from tools.references import MatchKind
from tools.spoken import listing
from tools.verification import Access


def _whole(access: Access) -> Select[Booking]:
    return (
        select(Booking)
        .where(Booking.id == access.booking_id)
        .options(
            selectinload(Booking.segments).selectinload(Segment.check_ins),
            selectinload(Booking.passengers).selectinload(Passenger.tickets),
            selectinload(Booking.stay),
        )
    )


async def look(session: AsyncSession, access: Access) -> Booking:
    """The booking with all that belongs to it, to read."""
    return (await session.scalars(_whole(access))).one()


async def hold(session: AsyncSession, access: Access) -> Booking:
    """The booking, locked until the writing transaction ends: changes to it go one by one."""
    # The lock comes first: what belongs to the booking is read only once it is held.
    await session.execute(
        select(Booking.id).where(Booking.id == access.booking_id).with_for_update()
    )
    return await look(session, access)


def is_flight(booking: Booking) -> bool:
    return booking.kind == BookingKind.FLIGHT


def pick_passenger(booking: Booking, said: str | None) -> Passenger | Outcome:
    """The passenger who is meant, or the question which one."""
    if said:
        fits = [one for one in booking.passengers if _is_called(one, said)]
    else:
        fits = list(booking.passengers)
    if len(fits) == 1:
        return fits[0]
    everyone = [one.given_name for one in booking.passengers]
    return refused(
        f"For which passenger: {listing(everyone, 'or')}?", Next.ASK_PASSENGER, passengers=everyone
    )


def _is_called(passenger: Passenger, said: str) -> bool:
    spoken = names.letters(said)
    return spoken in {
        names.letters(passenger.given_name),
        names.letters(passenger.full_name),
        names.letters(passenger.given_name.split()[0]),
    } or (
        names.surname(said, [passenger.surname]) is MatchKind.EXACT
        and names.letters(said) == names.letters(passenger.surname)
    )
