"""Stream tokens: what lets a socket claim a call whose webhook we have answered.

A token is random, good for one stream, for a short while, and for one call of one account.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from telephony.counters import Count

T = TypeVar("T")

_TOKEN_BYTES = 32


@dataclass(slots=True)
class _Issued(Generic[T]):
    token: bytes
    account_sid: str
    expires: float
    grant: T
    used: bool = False


class StreamTokens(Generic[T]):
    """Tokens by CallSid, each with what it grants. Holds at most ``most`` of them.

    Times are seconds of one clock, passed in. A call's newer token replaces its older one.
    """

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._issued: OrderedDict[str, _Issued[T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._issued)

    def issue(self, call_sid: str, account_sid: str, grant: T, now: float) -> str | None:
        """A fresh token, or None when too many are out: the store never grows beyond bounds."""
        self._expire(now)
        self._issued.pop(call_sid, None)
        if len(self._issued) >= self._most:
            return None
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        expires = now + self._seconds
        self._issued[call_sid] = _Issued(token.encode(), account_sid, expires, grant)
        return token

    def redeem(self, call_sid: str, account_sid: str, token: str, now: float) -> T | Count:
        """What the token grants, once; or why it grants nothing."""
        issued = self._issued.get(call_sid)
        # Compared also where there is nothing to compare with, so that time tells nothing.
        expected = issued.token if issued else b" " * _TOKEN_BYTES
        same = hmac.compare_digest(expected, token.encode("utf-8", "replace"))
        if issued is None or not same or issued.account_sid != account_sid:
            return Count.TOKEN_WRONG
        if issued.used:
            return Count.TOKEN_REUSED
        if now >= issued.expires:
            return Count.TOKEN_EXPIRED
        issued.used = True
        return issued.grant

    def waiting(self, now: float) -> int:
        """How many calls were let in whose stream has not come yet."""
        return sum(not i.used and now < i.expires for i in self._issued.values())

    def _expire(self, now: float) -> None:
        """Forget what has been expired for as long again: late tries are still told apart."""
        while self._issued:
            oldest = next(iter(self._issued.values()))
            if now < oldest.expires + self._seconds:
                break
            self._issued.popitem(last=False)
