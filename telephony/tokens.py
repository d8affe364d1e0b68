"""Stream tokens: what lets a socket claim a call whose webhook was answered, by any process.

A token carries what it grants and until when, sealed (HMAC-SHA256) together with the call and the
account. Whoever knows the secret can tell that it is good, so the stream may come to another
process than the webhook did. What only one process can know it enforces for itself: a token is
taken once, and not after the call's next one was given out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeVar

from telephony.counters import Count
from telephony.grant import Grant, unpacked

# Seconds for which a call is counted as about to come. Twilio opens the stream within a second or
# two, after an apology in ten; one that has not come by then came to another process.
SOON = 10.0
_NONCE = 9
_HEAD = struct.Struct(">Q")
_PURPOSE = b"cymbol hotline stream token 1"
K = TypeVar("K")
V = TypeVar("V")


def keys_from(secret_values: Sequence[str]) -> list[bytes]:
    """A key from every secret, the first of which seals; without any a random one, which no
    other process knows."""
    derived = [
        hmac.digest(value.encode(), _PURPOSE, hashlib.sha256)
        for value in dict.fromkeys(secret_values)
        if value
    ]
    return derived or [secrets.token_bytes(32)]


class StreamTokens:
    """Makes tokens with the first of ``keys`` and takes those of any.

    ``now`` is seconds of this process's clock; ``wall`` seconds since 1970, which all processes
    share to within a second. At most ``most`` calls are expected at once, and as many used tokens
    and calls remembered; beyond that the oldest is forgotten.
    """

    def __init__(self, seconds: float, most: int, keys: Sequence[bytes]) -> None:
        self._seconds = seconds
        self._most = most
        self._keys = tuple(keys)
        self._expected: OrderedDict[str, float] = OrderedDict()
        self._latest: OrderedDict[str, int] = OrderedDict()
        self._used: OrderedDict[bytes, float] = OrderedDict()

    def issue(
        self, call_sid: str, account_sid: str, grant: Grant, now: float, wall: float
    ) -> str | None:
        """A fresh token, or None when too many calls are expected already."""
        while self._expected and next(iter(self._expected.values())) <= now:
            self._expected.popitem(last=False)
        self._expected.pop(call_sid, None)
        if len(self._expected) >= self._most:
            return None
        self._expected[call_sid] = now + min(SOON, self._seconds)
        _remember(self._latest, call_sid, grant.attempt, self._most)
        expires = _HEAD.pack(round(1000 * (wall + self._seconds)))
        claims = expires + secrets.token_bytes(_NONCE) + grant.packed()
        seal = _seal(self._keys[0], call_sid, account_sid, claims)
        return f"{_text(claims)}.{_text(seal)}"

    def redeem(self, call_sid: str, account_sid: str, token: str, wall: float) -> Grant | Count:
        """What the token grants, once; or why it grants nothing."""
        first, _, second = token.partition(".")
        claims, seal = _bytes(first), _bytes(second)
        # Every key is tried, so that time tells nothing of them.
        good = [
            hmac.compare_digest(_seal(key, call_sid, account_sid, claims), seal)
            for key in self._keys
        ]
        if not any(good):
            return Count.TOKEN_WRONG
        expires = _HEAD.unpack_from(claims)[0] / 1000
        grant = unpacked(claims[_HEAD.size + _NONCE :])
        while self._used and next(iter(self._used.values())) + self._seconds <= wall:
            self._used.popitem(last=False)
        if seal in self._used:
            return Count.TOKEN_REUSED
        if wall >= expires:
            return Count.TOKEN_EXPIRED
        if grant.attempt < self._latest.get(call_sid, 0):
            return Count.TOKEN_WRONG
        _remember(self._used, seal, expires, self._most)
        _remember(self._latest, call_sid, grant.attempt, self._most)
        self._expected.pop(call_sid, None)
        return grant

    def waiting(self, now: float) -> int:
        """How many calls were let in here whose stream is still to come."""
        return sum(now < until for until in self._expected.values())


def _seal(key: bytes, call_sid: str, account_sid: str, claims: bytes) -> bytes:
    # Length by length, so that no two of them read alike.
    parts = (call_sid.encode("utf-8", "replace"), account_sid.encode("utf-8", "replace"), claims)
    message = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return hmac.digest(key, message, hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """What ``_text`` made; empty for what it does not make."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _remember(memory: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > most:
        memory.popitem(last=False)
