"""SpecialClaimAgent: assistance, meals, medical needs, baggage and delay claims."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from tools import requests
from tools.access import Access
from tools.bookings import hold, is_flight, pick_passenger
from tools.declare import Deed, spoken
from tools.effects import once
from tools.fare_rules import begins
from tools.models import Booking, BookingStatus, Passenger, ServiceRequest
from tools.outcome import Next, Outcome, done, refused
from tools.spoken import date, spelled
from tools.verification import BookingArguments, booking_tool

_ONE_CALL = dt.timedelta(hours=2)
"""A claim of the same kind for the same passenger so soon is more of the same."""
_MOST_TOLD = 4000
"""Characters kept of what was told of one matter."""
Kind = Literal["wheelchair", "meal", "medical", "baggage", "delay"]
BEFORE_TRAVEL: tuple[Kind, ...] = ("wheelchair", "meal", "medical")
# Days in which people answer.
_DAYS: dict[Kind, int] = {"wheelchair": 1, "meal": 1, "medical": 2, "baggage": 7, "delay": 14}
_NOUNS: dict[Kind, str] = {
    "wheelchair": "wheelchair request",
    "meal": "meal request",
    "medical": "medical request",
    "baggage": "baggage claim",
    "delay": "delay claim",
}
_ASK: dict[Kind, str] = {
    "wheelchair": "",
    "meal": "Which meal should it be?",
    "medical": "What do you need, so that I can note it?",
    "baggage": "What happened to the baggage, and what does it look like?",
    "delay": "What happened, and what did it cost you?",
}


class ClaimArguments(BookingArguments):
    kind: Kind = spoken(
        "What it is about",
        "Is it about a wheelchair, a meal, a medical need, baggage or a delay?",
        Next.ASK_DETAILS,
    )
    details: str | None = Field(
        default=None, max_length=1000, description="What the traveller needs or what happened"
    )
    passenger: str | None = Field(
        default=None, max_length=100, description="For whom, where there are several passengers"
    )


@booking_tool(
    "SpecialClaimAgent",
    "Records a request for a wheelchair, a special meal or medical assistance, or a claim for "
    "baggage or a delay, and gives a number to quote.",
    writes=True,
    seconds=10,
)
async def special_claim(args: ClaimArguments, deed: Deed, access: Access) -> Outcome:
    async with deed.shop.database.writing() as session:
        booking = await hold(session, access)
        refusal = _not_possible(booking, args.kind, deed.now)
        if refusal is not None:
            return refusal
        if not args.details and _ASK[args.kind]:
            return refused(_ASK[args.kind], Next.ASK_DETAILS)
        passenger = pick_passenger(booking, args.passenger)
        if isinstance(passenger, Outcome):
            return passenger
        return await once(
            session, deed, booking, lambda: _record(session, deed, booking, passenger, args)
        )


def _not_possible(booking: Booking, kind: Kind, now: dt.datetime) -> Outcome | None:
    if not is_flight(booking):
        return refused("I can note that for flights only.", Next.OFFER_PERSON)
    if kind in BEFORE_TRAVEL:
        if booking.status == BookingStatus.CANCELLED:
            return refused("This booking is cancelled.", booking_status=booking.status)
        if begins(booking) <= now and all(s.flight.departs_at <= now for s in booking.segments):
            return refused("The trip has begun already.", Next.OFFER_PERSON)
    if kind == "delay" and not _late(booking, now):
        return refused(
            "I see no delay or cancellation on this booking. A colleague can look at it.",
            Next.OFFER_PERSON,
        )
    return None


def _late(booking: Booking, now: dt.datetime) -> bool:
    """Was a flight late or cancelled, or is it over (and nobody but the traveller knows)?"""
    return any(
        one.flight.status != "on time" or one.flight.arrives_at <= now for one in booking.segments
    )


def _added(known: ServiceRequest, args: ClaimArguments) -> Outcome:
    """One matter is one request: what is told of it later goes with it."""
    number = spelled(known.number)
    if not args.details or args.details in known.details:
        return done(
            f"There is such a request already, number {number}; it is {known.status}.",
            number=known.number,
        )
    known.details = f"{known.details}\n{args.details}".strip()[-_MOST_TOLD:]
    return done(
        f"I have added that to the {_NOUNS[args.kind]} with the number {number}; "
        f"it is {known.status}.",
        number=known.number,
    )


async def _record(
    session: AsyncSession, deed: Deed, booking: Booking, passenger: Passenger, args: ClaimArguments
) -> Outcome:
    today = deed.now.date()
    known = await requests.open_one(session, booking, args.kind, passenger)
    if known is not None and (args.kind in BEFORE_TRAVEL or deed.now - known.opened_at < _ONE_CALL):
        return _added(known, args)
    request = await requests.record(
        session,
        deed,
        booking,
        args.kind,
        args.details or "",
        due_on=today + dt.timedelta(days=_DAYS[args.kind]),
        passenger=passenger,
    )
    return done(
        f"Your {_NOUNS[args.kind]} is recorded under the number {spelled(request.number)}. "
        f"You will hear from us by {date(request.due_on, today)}.",
        number=request.number,
        due_on=request.due_on.isoformat(),
    )
