"""Eticket_Sender_Agent: the e-ticket by e-mail, or a link to it by text message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from tools.access import Access
from tools.bookings import hold, is_flight
from tools.declare import Deed
from tools.delivery import PDF, Letter, Recipient, deliver, enqueue, recipient, waiting
from tools.effects import once
from tools.models import Booking, BookingStatus
from tools.outcome import Outcome, done, refused
from tools.papers import eticket
from tools.seams import Attachment, Eticket
from tools.verification import BookingArguments, booking_tool

Channel = Literal["email", "sms"]


class EticketArguments(BookingArguments):
    channel: Channel | None = Field(
        default=None,
        description='"email" sends the PDF, "sms" a link to it; e-mail unless the traveller says',
    )


@booking_tool(
    "Eticket_Sender_Agent",
    "Sends the e-ticket or hotel voucher to the e-mail address or telephone number that is on "
    "the booking already; never to one given in the call.",
    writes=True,
    seconds=20,
)
async def send_eticket(args: EticketArguments, deed: Deed, access: Access) -> Outcome:
    async with deed.shop.database.writing() as session:
        booking = await hold(session, access)
        if booking.status == BookingStatus.CANCELLED:
            return refused("This booking is cancelled, so there is no ticket to send.")
        to = recipient(booking, args.channel)
        if isinstance(to, Outcome):
            return to
        outcome = await once(session, deed, booking, lambda: _queue(session, deed, booking, to))
        to_send = await waiting(session, deed)
        ticket = eticket(booking, deed.now.date())
    if not to_send:
        return outcome
    return await deliver(deed, to, _letter(deed, ticket)) or outcome


async def _queue(session: AsyncSession, deed: Deed, booking: Booking, to: Recipient) -> Outcome:
    await enqueue(session, deed, booking, "e-ticket", to)
    what = "e-ticket" if is_flight(booking) else "voucher"
    if to.channel == "email":
        return done(f"The {what} is on its way to {to.spoken}.", channel="email")
    return done(f"A link to the {what} is on its way to {to.spoken}.", channel="sms")


def _letter(deed: Deed, ticket: Eticket) -> Letter:
    what = "hotel voucher" if ticket.stay else "e-ticket"

    async def files() -> Sequence[Attachment]:
        content = await deed.shop.documents.eticket_pdf(ticket)
        return [Attachment(f"{what.replace(' ', '-')}-{ticket.reference}.pdf", PDF, content)]

    return Letter(
        subject=f"Your {what} {ticket.reference}",
        text=f"Here is your {what} for booking {ticket.reference}. "
        "Thank you for travelling with Cymbol Travels.",
        files=files,
    )
