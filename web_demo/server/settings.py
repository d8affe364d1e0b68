"""The browser demo's settings. Environment prefix ``WEB_``."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_ADDRESS = re.compile(r"(https?://[^/\s]+)?")


class WebSettings(BaseModel):
    """Who may use the demo, and how much of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    password: SecretStr = Field(
        default=SecretStr(""),
        description="password QA sign in with; with neither it nor a link secret the demo is open "
        "to this machine only",
    )
    link_secret: SecretStr = Field(
        default=SecretStr(""),
        description="signs sign-in links (hotline demo-link) and the session cookie; empty: made "
        "up at start, so that everybody signs in again after a restart",
    )
    public_url: str = Field(
        default="",
        description="where browsers reach the demo, without a path; empty: wherever they do",
    )
    sign_in_hours: float = Field(default=12, gt=0, le=720, description="how long a sign-in holds")
    link_hours: float = Field(default=72, gt=0, le=720, description="how long a link holds")
    disable_vad: bool = Field(
        default=False,
        description="do without speech detection in the browser; Myra still hears by herself",
        json_schema_extra={"env": "REACT_APP_DISABLE_VAD"},
    )
    resume_seconds: float = Field(
        default=20, ge=0, le=300, description="how long a conversation waits for its lost page"
    )
    unsent_seconds: float = Field(
        default=90, ge=1, le=600, description="sound a page may be behind before it is given up"
    )
    unread_seconds: float = Field(
        default=5, ge=0.5, le=60, description="the caller's sound that may wait to be heard"
    )
    max_seconds: float = Field(
        default=1800, gt=0, description="longest conversation; Myra then says goodbye"
    )
    calls_at_once: int = Field(default=8, ge=1, description="conversations at the same time")
    calls_per_hour: int = Field(
        default=60, ge=1, description="conversations one visitor may begin in an hour"
    )
    minutes_per_day: float = Field(
        default=1440, gt=0, description="minutes of conversation of everybody within a day"
    )

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not _ADDRESS.fullmatch(value):
            raise ValueError("looks like https://demo.example.com, without a path")
        return value
