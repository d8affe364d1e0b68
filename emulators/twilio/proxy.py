"""A proxy that ends TLS in front of the hotline, played by the caller.

The caller dials the public address, signs for it, and sends everything to the hotline itself,
in plain, with the headers that a proxy adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

# An address of nobody's (RFC 5737), where Twilio's would stand.
CLIENT = "203.0.113.7"


@dataclass(frozen=True, slots=True)
class Proxy:
    """``address``: where the hotline really listens, as ``http://127.0.0.1:8080``; without one
    there is no proxy."""

    address: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if self.address and (parts.scheme != "http" or not parts.hostname):
            raise ValueError(f"a proxy passes on to http://HOST:PORT, not to {self.address}")

    def http(self, url: str) -> tuple[str, dict[str, str]]:
        """Where a request for ``url`` goes, and the headers it gets on the way."""
        if not self.address:
            return url, {}
        inside, outside = urlsplit(self.address), urlsplit(url)
        target = outside._replace(scheme="http", netloc=inside.netloc).geturl()
        return target, {"Host": outside.netloc, **self._added(outside)}

    def socket(self, url: str) -> tuple[str, dict[str, str], tuple[str, int] | None]:
        """The same for a socket: its address, more headers, and what to connect to instead of
        the address's own host."""
        if not self.address:
            return url, {}, None
        inside, outside = urlsplit(self.address), urlsplit(url)
        target = outside._replace(scheme="ws").geturl()
        return target, self._added(outside), (inside.hostname or "", inside.port or 80)

    def _added(self, outside: SplitResult) -> dict[str, str]:
        scheme = {"wss": "https", "ws": "http"}.get(outside.scheme, outside.scheme)
        return {
            "X-Forwarded-For": CLIENT,
            "X-Forwarded-Host": outside.netloc,
            "X-Forwarded-Proto": scheme,
        }
