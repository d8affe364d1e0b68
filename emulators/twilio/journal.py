"""What happened in a call, in order, for whoever watches, waits or reports."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from emulators.twilio.protocol import Objection

# A hotline that errs in every message errs in as many ways; more do not help to mend it.
DIFFERENT_REASONS = 10


class Kind(StrEnum):
    """What can happen in a call, as seen from Twilio and the caller."""

    WEBHOOK = "webhook"
    STREAM_STARTED = "stream started"
    STREAM_ENDED = "stream ended"
    CALLER_SPEAKS = "caller speaks"
    CALLER_QUIET = "caller quiet"
    KEY = "key"
    MYRA_SPEAKS = "myra speaks"
    MYRA_QUIET = "myra quiet"
    MYRA_SAID = "myra said"
    MARK = "mark"
    MARK_RETURNED = "mark returned"
    CLEAR = "clear"
    OBJECTION = "objection"
    TWILIO_SAYS = "twilio says"
    TRANSFER = "transfer"
    STEP = "step"
    UNMET = "unmet"
    FAILED = "failed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened ``at`` seconds of the monotonic clock."""

    at: float
    kind: Kind
    detail: Mapping[str, object] = field(default_factory=dict)


class Journal:
    """Keeps what happened and wakes whoever waits for it.

    ``objections`` are what Twilio would hold against the hotline (``objected``: how often, by
    code), ``failures`` everything for which the call counts as failed. Listeners are called
    at once and must not raise.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.events: list[Happened] = []
        self.objections: list[Objection] = []
        self.objected: Counter[int] = Counter()
        self.failures: list[str] = []
        self._listeners: list[Callable[[Happened], None]] = []
        self._waiting: asyncio.Future[None] | None = None

    def listen(self, listener: Callable[[Happened], None]) -> None:
        self._listeners.append(listener)

    def note(self, kind: Kind, at: float | None = None, **detail: object) -> None:
        """Write something down; ``at`` is now unless given."""
        event = Happened(self.clock() if at is None else at, kind, detail)
        self.events.append(event)
        for listener in self._listeners:
            listener(event)
        self.beat()

    def object(self, objection: Objection) -> None:
        """Hold something against the hotline: once, however often it happens."""
        self.objected[objection.code] += 1
        if objection in self.objections or self.objected[objection.code] > DIFFERENT_REASONS:
            return
        self.objections.append(objection)
        self.failures.append(f"Twilio error {objection.code}: {objection.reason}")
        self.note(Kind.OBJECTION, code=objection.code, reason=objection.reason)

    def fail(self, reason: str) -> None:
        """The call has failed, for a reason that is not one of Twilio's errors."""
        self.failures.append(reason)
        self.note(Kind.FAILED, reason=reason)

    def of(self, kind: Kind) -> list[Happened]:
        return [event for event in self.events if event.kind is kind]

    def beat(self) -> None:
        """Wake everyone who waits: something has changed, if only the time."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        self._waiting = None

    async def change(self) -> None:
        """Returns at the next note or tick of the stream."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._waiting)
