"""Webcheckin_And_Boarding_Pass_Agent: seat, check-in, boarding pass, within the window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tools.access import Access
from tools.bookings import hold, is_flight, pick_passenger
from tools.declare import Deed
from tools.delivery import PDF, Letter, deliver, enqueue, recipient, waiting
from tools.describe import departs, flight_name
from tools.desk.eticket import Channel
from tools.effects import once
from tools.fare_rules import check_in_closes, check_in_opens
from tools.models import Booking, BookingStatus, CheckIn, Flight, Passenger, Seat, Segment
from tools.outcome import Next, Outcome, done, refused
from tools.papers import boarding_pass
from tools.seams import Attachment, BoardingPass
from tools.seats import by_row, choose, read_seat, seat_map
from tools.spoken import date, listing, time
from tools.verification import BookingArguments, booking_tool

_OFFERED = 3
"""Seats named when the wanted one is taken: as many as can be kept in mind."""


class CheckInArguments(BookingArguments):
    passenger: str | None = Field(
        default=None, max_length=100, description="Who checks in; everyone unless said"
    )
    seat: str | None = Field(
        default=None,
        max_length=40,
        description='The seat wanted, as "12A", or "window" or "aisle"; any unless said',
    )
    channel: Channel | None = Field(
        default=None, description='Where the boarding pass goes: "email" (unless said) or "sms"'
    )


@booking_tool(
    "Webcheckin_And_Boarding_Pass_Agent",
    "Checks passengers in from two days until an hour before departure, assigns or changes a "
    "seat, and sends the boarding pass. Call it also to send a boarding pass again.",
    writes=True,
    seconds=20,
)
async def web_checkin(args: CheckInArguments, deed: Deed, access: Access) -> Outcome:
    async with deed.shop.database.writing() as session:
        booking = await hold(session, access)
        segment = _open_segment(booking, deed.now)
        if isinstance(segment, Outcome):
            return segment
        people = _people(booking, args)
        if isinstance(people, Outcome):
            return people
        outcome = await once(
            session, deed, booking, lambda: _check_in(session, deed, booking, segment, people, args)
        )
        to_send = await waiting(session, deed)
        await session.refresh(segment, ["check_ins"])
        passes = _passes(booking, segment, people)
        to = recipient(booking, args.channel)
    if not to_send or isinstance(to, Outcome):
        return outcome
    return await deliver(deed, to, _letter(deed, passes)) or outcome


def _open_segment(booking: Booking, now: dt.datetime) -> Segment | Outcome:
    """The flight that can be checked in for now, or why there is none."""
    if not is_flight(booking):
        return refused("This is a hotel booking; check-in is at the hotel from 3 PM.")
    if booking.status == BookingStatus.CANCELLED:
        return refused("This booking is cancelled.", booking_status=booking.status)
    coming = [one for one in booking.segments if check_in_closes(one) > now]
    if not coming:
        if all(one.flight.arrives_at < now for one in booking.segments):
            return refused("The trip has been flown.")
        return refused(
            "Check-in for this flight is closed; it closes an hour before departure. Please go "
            "to the counter at the airport.",
            Next.OFFER_PERSON,
        )
    segment = coming[0]
    if segment.flight.status == "cancelled":
        return refused("The airline has cancelled this flight.", Next.OFFER_PERSON)
    opens = check_in_opens(segment).astimezone(departs(segment.flight).tzinfo)
    if opens > now:
        return refused(
            f"Check-in opens on {date(opens.date())} at {time(opens)}.",
            opens_at=opens.isoformat(),
        )
    return segment


def _people(booking: Booking, args: CheckInArguments) -> list[Passenger] | Outcome:
    seated = [one for one in booking.passengers if one.kind != "infant"]
    if args.passenger is None and (args.seat is None or len(seated) == 1):
        return seated
    one = pick_passenger(booking, args.passenger)
    if isinstance(one, Outcome):
        return one
    if one.kind == "infant":
        return refused(f"{one.given_name} travels on a lap and needs no seat.")
    return [one]


async def _check_in(
    session: AsyncSession,
    deed: Deed,
    booking: Booking,
    segment: Segment,
    people: list[Passenger],
    args: CheckInArguments,
) -> Outcome:
    seated = {one.passenger_id: one for one in segment.check_ins}
    moving = [one for one in people if args.seat or one.id not in seated]
    wanted = read_seat(args.seat) if args.seat else None
    if args.seat and wanted is None:
        return refused("Which seat would you like? A row and a letter, please.", Next.ASK_SEAT)
    already = [seated[one.id].seat_label for one in moving if one.id in seated]
    if moving and already != [wanted]:
        refusal = await _seat(session, deed, segment, moving, wanted, seated)
        if refusal is not None:
            return refusal
        booking.version += 1
        await session.flush()
        await session.refresh(segment, ["check_ins"])
    return await _report(session, deed, booking, segment, people, args.channel)


async def _seat(
    session: AsyncSession,
    deed: Deed,
    segment: Segment,
    people: list[Passenger],
    wanted: str | None,
    seated: dict[int, CheckIn],
) -> Outcome | None:
    """Give seats to people; what to say instead if that cannot be."""
    free = await _free_seats(session, segment)
    chosen = choose(free, wanted, len(people))
    if len(chosen) < len(people):
        return _not_free(free, wanted)
    if any(one.kind == "child" for one in people) and any(one.exit_row for one in chosen):
        return refused(
            "Children may not sit in an exit row. Which other seat would you like?", Next.ASK_SEAT
        )
    taken = await session.scalar(
        select(func.count(CheckIn.id))
        .join(Segment, Segment.id == CheckIn.segment_id)
        .where(Segment.flight_id == segment.flight_id)
    )
    for sequence, (person, seat) in enumerate(zip(people, chosen, strict=True), (taken or 0) + 1):
        seat.taken = True
        known = seated.get(person.id)
        if known is not None:
            (await session.get_one(Seat, known.seat_id)).taken = False
            known.seat_id, known.seat_label = seat.id, seat.label
            continue
        session.add(
            CheckIn(
                passenger_id=person.id,
                segment_id=segment.id,
                seat_id=seat.id,
                seat_label=seat.label,
                sequence=sequence,
                checked_in_at=deed.now,
            )
        )
    return None


async def _free_seats(session: AsyncSession, segment: Segment) -> list[Seat]:
    """The free seats of the cabin. The flight is locked, so that nobody else takes them."""
    await session.execute(
        select(Flight.id).where(Flight.id == segment.flight_id).with_for_update(of=Flight)
    )
    mapped = select(Seat).where(Seat.flight_id == segment.flight_id)
    seats = list(await session.scalars(mapped.execution_options(populate_existing=True)))
    if not seats:
        seats = list(seat_map(segment.flight_id))
        session.add_all(seats)
        await session.flush()
    return by_row(one for one in seats if one.cabin == segment.cabin and not one.taken)


def _not_free(free: Sequence[Seat], wanted: str | None) -> Outcome:
    if not free:
        return refused("There are no seats left to choose.", Next.OFFER_PERSON)
    row = int(wanted[:-1]) if wanted and wanted[0].isdigit() else 0
    near = sorted(free, key=lambda one: abs(int(one.label[:-1]) - row))[:_OFFERED]
    labels = [one.label for one in by_row(near)]
    what = f"Seat {spelled_seat(wanted)}" if row and wanted else f"No {wanted or 'such'} seat"
    verb = "is not free" if row else "is left for everyone"
    offered = listing([spelled_seat(one) for one in labels], "or")
    return refused(f"{what} {verb}. I could offer {offered}.", Next.ASK_SEAT, seats=labels)


def spelled_seat(label: str) -> str:
    """As "12 A": the row as a number, the letter by itself."""
    return f"{label[:-1]} {label[-1]}"


async def _report(
    session: AsyncSession,
    deed: Deed,
    booking: Booking,
    segment: Segment,
    people: list[Passenger],
    channel: Channel | None,
) -> Outcome:
    seats = {one.passenger_id: one.seat_label for one in segment.check_ins}
    listed = listing([f"{one.given_name} in seat {spelled_seat(seats[one.id])}" for one in people])
    name = flight_name(segment.flight)
    facts = {"seats": {one.given_name: seats[one.id] for one in people}}
    verb = "is" if len(people) == 1 else "are"
    say = f"{listed} {verb} checked in for {name}."
    to = recipient(booking, channel)
    if isinstance(to, Outcome):
        return done(f"{say} {to.say}", to.next, **facts)
    await enqueue(session, deed, booking, "boarding pass", to)
    passes = "pass is" if len(people) == 1 else "passes are"
    return done(f"{say} The boarding {passes} on the way to {to.spoken}.", **facts)


def _passes(booking: Booking, segment: Segment, people: list[Passenger]) -> list[BoardingPass]:
    places = {one.passenger_id: one for one in segment.check_ins}
    return [
        boarding_pass(booking, segment, one, places[one.id]) for one in people if one.id in places
    ]


def _letter(deed: Deed, passes: list[BoardingPass]) -> Letter:
    first = passes[0]

    async def files() -> Sequence[Attachment]:
        made = [await deed.shop.documents.boarding_pass_pdf(one) for one in passes]
        return [
            Attachment(f"boarding-pass-{one.reference}-{one.seat}.pdf", PDF, content)
            for one, content in zip(passes, made, strict=True)
        ]

    return Letter(
        subject=f"Your boarding pass for {first.leg.number}",
        text=f"Boarding for {first.leg.number} to {first.leg.destination} begins at "
        f"{time(first.boards)}. Thank you for travelling with Cymbol Travels.",
        files=files,
    )
