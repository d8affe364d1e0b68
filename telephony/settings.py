"""The phone door's settings. The attic builds them; each field names its variable."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from telephony.caller import e164
from telephony.hours import parse_hours
from telephony.messages import is_sid

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SHORTEST_SECRET = 32
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _env(name: str) -> dict[str, Any]:
    return {"env": name}


def _long(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < _SHORTEST_SECRET:
        raise ValueError(f"has {_SHORTEST_SECRET} characters or more: openssl rand -hex 32")
    return value


StreamSecret = Annotated[SecretStr, AfterValidator(_long)]


class PhoneSettings(BaseModel):
    """How the phone door works. Environment prefix ``PHONE_``; what is Twilio's own has
    Twilio's own names (``TWILIO_``)."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    account_sid: str = Field(
        default="",
        description="the Twilio account whose calls are taken, AC...",
        json_schema_extra=_env("TWILIO_ACCOUNT_SID"),
    )
    auth_token: SecretStr = Field(
        default=SecretStr(""),
        description="the account's primary auth token; signs webhooks. Without it nothing is "
        "checked and the hotline listens on loopback only",
        json_schema_extra=_env("TWILIO_AUTH_TOKEN"),
    )
    previous_auth_token: SecretStr = Field(
        default=SecretStr(""),
        description="the other auth token while tokens are rotated; accepted as well",
        json_schema_extra=_env("TWILIO_PREVIOUS_AUTH_TOKEN"),
    )
    shared_keys: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="webhook shared keys: id=secret,id=secret",
        json_schema_extra=_env("TWILIO_SHARED_KEYS"),
    )
    api_key_sid: str = Field(
        default="",
        description="API key for call control, SK...; the auth token is used without it",
        json_schema_extra=_env("TWILIO_API_KEY_SID"),
    )
    api_key_secret: SecretStr = Field(
        default=SecretStr(""),
        description="the API key's secret",
        json_schema_extra=_env("TWILIO_API_KEY_SECRET"),
    )
    edge: str = Field(
        default="",
        pattern=r"^[a-z0-9-]*$",
        description="Twilio edge, such as dublin; needed with a region",
        json_schema_extra=_env("TWILIO_EDGE"),
    )
    region: str = Field(
        default="",
        pattern=r"^[a-z0-9-]*$",
        description="Twilio region, such as ie1; us1 when empty",
        json_schema_extra=_env("TWILIO_REGION"),
    )
    api_url: str = Field(
        default="https://api.twilio.com",
        description="where Twilio's REST API is; another one for a stand-in",
        json_schema_extra=_env("TWILIO_API_URL"),
    )
    public_url: str = Field(
        default="", description="what Twilio calls us by, https://host[:port][/path]"
    )
    transfer_number: str = Field(
        default="", description="who takes transferred calls: +E.164 or sip:; none when empty"
    )
    transfer_hours: str = Field(
        default="", description="when, as 'mon-fri 08:00-20:00, sat 09:00-14:00'; empty: always"
    )
    transfer_timezone: str = Field(default="UTC", description="the time zone of those hours")
    transfer_seconds: int = Field(
        default=25, ge=5, le=600, description="how long a transferred call rings"
    )
    stream_secret: StreamSecret = Field(
        default=SecretStr(""),
        description="seals the tokens by which a stream proves its call to every process; 32 "
        "characters or more. Empty: made from TWILIO_AUTH_TOKEN, or random where that is empty too",
    )
    previous_stream_secret: StreamSecret = Field(
        default=SecretStr(""),
        description="another such secret that is accepted as well, while it is rotated",
    )
    language: str = Field(default="en-US", description="language of the spoken apologies")
    token_seconds: float = Field(
        default=60, gt=0, le=600, description="how long a stream may take to come after its webhook"
    )
    start_seconds: float = Field(
        default=5, gt=0, le=60, description="how long an open socket may take to send start"
    )
    inactivity_seconds: float = Field(
        default=10, gt=0, description="no message for so long: the line is probed, then given up"
    )
    stall_seconds: float = Field(
        default=5, gt=0, description="a peer that reads nothing for so long is given up"
    )
    unsent_seconds: float = Field(
        default=180, gt=0, description="this much sound not yet taken by the peer is the most"
    )
    unread_seconds: float = Field(
        default=10, gt=0, description="caller's sound kept for a late reader; then oldest dropped"
    )
    input_rate: Literal[16000, 8000] = Field(
        default=16000,
        description="rate of the caller's sound for the model, 16000 or 8000 Hz",
        json_schema_extra=_env("GEMINI_INPUT_RATE"),
    )
    max_calls: int = Field(default=100, ge=1, description="calls at once; further ones hear busy")
    max_pending_sockets: int = Field(
        default=32, ge=1, description="sockets at once that have not sent start yet"
    )
    max_bad_messages: int = Field(
        default=100, ge=1, description="unusable messages that end a stream"
    )
    max_reattach: int = Field(
        default=2, ge=0, le=10, description="how often a lost stream is opened again in a call"
    )

    @property
    def checks_signatures(self) -> bool:
        return bool(self.auth_token.get_secret_value() or self.shared_keys)

    @field_validator("input_rate", mode="before")
    @classmethod
    def _rate(cls, value: Any) -> Any:
        return int(value) if isinstance(value, str) and value.isdecimal() else value

    @field_validator("account_sid", "api_key_sid")
    @classmethod
    def _sid(cls, value: str, info: ValidationInfo) -> str:
        start = "AC" if info.field_name == "account_sid" else "SK"
        if value and not (is_sid(value) and value.startswith(start)):
            raise ValueError(f"is {start} and 32 hexadecimal digits")
        return value

    @field_validator("shared_keys", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [part.strip().partition("=") for part in value.split(",") if part.strip()]
        if not all(key and secret for key, _, secret in pairs):
            raise ValueError("looks like id=secret,id=secret")
        return {key.strip(): secret.strip() for key, _, secret in pairs}

    @field_validator("api_key_secret")
    @classmethod
    def _pair(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if bool(info.data.get("api_key_sid")) != bool(value.get_secret_value()):
            raise ValueError("the API key's SID and its secret come together")
        return value

    @field_validator("region")
    @classmethod
    def _region(cls, value: str, info: ValidationInfo) -> str:
        # Hosts of the form api.<region>.twilio.com are gone; a region needs its edge.
        if value and not info.data.get("edge"):
            raise ValueError("a region needs TWILIO_EDGE too, such as dublin for ie1")
        return value

    @field_validator("public_url", "api_url")
    @classmethod
    def _url(cls, value: str, info: ValidationInfo) -> str:
        signed = info.data.get("shared_keys") or _secret(info, "auth_token")
        if not value and info.field_name == "public_url" and not signed:
            return value
        if not value:
            raise ValueError("is needed: signatures cover the URL that Twilio calls")
        url = urlsplit(value)
        if not url.hostname or url.query or url.fragment or url.username:
            raise ValueError("looks like https://host[:port][/path]")
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK):
            raise ValueError("is https, or http on loopback")
        return value.rstrip("/")

    @field_validator("transfer_number")
    @classmethod
    def _number(cls, value: str) -> str:
        if value.lower().startswith(("sip:", "sips:")):
            return value
        if value and not e164(value):
            raise ValueError("is a number as +14155550100 or a sip: address")
        return e164(value)

    @field_validator("transfer_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        parse_hours(value)
        return value

    @field_validator("transfer_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is a time zone such as Europe/Berlin") from None
        return value

    @field_validator("language")
    @classmethod
    def _language(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError("is a language tag such as en-US")
        return value


def _secret(info: ValidationInfo, name: str) -> str:
    value = info.data.get(name)
    return value.get_secret_value() if isinstance(value, SecretStr) else ""
