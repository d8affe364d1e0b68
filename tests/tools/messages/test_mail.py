"""E-mail against a real server on loopback."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from pathlib import Path

import pytest

from tests.tools.messages.mail_server import MailServer, Wishes, certificate, mail_server
from tools.messages.mail import SmtpMail
from tools.messages.settings import MailSettings
from tools.seams import Attachment, NotDelivered

pytestmark = pytest.mark.socket

NOW = dt.datetime(2026, 3, 4, 15, 0, tzinfo=dt.UTC)
TICKET = Attachment("e-ticket.pdf", "application/pdf", b"%PDF-1.4\n.\n..\n" + bytes(range(256)))


def settings(port: int, **others: object) -> MailSettings:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "seconds": 5, **others}
    return MailSettings.model_validate(given)


async def send(chosen: MailSettings, to: str = "ada@example.com") -> str:
    mail = SmtpMail(chosen, lambda: NOW)
    return await mail.send_email(
        key="k1",
        to=to,
        subject="Your e-ticket",
        text="Grüße\n.\nend",
        attachments=[TICKET],
    )


def test_a_letter_arrives_whole() -> None:
    async def scenario() -> tuple[str, MailServer]:
        async with mail_server() as server:
            return await send(settings(server.port)), server

    receipt, server = asyncio.run(scenario())
    (taken,) = server.taken
    assert taken.sender == "tickets@cymbol-travels.example"
    assert taken.recipient == "ada@example.com"
    assert taken.mail["Message-ID"] == receipt
    assert taken.mail["Subject"] == "Your e-ticket"
    assert taken.mail["Date"].datetime == NOW
    body = taken.mail.get_body()
    assert body is not None
    assert body.get_content().splitlines() == ["Grüße", ".", "end"]
    (attachment,) = taken.mail.iter_attachments()
    assert attachment.get_filename() == "e-ticket.pdf"
    assert attachment.get_content() == TICKET.content


def test_the_same_key_has_the_same_message_id() -> None:
    async def scenario() -> tuple[str, str]:
        async with mail_server() as server:
            return await send(settings(server.port)), await send(settings(server.port))

    first, second = asyncio.run(scenario())
    assert first == second


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encryption_and_sign_in(security: str, tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    login = ("tickets", "s3cret")

    async def scenario() -> MailServer:
        wishes = Wishes(login=login, starttls=context if security == "starttls" else None)
        async with mail_server(wishes, context if security == "tls" else None) as server:
            chosen = settings(
                server.port,
                security=security,
                ca_file=authority,
                username=login[0],
                password=login[1],
            )
            await send(chosen)
            return server

    (taken,) = asyncio.run(scenario()).taken
    assert taken.encrypted
    assert taken.signed_in


def refused(wishes: Wishes, **others: object) -> str:
    """What is said of a failure."""

    async def scenario() -> str:
        async with mail_server(wishes) as server:
            with pytest.raises(NotDelivered) as caught:
                await send(settings(server.port, **others))
            assert not server.taken
            return str(caught.value)

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("verb", "reply", "said"),
    [
        ("RCPT", "550 no such user ada@example.com", "does not take mail for this address (550)"),
        ("MAIL", "553 who are you", "does not take mail from our address (553)"),
        ("DATA", "554 no", "refused the message (554)"),
        ("DONE", "552 too big", "refused the message (552)"),
        ("CONNECT", "421 busy", "refused the message (421)"),
        ("DONE", "rubbish", "mail server"),
    ],
)
def test_a_refusal_is_said_as_a_fact(verb: str, reply: str, said: str) -> None:
    reason = refused(Wishes(replies={verb: reply}))
    assert said in reason
    assert "ada" not in reason


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "RCPT", "DONE"])
def test_a_server_that_falls_silent(verb: str) -> None:
    reason = refused(Wishes(silent_at=verb), seconds=0.2)
    assert reason == "the mail server did not answer within 0.2 seconds"


@pytest.mark.parametrize("verb", ["CONNECT", "MAIL", "DONE"])
def test_a_server_that_hangs_up(verb: str) -> None:
    assert "mail server" in refused(Wishes(gone_at=verb))


def test_a_slow_goodbye_changes_nothing() -> None:
    async def scenario() -> MailServer:
        async with mail_server(Wishes(gone_at="QUIT")) as server:
            await send(settings(server.port))
            return server

    assert len(asyncio.run(scenario()).taken) == 1


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        chosen = settings(taken.getsockname()[1])
        with pytest.raises(NotDelivered, match="cannot be reached"):
            asyncio.run(send(chosen))


def test_a_wrong_password(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    wishes = Wishes(login=("tickets", "right"), starttls=context)
    reason = refused(
        wishes, security="starttls", ca_file=authority, username="tickets", password="wrong"
    )
    assert reason == "the mail server does not accept our user name and password (535)"


def test_a_certificate_of_nobody_known(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    reason = refused(Wishes(starttls=context), security="starttls")
    assert "can be trusted" in reason


def test_encryption_is_never_given_up() -> None:
    assert "encryption" in refused(Wishes(), security="starttls")


@pytest.mark.parametrize(
    "to", ["", "ada", "ada@", "@example.com", "ada@example.com\nBcc: all@example.com", "a b@c.de",
           "ada@example.com, eve@example.com", "Ada <ada@example.com>"]
)  # fmt: skip
def test_what_is_no_address_reaches_no_server(to: str) -> None:
    async def scenario() -> MailServer:
        async with mail_server() as server:
            with pytest.raises(NotDelivered, match="not one that mail can be sent to"):
                await send(settings(server.port), to)
            return server

    assert asyncio.run(scenario()).heard == []


def test_a_file_without_certificates_stops_the_start(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing")
    with pytest.raises(ValueError, match="MAIL_CA_FILE"):
        SmtpMail(settings(25, security="tls", ca_file=empty), lambda: NOW)
