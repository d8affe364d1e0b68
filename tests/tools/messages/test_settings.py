from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tools.messages.settings import (
    MailSettings,
    MessageSettings,
    SmsSettings,
    is_address,
    is_number,
)

pytestmark = pytest.mark.pure

ACCOUNT = "AC" + "a" * 32


def test_nothing_is_configured_by_default() -> None:
    chosen = MessageSettings()
    assert not chosen.mail.configured
    assert not chosen.sms.configured


@pytest.mark.parametrize(
    ("security", "port", "used"),
    [("starttls", 0, 587), ("tls", 0, 465), ("none", 0, 25), ("starttls", 2525, 2525)],
)
def test_ports_follow_from_the_encryption(security: Any, port: int, used: int) -> None:
    assert MailSettings(host="m", security=security, port=port).server_port == used


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"security": "ssl"}, "starttls"),
        ({"port": 70000}, "65535"),
        ({"sender": "Cymbol Travels"}, "tickets@example.com"),
        ({"sender": "Cymbol <a@b.example>\nBcc: c@d.example"}, "tickets@example.com"),
        ({"username": "u"}, "come together"),
        ({"password": "p"}, "come together"),
        ({"host": "m", "security": "none", "username": "u", "password": "p"}, "without encryption"),
        ({"ca_file": "/nowhere/ca.pem"}, "is no file"),
        ({"seconds": 0}, "greater than 0"),
        ({"hots": "m"}, "not permitted"),
    ],
)
def test_wrong_mail_settings_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        MailSettings.model_validate(given)


def test_a_secret_never_shows() -> None:
    shown = repr(MailSettings(host="m", username="u", password="s3cret"))  # type: ignore[arg-type]
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sender": "4155550100"}, "14155550100"),
        ({"sender": "+14155550100"}, "TWILIO_ACCOUNT_SID"),
        ({"sender": "+14155550100", "account_sid": ACCOUNT}, "TWILIO_AUTH_TOKEN"),
        (
            {"sender": "+14155550100", "account_sid": ACCOUNT, "api_key_sid": "SK"},
            "TWILIO_API_KEY_SECRET",
        ),
        ({"link_url": "http://calls.example.com/documents"}, "is https"),
        ({"link_url": "calls.example.com"}, "looks like https"),
        ({"api_url": "ftp://127.0.0.1"}, "is https"),
        ({"link_days": 0}, "greater than or equal to 1"),
    ],
)
def test_wrong_text_message_settings_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SmsSettings.model_validate(given)


def test_the_api_key_goes_before_the_auth_token() -> None:
    both = SmsSettings.model_validate(
        {
            "sender": "Cymbol",
            "account_sid": ACCOUNT,
            "auth_token": "token",
            "api_key_sid": "SKx",
            "api_key_secret": "secret",
        }
    )
    assert both.credentials == ("SKx", "secret")
    token = both.model_copy(update={"api_key_sid": ""})
    assert token.credentials == (ACCOUNT, "token")


def test_addresses_and_numbers() -> None:
    assert is_address("ada.okafor+trip@mail.example.com")
    assert not any(map(is_address, ("", "a@b", "a@@b.c", "a b@c.d", "a@b.c\r\nX: y", "<a@b.c>")))
    assert is_number("+14155550101")
    assert not any(map(is_number, ("", "+0415", "4155550101", "+1415555010a", "+14155550101\n")))
