"""Twilio's part in one call: its requests, its streams, its callbacks, put together."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp

from emulators.twilio.caller import Caller, CallIdentity, new_sid
from emulators.twilio.journal import Journal, Kind
from emulators.twilio.mouth import Mouth
from emulators.twilio.network import LineQuality
from emulators.twilio.protocol import StreamMessages
from emulators.twilio.proxy import Proxy
from emulators.twilio.signing import Signer
from emulators.twilio.stream import EndedBy, MediaStream, StreamPlan
from emulators.twilio.twiml import is_loopback
from emulators.twilio.verbs import Stream
from emulators.twilio.walk import Transfer, Walk
from emulators.twilio.webhook import Webhooks


@dataclass(frozen=True, slots=True)
class CallSetup:
    """Everything about a call but the number dialled.

    ``trusted``: the CAs for https and wss; None is the system's. ``proxy``: where the hotline
    really listens, if the address dialled is a public one. ``status_callback``: where the
    number's call status goes. ``keep_wire``: keep every message for measurements.
    """

    caller: Caller = field(default_factory=Caller)
    quality: LineQuality = field(default_factory=LineQuality)
    signer: Signer = field(default_factory=Signer)
    transfer: Transfer = field(default_factory=Transfer)
    trusted: ssl.SSLContext | None = None
    proxy: Proxy = field(default_factory=Proxy)
    status_callback: str = ""
    keep_wire: bool = False


class Switchboard:
    """Carries one call from the first webhook to the last callback.

    ``ended_by`` is None while somebody is on the line.
    """

    def __init__(self, url: str, setup: CallSetup, journal: Journal, mouth: Mouth) -> None:
        self.url = url
        self.setup = setup
        self.identity = CallIdentity(setup.caller)
        self.streams: list[MediaStream] = []
        self.ended_by: EndedBy | None = None
        self.walk: Walk | None = None
        self._journal = journal
        self._mouth = mouth
        self._gone = asyncio.Event()

    def hang_up(self) -> None:
        """The caller leaves. Idempotent."""
        self._gone.set()
        for stream in self.streams[-1:]:
            stream.hang_up()

    @property
    def hung_up(self) -> bool:
        return self._gone.is_set()

    async def run(self) -> None:
        """The whole call. What the hotline does wrong goes to the journal."""
        began = time.monotonic()
        async with self._http() as session:
            webhooks = Webhooks(session, self.setup.signer, self._journal, self.setup.proxy)
            async with asyncio.TaskGroup() as callbacks:
                ended_by = EndedBy.FAILURE
                try:
                    self.walk = self._walk(webhooks, callbacks)
                    ended_by = await self.walk.run(self.url)
                finally:
                    self.ended_by = ended_by
                    self._journal.note(Kind.ENDED, by=str(ended_by))
            await self._tell_status(webhooks, round(time.monotonic() - began))

    def _walk(self, webhooks: Webhooks, callbacks: asyncio.TaskGroup) -> Walk:
        async def stream(wanted: Stream) -> EndedBy:
            return await self._stream(wanted, webhooks, callbacks)

        transfer = self.setup.transfer
        return Walk(webhooks, self.identity, self._journal, stream, transfer, self._gone)

    def _http(self) -> aiohttp.ClientSession:
        trusted = self.setup.trusted
        connector = aiohttp.TCPConnector(ssl=True if trusted is None else trusted)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=not is_loopback(self.url),
        )

    async def _stream(
        self, wanted: Stream, webhooks: Webhooks, callbacks: asyncio.TaskGroup
    ) -> EndedBy:
        sid = new_sid("MZ")
        identity = self.identity
        plan = StreamPlan(
            url=wanted.url,
            headers={n.lower(): v for n, v in self.setup.signer.headers(wanted.url).items()},
            quality=self.setup.quality,
            trusted=self.setup.trusted,
            proxy=self.setup.proxy,
            keep_wire=self.setup.keep_wire,
        )
        messages = StreamMessages(identity.account_sid, identity.call_sid, sid, wanted.parameters)
        stream = MediaStream(plan, messages, self._mouth, self._journal)
        self.streams.append(stream)
        if self._gone.is_set():
            stream.hang_up()

        def tell(event: str, error: str = "") -> None:
            if wanted.status_callback:
                fields = _stream_fields(identity, sid, wanted.name, event, error)
                url, method = wanted.status_callback, wanted.status_callback_method
                callbacks.create_task(webhooks.tell(event, url, method, fields))

        stream.on_start = lambda: tell("stream-started")
        objections = len(self._journal.objections)
        ended = await stream.run()
        if ended is EndedBy.FAILURE:
            reasons = [str(o.code) for o in self._journal.objections[objections:]]
            tell("stream-error", ", ".join(reasons))
        else:
            tell("stream-stopped")
        return ended

    async def _tell_status(self, webhooks: Webhooks, seconds: int) -> None:
        if not self.setup.status_callback:
            return
        fields = self.identity.fields(
            "completed",
            CallDuration=str(seconds),
            Duration=str(-(-seconds // 60)),
            Timestamp=datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000"),
            CallbackSource="call-progress-events",
            SequenceNumber="0",
        )
        await webhooks.tell("call status", self.setup.status_callback, "POST", fields)


def _stream_fields(
    identity: CallIdentity, sid: str, name: str, event: str, error: str
) -> list[tuple[str, str]]:
    """A stream's status callback (twilio.com/docs/voice/twiml/stream, statusCallback)."""
    fields = [
        ("AccountSid", identity.account_sid),
        ("CallSid", identity.call_sid),
        ("StreamSid", sid),
        ("StreamName", name or sid),
        ("StreamEvent", event),
        ("Timestamp", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")),
    ]
    return [*fields, ("StreamError", error)] if error else fields
