"""One request, one effect: the same tool with the same arguments again in a conversation gets
the answer of the first time, as long as the booking has not been changed in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from tools.contract import Order, Status
from tools.database import insert_once
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

    Only what was done (an OK outcome) is remembered. ``booking`` must be held, if there is one.
    Two transactions with the same key wait for each other.
    """
    effect = await _hold(session, deed)
    version = booking.version if booking else None
    if effect.response is not None and effect.booking_version == version:
        return _remembered(effect.response)
    outcome = await do()
    if outcome.status is Status.OK:
        effect.call_id = deed.call_id
        effect.booking_version = booking.version if booking else None
        effect.response = _kept(outcome)
        effect.at = deed.now
    elif effect.response is None:
        await session.delete(effect)
    return outcome


async def forget(session: AsyncSession, deed: Deed) -> None:
    """It was not done after all: the same request is to be tried anew."""
    await session.execute(delete(Effect).where(Effect.key == deed.key))


async def _hold(session: AsyncSession, deed: Deed) -> Effect:
    await insert_once(
        session,
        Effect,
        key=deed.key,
        conversation=deed.caller.conversation,
        call_id=deed.call_id,
        tool=deed.tool,
        booking_version=None,
        response=None,
        at=deed.now,
    )
    return (
        await session.scalars(select(Effect).where(Effect.key == deed.key).with_for_update())
    ).one()


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
