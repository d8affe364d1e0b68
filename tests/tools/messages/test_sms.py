"""Text messages against the Messages API's wire format on loopback."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.tools.messages.twilio_api import (
    ACCOUNT,
    MESSAGE,
    TOKEN,
    MessagesApi,
    error,
    messages_api,
)
from tools.messages.settings import SmsSettings
from tools.messages.shelf import Shelf
from tools.messages.sms import TwilioSms
from tools.seams import Attachment, NotDelivered

pytestmark = pytest.mark.socket

NOW = dt.datetime(2026, 3, 4, 15, 0, tzinfo=dt.UTC)
TO = "+14155550101"
TICKET = Attachment("e-ticket LHW264.pdf", "application/pdf", b"%PDF-1.4 ticket")


def settings(url: str, **others: object) -> SmsSettings:
    given = {
        "sender": "+14155550100",
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "api_url": url,
        "seconds": 5,
        **others,
    }
    return SmsSettings.model_validate(given)


async def send(
    chosen: SmsSettings, shelf: Shelf | None = None, to: str = TO, **message: Any
) -> str:
    return await TwilioSms(chosen, shelf).send_sms(
        **{"key": "k1", "to": to, "text": "Here is your e-ticket.", **message}
    )


def asked(api: MessagesApi, **others: object) -> str:
    async def scenario() -> str:
        async with messages_api(api):
            return await send(settings(api.url, **others))

    return asyncio.run(scenario())


def test_a_message_is_asked_of_the_api() -> None:
    api = MessagesApi()
    assert asked(api) == MESSAGE
    assert api.asked == [{"To": TO, "From": "+14155550100", "Body": "Here is your e-ticket."}]
    assert api.users == [f"{ACCOUNT}:{TOKEN}"]


def test_an_api_key_and_a_messaging_service() -> None:
    api, service, key = MessagesApi(), "MG" + "c" * 32, "SK" + "d" * 32
    asked(api, sender=service, api_key_sid=key, api_key_secret="key-secret")
    assert api.asked[0]["MessagingServiceSid"] == service
    assert "From" not in api.asked[0]
    assert api.users == [f"{key}:key-secret"]


def test_the_process_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "nowhere")
    monkeypatch.setenv("TWILIO_REGION", "xx1")
    assert asked(MessagesApi()) == MESSAGE


def test_files_go_as_links(tmp_path: Path) -> None:
    api = MessagesApi()
    shelf = Shelf(tmp_path, "https://calls.example.com/documents", 7, lambda: NOW)

    async def scenario() -> Attachment | None:
        async with messages_api(api):
            await send(settings(api.url), shelf, attachments=[TICKET])
        text, link = api.asked[0]["Body"].split("\n")
        assert text == "Here is your e-ticket."
        found = re.fullmatch(r"https://calls\.example\.com/documents/([^/]+)/([^/]+)", link)
        assert found is not None
        return await shelf.take(found[1], found[2])

    kept = asyncio.run(scenario())
    assert kept is not None
    assert kept.content == TICKET.content
    assert kept.media_type == "application/pdf"


def test_no_address_for_links_no_files() -> None:
    api = MessagesApi()

    async def scenario() -> None:
        async with messages_api(api):
            with pytest.raises(NotDelivered, match="SMS_LINK_URL"):
                await send(settings(api.url), attachments=[TICKET])

    asyncio.run(scenario())
    assert api.asked == []


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (400, 21211, "not one that text messages can be sent to (21211)"),
        (400, 21610, "opted out of our text messages (21610)"),
        (400, 21614, "cannot receive text messages (21614)"),
        (400, 21408, "not enabled (21408)"),
        (401, 20003, "does not accept our credentials (20003)"),
        (429, 20429, "no more messages at the moment (429)"),
        (400, 12345, "refused the text message (12345)"),
        (503, 20503, "refused the text message (20503)"),
    ],
)
def test_a_refusal_is_said_as_a_fact(status: int, code: int, said: str) -> None:
    api = MessagesApi(status, error(code, status, f"The number {TO} is not good"))
    with pytest.raises(NotDelivered) as caught:
        asked(api)
    assert said in str(caught.value)
    assert TO not in str(caught.value)


@pytest.mark.parametrize("answer", ["<html>", "", "[]", "null"])
@pytest.mark.parametrize("status", [201, 500])
def test_rubbish_instead_of_an_answer(answer: str, status: int) -> None:
    with pytest.raises(NotDelivered, match="Twilio"):
        asked(MessagesApi(status, answer))


def test_a_message_that_failed_at_once() -> None:
    answer = {"sid": MESSAGE, "status": "failed", "error_code": 30006}
    with pytest.raises(NotDelivered, match="30006"):
        asked(MessagesApi(201, answer))


def test_an_api_that_falls_silent() -> None:
    with pytest.raises(NotDelivered, match=r"within 0\.2 seconds; the message may still arrive"):
        asked(MessagesApi(silent=True), seconds=0.2)


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(NotDelivered, match="cannot be reached"):
            asyncio.run(send(settings(url)))


@pytest.mark.parametrize("to", ["", "4155550101", "+1 415 555 0101", "ada@example.com"])
def test_what_is_no_number_reaches_no_server(to: str) -> None:
    with pytest.raises(NotDelivered, match="not one that text messages"):
        asyncio.run(send(settings("http://127.0.0.1:9"), to=to))


def test_a_text_that_is_too_long() -> None:
    with pytest.raises(NotDelivered, match="1600"):
        asyncio.run(send(settings("http://127.0.0.1:9"), text="x" * 1601))
