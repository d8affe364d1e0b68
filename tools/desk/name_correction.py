"""NameCorrectionAgent: slips of spelling at once; a new legal name as a request with papers."""

from __future__ import annotations

import datetime as dt

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from tools import requests
from tools.access import Access
from tools.bookings import hold, pick_passenger
from tools.declare import Deed, spoken
from tools.effects import once
from tools.fare_rules import barred
from tools.models import Booking, Passenger
from tools.name_rules import MOST_CORRECTIONS, Correction, Verdict, correction
from tools.outcome import Next, Outcome, done, refused
from tools.spoken import date, spelled
from tools.verification import BookingArguments, booking_tool

_LEGAL_DAYS = 3
"""Days in which the documents desk answers."""


class NameArguments(BookingArguments):
    corrected_name: str = spoken(
        "The passenger's name as it should be, given name and surname, as said or spelled",
        "What should the name be? Given name and surname, please.",
        Next.ASK_NAME,
        max_length=120,
    )
    passenger: str | None = Field(
        default=None,
        max_length=100,
        description="The passenger whose name is wrong, as it stands on the booking; needed "
        "where there are several",
    )
    reason: str | None = Field(
        default=None, max_length=300, description="Why, if the traveller said so (a wedding, ...)"
    )


@booking_tool(
    "NameCorrectionAgent",
    "Corrects a passenger's name. Slips of a few letters are mended at once; a new legal name "
    "becomes a request, and the answer says which papers are needed. Spell the name back to the "
    "traveller before you call it.",
    writes=True,
    seconds=10,
)
async def correct_name(args: NameArguments, deed: Deed, access: Access) -> Outcome:
    async with deed.shop.database.writing() as session:
        booking = await hold(session, access)
        refusal = barred(booking, deed.now, "change")
        if refusal is not None:
            return refusal
        passenger = pick_passenger(booking, args.passenger)
        if isinstance(passenger, Outcome):
            return passenger
        return await once(
            session, deed, booking, lambda: _correct(session, deed, booking, passenger, args)
        )


async def _correct(
    session: AsyncSession, deed: Deed, booking: Booking, passenger: Passenger, args: NameArguments
) -> Outcome:
    wanted = correction(passenger.given_name, passenger.surname, args.corrected_name)
    match wanted.verdict:
        case Verdict.UNCLEAR:
            return refused(
                "I would like the whole name, please: given name and surname, letter by letter "
                "if it is unusual.",
                Next.ASK_NAME,
            )
        case Verdict.SAME:
            return done(f"The name on the booking is {passenger.full_name} already.")
        case Verdict.OTHER_PERSON:
            return refused(
                "That is another person's name, and a ticket cannot be passed on. You could "
                "cancel this booking and make a new one.",
                Next.OFFER_PERSON,
            )
        case Verdict.LEGAL:
            return await _request(session, deed, booking, passenger, wanted, args.reason)
        case Verdict.SLIP:
            return _mend(booking, passenger, wanted)


def _mend(booking: Booking, passenger: Passenger, wanted: Correction) -> Outcome:
    checked_in = {one.passenger_id for part in booking.segments for one in part.check_ins}
    if passenger.id in checked_in or passenger.corrections >= MOST_CORRECTIONS:
        return refused(
            "This name can only be changed by a colleague now. Shall I connect you?",
            Next.OFFER_PERSON,
        )
    passenger.given_name, passenger.surname = wanted.given_name, wanted.surname
    passenger.corrections += 1
    booking.version += 1
    return done(
        f"The name is now {passenger.full_name}, spelled {spelled(wanted.given_name)}, "
        f"{spelled(wanted.surname)}. I can send the corrected ticket.",
        name=passenger.full_name,
    )


async def _request(
    session: AsyncSession,
    deed: Deed,
    booking: Booking,
    passenger: Passenger,
    wanted: Correction,
    reason: str | None,
) -> Outcome:
    name = f"{wanted.given_name} {wanted.surname}"
    known = await requests.open_one(session, booking, "legal name", passenger)
    if known is not None:
        return done(
            f"There is a request for a new legal name already, number {spelled(known.number)}; "
            f"it is {known.status}.",
            Next.OFFER_PERSON,
            number=known.number,
        )
    request = await requests.record(
        session,
        deed,
        booking,
        "legal name",
        f"{passenger.full_name} to {name}" + (f"; {reason}" if reason else ""),
        due_on=deed.now.date() + dt.timedelta(days=_LEGAL_DAYS),
        passenger=passenger,
    )
    return done(
        f"A new legal name needs papers: a passport or identity card in the new name, and the "
        f"certificate of the change. Your request has the number {spelled(request.number)}; you "
        f"will hear from us by {date(request.due_on, deed.now.date())}.",
        number=request.number,
        name=name,
        papers=["passport or identity card in the new name", "certificate of the change"],
        due_on=request.due_on.isoformat(),
    )
