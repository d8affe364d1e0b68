"""Booking_Cancellation_Agent: the price first, the deed only on confirmation of that price."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from tools import quotes
from tools.access import Access
from tools.bookings import hold
from tools.declare import Deed, spoken
from tools.effects import once
from tools.fare_rules import cancellation
from tools.inventory import give_back
from tools.models import Booking, BookingStatus, Quote, Refund, RefundStep
from tools.models.money import RefundStage
from tools.outcome import Next, Outcome, done
from tools.spoken import date, money, sentence, spelled
from tools.verification import BookingArguments, booking_tool

_REFUND_DAYS = 10
"""Calendar days in which the money is promised: the seven business days that 14 CFR 260.6
grants for card payments, and a weekend's margin."""


class CancellationArguments(BookingArguments):
    action: Literal["quote", "confirm"] = spoken(
        '"quote" tells what cancelling costs and brings back; "confirm" cancels, only after '
        "the traveller agreed to that quote",
        "Shall I tell you first what cancelling would cost?",
        Next.NEW_QUOTE,
    )
    quote_id: str | None = Field(
        default=None, max_length=20, description="With confirm: the quote_id that was quoted"
    )
    reason: str | None = Field(
        default=None, max_length=500, description="Why the traveller cancels, if they said so"
    )


@booking_tool(
    "Booking_Cancellation_Agent",
    "Cancels a flight or hotel booking in two steps. If the traveller asks to cancel, call it "
    'with action "quote" and say the penalty and the refund; only after a clear yes call it '
    'with action "confirm" and the quote_id.',
    writes=True,
    seconds=10,
)
async def cancel_booking(args: CancellationArguments, deed: Deed, access: Access) -> Outcome:
    async with deed.shop.database.writing() as session:
        booking = await hold(session, access)
        if args.action == "quote":
            return await _quote(session, deed, booking)
        return await once(
            session, deed, booking, lambda: _confirm(session, deed, booking, args.quote_id)
        )


async def _quote(session: AsyncSession, deed: Deed, booking: Booking) -> Outcome:
    terms = cancellation(booking, deed.now)
    if isinstance(terms, Outcome):
        return terms
    quote = await quotes.make(
        session, deed, booking, "cancel", penalty=terms.penalty, refund=terms.refund
    )
    penalty, refund = (money(one, booking.currency) for one in (terms.penalty, terms.refund))
    say = terms.why
    if terms.penalty and not say:
        say = f"Cancelling costs {penalty}."
    back = f"You would get {refund} back." if terms.refund else "Nothing would come back."
    return done(
        f"{say} {back} Shall I cancel it?",
        Next.CONFIRM_QUOTE,
        quote_id=quote.id,
        penalty=penalty,
        refund=refund,
    )


async def _confirm(
    session: AsyncSession, deed: Deed, booking: Booking, quote_id: str | None
) -> Outcome:
    quote = await quotes.confirmed(session, deed, booking, "cancel", quote_id)
    if isinstance(quote, Outcome):
        return quote
    await give_back(session, booking)
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_at = deed.now
    booking.version += 1
    for person in booking.passengers:
        for ticket in person.tickets:
            ticket.status = "refunded" if ticket.status == "open" else ticket.status
    if not quote.refund:
        return quotes.use(quote, deed, done("The booking is cancelled. No money comes back."))
    refund = _open_refund(deed, booking, quote)
    session.add(refund)
    amount = money(refund.amount, booking.currency)
    by = date(refund.expected_by, deed.now.date())
    return quotes.use(
        quote,
        deed,
        done(
            f"The booking is cancelled. {sentence(amount)} will be back on your card by {by}. "
            f"The refund number is {spelled(refund.number)}.",
            refund=amount,
            number=refund.number,
            expected_by=refund.expected_by.isoformat(),
        ),
    )


def _open_refund(deed: Deed, booking: Booking, quote: Quote) -> Refund:
    return Refund(
        number=quotes.new_number(),
        booking_id=booking.id,
        quote_id=quote.id,
        amount=quote.refund,
        currency=booking.currency,
        opened_at=deed.now,
        expected_by=deed.now.date() + dt.timedelta(days=_REFUND_DAYS),
        steps=[RefundStep(stage=RefundStage.REQUESTED, at=deed.now)],
    )
