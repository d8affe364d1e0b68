"""Text messages by Twilio's Messages API.

Source: https://www.twilio.com/docs/messaging/api/message-resource, error codes:
https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Sequence

from aiohttp import ClientError
from twilio.auth_strategy.auth_strategy import AuthStrategy
from twilio.auth_strategy.auth_type import AuthType
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.credential.credential_provider import CredentialProvider
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from tools.messages.settings import TWILIO_API, SmsSettings, is_number
from tools.messages.shelf import Shelf
from tools.seams import Attachment, NotDelivered

log = logging.getLogger(__name__)

LONGEST = 1600
"""Characters that Twilio takes in one message."""

_NOT_UNDERSTOOD = "Twilio's answer cannot be understood; the message may still arrive"
# What the client raises on an answer that is JSON of another shape, or none.
_RUBBISH = (AttributeError, KeyError, TypeError, ValueError)
_REASONS = {
    21211: "the number is not one that text messages can be sent to",
    21408: "text messages to that country are not enabled",
    21606: "our sender cannot send text messages to that number",
    21608: "a trial account sends text messages to its verified numbers only",
    21610: "the number has opted out of our text messages",
    21612: "our sender cannot send text messages to that number",
    21614: "the number cannot receive text messages",
    21659: "our sender is not a number that can send text messages",
}


class _Basic(AuthStrategy, CredentialProvider):  # type: ignore[misc]
    """User and password as a header; aiohttp's own BasicAuth warns that it will go."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(AuthType.BASIC)
        secret = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        self._header = f"Basic {secret}"

    def to_auth_strategy(self) -> AuthStrategy:
        return self

    def get_auth_string(self) -> str:
        return self._header

    def requires_authentication(self) -> bool:
        return True


class TwilioSms:
    """Sends each text message by one request, within ``SMS_SECONDS``.

    Twilio knows no key for doing a request once: whoever repeats one after a timeout may send
    the message twice. ``shelf`` keeps what links lead to; none: no files by text message.
    """

    def __init__(self, settings: SmsSettings, shelf: Shelf | None) -> None:
        self._settings = settings
        self._shelf = shelf

    async def send_sms(
        self, *, key: str, to: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> str:
        """As ``Messenger.send_sms``; the receipt is the message's SID."""
        if not is_number(to):
            raise NotDelivered("the number is not one that text messages can be sent to")
        body = await self._with_links(text, attachments)
        if len(body) > LONGEST:
            raise NotDelivered(f"the text is longer than {LONGEST} characters")
        try:
            message = await self._create(to, body)
        except (TwilioException, ClientError, OSError, *_RUBBISH) as error:
            reason = _reason(error, self._settings.seconds)
            log.warning("text message not delivered", extra={"reason": reason})
            raise NotDelivered(reason) from error
        if not message.sid:
            raise NotDelivered(_NOT_UNDERSTOOD)
        if message.status in ("failed", "undelivered"):
            raise NotDelivered(_refused(_number(message.error_code)))
        return str(message.sid)

    async def _with_links(self, text: str, attachments: Sequence[Attachment]) -> str:
        if not attachments:
            return text
        if self._shelf is None:
            raise NotDelivered(
                "documents cannot go by text message, because no public address for links is "
                "configured (SMS_LINK_URL)"
            )
        links = [await self._shelf.put(one) for one in attachments]
        return "\n".join((text, *links))

    async def _create(self, to: str, body: str) -> MessageInstance:
        settings = self._settings
        service = settings.sender.startswith("MG")
        origin = {"messaging_service_sid" if service else "from_": settings.sender}
        # The client's own timeout is not applied to a request: this one is.
        async with asyncio.timeout(settings.seconds), AsyncTwilioHttpClient() as http:
            client = _client(settings, http)
            message: MessageInstance = await client.messages.create_async(
                to=to, body=body, **origin
            )
        return message


def _client(settings: SmsSettings, http: AsyncTwilioHttpClient) -> Client:
    stand_in = settings.api_url != TWILIO_API
    client = Client(
        credential_provider=_Basic(*settings.credentials),
        account_sid=settings.account_sid,
        edge=None if stand_in else settings.edge or None,
        region=None if stand_in else settings.region or None,
        http_client=http,
        # Not empty, or the client reads the process's environment behind our back.
        environment={"TWILIO_EDGE": ""},
    )
    client.api.base_url = settings.api_url
    return client


def _reason(error: Exception, seconds: float) -> str:
    """What happened, without the number and without Twilio's own words, which may quote it."""
    if isinstance(error, TimeoutError):
        return f"Twilio did not answer within {seconds:g} seconds; the message may still arrive"
    if isinstance(error, TwilioRestException):
        if error.status in (401, 403):
            return f"Twilio does not accept our credentials ({_number(error.code) or error.status})"
        if error.status == 429:
            return "Twilio takes no more messages at the moment (429)"
        return _refused(_number(error.code) or error.status)
    if isinstance(error, ClientError | OSError):
        return "Twilio cannot be reached"
    return _NOT_UNDERSTOOD


def _refused(code: int) -> str:
    known = _REASONS.get(code)
    return f"{known} ({code})" if known else f"Twilio refused the text message ({code})"


def _number(code: object) -> int:
    return int(code) if isinstance(code, int | str) and str(code).isdecimal() else 0
