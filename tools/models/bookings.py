"""Who travels and what they booked."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tools.models.base import Base
from tools.models.inventory import FareRule, Flight, Hotel


class BookingKind(StrEnum):
    FLIGHT = "flight"
    HOTEL = "hotel"


class BookingStatus(StrEnum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Traveller(Base):
    """The customer who booked; passengers of a booking may be others."""

    __tablename__ = "travellers"

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    surname: Mapped[str]


class Booking(Base):
    """Money in minor units of ``currency``. ``version`` counts what was changed in it."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default=BookingStatus.CONFIRMED)
    traveller_id: Mapped[int] = mapped_column(ForeignKey("travellers.id"), index=True)
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    paid: Mapped[int]
    fare_code: Mapped[str] = mapped_column(ForeignKey("fare_rules.code"))
    booked_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    traveller: Mapped[Traveller] = relationship(lazy="joined", innerjoin=True)
    fare: Mapped[FareRule] = relationship(lazy="joined", innerjoin=True)
    segments: Mapped[list[Segment]] = relationship(order_by="Segment.position")
    passengers: Mapped[list[Passenger]] = relationship(order_by="Passenger.position")
    stay: Mapped[Stay | None] = relationship()


class Segment(Base):
    """One flight of a booking."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("booking_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    position: Mapped[int]
    flight_id: Mapped[int] = mapped_column(ForeignKey("flights.id"), index=True)
    cabin: Mapped[str]
    price: Mapped[int]
    """What each paying passenger paid for it."""

    flight: Mapped[Flight] = relationship(lazy="joined", innerjoin=True)
    check_ins: Mapped[list[CheckIn]] = relationship(order_by="CheckIn.id")


class Passenger(Base):
    __tablename__ = "passengers"
    __table_args__ = (UniqueConstraint("booking_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    position: Mapped[int]
    given_name: Mapped[str]
    surname: Mapped[str]
    kind: Mapped[str] = mapped_column(default="adult")
    """"adult", "child" or "infant"."""
    corrections: Mapped[int] = mapped_column(default=0)

    tickets: Mapped[list[Ticket]] = relationship(order_by="Ticket.id")

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.surname}"


class Ticket(Base):
    """``status``: "open", "used", "exchanged" or "refunded"."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    passenger_id: Mapped[int] = mapped_column(ForeignKey("passengers.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(default="open")
    issued_at: Mapped[datetime]


class CheckIn(Base):
    """A passenger's place on a flight of the booking: one per passenger and segment."""

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("passenger_id", "segment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    passenger_id: Mapped[int] = mapped_column(ForeignKey("passengers.id"))
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), unique=True)
    seat_label: Mapped[str]
    sequence: Mapped[int]
    checked_in_at: Mapped[datetime]


class Stay(Base):
    """The nights of a hotel booking, from ``arrives_on`` up to the morning of ``leaves_on``."""

    __tablename__ = "stays"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), unique=True)
    hotel_id: Mapped[int] = mapped_column(ForeignKey("hotels.id"))
    room: Mapped[str]
    rooms: Mapped[int]
    arrives_on: Mapped[dt.date]
    leaves_on: Mapped[dt.date]
    board: Mapped[str] = mapped_column(default="breakfast included")

    hotel: Mapped[Hotel] = relationship(lazy="joined", innerjoin=True)

    @property
    def nights(self) -> int:
        return (self.leaves_on - self.arrives_on).days
