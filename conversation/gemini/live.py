"""The live model on google-genai: one remembered dialogue over many sessions."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from google import genai
from google.genai import types
from google.genai.live import AsyncSession
from websockets.exceptions import ConnectionClosed

from conversation.directions import result_again
from conversation.events import (
    CallerWords,
    GenerationFinished,
    ModelAudio,
    ModelEvent,
    ModelLost,
    ModelReady,
    ModelWords,
    ToolCallRequested,
)
from conversation.gemini.calls import Calls, Due
from conversation.gemini.config import Setup, live_config, with_summary
from conversation.gemini.counters import ModelCounters
from conversation.gemini.losses import SessionLost
from conversation.gemini.outbox import Activity, Note, Order, Outbox, Text, ToolAnswer
from conversation.gemini.reading import Readers
from conversation.gemini.replies import Replies
from conversation.gemini.rotation import Rotation
from conversation.gemini.sending import Sender
from conversation.gemini.session import open_session, serve
from conversation.gemini.settings import GeminiSettings
from conversation.gemini.translate import Translation
from conversation.gemini.wire import Sound
from media.audio import Audio
from media.framing import Chunker
from tools.contract import When

log = logging.getLogger(__name__)

EVENTS_WAITING = 2000
LAST_EVENTS = 20
# The model has taken in what it was sent so far when one of these arrives.
_TAKEN_IN = (ModelAudio, ModelWords, CallerWords, ToolCallRequested, GenerationFinished)


@dataclass(frozen=True, slots=True)
class _Wish:
    resume: bool
    summary: str


class GeminiModel:
    """A ``LiveModel``. One object a conversation, on the process's shared client.

    What is ordered while no session is open waits (sound bounded by ``buffer_seconds``) and
    goes out first once one is; so does the sound that a lost session had not answered, bounded
    by ``repeat_seconds``. The event queue is bounded; a conversation that does not read it holds
    the service back, not this process's memory.

    A lost session is reported once, by ``ModelLost``, and the next one opens when ``renew`` says
    so: when to try again and for how long is the conversation's affair. With which memory is
    decided here (``Rotation``).
    """

    def __init__(
        self,
        client: genai.Client,
        settings: GeminiSettings,
        setup: Setup,
        *,
        conversation: str = "",
        counters: ModelCounters | None = None,
    ) -> None:
        self._client = client
        self._settings = settings
        self._setup = setup
        self._conversation = conversation
        self._counters = counters or ModelCounters()
        self._events: asyncio.Queue[ModelEvent] = asyncio.Queue(EVENTS_WAITING)
        self._outbox = Outbox(
            Chunker(settings.chunk_ms, settings.input_rate),
            1000 * settings.buffer_seconds,
            1000 * settings.repeat_seconds,
        )
        self._to_send = asyncio.Event()
        self._wish = _Wish(resume=False, summary="")
        self._wished = asyncio.Event()
        self._translation = Translation(Replies(), self._counters, conversation)
        self._rotation = Rotation()
        self._calls = Calls()
        self._told = ""
        self._last: deque[str] = deque(maxlen=LAST_EVENTS)

    async def events(self) -> AsyncIterator[ModelEvent]:
        """What the model says and does, for one reader, without end."""
        while True:
            yield await self._events.get()

    def send_audio(self, audio: Audio) -> None:
        if self._outbox.add_audio(audio):
            self._to_send.set()

    def send_text(self, text: str) -> None:
        self._order(Text(text))

    def note(self, text: str) -> None:
        if self._settings.family.takes_context_updates:
            self._order(Note(text))

    def begin_activity(self) -> None:
        self._order(Activity(begins=True))

    def end_activity(self) -> None:
        self._order(Activity(begins=False))

    def answer_tool(self, call_id: str, name: str, response: Mapping[str, Any], when: When) -> None:
        """Answer a call. One that was never made, or is answered, is dropped; a session that has
        lost the call together with its memory is told the result in words."""
        answer = ToolAnswer(call_id, name, response, when)
        if self._calls.due(answer) is Due.DROP:
            self._counters.unknown_answers += 1
        else:
            self._order(answer)

    def renew(self, *, resume: bool, summary: str) -> None:
        self._wish = _Wish(resume, summary)
        self._wished.set()

    def _order(self, order: Order) -> None:
        if not self._outbox.add(order):
            log.warning("too many orders wait for the model", extra={"call": self._conversation})
        self._to_send.set()

    async def run(self) -> None:
        """Open the first session and serve until cancelled, one session after another."""
        try:
            while True:
                try:
                    await self._session(self._wish)
                except SessionLost as loss:
                    await self._lost(loss)
                await self._wished.wait()
        finally:
            self._counters.audio_dropped_ms += self._outbox.dropped_ms
            self._counters.audio_repeated_ms += self._outbox.repeated_ms
            self._counters.orders_dropped += self._outbox.dropped_orders

    async def _lost(self, loss: SessionLost) -> None:
        self._counters.closed(loss.code)
        self._rotation.lost(loss.code, loss.verdict)
        log.warning(
            "model session ended",
            extra={
                "call": self._conversation,
                "code": loss.code,
                "reason": loss.reason,
                "last_events": " ".join(self._last),
            },
        )
        await self._events.put(ModelLost(loss.code, loss.reason, loss.verdict.retry))

    async def _session(self, wish: _Wish) -> None:
        """One session from its opening to its end; returns when another one is wished for.

        Raises:
            SessionLost: it could not be opened, or ended by itself.
        """
        self._wished.clear()
        handle = self._rotation.begin(resume=wish.resume)
        if handle is None:
            self._told = wish.summary
        config = live_config(self._settings, self._setup, handle=handle, summary=self._told)
        async with AsyncExitStack() as stack:
            session = await open_session(
                stack,
                self._client,
                self._settings.model,
                config,
                seconds=self._settings.connect_seconds,
                resuming=handle is not None,
            )
            await self._opened(resumed=handle is not None)
            await serve(
                session,
                Readers(self._take, self._take_sound, self._unreadable),
                lambda: self._write(session),
                self._wished,
                resuming=handle is not None,
            )

    async def _opened(self, *, resumed: bool) -> None:
        self._counters.sessions += 1
        self._counters.resumed += resumed
        self._rotation.opened()
        self._translation.session_over()
        self._last.clear()
        self._outbox.rewind()
        if resumed:
            for answer in self._calls.resumed():
                self._outbox.add(answer)
        else:
            self._calls.started_afresh()
        log.info("model session open", extra={"call": self._conversation, "resumed": resumed})
        await self._events.put(ModelReady(resumed))

    async def _take(self, message: types.LiveServerMessage) -> None:
        update = message.session_resumption_update
        if update is not None and self._rotation.heard(update):
            self._calls.handle_given()
        await self._tell(self._translation.read(message, asyncio.get_running_loop().time()))

    async def _take_sound(self, sound: Sound) -> None:
        await self._tell(self._translation.sound(sound.parts, asyncio.get_running_loop().time()))

    async def _tell(self, events: Iterable[ModelEvent]) -> None:
        for event in events:
            if isinstance(event, _TAKEN_IN):
                self._outbox.answered()
                self._rotation.proved()
                if isinstance(event, ToolCallRequested):
                    self._calls.requested(event.call.id, event.call.name)
            kind = type(event).__name__
            if not self._last or self._last[-1] != kind:
                self._last.append(kind)
            await self._events.put(event)

    def _unreadable(self, error: Exception) -> None:
        """The SDK cannot read a message of unknown kind; the session is sound."""
        self._counters.unreadable += 1
        log.warning(
            "unreadable model message",
            extra={"call": self._conversation, "error": type(error).__name__},
        )

    async def _write(self, session: AsyncSession) -> None:
        instruction = with_summary(self._setup.instruction, self._told)
        local_turns = self._setup.local_turns
        sender = Sender(session, self._settings, instruction, local_turns=local_turns)
        while True:
            while len(self._outbox):
                order = self._outbox.take()
                try:
                    await self._send(sender, order)
                except (ConnectionClosed, SessionLost):
                    self._outbox.put_back(order)
                    raise
            self._to_send.clear()
            await self._to_send.wait()

    async def _send(self, sender: Sender, order: Order) -> None:
        if not isinstance(order, ToolAnswer):
            await sender.send(order)
            return
        match self._calls.due(order):  # of the session that is open now
            case Due.SEND:
                await sender.send(order)
            case Due.TELL:
                await sender.send(Text(result_again(order.name, order.response)))
                self._counters.told_answers += 1
            case Due.DROP:
                self._counters.unknown_answers += 1
        self._calls.given(order)
