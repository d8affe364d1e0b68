"""A webhook's form: read within bounds, and known to be Twilio's before anything is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from telephony.counters import Count
from telephony.door import PhoneDoor
from telephony.messages import is_sid

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024
MAX_FIELDS = 500
BODY_SECONDS = 10.0
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """A webhook's fields. ``vouched``: Twilio signed every one of them."""

    fields: Mapping[str, str]
    vouched: bool

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def call(self) -> str:
        return self["CallSid"]


def refuse(door: PhoneDoor, status: int, count: Count, why: str, call: str = "") -> Response:
    """Say no, and have it counted and logged."""
    door.counters.add(count)
    log.warning("webhook refused", extra={"kind": count.value, "why": why, "call": call})
    return PlainTextResponse(why, status)


async def receive(door: PhoneDoor, request: Request) -> Form | Response:
    """The fields, once they are known to be Twilio's and of our account; or a refusal."""
    door.counters.add(Count.WEBHOOKS)
    pairs = await _read(request)
    if isinstance(pairs, str):
        return refuse(door, 400, Count.WEBHOOK_MALFORMED, pairs)
    fields = dict(pairs)
    call = fields.get("CallSid", "")
    if not is_sid(call) or not is_sid(fields.get("AccountSid", "")):
        why = "CallSid and AccountSid are needed"
        return refuse(door, 400, Count.WEBHOOK_MALFORMED, why)
    vouched = _vouched(door, request, pairs, call)
    if vouched is None:
        return refuse(door, 403, Count.WEBHOOK_BAD_SIGNATURE, "the signature is wrong", call)
    account = door.settings.account_sid
    if account and fields["AccountSid"] != account:
        return refuse(door, 403, Count.WEBHOOK_WRONG_ACCOUNT, "another account's call", call)
    return Form(fields, vouched)


def _vouched(
    door: PhoneDoor, request: Request, pairs: list[tuple[str, str]], call: str
) -> bool | None:
    """Whether Twilio signed every field; None when it signed nothing of the kind."""
    if door.signatures is None:
        return False
    url = request.url
    verdict = door.signatures.webhook(url.path, url.query, pairs, request.headers)
    seen = {"call": call, "url": verdict.url, "secret": verdict.secret}
    if not verdict.ok:
        log.warning("webhook's signature is wrong", extra={**seen, "why": verdict.reason})
        return None
    log.debug("webhook's signature matches", extra=seen)
    if not verdict.all_fields:
        door.counters.add(Count.SIGNED_WITHOUT_LATE_FIELDS)
        log.warning("webhook is signed without CallToken and StirVerstat", extra=seen)
    if verdict.secret == "previous":  # noqa: S105
        door.counters.add(Count.SIGNED_BY_PREVIOUS_TOKEN)
    return verdict.all_fields


async def _read(request: Request) -> list[tuple[str, str]] | str:
    """The form's fields in order, empty ones kept; or what is wrong with the body."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return f"a form is needed: {_FORM}"
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > MAX_BODY:
                    return f"the body is longer than {MAX_BODY} bytes"
        return parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except TimeoutError:
        return f"the body took longer than {BODY_SECONDS:g} s"
    except ClientDisconnect:
        return "the sender left"
    except ValueError:
        return "the body is no form in UTF-8"
