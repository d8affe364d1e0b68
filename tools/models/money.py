"""Quotes, payments and refunds. Amounts in minor units."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tools.models.base import Base


class RefundStage(StrEnum):
    """A refund's way to the traveller, in order; REJECTED may follow any but PAID."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PROCESSING = "processing"
    SENT_TO_BANK = "sent to bank"
    PAID = "paid"
    REJECTED = "rejected"


class Quote(Base):
    """A price given in a conversation, good once, for the booking as it was then."""

    __tablename__ = "quotes"

    id: Mapped[str] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    conversation: Mapped[str]
    kind: Mapped[str]
    """"cancel" or "change"."""
    booking_version: Mapped[int]
    penalty: Mapped[int]
    difference: Mapped[int] = mapped_column(default=0)
    """What the new travel costs more (negative: less) than what was paid."""
    refund: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class Payment(Base):
    """Money that moved: positive from the traveller, negative back. One per cause at most."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("quote_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    quote_id: Mapped[str | None] = mapped_column(ForeignKey("quotes.id"))
    amount: Mapped[int]
    currency: Mapped[str]
    purpose: Mapped[str]
    at: Mapped[datetime]


class Refund(Base):
    __tablename__ = "refunds"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    quote_id: Mapped[str | None] = mapped_column(ForeignKey("quotes.id"), unique=True)
    amount: Mapped[int]
    currency: Mapped[str]
    stage: Mapped[str] = mapped_column(default=RefundStage.REQUESTED)
    opened_at: Mapped[datetime]
    expected_by: Mapped[dt.date]
    note: Mapped[str] = mapped_column(default="")

    steps: Mapped[list[RefundStep]] = relationship(order_by="RefundStep.id")


class RefundStep(Base):
    """When a refund reached a stage."""

    __tablename__ = "refund_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"), index=True)
    stage: Mapped[str]
    at: Mapped[datetime]
