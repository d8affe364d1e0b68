"""Who calls: the form fields of a call's webhooks, for the telephone network and for SIP.

Field names as observed on real calls; for SIP twilio.com/docs/voice/api/sip-twiml.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

API_VERSION = "2010-04-01"
# Numbers that nobody has (North American Numbering Plan: 555-0100 to 555-0199).
FROM = "+14155550123"
TO = "+12125550147"


def new_sid(prefix: str) -> str:
    """A Twilio identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Place:
    """What Twilio adds to a number about where it is registered."""

    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = "US"


@dataclass(frozen=True, slots=True)
class Sip:
    """What a SIP call brings along: ``headers`` are its X- headers."""

    domain: str = "cymbol.sip.twilio.com"
    username: str = ""
    source_ip: str = "192.0.2.10"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller and the number called. ``from_`` is E.164 or, with ``sip``, a SIP URI.

    ``stir``: the network's word on the caller's number, empty where it gives none.
    """

    from_: str = FROM
    to: str = TO
    from_place: Place = field(default_factory=lambda: Place("SAN FRANCISCO", "CA", "94105"))
    to_place: Place = field(default_factory=lambda: Place("NEW YORK", "NY", "10001"))
    stir: str = "TN-Validation-Passed-A"
    sip: Sip | None = None
    account_sid: str = ""


class CallIdentity:
    """One call's identifiers, and the fields of every webhook that it makes."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.account_sid = caller.account_sid or new_sid("AC")
        self.call_sid = new_sid("CA")
        self._sip_call_id = f"{secrets.token_hex(8)}@{caller.sip.source_ip}" if caller.sip else ""
        self._domain_sid = new_sid("SD")
        self._token = quote(
            json.dumps(
                {
                    "parentCallInfoToken": secrets.token_urlsafe(96),
                    "identityHeaderTokens": [],
                }
            ),
            safe="",
        )

    def fields(self, status: str, **more: str) -> list[tuple[str, str]]:
        """The form of a webhook, sorted by name as Twilio sends it."""
        found = {
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.call_sid,
            "CallStatus": status,
            "Called": self.caller.to,
            "Caller": self.caller.from_,
            "Direction": "inbound",
            "From": self.caller.from_,
            "To": self.caller.to,
            **(
                self._from_network() if self.caller.sip is None else self._from_sip(self.caller.sip)
            ),
            **more,
        }
        return sorted(found.items())

    def _from_network(self) -> dict[str, str]:
        found = {"CallToken": self._token}
        if self.caller.stir:
            found["StirVerstat"] = self.caller.stir
        sides = {
            "Caller": self.caller.from_place,
            "From": self.caller.from_place,
            "Called": self.caller.to_place,
            "To": self.caller.to_place,
        }
        for side, place in sides.items():
            found[f"{side}City"] = place.city
            found[f"{side}State"] = place.state
            found[f"{side}Zip"] = place.zip
            found[f"{side}Country"] = place.country
        return found

    def _from_sip(self, sip: Sip) -> dict[str, str]:
        found = {
            "SipDomain": sip.domain,
            "SipDomainSid": self._domain_sid,
            "SipCallId": self._sip_call_id,
            "SipSourceIp": sip.source_ip,
        }
        if sip.username:
            found["SipUsername"] = sip.username
        return found | {f"SipHeader_{name}": value for name, value in sip.headers.items()}
