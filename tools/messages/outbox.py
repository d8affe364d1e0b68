"""A folder instead of the world: every message as files that sort by time."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Sequence
from email.headerregistry import Address
from pathlib import Path

from tools.messages.files import plain_name, write
from tools.messages.letter import digest, letter
from tools.messages.settings import is_number
from tools.seams import Attachment, NotDelivered


class Outbox:
    """Writes e-mails as .eml and text messages as .txt, their attachments beside them.

    The message's own file is written last, so that where it stands everything is there. A key
    that is already there is not written again. Receipts are paths.
    """

    def __init__(self, folder: Path, sender: Address, clock: Callable[[], dt.datetime]) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock
        self._writing = threading.Lock()

    async def send_email(
        self,
        *,
        key: str,
        to: str,
        subject: str,
        text: str,
        attachments: Sequence[Attachment] = (),
    ) -> str:
        """As ``Messenger.send_email``."""
        at = self._clock()
        mail = letter(self._sender, to, subject, text, attachments, key=key, at=at)
        return await self._kept(f"email-{digest(key)}", ".eml", bytes(mail), attachments, at)

    async def send_sms(
        self, *, key: str, to: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> str:
        """As ``Messenger.send_sms``; the links are the names of the files beside."""
        if not is_number(to):
            raise NotDelivered("the number is not one that text messages can be sent to")
        at, name = self._clock(), f"sms-{digest(key)}"
        links = [_beside(at, name, one) for one in attachments]
        body = "\n".join((text, *links))
        note = f"To: {to}\nDate: {at.isoformat(timespec='seconds')}\n\n{body}\n"
        return await self._kept(name, ".txt", note.encode(), attachments, at)

    async def _kept(
        self,
        name: str,
        suffix: str,
        content: bytes,
        attachments: Sequence[Attachment],
        at: dt.datetime,
    ) -> str:
        files = {_beside(at, name, one): one.content for one in attachments}
        files[f"{_stamp(at)}-{name}{suffix}"] = content
        try:
            return await asyncio.to_thread(self._write, f"*-{name}{suffix}", files)
        except OSError as error:
            raise NotDelivered(f"the outbox folder cannot be written: {error.strerror}") from error

    def _write(self, same: str, files: dict[str, bytes]) -> str:
        with self._writing:
            path = next(self._folder.glob(same), None)
            if path is not None:
                return str(path)
            for name, content in files.items():
                path = self._folder / name
                write(path, content)
        return str(path)


def _beside(at: dt.datetime, name: str, attachment: Attachment) -> str:
    return f"{_stamp(at)}-{name}-{plain_name(attachment.name)}"


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
