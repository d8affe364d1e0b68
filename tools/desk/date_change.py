"""DateChangeAgent: a new date is priced first and booked on confirmation of that price."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from tools import quotes
from tools.bookings import hold
from tools.dates import read_date
from tools.declare import Deed, spoken
from tools.describe import arrives, departs, flight_name
from tools.effects import once
from tools.fare_rules import change_penalty, paying
from tools.inventory import flights_on, move_rooms, move_seats, rooms_on, vacate
from tools.models import (
    Booking,
    Flight,
    Passenger,
    Payment,
    Quote,
    Segment,
    Stay,
    Ticket,
)
from tools.outcome import Next, Outcome, done, refused
from tools.spoken import counted, date, listing, money, time
from tools.verification import Access, BookingArguments, booking_tool

_LOOK_AROUND = 4
"""Days before and after a full day in which others are offered."""


class DateChangeArguments(BookingArguments):
    action: Literal["quote", "confirm"] = spoken(
        '"quote" finds seats or rooms on the new date and tells the price; "confirm" changes, '
        "only after the traveller agreed to that quote",
        "Shall I look up first what the change would cost?",
        Next.NEW_QUOTE,
    )
    new_date: str | None = Field(
        default=None,
        max_length=100,
        description="With quote: the new date of departure or arrival, as YYYY-MM-DD or as the "
        'traveller said it ("next Tuesday", "the 14th")',
    )
    kind: Literal["outbound", "return"] | None = Field(
        default=None, description="Which flight of a return trip moves; the outbound unless said"
    )
    quote_id: str | None = Field(
        default=None, max_length=20, description="With confirm: the quote_id that was quoted"
    )


@booking_tool(
    "DateChangeAgent",
    "Moves a flight or hotel stay to another date in two steps. If the traveller wants another "
    'date, call it with action "quote" and new_date, and say the new date, the penalty and the '
    'difference; only after a clear yes call it with action "confirm" and the quote_id.',
    writes=True,
    seconds=10,
)
async def change_date(args: DateChangeArguments, deed: Deed, access: Access) -> Outcome:
    async with deed.shop.database.writing() as session:
        booking = await hold(session, access)
        if args.action == "confirm":
            return await once(
                session, deed, booking, lambda: _confirm(session, deed, booking, args.quote_id)
            )
        penalty = change_penalty(booking, deed.now)
        if isinstance(penalty, Outcome):
            return penalty
        if booking.stay is not None:
            return await _quote_stay(session, deed, booking, booking.stay, args.new_date, penalty)
        return await _quote_flight(session, deed, booking, args, penalty)


def _wanted(said: str | None, old: dt.date, today: dt.date) -> dt.date | Outcome:
    """The new date, if it can be one."""
    day = read_date(said, today, near=old) if said else None
    if day is None:
        return refused("Which date would you like instead?", Next.ASK_DATE)
    if day <= today:
        return refused("That day is too soon. Which later date would you like?", Next.ASK_DATE)
    if day == old:
        return refused(
            f"{date(day, today)} is the date you have already. Which other date would you like?",
            Next.ASK_DATE,
        )
    return day


async def _quote_flight(
    session: AsyncSession, deed: Deed, booking: Booking, args: DateChangeArguments, penalty: int
) -> Outcome:
    segment = _moving(booking, args.kind, deed.now)
    if isinstance(segment, Outcome):
        return segment
    zone = ZoneInfo(segment.flight.origin.timezone)
    today = deed.now.astimezone(zone).date()
    day = _wanted(args.new_date, departs(segment.flight).date(), today)
    if isinstance(day, Outcome):
        return day
    around = [day + dt.timedelta(days=n) for n in range(-_LOOK_AROUND, _LOOK_AROUND + 1)]
    coming = [one for one in around if one > today]
    found = await flights_on(session, segment, coming, paying(booking))
    fitting = [(one, cabin) for one, cabin in found if _in_order(booking, segment, one)]
    on_day = [(one, cabin) for one, cabin in fitting if departs(one).date() == day]
    if not on_day:
        full = not any(departs(one).date() == day for one, _ in found)
        return _instead(day, today, [departs(one).date() for one, _ in fitting], full=full)
    flight, cabin = on_day[0]
    difference = max(0, cabin.price - segment.price) * paying(booking)
    quote = await quotes.make(
        session,
        deed,
        booking,
        "change",
        penalty=penalty,
        difference=difference,
        details={"segment": segment.id, "flight": flight.id, "price": cabin.price},
    )
    what = (
        f"{flight_name(flight)} on {date(day, today)} leaves at {time(departs(flight))} and "
        f"lands at {time(arrives(flight))}"
    )
    return _offer(quote, booking, what[0].upper() + what[1:])


def _moving(booking: Booking, kind: str | None, now: dt.datetime) -> Segment | Outcome:
    """The flight that moves: the first, or the last of a return trip, if not flown yet."""
    segment = booking.segments[-1 if kind == "return" else 0]
    if segment.flight.departs_at <= now and segment.flight.status != "cancelled":
        return refused("That flight has left already.", Next.OFFER_PERSON)
    return segment


def _in_order(booking: Booking, moving: Segment, flight: Flight) -> bool:
    """Does the new flight keep the order of the trip, half an hour between flights?"""
    gap = dt.timedelta(minutes=30)
    return all(
        other.flight.arrives_at + gap <= flight.departs_at
        if other.position < moving.position
        else flight.arrives_at + gap <= other.flight.departs_at
        for other in booking.segments
        if other is not moving
    )


def _instead(day: dt.date, today: dt.date, others: list[dt.date], *, full: bool) -> Outcome:
    nearest = sorted(sorted(set(others), key=lambda one: (abs(one - day), one))[:2])
    why = (
        f"There is nothing left on {date(day, today)}."
        if full
        else f"{date(day, today)} does not go with your other flight."
    )
    if not nearest:
        return refused(f"{why} Would another date suit you?", Next.ASK_DATE, alternatives=[])
    offered = listing([date(one, today) for one in nearest], "or")
    return refused(
        f"{why} I could offer {offered}.",
        Next.ASK_DATE,
        alternatives=[one.isoformat() for one in nearest],
    )


async def _quote_stay(
    session: AsyncSession, deed: Deed, booking: Booking, stay: Stay, said: str | None, penalty: int
) -> Outcome:
    today = deed.now.astimezone(ZoneInfo(stay.hotel.timezone)).date()
    day = _wanted(said, stay.arrives_on, today)
    if isinstance(day, Outcome):
        return day
    first = max(today, day - dt.timedelta(days=_LOOK_AROUND))
    last = day + dt.timedelta(days=_LOOK_AROUND + stay.nights)
    free = {one.night: one for one in await rooms_on(session, stay, first, last)}
    own = {stay.arrives_on + dt.timedelta(days=n) for n in range(stay.nights)}

    def price(start: dt.date) -> int | None:
        nights = [start + dt.timedelta(days=n) for n in range(stay.nights)]
        if any(
            one not in free or (free[one].rooms_left < stay.rooms and one not in own)
            for one in nights
        ):
            return None
        return sum(free[one].price for one in nights) * stay.rooms

    cost = price(day)
    if cost is None:
        others = [one for one in free if one > today and price(one) is not None]
        return _instead(day, today, others, full=True)
    quote = await quotes.make(
        session,
        deed,
        booking,
        "change",
        penalty=penalty,
        difference=max(0, cost - booking.paid),
        details={"arrives": day.isoformat()},
    )
    nights = counted(stay.nights, "night")
    return _offer(
        quote, booking, f"{stay.hotel.name} has a room from {date(day, today)} for {nights}"
    )


def _offer(quote: Quote, booking: Booking, what: str) -> Outcome:
    total = quote.penalty + quote.difference
    parts = [
        f"{money(amount, booking.currency)} {name}"
        for amount, name in ((quote.penalty, "change fee"), (quote.difference, "fare difference"))
        if amount
    ]
    if len(parts) > 1:
        cost = f"It costs {listing(parts)}, {money(total, booking.currency)} in all."
    else:
        cost = f"It costs {parts[0]}." if parts else "The change is free."
    return done(
        f"{what}. {cost} Shall I change it?",
        Next.CONFIRM_QUOTE,
        quote_id=quote.id,
        penalty=money(quote.penalty, booking.currency),
        difference=money(quote.difference, booking.currency),
        to_pay=money(total, booking.currency),
    )


async def _confirm(
    session: AsyncSession, deed: Deed, booking: Booking, quote_id: str | None
) -> Outcome:
    quote = await quotes.confirmed(session, deed, booking, "change", quote_id)
    if isinstance(quote, Outcome):
        return quote
    if booking.stay is not None:
        new = await _move_stay(session, booking.stay, quote.details)
    else:
        new = await _move_flight(session, deed, booking, quote.details)
    if new is None:
        return refused(
            "Someone else has just taken the last place that day. Would another date suit you?",
            Next.ASK_DATE,
        )
    charge = quote.penalty + quote.difference
    booking.paid += charge
    booking.version += 1
    session.add(
        Payment(
            booking_id=booking.id,
            quote_id=quote.id,
            amount=charge,
            currency=booking.currency,
            purpose="date change",
            at=deed.now,
        )
    )
    paid = f" {money(charge, booking.currency).capitalize()} was charged to your card."
    return quotes.use(
        quote,
        deed,
        done(
            f"Done: your new date is {date(new, deed.now.date())}.{paid if charge else ''} "
            "I can send you the new documents.",
            new_date=new.isoformat(),
            charged=money(charge, booking.currency),
        ),
    )


async def _move_stay(session: AsyncSession, stay: Stay, details: dict[str, Any]) -> dt.date | None:
    arrives_on = dt.date.fromisoformat(details["arrives"])
    nights = stay.nights
    if not await move_rooms(session, stay, arrives_on):
        return None
    stay.arrives_on, stay.leaves_on = arrives_on, arrives_on + dt.timedelta(days=nights)
    return arrives_on


async def _move_flight(
    session: AsyncSession, deed: Deed, booking: Booking, details: dict[str, Any]
) -> dt.date | None:
    segment = next(one for one in booking.segments if one.id == details["segment"])
    new_id = int(details["flight"])
    if not await move_seats(session, segment.cabin, segment.flight_id, new_id, paying(booking)):
        return None
    await vacate(session, segment)
    flight = await session.get_one(Flight, new_id)
    segment.flight, segment.price = flight, int(details["price"])
    for person in booking.passengers:
        _reissue(person, deed, booking)
    return departs(flight).date()


def _reissue(person: Passenger, deed: Deed, booking: Booking) -> None:
    """A new ticket for the new date; the old one is exchanged."""
    for ticket in person.tickets:
        ticket.status = "exchanged" if ticket.status == "open" else ticket.status
    person.tickets.append(
        Ticket(number=f"270{quotes.new_number()}{person.id % 10000:04d}", issued_at=deed.now)
    )
