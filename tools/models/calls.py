"""The hotline's own record: calls, turns with their transcript, and tool calls.

Times within a call are seconds since it began; durations are milliseconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tools.models.base import Base


class CallRecord(Base):
    __tablename__ = "calls"

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


class TurnRecord(Base):
    """What was said (``text``) and, of Myra's turns, what the traveller really heard."""

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
