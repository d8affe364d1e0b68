"""What can be sold: airports, flights with seats and fares, hotels with rooms by the night."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tools.models.base import Base


class Airport(Base):
    __tablename__ = "airports"

    code: Mapped[str] = mapped_column(primary_key=True)
    city: Mapped[str]
    name: Mapped[str]
    country: Mapped[str]
    timezone: Mapped[str]


class FareRule(Base):
    """What a fare allows. Amounts in minor units of the booking's currency, per passenger.

    A fee of null means: not allowed.
    """

    __tablename__ = "fare_rules"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    cancel_fee: Mapped[int | None]
    change_fee: Mapped[int | None]
    taxes_percent: Mapped[int]
    """The share of the price that is taxes and comes back even where the fare does not."""
    cut_off_hours: Mapped[int]
    """Until so long before departure or arrival it may be changed or cancelled."""
    checked_bags: Mapped[int]


class Flight(Base):
    __tablename__ = "flights"
    __table_args__ = (Index("ix_flights_route", "origin_code", "destination_code", "departs_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    origin_code: Mapped[str] = mapped_column(ForeignKey("airports.code"))
    destination_code: Mapped[str] = mapped_column(ForeignKey("airports.code"))
    departs_at: Mapped[datetime]
    arrives_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="on time")
    """"on time", "delayed" or "cancelled"."""
    delay_minutes: Mapped[int] = mapped_column(default=0)
    gate: Mapped[str] = mapped_column(default="")

    origin: Mapped[Airport] = relationship(foreign_keys=[origin_code], lazy="joined")
    destination: Mapped[Airport] = relationship(foreign_keys=[destination_code], lazy="joined")
    cabins: Mapped[list[FlightCabin]] = relationship(order_by="FlightCabin.cabin")

    @property
    def domestic(self) -> bool:
        return self.origin.country == self.destination.country


class FlightCabin(Base):
    """Seats left to sell in one cabin, and today's price of one (minor units)."""

    __tablename__ = "flight_cabins"
    __table_args__ = (CheckConstraint("seats_left >= 0", name="seats_left_not_negative"),)

    flight_id: Mapped[int] = mapped_column(ForeignKey("flights.id"), primary_key=True)
    cabin: Mapped[str] = mapped_column(primary_key=True)
    seats_left: Mapped[int]
    price: Mapped[int]


class Seat(Base):
    """One place of a flight's seat map. ``taken``: by check-in or blocked."""

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("flight_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flight_id: Mapped[int] = mapped_column(ForeignKey("flights.id"))
    label: Mapped[str]
    cabin: Mapped[str]
    place: Mapped[str]
    """"window", "middle" or "aisle"."""
    exit_row: Mapped[bool] = mapped_column(default=False)
    taken: Mapped[bool] = mapped_column(default=False)


class Hotel(Base):
    __tablename__ = "hotels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    city: Mapped[str]
    address: Mapped[str]
    timezone: Mapped[str]


class HotelNight(Base):
    """Rooms left and the price of one for the night that begins on ``night`` (minor units)."""

    __tablename__ = "hotel_nights"
    __table_args__ = (CheckConstraint("rooms_left >= 0", name="rooms_left_not_negative"),)

    hotel_id: Mapped[int] = mapped_column(ForeignKey("hotels.id"), primary_key=True)
    room: Mapped[str] = mapped_column(primary_key=True)
    night: Mapped[dt.date] = mapped_column(primary_key=True)
    rooms_left: Mapped[int]
    price: Mapped[int]
