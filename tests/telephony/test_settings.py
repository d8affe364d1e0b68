"""The phone door's settings: right ones are taken, wrong ones are named."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from telephony.calls import call_control
from telephony.counters import Counters
from telephony.settings import PhoneSettings
from tests.telephony.server import ACCOUNT, PUBLIC, TOKEN, signed_settings

pytestmark = pytest.mark.pure


def test_nothing_is_needed() -> None:
    settings = PhoneSettings()
    assert not settings.checks_signatures
    assert (settings.token_seconds, settings.start_seconds, settings.input_rate) == (60, 5, 16000)
    assert call_control(settings, Counters()) is None


def test_values_come_as_text() -> None:
    settings = PhoneSettings.model_validate(
        {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "shared_keys": "k1=s1, k2=hid=den",
            "public_url": PUBLIC + "/",
            "transfer_number": "+1 415 555 0199",
            "input_rate": "8000",
            "max_calls": "7",
        }
    )
    assert settings.checks_signatures
    assert settings.shared_keys["k2"].get_secret_value() == "hid=den"
    assert settings.public_url == PUBLIC
    assert settings.transfer_number == "+14155550199"
    assert (settings.input_rate, settings.max_calls) == (8000, 7)
    assert TOKEN not in repr(settings)
    assert "hid=den" not in repr(settings)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("account_sid", {"account_sid": "AC123"}),
        ("account_sid", {"account_sid": "CA" + "0" * 32}),
        ("public_url", {"auth_token": "t"}),
        ("public_url", {"shared_keys": "k=s"}),
        ("public_url", {"public_url": "http://hotline.example"}),
        ("public_url", {"public_url": "hotline.example"}),
        ("public_url", {"public_url": "https://h/?a=1"}),
        ("api_url", {"api_url": ""}),
        ("shared_keys", {"shared_keys": "justakey"}),
        ("api_key_secret", {"api_key_sid": "SK" + "0" * 32}),
        ("region", {"region": "ie1"}),
        ("transfer_number", {"transfer_number": "0800"}),
        ("transfer_hours", {"transfer_hours": "nine to five"}),
        ("transfer_timezone", {"transfer_timezone": "Mars/Olympus"}),
        ("language", {"language": "English!"}),
        ("input_rate", {"input_rate": "44100"}),
        ("max_calls", {"max_calls": 0}),
        ("tokenseconds", {"tokenseconds": 1}),
    ],
)
def test_a_wrong_value_is_named(field: str, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as raised:
        PhoneSettings.model_validate(values)
    assert raised.value.errors()[0]["loc"] == (field,)


def test_call_control_needs_an_account_and_a_secret() -> None:
    assert call_control(signed_settings(), Counters()) is not None
    key = {"api_key_sid": "SK" + "0" * 32, "api_key_secret": "s"}
    with_key = PhoneSettings.model_validate({"account_sid": ACCOUNT, **key})
    assert call_control(with_key, Counters()) is not None
    assert call_control(PhoneSettings(account_sid=ACCOUNT), Counters()) is None


@pytest.mark.parametrize("name", ["stream_secret", "previous_stream_secret"])
def test_a_stream_secret_is_long(name: str) -> None:
    PhoneSettings.model_validate({name: "s" * 32})
    with pytest.raises(ValidationError, match="32 characters or more"):
        PhoneSettings.model_validate({name: "s" * 31})
