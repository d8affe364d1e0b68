"""Documents behind links that nobody can guess: what a text message refers to.

A link holds its last day and 144 random bits; the file lies in a folder of that name. The
hotline serves ``Shelf.take`` under ``SMS_LINK_URL``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tools.messages.files import plain_name, write
from tools.messages.settings import MessageSettings
from tools.seams import Attachment, NotDelivered

_TICKET = re.compile(r"(\d{8})-[A-Za-z0-9_-]{24}")
_MEDIA_TYPES = {".pdf": "application/pdf"}


def open_shelf(settings: MessageSettings, clock: Callable[[], dt.datetime]) -> Shelf | None:
    """The shelf, or None where no public address for links is configured."""
    if not settings.sms.link_url:
        return None
    return Shelf(settings.outbox.links_folder, settings.sms.link_url, settings.sms.link_days, clock)


class Shelf:
    """Files in ``folder``, each for ``days``; what is past its days is thrown away."""

    def __init__(self, folder: Path, url: str, days: int, clock: Callable[[], dt.datetime]) -> None:
        self._folder = folder
        self._url = url
        self._days = days
        self._clock = clock

    async def put(self, attachment: Attachment) -> str:
        """Keep it; returns the link.

        Raises:
            NotDelivered: the folder cannot be written.
        """
        last = self._today() + dt.timedelta(days=self._days)
        ticket = f"{last:%Y%m%d}-{secrets.token_urlsafe(18)}"
        name = plain_name(attachment.name)
        try:
            await asyncio.to_thread(self._put, ticket, name, attachment.content)
        except OSError as error:
            raise NotDelivered("the folder of linked documents cannot be written") from error
        return f"{self._url}/{ticket}/{quote(name)}"

    async def take(self, ticket: str, name: str) -> Attachment | None:
        """The document of a link, or None where there is none, or none any more."""
        found = _TICKET.fullmatch(ticket)
        if found is None or name != plain_name(name) or found[1] < f"{self._today():%Y%m%d}":
            return None
        path = self._folder / ticket / name
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError:
            return None
        media_type = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        return Attachment(name, media_type, content)

    def _put(self, ticket: str, name: str, content: bytes) -> None:
        write(self._folder / ticket / name, content)
        today = f"{self._today():%Y%m%d}"
        for path in self._folder.iterdir():
            found = _TICKET.fullmatch(path.name)
            if found and found[1] < today:
                shutil.rmtree(path, ignore_errors=True)

    def _today(self) -> dt.date:
        return self._clock().astimezone(dt.UTC).date()
