"""A mail server on loopback that takes mail as RFC 5321 says, or fails as told."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import email
import email.policy
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Wishes:
    """How the server behaves. ``replies`` replaces the answer to a verb; ``silent_at`` is the
    verb that never gets one, ``gone_at`` the one at which the server hangs up."""

    extensions: tuple[str, ...] = ("8BITMIME",)
    replies: dict[str, str] = field(default_factory=dict)
    silent_at: str = ""
    gone_at: str = ""
    login: tuple[str, str] | None = None
    starttls: ssl.SSLContext | None = None


@dataclass
class Taken:
    sender: str
    recipient: str
    mail: EmailMessage
    encrypted: bool
    signed_in: bool


class MailServer:
    """One per test: what it took, and the verbs it heard."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.port = 0
        self.taken: list[Taken] = []
        self.heard: list[str] = []
        self.closing = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        gone = (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError)
        with contextlib.suppress(*gone):
            await _Dialogue(self, reader, writer).run()
        writer.close()
        with contextlib.suppress(*gone):
            await writer.wait_closed()

    async def close(self) -> None:
        self.closing.set()
        if self._open:
            await asyncio.wait(self._open, timeout=2)


class _Dialogue:
    def __init__(
        self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.sender = self.recipient = ""
        self.signed_in = False

    async def run(self) -> None:
        wishes = self.server.wishes
        verb, rest = "CONNECT", ""
        while True:
            self.server.heard.append(verb)
            if wishes.silent_at == verb:
                await self.server.closing.wait()
                return
            if wishes.gone_at == verb:
                return
            await self.say(wishes.replies.get(verb) or self.answer(verb, rest))
            if verb == "QUIT":
                return
            if verb == "STARTTLS" and wishes.starttls:
                await self.writer.start_tls(wishes.starttls)
            elif verb == "DATA" and "DATA" not in wishes.replies:
                await self.take()
                verb = "DONE"
                continue
            verb, rest = await self.listen()

    async def say(self, reply: str) -> None:
        self.writer.write(reply.encode() + b"\r\n")
        await self.writer.drain()

    async def listen(self) -> tuple[str, str]:
        line = (await self.reader.readuntil(b"\r\n")).decode().strip()
        verb, _, rest = line.partition(" ")
        return verb.upper(), rest

    def answer(self, verb: str, rest: str) -> str:
        wishes = self.server.wishes
        if verb == "CONNECT":
            return "220 mail.test ESMTP"
        if verb == "EHLO":
            offers = ["mail.test", *wishes.extensions]
            offers += ["STARTTLS"] if wishes.starttls and not self.encrypted else []
            offers += ["AUTH PLAIN"] if wishes.login else []
            lines = [f"250-{offer}" for offer in offers[:-1]]
            return "\r\n".join([*lines, f"250 {offers[-1]}"])
        if verb == "AUTH":
            return self.sign_in(rest)
        if verb == "MAIL":
            self.sender = rest.partition("<")[2].partition(">")[0]
        if verb == "RCPT":
            self.recipient = rest.partition("<")[2].partition(">")[0]
        return {"STARTTLS": "220 go ahead", "DATA": "354 go on", "QUIT": "221 bye"}.get(
            verb, "250 fine"
        )

    def sign_in(self, rest: str) -> str:
        _, name, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        self.signed_in = (name, password) == self.server.wishes.login
        return "235 welcome" if self.signed_in else "535 no"

    async def take(self) -> None:
        data = await self.reader.readuntil(b"\r\n.\r\n")
        text = data[:-3].replace(b"\r\n..", b"\r\n.")
        mail = email.message_from_bytes(text, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        wishes = self.server.wishes
        if "DONE" not in (wishes.silent_at, wishes.gone_at, *wishes.replies):
            self.server.taken.append(
                Taken(self.sender, self.recipient, mail, self.encrypted, self.signed_in)
            )

    @property
    def encrypted(self) -> bool:
        return self.writer.get_extra_info("ssl_object") is not None


@contextlib.asynccontextmanager
async def mail_server(
    wishes: Wishes | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """The server, listening; ``tls``: encrypted from the first byte."""
    served = MailServer(wishes or Wishes())
    server = await asyncio.start_server(served.converse, "127.0.0.1", 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield served
        finally:
            await served.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for 127.0.0.1, and the file of the authority to trust for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    authority, secret = folder / "ca.pem", folder / "key.pem"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority, secret)
    return context, authority
