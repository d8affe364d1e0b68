"""Did Twilio send this? X-Twilio-Signature, checked against the configured public URL only.

twilio's RequestValidator computes the signature; which URL, which fields and which secret are
tried is decided here, because its own choice misses wss with a port, fails on a missing header
and knows no second secret. Facts: twilio.com/docs/usage/webhooks/webhooks-security and
twilio.com/docs/usage/webhooks/webhook-shared-keys.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    RequestValidator,
)

SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"
# Some accounts were seen to get these two after signing: then they are nobody's word.
LATE_FIELDS = frozenset({"CallToken", "StirVerstat"})

_ALGORITHMS = frozenset({HMAC_SHA1, HMAC_SHA256})
_DEFAULT_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is Twilio's, with what the log may know.

    ``url`` is the URL that matched, or the first that was tried. ``secret`` names the secret
    that matched, never its value. ``all_fields`` is false when only the fields without
    ``LATE_FIELDS`` match. ``reason`` says what is wrong.
    """

    ok: bool
    url: str
    secret: str = ""
    all_fields: bool = True
    reason: str = ""


class _Fields(dict[str, list[str]]):
    """Form fields as twilio's validator reads them."""

    def getall(self, name: str) -> list[str]:
        return self[name]


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """The secrets and the one public URL that signatures are checked with.

    ``tokens`` are auth tokens by a name for the log (``current``, ``previous``);
    ``shared_keys`` are webhook shared keys by Twilio's key id. ``public_url`` is what Twilio
    calls us by, without a path of ours.
    """

    public_url: str
    tokens: Mapping[str, str] = field(repr=False)
    shared_keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def webhook(
        self,
        path: str,
        query: str,
        fields: Iterable[tuple[str, str]],
        headers: Mapping[str, str],
    ) -> Verdict:
        """A form that was posted to ``path``. Header names are lower case."""
        pairs = list(fields)
        urls = tuple(self._urls(path, query, ("https", "http"), slash=False))
        verdict = self._check(urls, pairs, headers)
        if verdict.ok or not any(name in LATE_FIELDS for name, _ in pairs):
            return verdict
        early = [(name, value) for name, value in pairs if name not in LATE_FIELDS]
        second = self._check(urls, early, headers)
        if not second.ok:
            return verdict
        return Verdict(True, second.url, second.secret, all_fields=False)

    def stream(self, path: str, headers: Mapping[str, str]) -> Verdict:
        """A stream's upgrade request: the ``wss`` URL of the TwiML, without fields."""
        schemes = ("wss", "https", "ws", "http")
        return self._check(tuple(self._urls(path, "", schemes, slash=True)), (), headers)

    def _check(
        self,
        urls: Sequence[str],
        fields: Sequence[tuple[str, str]],
        headers: Mapping[str, str],
    ) -> Verdict:
        given = headers.get(SIGNATURE, "")
        if not given:
            return Verdict(False, urls[0], reason="no signature header")
        key, algorithm = _parse_settings(headers.get(SETTINGS, ""))
        if algorithm not in _ALGORITHMS:
            return Verdict(False, urls[0], reason="unknown signature algorithm")
        secrets = {key: self.shared_keys.get(key, "")} if key else self.tokens
        if key and not secrets[key]:
            return Verdict(False, urls[0], secret=key, reason="unknown shared key")
        form = _Fields()
        for name, value in fields:
            form.setdefault(name, []).append(value)
        for name, secret in secrets.items():
            validator = RequestValidator(secret)
            for url in urls:
                expected = validator.compute_signature(url, form, algorithm)
                if hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
                    return Verdict(True, url, secret=name)
        return Verdict(False, urls[0], reason="no candidate matches")

    def _urls(self, path: str, query: str, schemes: Sequence[str], *, slash: bool) -> Iterator[str]:
        """The public URL as Twilio may have signed it, the likeliest first.

        Only secure schemes for a secure public URL. Twilio is not consistent about a default
        port, and about a slash at the end of a stream's URL.
        """
        public = urlsplit(self.public_url)
        host = public.hostname or ""
        host = f"[{host}]" if ":" in host else host
        secure = public.scheme == "https"
        base = public.path.rstrip("/") + path
        for ending in ("", "/") if slash else ("",):
            for scheme in schemes:
                if (scheme in ("https", "wss")) is not secure:
                    continue
                default = _DEFAULT_PORTS[scheme]
                port = public.port or default
                places = [f"{host}:{port}"] if port != default else [host, f"{host}:{default}"]
                for place in places:
                    yield urlunsplit((scheme, place, base + ending, query, ""))


def _parse_settings(header: str) -> tuple[str, str]:
    """Key id (empty: the auth token) and algorithm of the signature settings header."""
    parts = {
        name.strip(): value.strip()
        for name, _, value in (part.partition("=") for part in header.split(","))
    }
    return parts.get("key", ""), parts.get("algorithm", "").upper() or HMAC_SHA1
