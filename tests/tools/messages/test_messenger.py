"""Each channel by its own carrier, or the outbox."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tools.messages.mail_server import mail_server
from tests.tools.messages.twilio_api import ACCOUNT, MESSAGE, TOKEN, MessagesApi, messages_api
from tools.messages import (
    MailSettings,
    MessageSettings,
    OutboxSettings,
    SmsSettings,
    open_messenger,
)
from tools.seams import Messenger

pytestmark = pytest.mark.socket


def now() -> dt.datetime:
    return dt.datetime(2026, 3, 4, 15, 0, tzinfo=dt.UTC)


def here(tmp_path: Path) -> MessageSettings:
    return MessageSettings(outbox=OutboxSettings(folder=tmp_path))


async def both(messenger: Messenger) -> tuple[str, str]:
    mail = await messenger.send_email(key="k", to="a@example.com", subject="s", text="t")
    return mail, await messenger.send_sms(key="k", to="+14155550101", text="t")


def test_unconfigured_channels_go_to_the_outbox(tmp_path: Path) -> None:
    receipts = asyncio.run(both(open_messenger(here(tmp_path), now)))
    assert [Path(one).suffix for one in receipts] == [".eml", ".txt"]
    assert all(Path(one).is_file() for one in receipts)


def test_mail_alone_is_configured(tmp_path: Path) -> None:
    async def scenario() -> tuple[str, str]:
        async with mail_server() as server:
            mail = MailSettings(host="127.0.0.1", port=server.port, security="none")
            receipts = await both(open_messenger(replace(here(tmp_path), mail=mail), now))
            assert [one.recipient for one in server.taken] == ["a@example.com"]
            return receipts

    assert asyncio.run(scenario())[1].endswith(".txt")
    assert not list(tmp_path.glob("*.eml"))


def test_text_messages_alone_are_configured(tmp_path: Path) -> None:
    async def scenario() -> tuple[str, str]:
        async with messages_api(MessagesApi()) as api:
            sms = SmsSettings.model_validate(
                {
                    "sender": "+14155550100",
                    "account_sid": ACCOUNT,
                    "auth_token": TOKEN,
                    "api_url": api.url,
                }
            )
            return await both(open_messenger(replace(here(tmp_path), sms=sms), now))

    mail, sms = asyncio.run(scenario())
    assert sms == MESSAGE
    assert mail.endswith(".eml")
    assert not list(tmp_path.glob("*.txt"))
