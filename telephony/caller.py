"""Who is calling, as far as a voice webhook can tell; and how little of it a log may say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

# ITU-T E.164: at most 15 digits, no leading zero.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SIP = re.compile(r"sips?:(?:(?P<user>[^@;?>\s]*)@)?(?P<host>[^@;?>\s]+)", re.IGNORECASE)
# What Twilio puts for a withheld number: the words keyed on a telephone pad.
_WITHHELD = {
    "+266696687": "anonymous",
    "+7378742833": "restricted",
    "+2562533": "blocked",
    "+8656696": "unknown",
    "+86282452253": "unavailable",
}
_WITHHELD_WORDS = frozenset({"", "private", *_WITHHELD.values()})
_ATTESTED = "TN-Validation-Passed-A"
_LONGEST = 128


class Kind(StrEnum):
    PHONE = "phone"
    SIP = "sip"
    CLIENT = "client"
    WITHHELD = "withheld"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CallerId:
    """A caller. ``number`` is E.164 or empty; ``user`` is a SIP user or client name or empty."""

    kind: Kind
    number: str = ""
    user: str = ""

    @property
    def name(self) -> str:
        """The number where there is one, else the user; empty for a withheld caller."""
        return self.number or self.user


def e164(text: str) -> str:
    """The number in E.164, or empty when the text is none. Spaces and dashes are let pass."""
    plain = re.sub(r"[\s().-]", "", text)
    return plain if _E164.fullmatch(plain) else ""


def parse_caller(text: str) -> CallerId:
    """A webhook's ``From``: a number, a SIP address, a client's name, or withheld.

    The user part of a SIP address counts as a number when it is one; who sent it may write
    there what he likes, so it is never attested.
    """
    text = _printable(text).strip()[:_LONGEST]
    if text.lower() in _WITHHELD_WORDS or text in _WITHHELD:
        return CallerId(Kind.WITHHELD)
    if sip := _SIP.match(text):
        user = _printable(unquote(sip["user"] or "")).partition(":")[0]
        if user.lower() in _WITHHELD_WORDS:
            return CallerId(Kind.WITHHELD)
        return CallerId(Kind.SIP, e164(user), user)
    if text.lower().startswith("client:"):
        return CallerId(Kind.CLIENT, user=text[len("client:") :])
    if number := e164(text):
        return CallerId(Kind.PHONE, number)
    return CallerId(Kind.OTHER, user=text)


def _printable(text: str) -> str:
    """Without control characters, which neither TwiML nor a database takes."""
    return "".join(c for c in text if c.isprintable())


def is_attested(caller: CallerId, stir_verstat: str) -> bool:
    """Whether the network vouches in full (SHAKEN attestation A) that the number is theirs."""
    return caller.kind is Kind.PHONE and stir_verstat == _ATTESTED


def mask(text: str) -> str:
    """A number or name for the log: its ends only, ``+14*******09``."""
    if len(text) < 8:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"
