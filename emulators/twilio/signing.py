"""Twilio's signature on everything it asks of the hotline: webhooks and stream upgrades."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from twilio.request_validator import RequestValidator

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs as the account would; without a token nothing is signed.

    ``auth_token`` is the account's primary token, or a shared key's secret when
    ``shared_key_id`` names one; ``algorithm`` is then HMAC_SHA1 or HMAC_SHA256
    (twilio.com/docs/usage/webhooks/webhook-shared-keys).
    """

    auth_token: str = field(default="", repr=False)
    shared_key_id: str = ""
    algorithm: str = "HMAC_SHA1"

    def headers(self, url: str, parameters: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
        """The headers for a request to ``url`` with these form fields; none without a token.

        A fragment belongs to Twilio's own retry settings and is not signed.
        """
        if not self.auth_token:
            return {}
        validator = RequestValidator(self.auth_token)
        algorithm = self.algorithm if self.shared_key_id else "HMAC_SHA1"
        fields = _Fields(parameters)
        signature = validator.compute_signature(urldefrag(url).url, fields, algorithm)
        if not self.shared_key_id:
            return {SIGNATURE: signature}
        return {
            SIGNATURE: signature,
            SETTINGS: f"key={self.shared_key_id},algorithm={algorithm}",
        }


class _Fields(dict[str, list[str]]):
    """Form fields as RequestValidator reads them: every value of a repeated name counts."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in pairs:
            self.setdefault(name, []).append(value)

    def getlist(self, name: str) -> list[str]:
        return self[name]
