"""Prices given and confirmed: a quote is good once, for a while, for the booking as it was."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tools.contract import Status
from tools.declare import Deed
from tools.models import Booking, Quote
from tools.outcome import Next, Outcome, refused

# No characters that are mistaken for each other when a model copies them.
_ALPHABET = "ACDEFHJKLMNPQRTUVWXY3479"


def new_number() -> str:
    """Six digits to quote on the telephone; never begins with a zero."""
    return str(secrets.randbelow(900_000) + 100_000)


async def make(
    session: AsyncSession,
    deed: Deed,
    booking: Booking,
    kind: str,
    *,
    penalty: int,
    difference: int = 0,
    refund: int = 0,
    details: dict[str, Any] | None = None,
) -> Quote:
    """A quote for the booking; an open one of the same content is given again."""
    details = details or {}
    for known in await _open(session, deed, booking, kind):
        same = (known.penalty, known.difference, known.refund, known.details)
        if same == (penalty, difference, refund, details):
            return known
    quote = Quote(
        id="Q" + "".join(secrets.choice(_ALPHABET) for _ in range(6)),
        booking_id=booking.id,
        conversation=deed.caller.conversation,
        kind=kind,
        booking_version=booking.version,
        penalty=penalty,
        difference=difference,
        refund=refund,
        details=details,
        made_at=deed.now,
        expires_at=deed.now + dt.timedelta(minutes=deed.shop.settings.quote_minutes),
    )
    session.add(quote)
    await session.flush()
    return quote


async def confirmed(
    session: AsyncSession, deed: Deed, booking: Booking, kind: str, quote_id: str | None
) -> Quote | Outcome:
    """The quote that is being confirmed, or what to say instead.

    ``booking`` must be held. A quote used before answers as it did then, as long as what it did
    still stands.
    """
    known = await session.get(Quote, (quote_id or "").replace(" ", "").upper())
    if (
        known is None
        or known.kind != kind
        or known.booking_id != booking.id
        or known.conversation != deed.caller.conversation
    ):
        return refused(
            "I have to give you the exact price before I do that. Shall I?", Next.NEW_QUOTE
        )
    if known.result is not None:
        if booking.version != known.booking_version + 1:
            return refused("That was done, and the booking has been changed again since.")
        return Outcome(
            Status.OK, known.result["say"], None, {**known.result["data"], "already_done": True}
        )
    if known.booking_version != booking.version or known.expires_at <= deed.now:
        return refused(
            "That price no longer holds. I will look it up again for you.", Next.NEW_QUOTE
        )
    return known


def use(quote: Quote, deed: Deed, outcome: Outcome) -> Outcome:
    """Mark a quote as used and keep its answer."""
    quote.used_at = deed.now
    quote.result = {"say": outcome.say, "data": dict(outcome.data)}
    return outcome


async def _open(session: AsyncSession, deed: Deed, booking: Booking, kind: str) -> list[Quote]:
    found = await session.scalars(
        select(Quote).where(
            Quote.booking_id == booking.id,
            Quote.conversation == deed.caller.conversation,
            Quote.kind == kind,
            Quote.booking_version == booking.version,
            Quote.used_at.is_(None),
            Quote.expires_at > deed.now,
        )
    )
    return list(found)
