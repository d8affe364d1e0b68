from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from tools.messages.settings import MessageSettings, SmsSettings
from tools.messages.shelf import Shelf, open_shelf
from tools.seams import Attachment, NotDelivered

pytestmark = pytest.mark.socket

TICKET = Attachment("e-ticket.pdf", "application/pdf", b"%PDF-1.4 ticket")


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


def shelf(folder: Path, clock: Clock, days: int = 7) -> Shelf:
    return Shelf(folder, "https://calls.example.com/documents", days, clock)


def parts(link: str) -> tuple[str, str]:
    _, ticket, name = link.rsplit("/", 2)
    return ticket, name


def test_a_link_leads_to_its_document_until_its_last_day(tmp_path: Path) -> None:
    clock = Clock()
    kept = shelf(tmp_path, clock)
    ticket, name = parts(asyncio.run(kept.put(TICKET)))
    assert asyncio.run(kept.take(ticket, name)) == TICKET
    clock.now += dt.timedelta(days=7)
    assert asyncio.run(kept.take(ticket, name)) == TICKET
    clock.now += dt.timedelta(minutes=30)
    assert asyncio.run(kept.take(ticket, name)) is None


def test_every_link_is_another(tmp_path: Path) -> None:
    kept = shelf(tmp_path, Clock())
    links = {asyncio.run(kept.put(TICKET)) for _ in range(20)}
    assert len(links) == 20


def test_what_is_past_its_days_is_thrown_away(tmp_path: Path) -> None:
    clock = Clock()
    kept = shelf(tmp_path, clock)
    asyncio.run(kept.put(TICKET))
    clock.now += dt.timedelta(days=8)
    asyncio.run(kept.put(TICKET))
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("ticket", "name"),
    [
        ("20990101-" + "A" * 24, "e-ticket.pdf"),
        ("..", "e-ticket.pdf"),
        ("20990101-" + "." * 24, "e-ticket.pdf"),
        ("", ""),
        (None, "../secret.txt"),
        (None, "other.pdf"),
        (None, ""),
    ],
)
def test_other_paths_lead_nowhere(ticket: str | None, name: str, tmp_path: Path) -> None:
    kept = shelf(tmp_path / "shelf", Clock())
    right, _ = parts(asyncio.run(kept.put(TICKET)))
    (tmp_path / "shelf" / "secret.txt").write_text("secret")
    assert asyncio.run(kept.take(right if ticket is None else ticket, name)) is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(NotDelivered, match="linked documents"):
        asyncio.run(shelf(blocked / "shelf", Clock()).put(TICKET))


def test_no_public_address_no_shelf() -> None:
    assert open_shelf(MessageSettings(), Clock()) is None
    linked = MessageSettings(sms=SmsSettings(link_url="https://calls.example.com/documents"))
    assert open_shelf(linked, Clock()) is not None
