"""Who may use the demo: a password or a signed link, then a cookie; or this machine only."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from web_demo.server.settings import WebSettings

COOKIE = "cymbol_qa"
# Wrong passwords within a minute: from one address, and from everywhere together.
TRIES = 10
TRIES_OF_ALL = 200
TRIES_SECONDS = 60.0
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who may be here."""

    name: str


class TooManyTries(Exception):
    """Wait before the next password."""


class Tries:
    """Wrong passwords of late, by address. Times are seconds of one clock, passed in."""

    def __init__(self) -> None:
        self._wrong: deque[tuple[float, str]] = deque()

    def allowed(self, address: str, now: float) -> bool:
        while self._wrong and now - self._wrong[0][0] > TRIES_SECONDS:
            self._wrong.popleft()
        theirs = sum(one == address for _, one in self._wrong)
        return theirs < TRIES and len(self._wrong) < TRIES_OF_ALL

    def wrong(self, address: str, now: float) -> None:
        self._wrong.append((now, address))


@dataclass(slots=True)
class Gate:
    """Signs visitors in and knows them again. ``clock`` counts seconds from anywhere."""

    settings: WebSettings
    clock: Callable[[], float]
    _tries: Tries = field(default_factory=Tries)
    _signer: URLSafeTimedSerializer = field(init=False)

    def __post_init__(self) -> None:
        secret = self.settings.link_secret.get_secret_value() or secrets.token_urlsafe(32)
        self._signer = URLSafeTimedSerializer(secret, salt="cymbol-demo")

    @property
    def signs_in(self) -> bool:
        """Whether a sign-in is asked for; else only this machine may come."""
        settings = self.settings
        return bool(settings.password.get_secret_value() or settings.link_secret.get_secret_value())

    @property
    def asks_password(self) -> bool:
        """Whether a password opens the demo."""
        return bool(self.settings.password.get_secret_value())

    @property
    def way_in(self) -> str:
        """How somebody who may not come in yet could, in words."""
        if self.asks_password:
            return "sign in first"
        if self.signs_in:
            return "a sign-in link is needed here: hotline demo-link NAME makes one"
        return (
            "the demo is open to the machine it runs on only; "
            "WEB_PASSWORD or WEB_LINK_SECRET opens it to others"
        )

    def visitor(self, connection: HTTPConnection) -> Visitor | None:
        """Who this is; None for somebody who has to sign in, or comes from elsewhere."""
        if not self.signs_in:
            return Visitor("this machine") if _is_near(connection) else None
        name = self._read(connection.cookies.get(COOKIE, ""), "who", self.settings.sign_in_hours)
        return Visitor(name) if name else None

    def is_password(self, password: str, address: str) -> bool:
        """Whether this is the password; ``address`` is where the try comes from.

        Raises:
            TooManyTries: there were too many wrong ones within a minute.
        """
        now = self.clock()
        if not self._tries.allowed(address, now):
            raise TooManyTries
        right = self.settings.password.get_secret_value()
        if right and hmac.compare_digest(right.encode(), password.encode()):
            return True
        self._tries.wrong(address, now)
        return False

    def link_name(self, link: str) -> str:
        """Whose link this is; empty for one that is wrong or too old."""
        return self._read(link, "link", self.settings.link_hours)

    def link(self, name: str) -> str:
        """What makes a sign-in link for somebody, until ``link_hours`` from now."""
        return self._signer.dumps({"link": name[:_LONGEST_NAME]})

    def admit(self, response: Response, name: str, *, secure: bool) -> None:
        """Give the cookie. ``secure``: the visitor came by https."""
        response.set_cookie(
            COOKIE,
            self._signer.dumps({"who": name}),
            max_age=round(3600 * self.settings.sign_in_hours),
            path="/demo",
            secure=secure or self.settings.public_url.startswith("https:"),
            httponly=True,
            samesite="strict",
        )

    def dismiss(self, response: Response) -> None:
        response.delete_cookie(COOKIE, path="/demo", httponly=True, samesite="strict")

    def _read(self, signed: str, kind: str, hours: float) -> str:
        if not signed:
            return ""
        try:
            told = self._signer.loads(signed, max_age=round(3600 * hours))
        except BadSignature:
            return ""
        return str(told.get(kind, ""))[:_LONGEST_NAME] if isinstance(told, dict) else ""


def _is_near(connection: HTTPConnection) -> bool:
    """From this machine, and by its own name: a name that somebody else's page has pointed here
    (DNS rebinding) is none of ours. The connection's own URL is of no use for it: where the name
    is malformed, it has the server's address in its place."""
    client = connection.client.host if connection.client else ""
    try:
        asked = urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return _is_loopback(client) and _is_loopback(asked)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
