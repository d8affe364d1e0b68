"""Calls in progress: who is on the line, how each was let go, and when all are over."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType

from conversation.line import Ending
from telephony.phone_line import PhoneLine

SUPERSEDED = "superseded"
# Endings kept for the webhook that asks for them moments later; the oldest is forgotten.
MAX_REMEMBERED = 10_000


class LiveCalls:
    """Lines by CallSid, at most ``most`` of them, and the endings of those that are over."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: dict[str, PhoneLine] = {}
        self._attempts: dict[str, int] = {}
        self._endings: OrderedDict[str, tuple[int, Ending]] = OrderedDict()
        self._accepting = True
        self._idle = asyncio.Event()
        self._idle.set()

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def lines(self) -> Mapping[str, PhoneLine]:
        """The lines in progress, by CallSid."""
        return MappingProxyType(self._lines)

    @property
    def accepting(self) -> bool:
        return self._accepting

    def is_full(self, waiting: int) -> bool:
        """Whether no further call fits beside those here and those ``waiting`` to come."""
        return len(self._lines) + waiting >= self._most

    def open(self, call_sid: str, line: PhoneLine, attempt: int = 1) -> bool:
        """Enter a line, the call's ``attempt``-th. A call has one: a newer stream ends the older
        (False then)."""
        older = self._lines.get(call_sid)
        self._attempts[call_sid] = attempt
        self._endings.pop(call_sid, None)
        self._lines[call_sid] = line
        self._idle.clear()
        if older:
            older.end(SUPERSEDED)
        return older is None

    def close(self, call_sid: str, line: PhoneLine) -> None:
        """A line's conversation is over; its ending is remembered. Idempotent."""
        if self._lines.get(call_sid) is not line:
            return
        del self._lines[call_sid]
        attempt = self._attempts.pop(call_sid, 1)
        if line.ending:
            self._endings[call_sid] = (attempt, line.ending)
            if len(self._endings) > MAX_REMEMBERED:
                self._endings.popitem(last=False)
        if not self._lines:
            self._idle.set()

    def ending(self, call_sid: str, attempt: int | None = None) -> Ending | None:
        """How the call's ``attempt``-th line (None: its latest here) was let go, from the moment
        it was; None if it was lost, or was not here."""
        line = self._lines.get(call_sid)
        if line:
            which, ending = self._attempts[call_sid], line.ending
        else:
            which, ending = self._endings.get(call_sid, (0, None))
        return ending if attempt in (None, which) else None

    def end(self, call_sid: str, reason: str, stream_sid: str = "") -> None:
        """Twilio says that the line (or only this stream of it) is gone."""
        line = self._lines.get(call_sid)
        if line and stream_sid in ("", line.stream_sid):
            line.end(reason)

    def forget(self, call_sid: str) -> None:
        """The call is over: nobody will ask how its line was let go."""
        self._endings.pop(call_sid, None)

    def stop_accepting(self) -> None:
        """Drain: no new call comes in; those in progress go on."""
        self._accepting = False

    async def idle(self) -> None:
        """Wait until no call is in progress."""
        await self._idle.wait()
