"""DateChangeAgent: a new date is priced first and booked on confirmation of that price."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from tools import quotes
from tools.access import Access
from tools.bookings import hold
from tools.dates import read_date
from tools.declare import Deed, spoken
from tools.describe import departs
from tools.effects import once
from tools.fare_rules import change_penalty
from tools.models import Booking, Payment, Quote, Segment
from tools.new_dates import Instead, Offer, for_flight, for_stay
from tools.outcome import Next, Outcome, done, refused
from tools.rebooking import move_flight, move_stay
from tools.spoken import date, listing, money, sentence
from tools.verification import BookingArguments, booking_tool


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
        return await _quote(session, deed, booking, args)


async def _quote(
    session: AsyncSession, deed: Deed, booking: Booking, args: DateChangeArguments
) -> Outcome:
    penalty = change_penalty(booking, deed.now)
    if isinstance(penalty, Outcome):
        return penalty
    moving = booking.stay or _moving(booking, args.kind, deed.now)
    if isinstance(moving, Outcome):
        return moving
    if isinstance(moving, Segment):
        old, zone = departs(moving.flight).date(), moving.flight.origin.timezone
    else:
        old, zone = moving.arrives_on, moving.hotel.timezone
    today = deed.now.astimezone(ZoneInfo(zone)).date()
    day = _wanted(args.new_date, old, today)
    if isinstance(day, Outcome):
        return day
    if isinstance(moving, Segment):
        found = await for_flight(session, booking, moving, day, today)
    else:
        found = await for_stay(session, booking, moving, day, today)
    if isinstance(found, Instead):
        return _instead(day, today, found)
    return await _offer(session, deed, booking, penalty, found)


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


def _moving(booking: Booking, kind: str | None, now: dt.datetime) -> Segment | Outcome:
    """The flight that moves: the first, or the last of a return trip, if not flown yet."""
    segment = booking.segments[-1 if kind == "return" else 0]
    if segment.flight.departs_at <= now and segment.flight.status != "cancelled":
        return refused("That flight has left already.", Next.OFFER_PERSON)
    return segment


def _instead(day: dt.date, today: dt.date, instead: Instead) -> Outcome:
    why = (
        f"There is nothing left on {date(day, today)}."
        if instead.full
        else f"{date(day, today)} does not go with your other flight."
    )
    days = [one.isoformat() for one in instead.days]
    if not days:
        return refused(f"{why} Would another date suit you?", Next.ASK_DATE, alternatives=days)
    offered = listing([date(one, today) for one in instead.days], "or")
    return refused(f"{why} I could offer {offered}.", Next.ASK_DATE, alternatives=days)


async def _offer(
    session: AsyncSession, deed: Deed, booking: Booking, penalty: int, offer: Offer
) -> Outcome:
    quote = await quotes.make(
        session,
        deed,
        booking,
        "change",
        penalty=penalty,
        difference=offer.difference,
        details=dict(offer.details),
    )
    named = ((penalty, "change fee"), (offer.difference, "fare difference"))
    parts = [f"{money(amount, booking.currency)} {name}" for amount, name in named if amount]
    total = money(penalty + offer.difference, booking.currency)
    if len(parts) > 1:
        cost = f"It costs {listing(parts)}, {total} in all."
    else:
        cost = f"It costs {parts[0]}." if parts else "The change is free."
    return done(
        f"{offer.what}. {cost} Shall I change it?",
        Next.CONFIRM_QUOTE,
        quote_id=quote.id,
        penalty=money(penalty, booking.currency),
        difference=money(offer.difference, booking.currency),
        to_pay=total,
    )


async def _confirm(
    session: AsyncSession, deed: Deed, booking: Booking, quote_id: str | None
) -> Outcome:
    quote = await quotes.confirmed(session, deed, booking, "change", quote_id)
    if isinstance(quote, Outcome):
        return quote
    if booking.stay is not None:
        new = await move_stay(session, booking.stay, quote.details)
    else:
        new = await move_flight(session, deed, booking, quote.details)
    if new is None:
        return refused(
            "Someone else has just taken the last place that day. Would another date suit you?",
            Next.ASK_DATE,
        )
    charge = quote.penalty + quote.difference
    booking.paid += charge
    booking.version += 1
    session.add(_payment(deed, booking, quote, charge))
    amount = money(charge, booking.currency)
    paid = f" {sentence(amount)} was charged to your card." if charge else ""
    day = date(new, deed.now.date())
    say = f"Done: your new date is {day}.{paid} I can send you the new documents."
    return quotes.use(quote, deed, done(say, new_date=new.isoformat(), charged=amount))


def _payment(deed: Deed, booking: Booking, quote: Quote, charge: int) -> Payment:
    return Payment(
        booking_id=booking.id,
        quote_id=quote.id,
        amount=charge,
        currency=booking.currency,
        purpose="date change",
        at=deed.now,
    )
