"""What the printed documents say, taken from a booking. Pure."""

from __future__ import annotations

import datetime as dt

from tools.describe import arrives, departs
from tools.models import Booking, CheckIn, Passenger, Segment
from tools.seams import BoardingPass, Eticket, FlightLeg, HotelStay, TicketedPassenger
from tools.spoken import money

BOARDING = dt.timedelta(minutes=40)
"""Boarding begins so long before departure."""


def eticket(booking: Booking, on: dt.date) -> Eticket:
    """The e-ticket of a flight booking, or the voucher of a hotel booking."""
    return Eticket(
        reference=booking.reference,
        issued_on=on,
        passengers=tuple(
            TicketedPassenger(one.full_name, _valid_ticket(one)) for one in booking.passengers
        ),
        legs=tuple(_leg(one, booking) for one in booking.segments),
        stay=_stay(booking),
        fare=booking.fare.name,
        conditions=conditions(booking),
        paid=booking.paid,
        currency=booking.currency,
    )


def boarding_pass(
    booking: Booking, segment: Segment, passenger: Passenger, check_in: CheckIn
) -> BoardingPass:
    leg = _leg(segment, booking)
    return BoardingPass(
        reference=booking.reference,
        surname=passenger.surname,
        given_name=passenger.given_name,
        leg=leg,
        seat=check_in.seat_label,
        sequence=check_in.sequence,
        boards=leg.departs - BOARDING,
        gate=segment.flight.gate,
        ticket_number=_valid_ticket(passenger),
    )


def conditions(booking: Booking) -> tuple[str, ...]:
    """The fare rules in sentences."""
    each = "room" if booking.stay else "passenger"
    return (
        _rule("Changes", booking.fare.change_fee, booking.currency, each),
        _rule("Cancellation", booking.fare.cancel_fee, booking.currency, each),
    )


def _rule(what: str, fee: int | None, currency: str, each: str) -> str:
    if fee is None:
        return f"{what}: not permitted with this fare."
    if not fee:
        return f"{what}: free of charge."
    return f"{what}: {money(fee, currency)} per {each}."


def _valid_ticket(passenger: Passenger) -> str:
    """The newest ticket number; a hotel guest has none."""
    return passenger.tickets[-1].number if passenger.tickets else ""


def _leg(segment: Segment, booking: Booking) -> FlightLeg:
    flight = segment.flight
    return FlightLeg(
        number=flight.number,
        origin_code=flight.origin_code,
        origin=flight.origin.city,
        destination_code=flight.destination_code,
        destination=flight.destination.city,
        departs=departs(flight),
        arrives=arrives(flight),
        cabin=segment.cabin,
        bags=booking.fare.checked_bags,
    )


def _stay(booking: Booking) -> HotelStay | None:
    of = booking.stay
    if of is None:
        return None
    return HotelStay(
        hotel=of.hotel.name,
        address=of.hotel.address,
        city=of.hotel.city,
        room=of.room,
        rooms=of.rooms,
        board=of.board,
        arrives_on=of.arrives_on,
        leaves_on=of.leaves_on,
    )
