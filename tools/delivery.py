"""Messages to travellers: only to contacts on the booking, queued in the transaction of their
cause, sent after it, and marked as sent or failed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tools.database import DatabaseUnavailable
from tools.declare import Deed
from tools.effects import forget
from tools.models import Booking, SentMessage
from tools.outcome import Next, Outcome, failed, refused
from tools.seams import Attachment, NotDelivered, NotWritten
from tools.spoken import masked_email, masked_phone

log = logging.getLogger(__name__)
PDF = "application/pdf"
EMAIL, SMS = "email", "sms"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes. ``spoken`` names the contact without giving it away."""

    channel: str
    address: str

    @property
    def spoken(self) -> str:
        mask = masked_email if self.channel == EMAIL else masked_phone
        return mask(self.address)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. The files are made when it is: ``files`` may raise ``NotWritten``."""

    subject: str
    text: str
    files: Callable[[], Awaitable[Sequence[Attachment]]]


def recipient(booking: Booking, channel: str | None) -> Recipient | Outcome:
    """The contact on the booking for a channel, e-mail unless said; or what to say instead."""
    known = {EMAIL: booking.email, SMS: booking.phone}
    if channel is None:
        channel = EMAIL if booking.email else SMS
    if known[channel]:
        return Recipient(channel, known[channel])
    others = [name for name, address in known.items() if address]
    if not others:
        return refused(
            "There is neither an e-mail address nor a telephone number on this booking, so I "
            "cannot send anything. A colleague can add one.",
            Next.OFFER_PERSON,
        )
    names = {EMAIL: "an e-mail address", SMS: "a telephone number"}
    offer = {EMAIL: "send it by e-mail", SMS: "send a link by text message"}
    return refused(
        f"There is no {names[channel].split(' ', 1)[1]} on this booking, but "
        f"{names[others[0]]}. Shall I {offer[others[0]]} instead?",
        Next.ASK_CHANNEL,
        channels=others,
    )


async def enqueue(
    session: AsyncSession, deed: Deed, booking: Booking, kind: str, to: Recipient
) -> None:
    """Note, in the caller's transaction, that a message is to be sent."""
    session.add(
        SentMessage(
            key=_key(deed),
            booking_id=booking.id,
            conversation=deed.caller.conversation,
            call_id=deed.call_id,
            kind=kind,
            channel=to.channel,
            recipient=to.address,
            queued_at=deed.now,
        )
    )
    await session.flush()


async def waiting(session: AsyncSession, deed: Deed) -> bool:
    """Is there a message of this very call still to be sent?"""
    state = await session.scalar(select(SentMessage.state).where(SentMessage.key == _key(deed)))
    return state == "queued"


async def deliver(deed: Deed, to: Recipient, letter: Letter) -> Outcome | None:
    """Send what was queued; None when it was taken, else what to say of the failure.

    The message is tried once: a failure makes the whole request open to be asked again.
    """
    try:
        receipt = await _send(deed, to, letter)
    except (NotDelivered, NotWritten) as error:
        log.warning(
            "message not sent",
            extra={"conversation": deed.caller.conversation, "call_id": deed.call_id,
                   "channel": to.channel, "cause": str(error)},
        )  # fmt: skip
        await _mark(deed, "failed", "", undone=True)
        return failed(
            "The message could not be sent just now. Shall I try again, or another way?",
            Next.OFFER_TRY_AGAIN,
        )
    try:
        await _mark(deed, "sent", receipt)
    except DatabaseUnavailable as error:
        # It was sent; trying the call again would send it twice.
        log.error("sent message not noted", extra={"call_id": deed.call_id, "cause": str(error)})
    return None


async def _send(deed: Deed, to: Recipient, letter: Letter) -> str:
    files = await letter.files()
    messenger, key = deed.shop.messenger, _key(deed)
    if to.channel == EMAIL:
        return await messenger.send_email(
            key=key, to=to.address, subject=letter.subject, text=letter.text, attachments=files
        )
    return await messenger.send_sms(key=key, to=to.address, text=letter.text, attachments=files)


async def _mark(deed: Deed, state: str, receipt: str, *, undone: bool = False) -> None:
    async with deed.shop.database.writing() as session:
        await session.execute(
            update(SentMessage)
            .where(SentMessage.key == _key(deed))
            .values(state=state, receipt=receipt, sent_at=deed.now if state == "sent" else None)
        )
        if undone:
            await forget(session, deed)


def _key(deed: Deed) -> str:
    return hashlib.sha256(f"{deed.key} {deed.call_id} {deed.now}".encode()).hexdigest()[:32]
