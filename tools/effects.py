"""One request, one effect: the same tool with the same arguments again in a conversation gets
the answer of the first time, as long as the booking has not been changed in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from tools.contract import Order, Status
from tools.database import take_turn
from tools.declare import Deed
from tools.models import Booking, Effect
from tools.outcome import Next, Outcome


async def once(
    session: AsyncSession,
    deed: Deed,
    booking: Booking | None,
    do: Callable[[], Awaitable[Outcome]],
) -> Outcome:
    """Do it and remember the answer, in one transaction; or give the answer of the first time.

    Only what was done (an OK outcome) is remembered. ``booking`` must be held: that makes the
    same request wait for itself. Without a booking its key does.
    """
    if booking is None:
        await take_turn(session, deed.key)
    effect = await session.get(Effect, deed.key)
    version = booking.version if booking else None
    if effect is not None and effect.booking_version == version:
        return _remembered(effect.response)
    outcome = await do()
    if outcome.status is Status.OK:
        await session.merge(
            Effect(
                key=deed.key,
                conversation=deed.caller.conversation,
                call_id=deed.call_id,
                tool=deed.tool,
                booking_version=booking.version if booking else None,
                response=_kept(outcome),
                at=deed.now,
            )
        )
    return outcome


async def forget(session: AsyncSession, deed: Deed) -> None:
    """It was not done after all: the same request is to be tried anew."""
    await session.execute(delete(Effect).where(Effect.key == deed.key))


def _kept(outcome: Outcome) -> dict[str, Any]:
    return {
        "say": outcome.say,
        "next": outcome.next,
        "data": dict(outcome.data),
        "order": outcome.order,
        "order_detail": dict(outcome.order_detail),
        "keep": outcome.keep,
    }


def _remembered(kept: dict[str, Any]) -> Outcome:
    return Outcome(
        Status.OK,
        kept["say"],
        Next(kept["next"]) if kept["next"] else None,
        {**kept["data"], "already_done": True},
        Order(kept["order"]) if kept["order"] else None,
        kept["order_detail"],
        kept["keep"],
    )
