"""The tools' settings. The attic builds them from the environment."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator


class ToolSettings(BaseModel):
    """What Myra may do and how long it may take. Environment prefix ``TOOLS_``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = Field(
        default="sqlite:///var/hotline.db",
        description="where bookings and calls are kept: sqlite:///FILE or postgresql://...",
        json_schema_extra={"env": "DATABASE_URL"},
    )
    database_pool: int = Field(default=10, ge=1, le=100, description="database connections")
    database_wait_seconds: float = Field(
        default=5.0, gt=0, description="longest wait for the server or for another's lock"
    )
    calls_at_once: int = Field(
        default=16, ge=1, le=256, description="tool calls of one conversation not yet answered"
    )
    finish_seconds: float = Field(
        default=5.0, gt=0, description="how long changes may still take after a hang-up"
    )
    write_seconds: float = Field(
        default=30.0, gt=0, description="longest run of a change after its call was answered"
    )
    retry_seconds: float = Field(
        default=0.25, gt=0, description="pause before a database that went away is tried again"
    )
    quote_minutes: int = Field(default=15, ge=1, description="how long a quoted price holds")
    wrong_tries: int = Field(
        default=3, ge=1, description="wrong references or surnames in a call before a person helps"
    )
    near_tries: int = Field(
        default=4, ge=1, description="nearly right ones in a call before a person helps"
    )
    booking_tries: int = Field(
        default=10, ge=1, description="wrong tries at one booking within a day, over all calls"
    )
    transfer_number: str = Field(
        default="",
        pattern=r"^(\+[1-9]\d{6,14})?$",
        description="E.164 number that calls are handed to; empty: a call-back is arranged",
        json_schema_extra={"env": "PHONE_TRANSFER_NUMBER"},
    )
    office_hours: str = Field(
        default="08:00-20:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$",
        description="when people answer the transfer number, every day",
    )
    office_timezone: str = Field(
        default="America/New_York", description="IANA time zone of the office hours"
    )

    @field_validator("office_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is a time zone such as America/New_York") from None
        return value
