"""The account's numbers and SIP domains, listed by twilio's own client."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from twilio.base.exceptions import TwilioException
from twilio.http.response import Response
from twilio.rest import Client

from hotline.numbers.applied import written
from hotline.numbers.drift import Entry, Kind
from telephony.calls import rest_client
from telephony.settings import PhoneSettings

# The most Twilio gives at once, and how long an account's whole list may take.
PAGE = 1000
LIST_SECONDS = 60.0
_NUMBER = (
    "phone_number",
    "friendly_name",
    "voice_url",
    "voice_method",
    "voice_fallback_url",
    "voice_fallback_method",
    "status_callback",
    "status_callback_method",
    "voice_application_sid",
    "trunk_sid",
)
_DOMAIN = (
    "domain_name",
    "friendly_name",
    "voice_url",
    "voice_method",
    "voice_fallback_url",
    "voice_fallback_method",
    "voice_status_callback_url",
    "voice_status_callback_method",
    "sip_registration",
    "secure",
)


class AccountUnseen(Exception):
    """The account could not be looked at; says why and how to mend it."""


async def entries(phone: PhoneSettings) -> list[Entry]:
    """Every number and SIP domain of the account.

    Raises:
        AccountUnseen: no credentials, refused ones, or no answer.
    """
    if not phone.account_sid or not (phone.api_key_sid or phone.auth_token.get_secret_value()):
        raise AccountUnseen(
            "no credentials: set TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or an API key"
        )
    client, http = rest_client(phone)
    try:
        async with asyncio.timeout(LIST_SECONDS):
            return await _listed(client)
    except TwilioException as error:
        raise AccountUnseen(_refusal(error)) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise AccountUnseen(
            f"{phone.api_url} is not reached ({type(error).__name__}): is the network open?"
        ) from None
    finally:
        await http.close()


async def _listed(client: Client) -> list[Entry]:
    numbers = await client.incoming_phone_numbers.list_async(page_size=PAGE)
    domains = await client.sip.domains.list_async(page_size=PAGE)
    return [
        *(_entry(Kind.NUMBER, one, one.phone_number, _NUMBER) for one in numbers),
        *(_entry(Kind.SIP_DOMAIN, one, one.domain_name, _DOMAIN) for one in domains),
    ]


def _refusal(error: TwilioException) -> str:
    # For a list the client raises without a code; what was answered lies beside the message.
    answers = [one for one in error.args if isinstance(one, Response)]
    if not answers:
        return f"Twilio's answer is not understood ({error.args[0] if error.args else error!r})"
    status = answers[0].status_code
    if status in (401, 403, 404):
        return (
            f"Twilio answers HTTP {status}: are TWILIO_ACCOUNT_SID and its token or key of the "
            "same account, and may the key read numbers and SIP domains?"
        )
    return f"Twilio answers HTTP {status}: try again later; status.twilio.com tells of outages"


def _entry(kind: Kind, one: Any, name: str, settings: tuple[str, ...]) -> Entry:
    values = {setting: written(getattr(one, setting)) for setting in settings}
    return Entry(kind, str(one.sid), name, values)
