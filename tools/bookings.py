"""Loading bookings: only with the access that verification grants."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from tools import names
from tools.access import Access
from tools.models import Booking, BookingKind, Passenger, Segment
from tools.outcome import Next, Outcome, refused
from tools.references import MatchKind
from tools.spoken import listing

# One statement, built once: a booking is small, and what costs is the statement, not the rows.
_WHOLE = (
    select(Booking)
    .where(Booking.id == bindparam("booking_id"))
    .options(
        joinedload(Booking.segments).joinedload(Segment.check_ins),
        joinedload(Booking.passengers).joinedload(Passenger.tickets),
        joinedload(Booking.stay),
    )
)


async def look(session: AsyncSession, access: Access) -> Booking:
    """The booking with all that belongs to it, to read."""
    rows = await session.scalars(_WHOLE, {"booking_id": access.booking_id})
    return rows.unique().one()


async def hold(session: AsyncSession, access: Access) -> Booking:
    """The booking, locked until the writing transaction ends: changes to it go one by one."""
    if session.get_bind().dialect.name != "sqlite":
        # The lock comes first: what belongs to the booking is read only once it is held.
        # (On SQLite a writing transaction is alone from its beginning.)
        lock = select(Booking.id).where(Booking.id == access.booking_id).with_for_update()
        await session.execute(lock)
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
