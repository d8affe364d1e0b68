"""What a stream sent that could not be used: counted, said once of each kind, and bounded."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from telephony.counters import Count, Counters
from telephony.messages import Rejected

log = logging.getLogger(__name__)

# What Twilio may add to the protocol one day is no fault of the peer's.
_HARMLESS = frozenset({Count.UNKNOWN_EVENT, Count.OTHER_TRACK})


class Refusals:
    """One stream's unusable messages; ``most`` of them are borne."""

    def __init__(self, counters: Counters, most: int, fields: Mapping[str, object]) -> None:
        self._counters = counters
        self._most = most
        self._fields = fields
        self._seen: dict[Count, int] = {}

    def add(self, rejected: Rejected) -> bool:
        """Note one; true when that makes too many."""
        kind = rejected.kind
        self._counters.add(kind)
        self._seen[kind] = self._seen.get(kind, 0) + 1
        if self._seen[kind] == 1:
            fields = {**self._fields, "kind": kind.value, "detail": rejected.detail}
            log.warning("message from the stream cannot be used", extra=fields)
        harmful = sum(number for kind, number in self._seen.items() if kind not in _HARMLESS)
        if harmful <= self._most:
            return False
        self._counters.add(Count.TOO_MANY_BAD)
        return True

    @property
    def seen(self) -> dict[str, int]:
        """How many of each kind, for the log."""
        return {kind.value: number for kind, number in self._seen.items()}
