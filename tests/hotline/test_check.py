"""`hotline check` against a stand-in of Twilio's REST API: well, wrong, how to mend."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hotline.check import Finding, findings
from hotline.settings import load
from tools.migrations import upgrade

pytestmark = pytest.mark.socket

ACCOUNT = "AC" + "1" * 32
TOKEN = "t" * 32


def number(digits: str, url: str, application: str = "") -> dict[str, Any]:
    return {
        "sid": "PN" + "2" * 32,
        "phone_number": digits,
        "voice_url": url,
        "voice_application_sid": application or None,
        "trunk_sid": None,
    }


@asynccontextmanager
async def twilio(
    numbers: list[dict[str, Any]], status: int = 200, listing: int | None = None
) -> AsyncIterator[str]:
    """The account and its numbers, as api.twilio.com lists them. ``status`` answers whoever asks
    for the account, ``listing`` for its numbers; None: 200."""

    async def account(_: web.Request) -> web.Response:
        if status != 200:
            return web.json_response({"code": 20003, "status": status}, status=status)
        return web.json_response({"sid": ACCOUNT, "status": "active"})

    async def listed(_: web.Request) -> web.Response:
        if listing is not None:
            return web.json_response({"code": 20003, "status": listing}, status=listing)
        return web.json_response(
            {"incoming_phone_numbers": numbers, "next_page_uri": None, "page": 0, "page_size": 50}
        )

    async def healthy(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application()
    root = f"/2010-04-01/Accounts/{ACCOUNT}"
    app.add_routes(
        [
            web.get(f"{root}.json", account),
            web.get(f"{root}/IncomingPhoneNumbers.json", listed),
            web.get("/healthz", healthy),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def checked(
    folder: Path,
    numbers: list[dict[str, Any]],
    status: int = 200,
    listing: int | None = None,
    **environment: str,
) -> dict[str, Finding]:
    async def main() -> dict[str, Finding]:
        database = f"sqlite:///{folder / 'h.db'}"
        await upgrade(database)
        async with twilio(numbers, status, listing) as url:
            here = [{**one, "voice_url": one["voice_url"].replace("HERE", url)} for one in numbers]
            numbers[:] = here
            settings = load(
                {
                    "DATABASE_URL": database,
                    "TWILIO_ACCOUNT_SID": ACCOUNT,
                    "TWILIO_AUTH_TOKEN": TOKEN,
                    "TWILIO_API_URL": url,
                    "PHONE_PUBLIC_URL": url,
                    **environment,
                }
            )
            return {finding.subject: finding async for finding in findings(settings)}

    return asyncio.run(main())


def test_a_sound_configuration_is_all_well(tmp_path: Path) -> None:
    found = checked(tmp_path, [number("+14155550100", "HERE/twilio/voice#rc=2")])
    assert found["settings"].well
    assert found["database"].well
    assert found["public URL"].well
    assert found["Twilio"].well
    assert found["number ending 0100"].well
    assert found["model"].well is None, "the emulator is not the model"


def test_a_number_that_points_elsewhere_is_wrong_and_says_the_mend(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        [
            number("+14155550100", "https://demo.twilio.com/welcome"),
            number("+14155550101", "", "AP" + "3" * 32),
        ],
    )
    assert found["number ending 0100"].well is False
    assert found["number ending 0100"].mend.endswith("/twilio/voice")
    assert found["number ending 0101"].well is None


def test_wrong_credentials_are_told_without_the_token(tmp_path: Path) -> None:
    found = checked(tmp_path, [], status=401)
    assert found["Twilio"].well is False
    assert TOKEN not in "".join(f"{one.detail}{one.mend}" for one in found.values())


KEY = {"TWILIO_API_KEY_SID": "SK" + "4" * 32, "TWILIO_API_KEY_SECRET": "k" * 32}


@pytest.mark.parametrize("status", [401, 403])
def test_a_standard_key_need_not_see_the_account(tmp_path: Path, status: int) -> None:
    numbers = [number("+14155550100", "HERE/twilio/voice")]
    found = checked(tmp_path, numbers, status, None, **KEY)
    assert found["Twilio"].well
    assert "may not see" in found["Twilio"].detail
    assert found["number ending 0100"].well


def test_a_wrong_key_is_wrong(tmp_path: Path) -> None:
    found = checked(tmp_path, [], 401, listing=401, **KEY)
    assert found["Twilio"].well is False
    assert "TWILIO_API_KEY_SECRET" in found["Twilio"].mend
    assert "TWILIO_AUTH_TOKEN" not in found["Twilio"].mend


def test_an_unreachable_database_is_wrong_and_an_empty_embedded_one_is_not(tmp_path: Path) -> None:
    async def database(url: str) -> Finding:
        settings = load({"DATABASE_URL": url})
        return {one.subject: one async for one in findings(settings)}["database"]

    empty = asyncio.run(database(f"sqlite:///{tmp_path / 'empty.db'}"))
    assert empty.well is None
    gone = asyncio.run(database("postgresql://nobody@127.0.0.1:9/none"))
    assert gone.well is False
    assert "DATABASE_URL" in gone.mend
    nowhere = asyncio.run(database("sqlite:////proc/nowhere/x.db"))
    assert nowhere.well is False
    assert "/proc/nowhere" in nowhere.detail


def test_webhooks_signed_without_an_account_are_not_called_unauthenticated(tmp_path: Path) -> None:
    async def twilio() -> Finding:
        environ = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}",
            "TWILIO_AUTH_TOKEN": TOKEN,
            "PHONE_PUBLIC_URL": "https://127.0.0.1:9",
        }
        return {one.subject: one async for one in findings(load(environ))}["Twilio"]

    found = asyncio.run(twilio())
    assert found.well is None
    assert "webhooks are authenticated" in found.detail
    assert "TWILIO_ACCOUNT_SID" in found.mend
