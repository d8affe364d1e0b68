"""Twilio's walk through a call: webhook, TwiML, verb after verb, until nobody is left."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from emulators.twilio.caller import CallIdentity, new_sid
from emulators.twilio.journal import Journal, Kind
from emulators.twilio.stream import EndedBy
from emulators.twilio.verbs import (
    Connect,
    Dial,
    Document,
    Hangup,
    Pause,
    Play,
    Redirect,
    Reject,
    Say,
    Stream,
    Unplayed,
    Verb,
)
from emulators.twilio.webhook import WebhookFailed, Webhooks

# A hotline whose answers lead to ever more answers would keep the caller waiting for ever.
DOCUMENTS = 50
SAY_SECONDS_A_CHARACTER = 0.06
DIGIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Transfer:
    """How a dialled party behaves: the DialCallStatus, and the seconds until it comes."""

    status: str = "completed"
    seconds: float = 1.0


class Walk:
    """Acts out what the hotline answers. ``stream`` runs a media stream to its end; ``gone``
    is set when the caller hangs up, ``transferred`` when the hotline dials somebody."""

    def __init__(
        self,
        webhooks: Webhooks,
        identity: CallIdentity,
        journal: Journal,
        stream: Callable[[Stream], Awaitable[EndedBy]],
        transfer: Transfer,
        gone: asyncio.Event,
    ) -> None:
        self.transferred = False
        self._webhooks = webhooks
        self._identity = identity
        self._journal = journal
        self._stream = stream
        self._transfer = transfer
        self._gone = gone
        self._documents = 0

    async def run(self, url: str, method: str = "POST") -> EndedBy:
        """From the first webhook to the end of the call; says who ended it."""
        try:
            return await self._follow(await self._ask("answer", url, method, "ringing"))
        except WebhookFailed as failure:
            self._journal.object(failure.objection)
            return EndedBy.FAILURE

    async def _follow(self, document: Document) -> EndedBy:
        verbs = deque(document.verbs)
        while verbs:
            if self._gone.is_set():
                return EndedBy.CALLER
            outcome = await self._act(verbs.popleft())
            if isinstance(outcome, EndedBy):
                return outcome
            if outcome is not None:
                verbs = deque(outcome.verbs)
        return EndedBy.CALLER if self._gone.is_set() else EndedBy.HOTLINE

    async def _act(self, verb: Verb) -> Document | EndedBy | None:
        """A new document replaces what is left of the old one; None goes on with it."""
        match verb:
            case Connect():
                return await self._connect(verb)
            case Dial():
                return await self._dial(verb)
            case Redirect(url, method):
                return await self._ask("redirect", url, method)
            case Say(text):
                self._journal.note(Kind.TWILIO_SAYS, text=text)
                await self._pass(SAY_SECONDS_A_CHARACTER * len(text))
            case Play(url, digits):
                self._journal.note(Kind.TWILIO_SAYS, text=f"plays {url or f'the keys {digits}'}")
                await self._pass(DIGIT_SECONDS * len(digits))
            case Pause(seconds):
                await self._pass(seconds)
            case Unplayed(name):
                self._journal.fail(f"the emulator cannot act out <{name}>")
            case Hangup() | Reject():
                return EndedBy.HOTLINE
        return None

    async def _connect(self, verb: Connect) -> Document | EndedBy | None:
        ended = EndedBy.FAILURE if verb.stream is None else await self._stream(verb.stream)
        caller_left = ended is EndedBy.CALLER or self._gone.is_set()
        if not verb.action:
            return EndedBy.CALLER if caller_left else None
        status = "completed" if caller_left else "in-progress"
        document = await self._ask("action", verb.action, verb.method, status)
        return EndedBy.CALLER if caller_left else document

    async def _dial(self, verb: Dial) -> Document | EndedBy | None:
        self.transferred = True
        self._journal.note(Kind.TRANSFER, targets=list(verb.targets), status=self._transfer.status)
        await self._pass(self._transfer.seconds)
        if not verb.action:
            return None
        answered = self._transfer.status in {"completed", "answered"}
        more = {
            "DialCallStatus": self._transfer.status,
            "DialCallSid": new_sid("CA"),
            "DialBridged": str(answered).lower(),
        }
        if answered:
            more["DialCallDuration"] = str(round(self._transfer.seconds))
        status = "completed" if self._gone.is_set() else "in-progress"
        return await self._ask("dial action", verb.action, verb.method, status, more)

    async def _ask(
        self,
        purpose: str,
        url: str,
        method: str,
        status: str = "in-progress",
        more: dict[str, str] | None = None,
    ) -> Document:
        self._documents += 1
        if self._documents > DOCUMENTS:
            raise WebhookFailed(11215, f"more than {DOCUMENTS} documents in one call")
        fields = self._identity.fields(status, **(more or {}))
        return await self._webhooks.ask(purpose, url, method, fields)

    async def _pass(self, seconds: float) -> None:
        """Time goes by, unless the caller hangs up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._gone.wait()
