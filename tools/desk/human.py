"""Connect_To_Human_Tool: hand the caller to a person, with a summary of the call."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tools.contract import Order, Status
from tools.declare import Arguments, Deed, tool
from tools.effects import once
from tools.models import Booking, Effect, HandOff, Verification
from tools.outcome import Next, Outcome, refused
from tools.quotes import new_number
from tools.settings import ToolSettings
from tools.spoken import spelled

# Eight to fifteen digits (E.164 has no more), grouped as people write them.
_TELEPHONE = re.compile(r"(?<![\w.])(?<!\d[\s-])\+?\(?\d(?:[\s().-]{0,2}\d){7,14}(?![\s-]?\d|\w)")
# Days, times and sums, which a summary is full of.
_NO_TELEPHONE = re.compile(
    r"\b\d{4}-\d\d?-\d\d?\b|\b\d\d?[./]\d\d?[./]\d{2,4}\b|\b\d\d?:\d\d\b|[$\u20ac\u00a3]\s?\d[\d,.]*"
)


class HumanArguments(Arguments):
    reason: str | None = Field(
        default=None, max_length=300, description="Why a person is needed, in a few words"
    )
    details: str | None = Field(
        default=None,
        max_length=1000,
        description="What the person should know: what was asked and done in this call; a "
        "telephone number for the call-back, if the traveller gave one",
    )


@tool(
    "Connect_To_Human_Tool",
    "Hands the traveller to a colleague. Call it when they ask for a person, or when a tool's "
    "answer offers one and they agree. Outside office hours it arranges a call-back.",
    writes=True,
    seconds=8,
)
async def connect(args: HumanArguments, deed: Deed) -> Outcome:
    async with deed.shop.database.writing() as session:
        return await once(session, deed, None, lambda: _hand_off(session, deed, args))


async def _hand_off(session: AsyncSession, deed: Deed, args: HumanArguments) -> Outcome:
    bookings = await _verified(session, deed)
    summary = await _summary(session, deed, bookings, args)
    transfer = _can_transfer(deed)
    back_to = _call_back_number(deed, bookings, args.details)
    if not transfer and not back_to:
        return refused(
            "A colleague can call you back. Which telephone number suits you?", Next.ASK_DETAILS
        )
    hand_off = HandOff(
        number=new_number(),
        conversation=deed.caller.conversation,
        booking_id=bookings[0].id if bookings else None,
        way="transfer" if transfer else "call back",
        reason=args.reason or "",
        summary=summary,
        call_back_to="" if transfer else back_to,
        at=deed.now,
    )
    session.add(hand_off)
    await session.flush()
    return _transferred(deed, hand_off) if transfer else _called_back(deed, hand_off)


def _transferred(deed: Deed, hand_off: HandOff) -> Outcome:
    return Outcome(
        Status.OK,
        "I am connecting you with a colleague now. Please stay on the line.",
        data={"way": hand_off.way, "number": hand_off.number},
        order=Order.TRANSFER,
        order_detail={
            "to": deed.shop.settings.transfer_number,
            "hand_off": hand_off.number,
            "summary": hand_off.summary,
        },
        keep=True,
    )


def _called_back(deed: Deed, hand_off: HandOff) -> Outcome:
    when = "" if _in_office(deed) else " as soon as the office opens"
    end = spelled(hand_off.call_back_to[-2:])
    return Outcome(
        Status.OK,
        f"A colleague will call you back{when}, on the number ending in {end}. "
        f"Your request has the number {spelled(hand_off.number)}.",
        data={"way": hand_off.way, "number": hand_off.number},
        keep=True,
    )


async def _verified(session: AsyncSession, deed: Deed) -> list[Booking]:
    """The bookings this caller was verified for, the latest first."""
    found = await session.scalars(
        select(Booking)
        .join(Verification, Verification.booking_id == Booking.id)
        .where(Verification.conversation == deed.caller.conversation)
        .order_by(Verification.id.desc())
    )
    return list(found)


async def _summary(
    session: AsyncSession, deed: Deed, bookings: list[Booking], args: HumanArguments
) -> str:
    """What a colleague reads before saying hello."""
    effects = await session.scalars(
        select(Effect)
        .where(Effect.conversation == deed.caller.conversation, Effect.key != deed.key)
        .order_by(Effect.at)
    )
    lines = [
        f"Reason: {args.reason or 'not given'}.",
        args.details or "",
        *(f"Verified for booking {one.reference}." for one in bookings),
        *(f"Done: {one.tool}: {one.response['say']}" for one in effects if one.response),
    ]
    return "\n".join(line for line in lines if line)


def _call_back_number(deed: Deed, bookings: list[Booking], details: str | None) -> str:
    """The number the traveller gave, else the one they call from, else the booking's."""
    given = _TELEPHONE.search(_NO_TELEPHONE.sub(";", details or ""))
    if given:
        return re.sub(r"[^\d+]", "", given[0])
    return deed.caller.number or next((one.phone for one in bookings if one.phone), "")


def _can_transfer(deed: Deed) -> bool:
    return (
        bool(deed.shop.settings.transfer_number)
        and deed.caller.door == "phone"
        and _in_office(deed)
    )


def _in_office(deed: Deed) -> bool:
    return office_is_open(deed.shop.settings, deed.now)


def office_is_open(settings: ToolSettings, now: dt.datetime) -> bool:
    """Do people answer now? Hours that pass midnight ("22:00-06:00") are meant so."""
    local = now.astimezone(ZoneInfo(settings.office_timezone))
    minute = local.hour * 60 + local.minute
    opens, closes = (int(one[:2]) * 60 + int(one[3:]) for one in settings.office_hours.split("-"))
    if opens <= closes:
        return opens <= minute < closes
    return minute >= opens or minute < closes
