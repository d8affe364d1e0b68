"""The hotline's own record: calls, turns with their transcript, tool calls, and what QA judge
replies by.

Times within a call are seconds since it began; durations are milliseconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.models.base import Base


class CallRecord(Base):
    """``forgotten_at``: since then nothing personal of the call is left. ``ending``: how its line
    was let go, for the process that is asked what comes next."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_door_opened_at", "door", "opened_at"),)

    conversation: Mapped[str] = mapped_column(primary_key=True)
    door: Mapped[str]
    caller: Mapped[str]
    model: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    prompt_tokens: Mapped[int] = mapped_column(default=0)
    response_tokens: Mapped[int] = mapped_column(default=0)
    forgotten_at: Mapped[datetime | None]
    ending: Mapped[dict[str, Any] | None]


class TurnRecord(Base):
    """What was said (``text``) and, of Myra's turns, what the traveller really heard.

    ``response`` is the reply's number (0: the caller's turn), ``sound`` what became of its sound.
    """

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    position: Mapped[int]
    speaker: Mapped[str]
    text: Mapped[str]
    heard: Mapped[str]
    started: Mapped[float] = mapped_column(Float)
    ended: Mapped[float] = mapped_column(Float)
    interrupted: Mapped[bool]
    latency: Mapped[dict[str, Any]]
    response: Mapped[int] = mapped_column(default=0)
    sound: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ReplyRecord(Base):
    """Where the time of a reply went (``bar``), and how much was handed to the line."""

    __tablename__ = "replies"
    __table_args__ = (UniqueConstraint("conversation", "response"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    response: Mapped[int]
    bar: Mapped[dict[str, Any]]
    chunks: Mapped[int]
    samples: Mapped[int]


class TakeRecord(Base):
    """What became of one take of Myra's sound in a browser, in samples."""

    __tablename__ = "takes"
    __table_args__ = (UniqueConstraint("conversation", "take"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    take: Mapped[int]
    response: Mapped[int]
    kind: Mapped[str]
    rate: Mapped[int]
    chunks_sent: Mapped[int]
    samples_sent: Mapped[int]
    received: Mapped[int]
    played: Mapped[int]
    dropped: Mapped[int]
    underruns: Mapped[int]
    ended: Mapped[bool]
    cleared: Mapped[bool]


class QualityReport(Base):
    """What a door measured of its line, now and then."""

    __tablename__ = "quality_reports"
    __table_args__ = (UniqueConstraint("conversation", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    at: Mapped[float] = mapped_column(Float)
    figures: Mapped[dict[str, Any]]


class ToolUseRecord(Base):
    __tablename__ = "tool_uses"
    __table_args__ = (UniqueConstraint("conversation", "call_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str]
    call_id: Mapped[str]
    name: Mapped[str]
    args: Mapped[dict[str, Any]]
    status: Mapped[str]
    response: Mapped[dict[str, Any]]
    started: Mapped[float] = mapped_column(Float)
    ended: Mapped[float] = mapped_column(Float)
