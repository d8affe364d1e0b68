"""``hotline numbers`` against a stand-in for Twilio's REST API, by twilio's own client."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from hotline.numbers.account import AccountUnseen, entries
from hotline.numbers.applied import read
from hotline.numbers.command import look
from telephony.settings import PhoneSettings
from tests.hotline.twilio_account import ACCOUNT, TOKEN, Account, serve

pytestmark = pytest.mark.socket

ROOT = Path(__file__).resolve().parents[2]
URL = "https://voice.example.com"
VOICE = {
    "voice_url": f"{URL}/twilio/voice",
    "voice_method": "POST",
    "voice_fallback_url": "https://handler.twilio.com/twiml/EH1",
    "voice_fallback_method": "POST",
}


def number(index: int, **changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "sid": f"PN{index:032x}",
        "phone_number": f"+1415555{index:04}",
        "friendly_name": f"hotline {index}",
        **VOICE,
        "status_callback": f"{URL}/twilio/status",
        "status_callback_method": "POST",
        "voice_application_sid": "",
        "trunk_sid": None,
    }
    return {**whole, **changes}


def domain(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "sid": f"SD{1:032x}",
        "domain_name": "example.sip.twilio.com",
        "friendly_name": "hotline",
        **VOICE,
        "voice_status_callback_url": f"{URL}/twilio/status",
        "voice_status_callback_method": "POST",
        "sip_registration": False,
        "secure": True,
    }
    return {**whole, **changes}


def output() -> bytes:
    """What Terraform prints for five numbers and a SIP domain."""
    lacking = ("voice_application_sid", "trunk_sid")
    numbers = {
        f"n{index}": {name: value for name, value in number(index).items() if name not in lacking}
        for index in range(5)
    }
    return json.dumps(
        {
            "numbers": {"value": numbers},
            "sip_domains": {"value": {"example.sip.twilio.com": domain()}},
            "public_base_url": {"value": URL},
        }
    ).encode()


def phone(url: str, **changes: object) -> PhoneSettings:
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "api_url": url, "public_url": URL}
    return PhoneSettings.model_validate({**given, **changes})


def looked(account: Account, **changes: object) -> tuple[int, str]:
    async def look_at() -> tuple[int, str]:
        console = Console(width=200, record=True, file=io.StringIO())
        async with serve(account):
            code = await look(phone(account.url, **changes), read(output()), console)
        return code, console.export_text()

    return asyncio.run(look_at())


def test_an_account_of_several_pages_that_is_as_applied() -> None:
    account = Account([number(index) for index in range(5)], [domain()])
    code, text = looked(account)
    assert code == 0
    assert "as Terraform applied it" in text
    assert account.pages == 4


def test_numbers_that_ring_another_hotline_than_this_one() -> None:
    account = Account([number(index) for index in range(5)], [domain()])
    code, text = looked(account, public_url="https://other.example.com")
    assert code == 1
    assert "PHONE_PUBLIC_URL is https://other.example.com" in text


def test_every_kind_of_drift_is_told() -> None:
    account = Account(
        [
            number(0, voice_url="https://demo.twilio.com/welcome"),
            number(1, voice_application_sid="AP1"),
            number(3),
            number(4),
            number(7),
            number(8, voice_url="https://elsewhere.example.com"),
        ],
        [domain(secure=False)],
    )
    code, text = looked(account)
    assert code == 1
    assert "5 of 8 differ" in text
    for words in ("demo.twilio.com", "AP1", "gone", "unknown: rings", "other: does not", "secure"):
        assert words in text


def test_an_empty_account_is_perhaps_another_one() -> None:
    code, text = looked(Account())
    assert code == 1
    assert "is TWILIO_ACCOUNT_SID the right account?" in text


def unseen(account: Account, **changes: object) -> str:
    async def look_at() -> str:
        async with serve(account):
            with pytest.raises(AccountUnseen) as refused:
                await entries(phone(account.url, **changes))
        return str(refused.value)

    return asyncio.run(look_at())


def test_refused_credentials_are_named_and_not_shown() -> None:
    said = unseen(Account(), auth_token="not-the-token")
    assert "HTTP 401: are TWILIO_ACCOUNT_SID" in said
    assert "not-the-token" not in said


def test_an_account_that_fails_is_not_taken_for_an_empty_one() -> None:
    assert "HTTP 503" in unseen(Account(refusal=503))


def test_nobody_there() -> None:
    with pytest.raises(AccountUnseen, match="is not reached"):
        asyncio.run(entries(phone("http://127.0.0.1:9")))


def test_without_credentials_nothing_is_asked() -> None:
    account = Account()
    said = unseen(account, auth_token="", public_url="")
    assert "set TWILIO_ACCOUNT_SID" in said
    assert account.pages == 0


async def command(file: Path, account: Account, **environment: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hotline",
        "numbers",
        "--terraform",
        str(file),
        cwd=ROOT,
        env={
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": account.url,
            "PHONE_PUBLIC_URL": URL,
            "COLUMNS": "160",
            **environment,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def test_the_command_answers_by_its_exit_code(tmp_path: Path) -> None:
    right, wrong = tmp_path / "output.json", tmp_path / "other.json"
    right.write_bytes(output())
    wrong.write_text("{}")
    same = Account([number(index) for index in range(5)], [domain()])
    drifted = Account([number(index) for index in range(4)], [domain()])

    async def run() -> list[tuple[int, str]]:
        async with serve(same), serve(drifted):
            runs = (
                command(right, same),
                command(right, drifted),
                command(wrong, same),
                command(right, same, TWILIO_AUTH_TOKEN="", PHONE_PUBLIC_URL=""),
                command(right, same, PHONE_PUBLIC_URL="voice.example.com"),
                command(tmp_path / "absent.json", same),
            )
            return list(await asyncio.gather(*runs))

    answers = asyncio.run(run())
    assert [code for code, _ in answers] == [0, 1, 2, 2, 2, 2], answers
    assert "numbers: Field required" in answers[2][1]
    assert "set TWILIO_ACCOUNT_SID" in answers[3][1]
    assert "PHONE_PUBLIC_URL" in answers[4][1]
    assert "Traceback" not in "".join(said for _, said in answers)
