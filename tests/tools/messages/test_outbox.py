"""The outbox as a reader of the folder finds it."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import email.policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest

from tools.messages.outbox import Outbox
from tools.seams import Attachment, NotDelivered

pytestmark = pytest.mark.socket

SENDER = Address("Cymbol Travels", addr_spec="tickets@cymbol-travels.example")
TICKET = Attachment("e-ticket LHW264.pdf", "application/pdf", b"%PDF-1.4 ticket")


class Clock:
    """Each reading a second later than the one before."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 4, 9, 59, 58, tzinfo=dt.timezone(dt.timedelta(hours=-5)))

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


def outbox(folder: Path) -> Outbox:
    return Outbox(folder, SENDER, Clock())


async def mail(box: Outbox, key: str = "k1", to: str = "ada@example.com") -> str:
    return await box.send_email(
        key=key, to=to, subject="Your e-ticket", text="Here it is.", attachments=[TICKET]
    )


def test_a_mail_and_its_pdf_beside(tmp_path: Path) -> None:
    path = Path(asyncio.run(mail(outbox(tmp_path / "new" / "outbox"))))
    assert path.suffix == ".eml"
    read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert read["To"] == "ada@example.com"
    assert read["From"] == str(SENDER)
    (attached,) = read.iter_attachments()
    assert attached.get_content() == TICKET.content
    (beside,) = path.parent.glob("*.pdf")
    assert beside.name == f"{path.stem}-e-ticket-LHW264.pdf"
    assert beside.read_bytes() == TICKET.content


def test_a_text_message_names_its_files(tmp_path: Path) -> None:
    box = outbox(tmp_path)
    path = Path(
        asyncio.run(
            box.send_sms(key="k1", to="+14155550101", text="Here it is.", attachments=[TICKET])
        )
    )
    assert path.suffix == ".txt"
    lines = path.read_text().splitlines()
    assert lines[0] == "To: +14155550101"
    assert (tmp_path / lines[-1]).read_bytes() == TICKET.content


def test_names_sort_by_time_and_are_in_utc(tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        box = outbox(tmp_path)
        return [await mail(box, "first"), await mail(box, "second"), await mail(box, "third")]

    written = [Path(one).name for one in asyncio.run(scenario())]
    assert written == sorted(written)
    assert written[0].startswith("20260304T145959.")
    assert written[1].startswith("20260304T150000.")


def test_a_key_is_written_once(tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        box = outbox(tmp_path)
        return list(await asyncio.gather(*(mail(box) for _ in range(8)), mail(box, "other")))

    receipts = asyncio.run(scenario())
    assert len(set(receipts[:8])) == 1
    assert len(list(tmp_path.glob("*.eml"))) == 2
    assert len(list(tmp_path.glob("*.pdf"))) == 2


def test_only_the_owner_may_read_and_nothing_half_is_left(tmp_path: Path) -> None:
    asyncio.run(mail(outbox(tmp_path / "box")))
    assert (tmp_path / "box").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "box").iterdir())
    assert not list((tmp_path / "box").glob(".*"))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(NotDelivered, match="the outbox folder cannot be written"):
        asyncio.run(mail(outbox(blocked / "outbox")))


def test_what_is_no_recipient_is_not_written(tmp_path: Path) -> None:
    box = outbox(tmp_path)
    with pytest.raises(NotDelivered):
        asyncio.run(mail(box, to="ada"))
    with pytest.raises(NotDelivered):
        asyncio.run(box.send_sms(key="k", to="0101", text="Hello"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.pdf", "....", "weiß\n.pdf", "x" * 300])
def test_attachments_stay_in_the_folder(name: str, tmp_path: Path) -> None:
    box = outbox(tmp_path / "box")
    odd = Attachment(name, "application/pdf", b"x")
    asyncio.run(box.send_sms(key="k", to="+14155550101", text="t", attachments=[odd]))
    assert [path.name for path in tmp_path.iterdir()] == ["box"]
    assert len([path for path in (tmp_path / "box").iterdir() if path.is_file()]) == 2
