"""Every table, so that importing this package completes the metadata."""

from __future__ import annotations

from tools.models.base import Base
from tools.models.bookings import (
    Booking,
    BookingKind,
    BookingStatus,
    CheckIn,
    Passenger,
    Segment,
    Stay,
    Ticket,
    Traveller,
)
from tools.models.calls import (
    CallRecord,
    QualityReport,
    ReplyRecord,
    TakeRecord,
    ToolUseRecord,
    TurnRecord,
)
from tools.models.inventory import Airport, FareRule, Flight, FlightCabin, Hotel, HotelNight, Seat
from tools.models.money import Payment, Quote, Refund, RefundStep
from tools.models.service import HandOff, SentMessage, ServiceRequest
from tools.models.trust import Effect, Undertaking, Verification, VerificationTry

__all__ = [
    "Airport",
    "Base",
    "Booking",
    "BookingKind",
    "BookingStatus",
    "CallRecord",
    "CheckIn",
    "Effect",
    "FareRule",
    "Flight",
    "FlightCabin",
    "HandOff",
    "Hotel",
    "HotelNight",
    "Passenger",
    "Payment",
    "QualityReport",
    "Quote",
    "Refund",
    "RefundStep",
    "ReplyRecord",
    "Seat",
    "Segment",
    "SentMessage",
    "ServiceRequest",
    "Stay",
    "TakeRecord",
    "Ticket",
    "ToolUseRecord",
    "Traveller",
    "TurnRecord",
    "Undertaking",
    "Verification",
    "VerificationTry",
]
