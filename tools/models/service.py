"""What was asked of people, what was sent, and who was handed over to whom."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.models.base import Base


class ServiceRequest(Base):
    """``kind``: "legal name", "wheelchair", "meal", "medical", "baggage" or "delay".

    ``status``: "received", "in review", "approved", "done" or "declined".
    """

    __tablename__ = "service_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    passenger_id: Mapped[int | None] = mapped_column(ForeignKey("passengers.id"))
    kind: Mapped[str]
    details: Mapped[str]
    status: Mapped[str] = mapped_column(default="received")
    opened_at: Mapped[datetime]
    due_on: Mapped[dt.date]


class SentMessage(Base):
    """``state``: "queued" until the messenger took it, then "sent" or "failed"."""

    __tablename__ = "sent_messages"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    conversation: Mapped[str]
    call_id: Mapped[str]
    kind: Mapped[str]
    """"e-ticket" or "boarding pass"."""
    channel: Mapped[str]
    recipient: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    receipt: Mapped[str] = mapped_column(default="")
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class HandOff(Base):
    """A caller given to a person. ``way``: "transfer" or "call back"."""

    __tablename__ = "hand_offs"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    conversation: Mapped[str] = mapped_column(index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"))
    way: Mapped[str]
    reason: Mapped[str]
    summary: Mapped[str]
    call_back_to: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="open")
    at: Mapped[datetime]
