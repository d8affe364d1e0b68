"""The webhooks over a real server: who is let in, what is answered, what is refused."""

from __future__ import annotations

import asyncio
import http.client
import logging
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.telephony.peer import parameters_of
from tests.telephony.server import (
    ACCOUNT,
    PUBLIC,
    TOKEN,
    Answer,
    hotline,
    new_call,
    signed,
    signed_settings,
)

pytestmark = pytest.mark.socket

LIVE = {"CallStatus": "in-progress", "From": "+14155550100", "To": "+14155550111"}
PERSON = "+14155550199"


def verbs(answer: Answer) -> list[ET.Element]:
    assert answer.status == 200, answer
    assert answer.content_type == "text/xml; charset=utf-8"
    return list(ET.fromstring(answer.body))  # noqa: S314


def tags(answer: Answer) -> list[str]:
    return [verb.tag for verb in verbs(answer)]


def test_a_call_is_connected_with_all_it_needs() -> None:
    async def main() -> None:
        async with hotline(signed_settings()) as up:
            call = new_call()
            answer = await up.webhook("/twilio/voice", call, From="+14155550100")
            (connect,) = verbs(answer)
            assert connect.attrib == {"action": f"{PUBLIC}/twilio/after?attempt=1"}
            assert connect[0].attrib == {
                "url": "wss://hotline.example/twilio/media",
                "statusCallback": f"{PUBLIC}/twilio/stream-status",
            }
            parameters = parameters_of(answer.body)
            assert set(parameters) == {"token", "call", "caller"}
            assert (parameters["call"], parameters["caller"]) == (call, "+14155550100")
            assert up.count("calls_admitted") == 1

    asyncio.run(main())


def test_without_a_public_url_ours_are_relative() -> None:
    async def main() -> None:
        async with hotline() as up:
            (connect,) = verbs(await up.webhook("/twilio/voice", new_call(), From="anonymous"))
            assert connect.attrib["action"] == "/twilio/after?attempt=1"
            assert connect[0].attrib == {"url": "/twilio/media"}
            assert "caller" not in {p.attrib["name"] for p in connect[0]}

    asyncio.run(main())


@pytest.mark.parametrize(
    ("caller", "stir", "late", "attested"),
    [
        ("+14155550100", "TN-Validation-Passed-A", False, True),
        ("+14155550100", "TN-Validation-Passed-A", True, False),
        ("+14155550100", "TN-Validation-Passed-B", False, False),
        ("sip:+14155550100@pbx.example", "TN-Validation-Passed-A", False, False),
    ],
)
def test_a_caller_is_attested_only_where_the_network_and_twilio_vouch(
    caller: str, stir: str, late: bool, attested: bool
) -> None:
    async def main() -> None:
        async with hotline(signed_settings()) as up:
            call = new_call()
            form = {"CallSid": call, "AccountSid": ACCOUNT, "From": caller}
            headers = signed("/twilio/voice", form)
            form["StirVerstat"] = stir
            if not late:
                headers = signed("/twilio/voice", form)
            answer = await up.post("/twilio/voice", form, headers)
            token = parameters_of(answer.body)["token"]
            grant = up.door.tokens.redeem(call, ACCOUNT, token, up.door.wall())
            assert getattr(grant, "attested", None) is attested
            assert up.count("signed_without_late_fields") == late

    asyncio.run(main())


def test_nobody_is_attested_where_nothing_is_signed() -> None:
    async def main() -> None:
        async with hotline() as up:
            call = new_call()
            fields = {"From": "+14155550100", "StirVerstat": "TN-Validation-Passed-A"}
            token = parameters_of((await up.webhook("/twilio/voice", call, **fields)).body)["token"]
            grant = up.door.tokens.redeem(call, ACCOUNT, token, up.door.wall())
            assert getattr(grant, "attested", None) is False

    asyncio.run(main())


@pytest.mark.parametrize(
    "path",
    [
        "/twilio/voice",
        "/twilio/after?attempt=1",
        "/twilio/status",
        "/twilio/stream-status",
        "/twilio/transferred?attempt=1",
        "/twilio/briefing",
    ],
)
def test_every_webhook_wants_a_signature_and_our_account(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "telephony")

    async def main() -> None:
        async with hotline(signed_settings(previous_auth_token="old one")) as up:
            form = {"CallSid": new_call(), "AccountSid": ACCOUNT, **LIVE}
            assert (await up.post(path, form)).status == 403
            assert (await up.post(path, form, {"X-Twilio-Signature": "x"})).status == 403
            assert (await up.post(path, form, signed("/other", form))).status == 403
            assert up.count("webhook_bad_signature") == 3
            assert (await up.post(path, form, signed(path, form, "old one"))).status < 300
            assert up.count("signed_by_previous_token") == 1
            other = {**form, "AccountSid": "AC" + "9" * 32}
            assert (await up.post(path, other, signed(path, other))).status == 403
            assert up.count("webhook_wrong_account") == 1

    asyncio.run(main())
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert PUBLIC + path in said
    assert TOKEN not in said
    assert "+14155550100" not in said


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ("{}", {"Content-Type": "application/json"}),
        ("CallSid=CA1&AccountSid=AC1", {}),
        ("", {}),
        ("CallSid=%ff%fe", {}),
        ("&".join(f"a{i}=1" for i in range(1000)), {}),
        ("CallSid=" + "x" * 70_000, {}),
        (f"CallSid=../../etc/passwd&AccountSid={ACCOUNT}", {}),
    ],
)
def test_a_form_that_is_none_is_refused(form: str, headers: dict[str, str]) -> None:
    async def main() -> None:
        async with hotline() as up:
            assert (await up.post("/twilio/voice", form, headers)).status == 400
            assert up.count("webhook_malformed") == 1

    asyncio.run(main())


def test_full_and_draining_lines_take_no_call() -> None:
    async def main() -> None:
        async with hotline(max_calls=1) as up:
            call = new_call()
            assert tags(await up.webhook("/twilio/voice", call, **LIVE)) == ["Connect"]
            refused = await up.webhook("/twilio/voice", new_call(), **LIVE)
            (reject,) = verbs(refused)
            assert (reject.tag, reject.attrib) == ("Reject", {"reason": "busy"})
            assert up.count("calls_refused_full") == 1
            up.door.live.stop_accepting()
            assert (await up.webhook("/twilio/voice", new_call(), **LIVE)).status == 503
            assert up.count("calls_refused_draining") == 1
            # A call that is already here is not dropped by a drain.
            assert tags(await up.webhook("/twilio/after?attempt=1", call, **LIVE)) == [
                "Say",
                "Connect",
            ]

    asyncio.run(main())


def test_a_lost_caller_gets_myra_again_and_then_an_apology() -> None:
    async def main() -> None:
        async with hotline() as up:
            call = new_call()
            first = await up.webhook("/twilio/after?attempt=1", call, **LIVE)
            assert tags(first) == ["Say", "Connect"]
            assert verbs(first)[1].attrib["action"] == "/twilio/after?attempt=2"
            token = parameters_of(first.body)["token"]
            grant = up.door.tokens.redeem(call, ACCOUNT, token, up.door.wall())
            assert getattr(grant, "returning", None) == "failed"
            assert getattr(grant, "attempt", None) == 2
            assert tags(await up.webhook("/twilio/after?attempt=2", call, **LIVE)) == [
                "Say",
                "Connect",
            ]
            assert tags(await up.webhook("/twilio/after?attempt=3", call, **LIVE)) == [
                "Say",
                "Hangup",
            ]
            assert (up.count("reattached"), up.count("given_up")) == (2, 1)
            over = await up.webhook("/twilio/after?attempt=1", call, CallStatus="completed")
            assert tags(over) == []

    asyncio.run(main())


def test_a_caller_lost_for_good_gets_a_person_where_there_is_one() -> None:
    async def main() -> None:
        async with hotline(transfer_number=PERSON) as up:
            answer = await up.webhook("/twilio/after?attempt=3", new_call(), **LIVE)
            say, dial = verbs(answer)
            assert (say.tag, dial.tag, dial[0].text) == ("Say", "Dial", PERSON)
            assert "callerId" not in dial.attrib
            sip = {**LIVE, "From": "sip:alice@pbx.example"}
            _, dial = verbs(await up.webhook("/twilio/after?attempt=3", new_call(), **sip))
            assert dial.attrib["callerId"] == "+14155550111"

    asyncio.run(main())


@pytest.mark.parametrize("attempt", ["", "x", "-1", "9" * 50, "1e9", "٣"])
def test_a_strange_attempt_counts_as_the_first(attempt: str) -> None:
    async def main() -> None:
        async with hotline() as up:
            path = f"/twilio/after?attempt={quote(attempt)}"
            assert tags(await up.webhook(path, new_call(), **LIVE)) == ["Say", "Connect"]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("dial", "expected"),
    [
        ("completed", ["Hangup"]),
        ("answered", ["Hangup"]),
        ("no-answer", ["Say", "Connect"]),
        ("busy", ["Say", "Connect"]),
        ("failed", ["Say", "Connect"]),
    ],
)
def test_a_transfer_nobody_takes_brings_the_caller_back(dial: str, expected: list[str]) -> None:
    async def main() -> None:
        async with hotline(transfer_number=PERSON) as up:
            call, fields = new_call(), {**LIVE, "DialCallStatus": dial}
            answer = await up.webhook("/twilio/transferred?attempt=1", call, **fields)
            assert tags(answer) == expected
            if expected != ["Hangup"]:
                token = parameters_of(answer.body)["token"]
                grant = up.door.tokens.redeem(call, ACCOUNT, token, up.door.wall())
                assert getattr(grant, "returning", None) == "transfer_failed"
                last = await up.webhook("/twilio/transferred?attempt=3", call, **fields)
                assert tags(last) == ["Say", "Hangup"]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("hour", "can"), [(7, False), (8, True), (18, True), (19, False)], ids=lambda value: str(value)
)
def test_transfers_keep_hours_in_their_own_zone(hour: int, can: bool) -> None:
    async def main() -> None:
        async with hotline(
            transfer_number=PERSON,
            transfer_hours="mon-fri 09:00-20:00",
            transfer_timezone="Europe/Berlin",
        ) as up:
            # Monday in winter: Berlin is an hour ahead.
            up.door.today = lambda: datetime(2026, 11, 23, hour, 0, tzinfo=UTC)
            assert up.door.can_transfer() is can

    asyncio.run(main())


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/after"])
def test_only_posts_are_answered(path: str) -> None:
    async def main() -> None:
        async with hotline() as up:
            assert await asyncio.to_thread(_get, up.port, path) == 405

    asyncio.run(main())


def _get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_sender_who_leaves_midway_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with hotline() as up:
            _, writer = await asyncio.open_connection("127.0.0.1", up.port)
            writer.write(
                b"POST /twilio/voice HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nCallSid="
            )
            await writer.drain()
            await up.counted("webhooks")
            writer.close()
            await writer.wait_closed()
            await up.counted("webhook_malformed")

    asyncio.run(main())
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []
