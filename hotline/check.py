"""``hotline check``: is this configuration sound? Looks, calls nobody, says how to mend it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from conversation.gemini.check import check_model
from conversation.gemini.settings import Backend
from hotline.errors import HouseError, database_url_named
from hotline.settings import Settings
from telephony.calls import rest_client
from telephony.settings import PhoneSettings
from tools.database import Database, DatabaseUnavailable
from tools.migrations import is_current

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. ``well`` is None for what could not or need not be looked at."""

    subject: str
    well: bool | None
    detail: str
    mend: str = ""


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Every finding, as soon as it is made."""
    yield Finding("settings", True, "all known and of the right kind")
    yield await _database(settings)
    yield await _model(settings)
    yield await _public_url(settings.phone)
    async for finding in _twilio(settings.phone):
        yield finding


async def _database(settings: Settings) -> Finding:
    try:
        with database_url_named():
            database = Database(settings.tools.database_url, wait_seconds=ANSWER_SECONDS)
    except HouseError as error:
        mend = "mend DATABASE_URL (or HOTLINE_DATA_FOLDER, which it follows)"
        return Finding("database", False, str(error), mend)
    try:
        await database.check()
        if not await is_current(database):
            if database.embedded:
                return Finding("database", None, "sqlite, made or brought up to date at the start")
            return Finding("database", False, "its tables are not up to date", "hotline db upgrade")
    except DatabaseUnavailable as error:
        return Finding("database", False, str(error), "is DATABASE_URL right, the server running?")
    finally:
        await database.close()
    return Finding("database", True, f"{database.url.get_backend_name()}, tables up to date")


async def _model(settings: Settings) -> Finding:
    gemini = settings.gemini
    if gemini.backend is Backend.EMULATOR and not gemini.base_url:
        return Finding(
            "model",
            None,
            "the embedded emulator answers, which is not the model",
            "for the model set GOOGLE_CLOUD_PROJECT (Vertex AI) or GEMINI_API_KEY",
        )
    found = await check_model(gemini)
    return Finding(found.subject, found.well, found.detail, found.mend)


async def _public_url(phone: PhoneSettings) -> Finding:
    if not phone.public_url:
        return Finding(
            "public URL", None, "none set", "PHONE_PUBLIC_URL=https://... lets Twilio reach us"
        )
    url = f"{phone.public_url}/healthz"
    try:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            if answer.status == 200:
                return Finding("public URL", True, f"{url} answers")
            detail = f"{url} answers HTTP {answer.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        detail = f"{url} is not reached ({type(error).__name__})"
    return Finding("public URL", False, detail, "is the hotline running and its proxy set up?")


async def _twilio(phone: PhoneSettings) -> AsyncIterator[Finding]:
    if not phone.checks_signatures:
        yield Finding(
            "Twilio",
            None,
            "no credentials: webhooks are not authenticated, loopback only",
            "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
        )
        return
    if not phone.account_sid or not phone.auth_token.get_secret_value():
        yield Finding(
            "Twilio",
            None,
            "webhooks are authenticated; the account and its numbers cannot be looked at",
            "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
        )
        return
    client, http = rest_client(phone)
    try:
        async with asyncio.timeout(2 * ANSWER_SECONDS):
            async for finding in _account(phone, client):
                yield finding
    except TwilioRestException as error:
        mend = "are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN of the same account?"
        if phone.api_key_sid:
            mend = "are TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET one key of TWILIO_ACCOUNT_SID?"
        yield Finding("Twilio", False, f"HTTP {error.status}, error {error.code}", mend)
    except (TwilioException, aiohttp.ClientError, TimeoutError, OSError) as error:
        yield Finding(
            "Twilio", False, f"not reached ({type(error).__name__})", "is the network open?"
        )
    finally:
        await http.close()


async def _account(phone: PhoneSettings, client: Client) -> AsyncIterator[Finding]:
    refused = None
    try:
        account = await client.api.accounts(phone.account_sid).fetch_async()
        active = account.status == "active"
        mend = "" if active else "see console"
        seen = Finding("Twilio", active, f"account {account.status}", mend)
    except TwilioRestException as error:
        # Standard keys may do all but look at the account itself
        # (twilio.com/docs/iam/api-keys/keys-in-console); wrong ones may not list numbers either.
        if not phone.api_key_sid or error.status not in (401, 403):
            raise
        refused = error
        seen = Finding("Twilio", True, "the API key is taken; it may not see the account's state")
    try:
        numbers = await client.incoming_phone_numbers.list_async(limit=200)
    except TwilioException as error:
        raise refused or error from None
    yield seen
    wanted = f"{phone.public_url}/twilio/voice"
    for number in numbers:
        subject = f"number ending {str(number.phone_number)[-4:]}"
        if number.voice_application_sid or number.trunk_sid:
            yield Finding(subject, None, "is served by an application or a trunk")
        elif _same(str(number.voice_url or ""), wanted):
            yield Finding(subject, True, "its calls come here")
        else:
            mend = f"set its voice URL to {wanted}"
            yield Finding(subject, False, f"voice URL is {number.voice_url or 'empty'}", mend)


def _same(url: str, wanted: str) -> bool:
    """Equal but for a fragment, by which Twilio takes connection overrides."""
    return urlsplit(url)._replace(fragment="") == urlsplit(wanted)
