"""Opening the stream's socket as Twilio does, and what its errors are called there."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
)

from emulators.twilio.protocol import Objection
from emulators.twilio.proxy import Proxy
from emulators.twilio.twiml import is_loopback

# Twilio documents no limit; these only keep a stuck hotline from stopping the emulator.
CONNECT_SECONDS = 10.0
LONGEST_MESSAGE = 16 * 1024 * 1024
# RFC 6455, section 7.4.1: normal, going away, and a close frame without a code.
ORDERLY = frozenset((1000, 1001, 1005))


class Refused(Exception):
    """There is no stream; ``objection`` says why under Twilio's code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.objection = Objection(code, reason)


async def connect(
    url: str,
    headers: Mapping[str, str],
    trusted: ssl.SSLContext | None = None,
    proxy: Proxy | None = None,
) -> ClientConnection:
    """An open socket: no compression, no pings of our own.

    Raises:
        Refused: the hotline cannot be reached or does not accept the upgrade.
    """
    target, added, instead = (proxy or Proxy()).socket(url)
    elsewhere: dict[str, Any] = {"host": instead[0], "port": instead[1]} if instead else {}
    try:
        return await open_socket(
            target,
            additional_headers={**headers, **added},
            user_agent_header="Twilio.TmeWs/1.0",
            compression=None,
            ping_interval=None,
            open_timeout=CONNECT_SECONDS,
            max_size=LONGEST_MESSAGE,
            proxy=None if instead or is_loopback(url) else True,
            ssl=(trusted or True) if target.startswith("wss") else None,
            **elsewhere,
        )
    except TimeoutError:
        raise Refused(31901, f"no answer from {url} within {CONNECT_SECONDS:g} s") from None
    except InvalidStatus as error:
        status = error.response.status_code
        raise Refused(31920, f"{url} answered the upgrade with HTTP {status}") from error
    except InvalidURI as error:
        raise Refused(31920, f"{url} is not an address: {error}") from error
    except InvalidHandshake as error:
        raise Refused(31920, f"{url} answered the upgrade wrongly: {error}") from error
    except ssl.SSLError as error:
        raise Refused(31910, f"no TLS with {url}: {error}") from error
    except OSError as error:
        raise Refused(31902, f"no connection to {url}: {error}") from error


def closing(closed: ConnectionClosed) -> Objection | None:
    """What Twilio objects to in how the hotline ended the socket; None for an orderly close.

    An orderly close is a hotline's ordinary way to end a stream; Twilio's page on 31921 lists
    it too, but it fails nothing.
    """
    if closed.rcvd is not None and closed.rcvd_then_sent is not False:
        if closed.rcvd.code in ORDERLY:
            return None
        return Objection(31921, f"the hotline closed the socket with code {closed.rcvd.code}")
    if closed.sent is not None and closed.sent.code not in ORDERLY:
        return Objection(31924, f"the hotline broke the WebSocket protocol: {closed.sent.reason}")
    return Objection(31903, "the connection broke while streaming")
