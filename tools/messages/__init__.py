"""Messages that leave the house: e-mail by SMTP, text messages by Twilio, or a local outbox."""

from __future__ import annotations

from tools.messages.messenger import open_messenger
from tools.messages.settings import MailSettings, MessageSettings, OutboxSettings, SmsSettings
from tools.messages.shelf import Shelf, open_shelf

__all__ = [
    "MailSettings",
    "MessageSettings",
    "OutboxSettings",
    "Shelf",
    "SmsSettings",
    "open_messenger",
    "open_shelf",
]
