"""A message as an e-mail. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tools.messages.settings import is_address
from tools.seams import Attachment, NotDelivered


def digest(key: str) -> str:
    """Sixteen characters that stand for a message's key in names and ids."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def letter(
    sender: Address,
    to: str,
    subject: str,
    text: str,
    attachments: Sequence[Attachment],
    *,
    key: str,
    at: dt.datetime,
) -> EmailMessage:
    """The e-mail. Its Message-ID is made of ``key``: a mailbox that gets it twice can know.

    Raises:
        NotDelivered: ``to`` is not an address that mail can be sent to.
    """
    if not is_address(to):
        raise NotDelivered("the e-mail address is not one that mail can be sent to")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{digest(key)}@{sender.domain}>"
    # Machines that answer by themselves (out of office) leave such mail alone: RFC 3834.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    for one in attachments:
        main, _, sub = one.media_type.partition("/")
        mail.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    return mail
