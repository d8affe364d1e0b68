"""Chooses the carrier of each channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tools.messages.mail import SmtpMail
from tools.messages.outbox import Outbox
from tools.messages.settings import MessageSettings
from tools.messages.shelf import Shelf, open_shelf
from tools.messages.sms import TwilioSms
from tools.seams import Attachment, Messenger


class MailCarrier(Protocol):
    async def send_email(
        self,
        *,
        key: str,
        to: str,
        subject: str,
        text: str,
        attachments: Sequence[Attachment] = (),
    ) -> str: ...


class SmsCarrier(Protocol):
    async def send_sms(
        self, *, key: str, to: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> str: ...


@dataclass(frozen=True, slots=True)
class Carriers:
    """A ``Messenger`` of one carrier for e-mail and one for text messages."""

    mail: MailCarrier
    sms: SmsCarrier

    async def send_email(
        self,
        *,
        key: str,
        to: str,
        subject: str,
        text: str,
        attachments: Sequence[Attachment] = (),
    ) -> str:
        return await self.mail.send_email(
            key=key, to=to, subject=subject, text=text, attachments=attachments
        )

    async def send_sms(
        self, *, key: str, to: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> str:
        return await self.sms.send_sms(key=key, to=to, text=text, attachments=attachments)


def open_messenger(
    settings: MessageSettings, clock: Callable[[], datetime], shelf: Shelf | None = None
) -> Messenger:
    """SMTP and Twilio where they are configured, the outbox where not. Opens no connection.

    ``shelf``: the one that the hotline serves links from; else one of the settings' own.

    Raises:
        ValueError: a setting cannot be used; names it.
    """
    outbox = Outbox(settings.outbox.folder, settings.mail.address, clock)
    mail = SmtpMail(settings.mail, clock) if settings.mail.configured else outbox
    shelf = shelf or open_shelf(settings, clock)
    sms = TwilioSms(settings.sms, shelf) if settings.sms.configured else outbox
    return Carriers(mail, sms)
