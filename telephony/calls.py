"""Call control by Twilio's REST API: end a call, or give it new instructions.

Optional: without it a call is let go by closing its stream, and what follows is decided by
the webhook behind <Connect action>.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable

import aiohttp
from twilio.auth_strategy.auth_strategy import AuthStrategy
from twilio.auth_strategy.auth_type import AuthType
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.credential.credential_provider import CredentialProvider
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from telephony.counters import Count, Counters
from telephony.settings import PhoneSettings

log = logging.getLogger(__name__)

# A caller waits for it in silence, after the goodbye.
REST_SECONDS = 2.0
# twilio.com/docs/api/errors: the call is gone already.
_NOT_FOUND = 20404
_NOT_IN_PROGRESS = 21220


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


class _Http(AsyncTwilioHttpClient):  # type: ignore[misc]
    """Twilio's client without its habit of logging whole requests."""

    def log_request(self, kwargs: object) -> None:
        return None

    def log_response(self, status_code: int, response: object) -> None:
        return None


class CallControl:
    """Orders for live calls. Each answers within ``REST_SECONDS`` and raises nothing of the
    network's: false means that it did not work, which was counted and logged."""

    def __init__(self, settings: PhoneSettings, counters: Counters) -> None:
        self._settings = settings
        self._counters = counters
        self._http: AsyncTwilioHttpClient | None = None
        self._client: Client | None = None

    async def hang_up(self, call_sid: str) -> bool:
        """End the call. One that is already over counts as done."""
        return await self._update(call_sid, status="completed")

    async def redirect(self, call_sid: str, twiml: str) -> bool:
        """New instructions (at most 4000 characters of TwiML); they end the stream at once."""
        return await self._update(call_sid, twiml=twiml)

    async def aclose(self) -> None:
        if self._http:
            await self._http.close()
        self._http = self._client = None

    async def _update(self, call_sid: str, **what: str) -> bool:
        update: Callable[..., Awaitable[object]] = self._open().calls(call_sid).update_async
        try:
            # The client takes a timeout and ignores it.
            async with asyncio.timeout(REST_SECONDS):
                await update(**what)
        except TwilioRestException as error:
            if error.code == _NOT_FOUND or (error.code == _NOT_IN_PROGRESS and "status" in what):
                return True
            return self._failed(call_sid, f"HTTP {error.status}, code {error.code}")
        except (TimeoutError, OSError, aiohttp.ClientError, TwilioException) as error:
            return self._failed(call_sid, type(error).__name__)
        return True

    def _failed(self, call_sid: str, why: str) -> bool:
        self._counters.add(Count.REST_FAILED)
        log.error("call control failed", extra={"call": call_sid, "why": why})
        return False

    def _open(self) -> Client:
        """The client is made at first use: its connections belong to the running loop."""
        if self._client is None:
            self._client, self._http = rest_client(self._settings)
        return self._client


def rest_client(settings: PhoneSettings) -> tuple[Client, AsyncTwilioHttpClient]:
    """Twilio's REST client and the connections it holds, which the caller closes. For a
    running event loop; the client's own timeouts do not hold, so wrap what is awaited."""
    key = settings.api_key_sid
    secret = settings.api_key_secret if key else settings.auth_token
    http = _Http()
    client = Client(
        account_sid=settings.account_sid,
        edge=settings.edge or None,
        region=settings.region or None,
        http_client=http,
        # Not empty, or the client would read the process's own.
        environment={"TWILIO_ACCOUNT_SID": settings.account_sid},
        credential_provider=_Basic(key or settings.account_sid, secret.get_secret_value()),
    )
    client.api.base_url = settings.api_url
    return client, http


def call_control(settings: PhoneSettings, counters: Counters) -> CallControl | None:
    """Call control where the settings hold credentials for it, else None."""
    has_secret = settings.api_key_sid or settings.auth_token.get_secret_value()
    return CallControl(settings, counters) if settings.account_sid and has_secret else None
