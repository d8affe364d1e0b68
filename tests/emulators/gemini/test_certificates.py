"""The local authority: what strict verification demands, and that nothing else is trusted."""

from __future__ import annotations

import asyncio
import ssl
import stat
from pathlib import Path

import pytest

from emulators.gemini.certificates import Certificates, make_certificates

pytestmark = pytest.mark.socket


async def handshake(server: Certificates, client: ssl.SSLContext, name: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server.server_context())
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=client, server_hostname=name
        )
        writer.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_strict_verification_accepts_the_chain(tmp_path: Path, name: str) -> None:
    made = make_certificates(tmp_path)
    client = made.client_context()
    client.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on
    asyncio.run(handshake(made, client, name))


def test_another_authority_and_another_name_are_refused(tmp_path: Path) -> None:
    made, other = make_certificates(tmp_path / "a"), make_certificates(tmp_path / "b")
    for client, name in ((other.client_context(), "localhost"), (made.client_context(), "a.test")):
        with pytest.raises(ssl.SSLCertVerificationError):
            asyncio.run(handshake(made, client, name))


def test_keys_are_for_their_owner_and_the_authoritys_is_nowhere(tmp_path: Path) -> None:
    for _ in range(2):  # a second start replaces the first one's
        made = make_certificates(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ca.pem",
        "server.key",
        "server.pem",
    ]
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert b"PRIVATE" not in made.authority.read_bytes()
