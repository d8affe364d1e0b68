"""How messages leave. The attic builds these from the environment.

A channel that is not configured writes to the outbox folder instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TWILIO_API = "https://api.twilio.com"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def _env(name: str) -> dict[str, Any]:
    return {"env": name}


class MailSettings(BaseModel):
    """How e-mail is sent. Environment prefix ``MAIL_``."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    host: str = Field(default="", description="SMTP server; empty: e-mail goes to the outbox")
    port: int = Field(
        default=0, ge=0, le=65535, description="its port; 0: 587 for starttls, 465 for tls, else 25"
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls from the first byte, or none"
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of an authority of your own; else the system's"
    )
    username: str = Field(default="", description="user name for the SMTP server, if it asks")
    password: SecretStr = Field(default=SecretStr(""), description="its password")
    sender: str = Field(
        default="Cymbol Travels <tickets@cymbol-travels.example>",
        description="who e-mail is from, as Name <address>",
        json_schema_extra=_env("MAIL_FROM"),
    )
    seconds: float = Field(default=10, gt=0, le=120, description="longest time for one e-mail")

    @property
    def configured(self) -> bool:
        return bool(self.host)

    @property
    def server_port(self) -> int:
        return self.port or _PORTS[self.security]

    @property
    def address(self) -> Address:
        """The sender, taken apart."""
        name, spec = parseaddr(self.sender)
        return Address(display_name=name, addr_spec=spec)

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        _, spec = parseaddr(value)
        if not (is_address(spec) and value.isprintable()):
            raise ValueError("looks like Cymbol Travels <tickets@example.com>")
        return value

    @field_validator("ca_file")
    @classmethod
    def _ca_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("is no file")
        return value

    @field_validator("password")
    @classmethod
    def _password(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if bool(value.get_secret_value()) != bool(info.data.get("username")):
            raise ValueError("the user name and the password come together")
        safe = info.data.get("security") != "none" or info.data.get("host") in LOOPBACK
        if value.get_secret_value() and not safe:
            raise ValueError("is not sent without encryption; set MAIL_SECURITY to starttls or tls")
        return value


class SmsSettings(BaseModel):
    """How text messages are sent. Environment prefix ``SMS_``; Twilio's own names (``TWILIO_``)
    for what is Twilio's."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    sender: str = Field(
        default="",
        description="number, sender name or messaging service (MG...) that text messages are "
        "from; empty: they go to the outbox",
        json_schema_extra=_env("SMS_FROM"),
    )
    link_url: str = Field(
        default="",
        description="public URL of the documents' links, as https://host/documents; needed to "
        "send documents by text message",
    )
    link_days: int = Field(default=7, ge=1, le=90, description="how long such a link works")
    seconds: float = Field(default=10, gt=0, le=120, description="longest time for one message")
    account_sid: str = Field(
        default="",
        description="the Twilio account, AC...",
        json_schema_extra=_env("TWILIO_ACCOUNT_SID"),
    )
    auth_token: SecretStr = Field(
        default=SecretStr(""),
        description="the account's auth token; not needed with an API key",
        json_schema_extra=_env("TWILIO_AUTH_TOKEN"),
    )
    api_key_sid: str = Field(
        default="", description="API key, SK...", json_schema_extra=_env("TWILIO_API_KEY_SID")
    )
    api_key_secret: SecretStr = Field(
        default=SecretStr(""),
        description="the API key's secret",
        json_schema_extra=_env("TWILIO_API_KEY_SECRET"),
    )
    edge: str = Field(
        default="", description="Twilio edge, such as dublin", json_schema_extra=_env("TWILIO_EDGE")
    )
    region: str = Field(
        default="",
        description="Twilio region, such as ie1",
        json_schema_extra=_env("TWILIO_REGION"),
    )
    api_url: str = Field(
        default=TWILIO_API,
        description="where Twilio's REST API is; another one for a stand-in",
        json_schema_extra=_env("TWILIO_API_URL"),
    )

    @property
    def configured(self) -> bool:
        return bool(self.sender)

    @property
    def credentials(self) -> tuple[str, str]:
        """User name and password: those of the API key where there is one."""
        secret = self.api_key_secret.get_secret_value()
        if self.api_key_sid and secret:
            return self.api_key_sid, secret
        return self.account_sid, self.auth_token.get_secret_value()

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        service = re.fullmatch(r"MG[0-9a-fA-F]{32}", value)
        if value and not (service or _E164.fullmatch(value) or _SENDER_NAME.fullmatch(value)):
            raise ValueError("is +14155550100, MG and 32 digits, or a name of up to 11 letters")
        return value

    @field_validator("link_url", "api_url")
    @classmethod
    def _url(cls, value: str) -> str:
        url = urlsplit(value)
        if not value:
            return value
        if not url.hostname or url.query or url.fragment or url.username:
            raise ValueError("looks like https://host[:port][/path]")
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
            raise ValueError("is https, or http on loopback")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _credentials(self) -> Self:
        if self.sender and not self.account_sid:
            raise ValueError("text messages need TWILIO_ACCOUNT_SID; set it or unset SMS_FROM")
        if self.sender and not self.credentials[1]:
            raise ValueError(
                "text messages need TWILIO_AUTH_TOKEN, or TWILIO_API_KEY_SID and "
                "TWILIO_API_KEY_SECRET; set them or unset SMS_FROM"
            )
        return self


class OutboxSettings(BaseModel):
    """Where messages of channels that are not configured go. Environment prefix ``OUTBOX_``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Field(default=Path("var/outbox"), description="one file for each message")
    links_folder: Path = Field(
        default=Path("var/documents"),
        description="documents that links in text messages lead to; shared by all replicas",
    )


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """All that messages need."""

    mail: MailSettings = field(default_factory=MailSettings)
    sms: SmsSettings = field(default_factory=SmsSettings)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)


def is_address(spec: str) -> bool:
    """Is it one e-mail address, fit for a header and for the server?"""
    local, at, domain = spec.rpartition("@")
    plain = all(c.isprintable() and c not in ' ,;:<>()[]\\"' for c in spec)
    return bool(local and at and plain and "@" not in local and "." in domain.strip("."))


def is_number(number: str) -> bool:
    """Is it a telephone number in E.164?"""
    return _E164.fullmatch(number) is not None
