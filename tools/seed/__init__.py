"""Fills a database with the demonstration bookings, and writes the table QA read aloud from."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from tools.database import Database
from tools.models import Base, Booking
from tools.seed import inventory
from tools.seed.afterwards import AFTERWARDS
from tools.seed.build import Builder
from tools.seed.plans import Plan
from tools.seed.stays import STAYS
from tools.seed.trips import TRIPS

PLANS = TRIPS + AFTERWARDS + STAYS


async def seed(database: Database, now: dt.datetime, *, anew: bool = False) -> bool:
    """Put the demonstration in; true if that was done. Dates are relative to ``now``.

    A database that holds bookings is left alone, unless ``anew``: then everything but the
    record of calls is taken out first.

    Raises:
        ValueError: ``now`` has no time zone.
        DatabaseUnavailable: the database does not answer.
    """
    if now.tzinfo is None:
        raise ValueError("now needs its time zone; got a naive datetime")
    async with database.writing() as session:
        if await session.scalar(select(Booking.id).limit(1)) is not None:
            if not anew:
                return False
            await _clear(session)
        await _fill(session, now)
    return True


async def _fill(session: AsyncSession, now: dt.datetime) -> None:
    today = now.date()
    session.add_all(inventory.airports())
    session.add_all(inventory.fares())
    await session.flush()
    flights = list(inventory.flights(today))
    session.add_all(flights)
    session.add_all(inventory.hotels(today))
    await session.flush()
    builder = Builder(session, now, flights)
    for number, plan in enumerate(PLANS, 1):
        await builder.add(number, plan)


async def _clear(session: AsyncSession) -> None:
    kept = {"calls", "turns", "tool_uses"}
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in kept:
            await session.execute(delete(table))


def qa_table() -> str:
    """The demonstration bookings as a Markdown table to read aloud from."""
    rows = [
        "| reference | surname | what | telephone | e-mail | fare | shows |",
        "|---|---|---|---|---|---|---|",
        *(_row(plan) for plan in PLANS),
    ]
    return "\n".join(rows) + "\n"


def demo_bookings() -> list[dict[str, str]]:
    """The demonstration bookings to read aloud from: reference, surname, what, shows."""
    return [
        {
            "reference": plan.reference,
            "surname": _surnames(plan),
            "what": _what(plan),
            "shows": plan.shows,
        }
        for plan in PLANS
    ]


def _surnames(plan: Plan) -> str:
    return " / ".join(sorted({one.split(",")[0].split(" ", 1)[1] for one in plan.people}))


def _row(plan: Plan) -> str:
    cells = (
        plan.reference,
        _surnames(plan),
        _what(plan),
        plan.phone or "none",
        plan.email or "none",
        plan.fare.lower().replace("_", " "),
        plan.shows,
    )
    return f"| {' | '.join(cells)} |"


def _what(plan: Plan) -> str:
    if plan.stay:
        hotel = inventory.HOTELS[plan.stay.hotel - 1][0]
        return f"{hotel}, {_when(plan.stay.days)}, {plan.stay.nights} nights"
    parts = []
    for leg in plan.legs:
        if leg.hours is not None:
            parts.append(f"{leg.number} SFO-SEA, {leg.hours:g} hours after seeding")
        else:
            line = inventory.BY_NUMBER[leg.number]
            parts.append(f"{leg.number} {line.origin}-{line.destination}, {_when(leg.days)}")
    return "; ".join(parts)


def _when(days: int) -> str:
    if days == 0:
        return "today"
    return f"in {days} days" if days > 0 else f"{-days} days ago"
