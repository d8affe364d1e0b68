"""One demonstration plan becomes the rows of a booking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from tools.models import (
    Booking,
    BookingKind,
    BookingStatus,
    CheckIn,
    Flight,
    Passenger,
    Payment,
    Refund,
    RefundStep,
    Segment,
    ServiceRequest,
    Stay,
    Ticket,
    Traveller,
)
from tools.models.money import RefundStage
from tools.seats import seat_map
from tools.seed import inventory
from tools.seed.plans import Leg, Plan

_CLOSE_AHEAD = inventory.BY_NUMBER["CT218"]
"""The route and price of flights that leave some hours after the seeding."""


class Builder:
    """Adds bookings to a session. ``flights`` are those of the timetable."""

    def __init__(self, session: AsyncSession, now: dt.datetime, flights: Sequence[Flight]) -> None:
        self._session = session
        self._now = now
        self._by_day = {(one.number, _local_day(one)): one for one in flights}

    async def add(self, number: int, plan: Plan) -> None:
        flights = [self._flight(leg, plan) for leg in plan.legs]
        self._session.add_all(flights)
        booking = self._booking(plan)
        self._session.add(booking)
        await self._session.flush()
        people = self._people(booking, number, plan)
        segments = [
            Segment(
                booking_id=booking.id,
                position=at,
                flight_id=one.id,
                cabin=inventory.ECONOMY,
                price=_fare(one),
            )
            for at, one in enumerate(flights, 1)
        ]
        self._session.add_all(segments)
        if plan.stay:
            self._session.add(self._stay(booking, plan))
        booking.paid = self._price(plan, flights)
        self._session.add(
            Payment(
                booking_id=booking.id,
                amount=booking.paid,
                currency=plan.currency,
                purpose="booking",
                at=booking.booked_at,
            )
        )
        await self._session.flush()
        await self._seat(plan, people, segments)
        self._refund(booking, plan)
        self._request(booking, plan)
        await self._session.flush()

    def _flight(self, leg: Leg, plan: Plan) -> Flight:
        if leg.hours is None:
            return self._by_day[leg.number, self._now.date() + dt.timedelta(days=leg.days)]
        leaves = self._now + dt.timedelta(hours=leg.hours)
        leaves -= dt.timedelta(
            minutes=leaves.minute % 5, seconds=leaves.second, microseconds=leaves.microsecond
        )
        line = inventory.Line(
            leg.number,
            _CLOSE_AHEAD.origin,
            _CLOSE_AHEAD.destination,
            leaves.time(),
            _CLOSE_AHEAD.minutes,
            _CLOSE_AHEAD.price,
        )
        flight = inventory.flight(line, leaves, 24, line.price)
        flight.status, flight.delay_minutes = plan.flight_status, plan.delay_minutes
        return flight

    def _booking(self, plan: Plan) -> Booking:
        given, surname = _name(plan.people[0])
        booked = self._now - dt.timedelta(hours=plan.booked_hours_ago)
        return Booking(
            reference=plan.reference,
            kind=BookingKind.HOTEL if plan.stay else BookingKind.FLIGHT,
            status=BookingStatus.CANCELLED if plan.cancelled else BookingStatus.CONFIRMED,
            traveller=Traveller(given_name=given, surname=surname),
            email=plan.email,
            phone=plan.phone,
            currency=plan.currency,
            paid=0,
            fare_code=plan.fare,
            booked_at=booked,
            cancelled_at=self._now - dt.timedelta(days=6) if plan.cancelled else None,
        )

    def _people(self, booking: Booking, number: int, plan: Plan) -> list[Passenger]:
        people = []
        status = "refunded" if plan.cancelled else "used" if plan.flown else "open"
        for at, person in enumerate(plan.people, 1):
            given, surname = _name(person)
            ticket = Ticket(
                number=f"270{number:04d}{at:02d}{number * 37 % 10000:04d}",
                status=status,
                issued_at=booking.booked_at,
            )
            people.append(
                Passenger(
                    booking_id=booking.id,
                    position=at,
                    given_name=given,
                    surname=surname,
                    kind=person.partition(", ")[2] or "adult",
                    tickets=[] if plan.stay else [ticket],
                )
            )
        self._session.add_all(people)
        return people

    def _stay(self, booking: Booking, plan: Plan) -> Stay:
        assert plan.stay is not None  # noqa: S101  (asked for by the caller)
        arrives = self._now.date() + dt.timedelta(days=plan.stay.days)
        return Stay(
            booking_id=booking.id,
            hotel_id=plan.stay.hotel,
            room=plan.stay.room,
            rooms=plan.stay.rooms,
            arrives_on=arrives,
            leaves_on=arrives + dt.timedelta(days=plan.stay.nights),
        )

    def _price(self, plan: Plan, flights: Sequence[Flight]) -> int:
        if plan.stay:
            return inventory.ROOMS[plan.stay.room] * plan.stay.nights * plan.stay.rooms
        each = sum(_fare(one) for one in flights)
        paying = sum(not one.endswith("infant") for one in plan.people)
        return each * paying

    async def _seat(self, plan: Plan, people: list[Passenger], segments: list[Segment]) -> None:
        if not plan.seats:
            return
        seats = {one.label: one for one in seat_map(segments[0].flight_id)}
        self._session.add_all(seats.values())
        await self._session.flush()
        for sequence, (person, label) in enumerate(zip(people, plan.seats, strict=True), 1):
            seats[label].taken = True
            self._session.add(
                CheckIn(
                    passenger_id=person.id,
                    segment_id=segments[0].id,
                    seat_id=seats[label].id,
                    seat_label=label,
                    sequence=sequence,
                    checked_in_at=self._now - dt.timedelta(hours=2),
                )
            )

    def _refund(self, booking: Booking, plan: Plan) -> None:
        if plan.refund is None or booking.cancelled_at is None:
            return
        order = [
            RefundStage.REQUESTED,
            RefundStage.APPROVED,
            RefundStage.PROCESSING,
            RefundStage.SENT_TO_BANK,
            RefundStage.PAID,
        ]
        reached = (
            [RefundStage.REQUESTED, RefundStage.REJECTED]
            if plan.refund is RefundStage.REJECTED
            else order[: order.index(plan.refund) + 1]
        )
        opened = booking.cancelled_at
        rejected = plan.refund is RefundStage.REJECTED
        self._session.add(
            Refund(
                number=plan.refund_number.replace(" ", ""),
                booking_id=booking.id,
                amount=booking.paid * 4 // 5,
                currency=booking.currency,
                stage=plan.refund,
                opened_at=opened,
                expected_by=opened.date() + dt.timedelta(days=10),
                note="the fare is not refundable" if rejected else "",
                steps=[
                    RefundStep(stage=stage, at=opened + dt.timedelta(days=day))
                    for day, stage in enumerate(reached)
                ],
            )
        )

    def _request(self, booking: Booking, plan: Plan) -> None:
        if plan.asked is None:
            return
        opened = self._now - dt.timedelta(days=2)
        self._session.add(
            ServiceRequest(
                number=plan.asked.number.replace(" ", ""),
                booking_id=booking.id,
                kind=plan.asked.kind,
                details=plan.asked.details,
                status=plan.asked.status,
                opened_at=opened,
                due_on=opened.date() + dt.timedelta(days=7),
            )
        )


def _name(person: str) -> tuple[str, str]:
    given, _, surname = person.partition(", ")[0].partition(" ")
    return given, surname


def _local_day(flight: Flight) -> dt.date:
    zone: ZoneInfo = inventory.zone_of(flight.origin_code)
    return flight.departs_at.astimezone(zone).date()


def _fare(flight: Flight) -> int:
    return next(one.price for one in flight.cabins if one.cabin == inventory.ECONOMY)
