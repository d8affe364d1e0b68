"""``terraform output -json`` of terraform/telephony, read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hotline.numbers.drift import Entry, Kind

Value = str | bool | None


class NotTelephonyOutput(ValueError):
    """The file is not what ``terraform output -json`` prints in terraform/telephony."""


@dataclass(frozen=True, slots=True)
class Applied:
    """``public_url``: where the numbers ring, https://host[:port]."""

    entries: tuple[Entry, ...]
    public_url: str


class _Facts(BaseModel):
    """One number or SIP domain: its SID, its name, and any further settings."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, Value] = Field(init=False)

    sid: str


class _Number(_Facts):
    phone_number: str


class _Domain(_Facts):
    domain_name: str


class _Numbers(BaseModel):
    value: dict[str, _Number]


class _Domains(BaseModel):
    value: dict[str, _Domain]


class _Url(BaseModel):
    value: str


class _Output(BaseModel):
    numbers: _Numbers
    sip_domains: _Domains
    public_base_url: _Url


def read(text: bytes) -> Applied:
    """What Terraform applied.

    Raises:
        NotTelephonyOutput: says what is missing or wrong; shows no value of the file.
    """
    try:
        output = _Output.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotTelephonyOutput(f"{where}: {first['msg']}" if where else first["msg"]) from None
    return Applied(tuple(_entries(output)), output.public_base_url.value)


def written(value: Value) -> str:
    """A setting as text: both sides write an unset one as nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or ""


def _entries(output: _Output) -> Iterator[Entry]:
    for label, number in output.numbers.value.items():
        values = {"phone_number": number.phone_number, **number.__pydantic_extra__}
        yield _entry(Kind.NUMBER, number.sid, number.phone_number, values, label)
    for label, domain in output.sip_domains.value.items():
        values = {"domain_name": domain.domain_name, **domain.__pydantic_extra__}
        yield _entry(Kind.SIP_DOMAIN, domain.sid, domain.domain_name, values, label)


def _entry(kind: Kind, sid: str, name: str, values: dict[str, Value], label: str) -> Entry:
    return Entry(kind, sid, name, {key: written(value) for key, value in values.items()}, label)
