"""Who was verified for what, and what has been done already."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.models.base import Base


class VerificationTry(Base):
    """A try that failed. ``outcome``: "wrong surname", "unknown reference" or "near"."""

    __tablename__ = "verification_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    outcome: Mapped[str]
    at: Mapped[datetime]


class Verification(Base):
    """A conversation's right to a booking. ``way``: "surname" or "own phone"."""

    __tablename__ = "verifications"
    __table_args__ = (UniqueConstraint("conversation", "booking_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    way: Mapped[str]
    at: Mapped[datetime]


class Effect(Base):
    """What a conversation's request has done: the same request again gets the same answer.

    ``key`` is a hash of conversation, tool and arguments. ``booking_version`` is the
    booking's after the effect: once the booking has moved on, the request is a new one.
    """

    __tablename__ = "effects"

    key: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(index=True)
    call_id: Mapped[str]
    tool: Mapped[str]
    booking_version: Mapped[int | None]
    response: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Undertaking(Base):
    """A change that was begun for a caller. ``state``: "begun", "ended", "unfinished"
    or "looked_after".

    A row still "begun" when no process works on it is work that a crash interrupted.
    """

    __tablename__ = "undertakings"
    __table_args__ = (UniqueConstraint("conversation", "call_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    call_id: Mapped[str]
    tool: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="begun", index=True)
    status: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
