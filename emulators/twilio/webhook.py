"""Twilio's requests to the hotline: webhooks that expect TwiML, callbacks that only tell."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

import aiohttp

from emulators.twilio import twiml
from emulators.twilio.journal import Journal, Kind
from emulators.twilio.protocol import Objection
from emulators.twilio.proxy import Proxy
from emulators.twilio.signing import Signer
from emulators.twilio.verbs import Document

# Twilio's own limits (docs/usage/webhooks/webhooks-connection-overrides: ct, tt; errors/11750).
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LONGEST_ANSWER = 65536
REDIRECTS = 10
XML = frozenset(("text/xml", "application/xml", "text/html"))

Fields = Sequence[tuple[str, str]]


class WebhookFailed(Exception):
    """The hotline did not answer as it must; ``objection`` says how under Twilio's code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.objection = Objection(code, reason)


class Webhooks:
    """Asks the hotline, signed, within Twilio's time limits."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        signer: Signer,
        journal: Journal,
        proxy: Proxy | None = None,
    ) -> None:
        self._session = session
        self._proxy = proxy or Proxy()
        self._signer = signer
        self._journal = journal

    async def ask(self, purpose: str, url: str, method: str, fields: Fields) -> Document:
        """The TwiML with which the hotline answers; its flaws are held against it.

        Raises:
            WebhookFailed: no connection, no answer in time, or no success.
        """
        began = time.monotonic()
        url, kind, body = await self._request(url, method, fields)
        document = twiml.read(body, url)
        self._journal.note(
            Kind.WEBHOOK,
            purpose=purpose,
            path=urlsplit(url).path,
            ms=round(1000 * (time.monotonic() - began), 1),
            verbs=[type(verb).__name__ for verb in document.verbs],
        )
        if body.strip() and kind not in XML:
            self._journal.object(Objection(12300, f"TwiML comes as text/xml, not as {kind}"))
        for objection in document.objections:
            self._journal.object(objection)
        return document

    async def tell(self, purpose: str, url: str, method: str, fields: Fields) -> None:
        """A status callback; its answer does not matter, its failure is held against it."""
        began = time.monotonic()
        try:
            await self._request(url, method, fields)
        except WebhookFailed as failure:
            self._journal.object(failure.objection)
            return
        ms = round(1000 * (time.monotonic() - began), 1)
        self._journal.note(Kind.WEBHOOK, purpose=purpose, path=urlsplit(url).path, ms=ms, verbs=[])

    async def _request(self, url: str, method: str, fields: Fields) -> tuple[str, str, bytes]:
        """The address that answered at last, its content type and body."""
        url = urldefrag(url).url
        for _ in range(REDIRECTS):
            status, onward, kind, body = await self._once(url, method, fields)
            if not onward or status not in {301, 302, 303, 307, 308}:
                break
            url = urljoin(url, onward)
            method = method if status > 303 else "GET"
        else:
            raise WebhookFailed(11215, f"more than {REDIRECTS} redirects, the last to {url}")
        if not 200 <= status < 300:
            raise WebhookFailed(11200, f"{method} {url} was answered with HTTP {status}")
        if len(body) > LONGEST_ANSWER:
            raise WebhookFailed(11750, f"{method} {url} was answered with more than 64 KiB")
        return url, kind, body

    async def _once(self, url: str, method: str, fields: Fields) -> tuple[int, str, str, bytes]:
        if method == "GET":
            query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
            url = urlsplit(url)._replace(query=urlencode([*query, *fields])).geturl()
        signed = self._signer.headers(url, () if method == "GET" else fields)
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            **signed,
        }
        target, added = self._proxy.http(url)
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        try:
            async with self._session.request(
                method,
                target,
                data=urlencode(fields).encode() if method == "POST" else None,
                headers=headers | added,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS),
            ) as answer:
                body = await answer.content.read(LONGEST_ANSWER + 1)
                onward = answer.headers.get("Location", "")
                return answer.status, onward, answer.content_type, body
        except TimeoutError:
            raise WebhookFailed(11205, f"{method} {url} was not answered in time") from None
        except (aiohttp.InvalidURL, ValueError) as error:
            raise WebhookFailed(11100, f"{url} is not an address: {error}") from error
        except aiohttp.ClientConnectorError as error:
            reason = error.strerror or "refused"
            raise WebhookFailed(11205, f"{method} {url}: no connection: {reason}") from error
        except aiohttp.ClientError as error:
            raise WebhookFailed(11205, f"{method} {url}: {error}") from error
