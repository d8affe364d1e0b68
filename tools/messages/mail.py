"""E-mail by SMTP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage

import aiosmtplib as smtp

from tools.messages.letter import letter
from tools.messages.settings import MailSettings
from tools.seams import Attachment, NotDelivered

log = logging.getLogger(__name__)

_GOODBYE_SECONDS = 1.0


class SmtpMail:
    """Sends each e-mail over a connection of its own, within ``MAIL_SECONDS``.

    Raises:
        ValueError: the file of the certificate authority cannot be used.
    """

    def __init__(self, settings: MailSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._tls = _tls(settings)

    async def send_email(
        self,
        *,
        key: str,
        to: str,
        subject: str,
        text: str,
        attachments: Sequence[Attachment] = (),
    ) -> str:
        """As ``Messenger.send_email``; the receipt is the Message-ID."""
        sender = self._settings.address
        mail = letter(sender, to, subject, text, attachments, key=key, at=self._clock())
        try:
            await self._deliver(mail)
        except (smtp.SMTPException, OSError) as error:
            reason = _reason(error, self._settings.seconds)
            log.warning("e-mail not delivered", extra={"reason": reason})
            raise NotDelivered(reason) from error
        return str(mail["Message-ID"])

    async def _deliver(self, mail: EmailMessage) -> None:
        client = self._client()
        try:
            async with asyncio.timeout(self._settings.seconds):
                await client.connect()
                await client.send_message(mail)
            # It is delivered; a server slow to say goodbye changes nothing.
            with contextlib.suppress(smtp.SMTPException, OSError):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await client.quit()
        finally:
            client.close()

    def _client(self) -> smtp.SMTP:
        settings = self._settings
        return smtp.SMTP(
            hostname=settings.host,
            port=settings.server_port,
            username=settings.username or None,
            password=settings.password.get_secret_value() or None,
            # Else the resolver is asked for our own name, which can take seconds.
            local_hostname=settings.address.domain,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
            timeout=settings.seconds,
        )


def _tls(settings: MailSettings) -> ssl.SSLContext | None:
    if settings.security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise ValueError("MAIL_CA_FILE holds no certificate in PEM form") from error


def _reason(error: Exception, seconds: float) -> str:
    """What happened, without the recipient and without the server's own words."""
    if isinstance(error, TimeoutError):
        return f"the mail server did not answer within {seconds:g} seconds"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "the mail server could not be reached over a connection that can be trusted"
    if isinstance(error, smtp.SMTPAuthenticationError):
        return f"the mail server does not accept our user name and password ({error.code})"
    if isinstance(error, smtp.SMTPRecipientsRefused):
        code = error.recipients[0].code
        return f"the mail server does not take mail for this address ({code})"
    if isinstance(error, smtp.SMTPSenderRefused):
        return f"the mail server does not take mail from our address ({error.code})"
    if isinstance(error, smtp.SMTPResponseException):
        return f"the mail server refused the message ({error.code})"
    if isinstance(error, smtp.SMTPServerDisconnected):
        return "the mail server broke the connection off"
    if isinstance(error, OSError):
        return "the mail server cannot be reached"
    return "the mail server does not offer the encryption, sign-in or address we need"
