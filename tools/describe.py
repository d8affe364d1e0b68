"""A booking in words that can be spoken, and as short facts. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from tools.models import Booking, BookingStatus, Flight, Segment, Stay
from tools.spoken import counted, date, ending, listing, money, sentence, spelled, time


def departs(flight: Flight) -> dt.datetime:
    """When it leaves (delay included), by the clock of its airport."""
    late = dt.timedelta(minutes=flight.delay_minutes)
    return (flight.departs_at + late).astimezone(ZoneInfo(flight.origin.timezone))


def arrives(flight: Flight) -> dt.datetime:
    """When it lands (delay included), by the clock of its airport."""
    late = dt.timedelta(minutes=flight.delay_minutes)
    return (flight.arrives_at + late).astimezone(ZoneInfo(flight.destination.timezone))


def flight_name(flight: Flight) -> str:
    return f"flight {spelled(flight.number)}"


def route(flight: Flight) -> str:
    return f"{flight.origin.city} to {flight.destination.city}"


def leg(segment: Segment, now: dt.datetime) -> str:
    """One flight of a booking as one sentence."""
    flight = segment.flight
    leaves, lands = departs(flight), arrives(flight)
    # The calendar of the airport decides what "this year" is there.
    day = date(leaves.date(), now.astimezone(leaves.tzinfo).date())
    head = sentence(f"{flight_name(flight)} from {route(flight)}")
    if flight.status == "cancelled":
        return f"{head} on {day} has been cancelled by the airline."
    if lands < now:
        return f"{head} on {day} has been flown."
    late = ""
    if flight.delay_minutes:
        late = f", {counted(flight.delay_minutes, 'minute')} later than planned"
    return f"{head} leaves on {day} at {time(leaves)}{late}, and lands at {time(lands)}."


def stay(of: Stay, now: dt.datetime) -> str:
    """A hotel stay as one sentence."""
    today = now.astimezone(ZoneInfo(of.hotel.timezone)).date()
    rooms = counted(of.rooms, of.room, f"{of.room}s")
    return (
        f"{of.hotel.name} in {of.hotel.city}, {rooms}, from {date(of.arrives_on, today)} "
        f"for {counted(of.nights, 'night')}, {of.board}."
    )


def itinerary(booking: Booking, now: dt.datetime) -> str:
    """The booking in a few sentences: status, what, when, for whom."""
    head = f"The booking ending in {ending(booking.reference)} is {booking.status}."
    people = listing([one.full_name for one in booking.passengers])
    if booking.stay is not None:
        what = stay(booking.stay, now)
    else:
        what = " ".join(leg(one, now) for one in booking.segments)
    if booking.status == BookingStatus.CANCELLED:
        return f"{head} It was for {people}."
    return f"{head} {what} It is for {people}."


def facts(booking: Booking) -> dict[str, Any]:
    """The booking as data for the model; of the reference only the ending."""
    known: dict[str, Any] = {
        "kind": booking.kind,
        "booking_status": booking.status,
        "reference_ending": booking.reference[-3:],
        "passengers": [one.full_name for one in booking.passengers],
        "fare": booking.fare.name,
        "paid": money(booking.paid, booking.currency),
    }
    if booking.stay is not None:
        known["hotel"] = _stay_facts(booking.stay)
    else:
        known["flights"] = [_leg_facts(one) for one in booking.segments]
        known["checked_in"] = any(one.check_ins for one in booking.segments)
        known["checked_bags_each"] = booking.fare.checked_bags
    return known


def _leg_facts(segment: Segment) -> dict[str, Any]:
    flight = segment.flight
    seats = [one.seat_label for one in segment.check_ins]
    return {
        "number": flight.number,
        "from": flight.origin.city,
        "to": flight.destination.city,
        "date": departs(flight).date().isoformat(),
        "departs": time(departs(flight)),
        "arrives": time(arrives(flight)),
        "flight_status": flight.status,
        "cabin": segment.cabin,
        **({"seats": seats} if seats else {}),
        **({"gate": flight.gate} if flight.gate else {}),
    }


def _stay_facts(of: Stay) -> dict[str, Any]:
    return {
        "name": of.hotel.name,
        "city": of.hotel.city,
        "check_in": of.arrives_on.isoformat(),
        "check_out": of.leaves_on.isoformat(),
        "rooms": of.rooms,
        "room": of.room,
        "board": of.board,
    }
