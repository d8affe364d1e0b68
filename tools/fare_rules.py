"""What a fare allows and what it costs. Pure: bookings and the present instant in, terms out.

Amounts are minor units of the booking's currency.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tools.models import Booking, BookingStatus, Segment
from tools.outcome import Next, Outcome, refused

# Free cancellation within 24 hours of booking, if booked a week ahead: 14 CFR 259.5(b)(4).
_FREE_AFTER_BOOKING = dt.timedelta(hours=24)
_FREE_IF_AHEAD = dt.timedelta(days=7)
HOTEL_ARRIVAL = dt.time(15, 0)
"""When rooms are ready: the moment a stay begins, by the hotel's clock."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """``penalty`` is kept, ``refund`` comes back; together they are what was paid."""

    penalty: int
    refund: int
    why: str


def begins(booking: Booking) -> dt.datetime:
    """When the first flight leaves or the stay begins."""
    if booking.stay is not None:
        zone = ZoneInfo(booking.stay.hotel.timezone)
        return dt.datetime.combine(booking.stay.arrives_on, HOTEL_ARRIVAL, zone)
    return min(one.flight.departs_at for one in booking.segments)


def paying(booking: Booking) -> int:
    """Passengers who pay a fare; infants on a lap do not."""
    return sum(one.kind != "infant" for one in booking.passengers)


def cancelled_by_airline(booking: Booking) -> bool:
    return any(one.flight.status == "cancelled" for one in booking.segments)


def barred(booking: Booking, now: dt.datetime, what: str) -> Outcome | None:
    """Why the booking can be neither changed nor cancelled now, if so. ``what`` is a verb."""
    if booking.status == BookingStatus.CANCELLED:
        return refused("This booking is cancelled already.", booking_status=booking.status)
    begun = begins(booking)
    if cancelled_by_airline(booking):
        return None
    if begun <= now:
        trip = "stay" if booking.stay else "trip"
        return refused(
            f"The {trip} has begun already, so I cannot {what} it here. A colleague can look "
            "at it.",
            Next.OFFER_PERSON,
        )
    if begun - now < dt.timedelta(hours=booking.fare.cut_off_hours):
        return refused(
            f"It is too close to the start to {what} it here. A colleague can look at it.",
            Next.OFFER_PERSON,
        )
    return None


def cancellation(booking: Booking, now: dt.datetime) -> Cancellation | Outcome:
    """What cancelling costs and brings back, or why it cannot be done."""
    refusal = barred(booking, now, "cancel")
    if refusal is not None:
        return refusal
    paid = booking.paid
    if cancelled_by_airline(booking):
        if any(
            one.flight.departs_at <= now and one.flight.status != "cancelled"
            for one in booking.segments
        ):
            return refused(
                "Part of this trip has been flown, so a colleague works out what comes back.",
                Next.OFFER_PERSON,
            )
        return Cancellation(0, paid, "The airline cancelled the flight, so everything comes back.")
    if _just_booked(booking, now):
        return Cancellation(0, paid, "You booked within the last day, so cancelling is free.")
    if booking.fare.cancel_fee is None:
        taxes = paid * booking.fare.taxes_percent // 100
        return Cancellation(
            paid - taxes,
            taxes,
            f"The {booking.fare.name} is not refundable; only the taxes come back.",
        )
    penalty = min(paid, booking.fare.cancel_fee * _units(booking))
    why = "Cancelling is free with this fare." if not penalty else ""
    return Cancellation(penalty, paid - penalty, why)


def change_penalty(booking: Booking, now: dt.datetime) -> int | Outcome:
    """What a new date costs beside the difference in price, or why it cannot be had."""
    refusal = barred(booking, now, "change")
    if refusal is not None:
        return refusal
    if cancelled_by_airline(booking):
        return 0
    if booking.fare.change_fee is None:
        return refused(
            f"The {booking.fare.name} cannot be changed. You may cancel it, and I can tell you "
            "what comes back.",
            Next.OFFER_PERSON,
        )
    return booking.fare.change_fee * _units(booking)


def check_in_opens(segment: Segment) -> dt.datetime:
    """Two days before departure."""
    return segment.flight.departs_at - dt.timedelta(hours=48)


def check_in_closes(segment: Segment) -> dt.datetime:
    """An hour before departure, delay included."""
    late = dt.timedelta(minutes=segment.flight.delay_minutes)
    return segment.flight.departs_at + late - dt.timedelta(minutes=60)


def _units(booking: Booking) -> int:
    """What a fee is taken for: each paying passenger, or each room."""
    return booking.stay.rooms if booking.stay is not None else paying(booking)


def _just_booked(booking: Booking, now: dt.datetime) -> bool:
    return (
        now - booking.booked_at <= _FREE_AFTER_BOOKING
        and begins(booking) - booking.booked_at >= _FREE_IF_AHEAD
    )
