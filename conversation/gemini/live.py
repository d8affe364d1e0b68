"""The live model on google-genai: one remembered dialogue over many sessions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from google import genai
from google.genai import errors
from google.genai.live import AsyncSession
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from conversation.events import ModelEvent, ModelLost, ModelReady, ToolCallRequested
from conversation.gemini.close_codes import AGAIN, GIVE_UP, Verdict, judge, judge_status
from conversation.gemini.config import Setup, live_config
from conversation.gemini.counters import ModelCounters
from conversation.gemini.outbox import Activity, Note, Outbox, Text, ToolAnswer
from conversation.gemini.sending import Sender
from conversation.gemini.settings import GeminiSettings
from conversation.gemini.translate import Replies, Translation
from media.audio import Audio
from media.framing import Chunker
from tools.contract import When

log = logging.getLogger(__name__)

EVENTS_WAITING = 2000
CLOSE_SECONDS = 1.0


class _Renewal(Exception):
    """Raised inside a session's task group: the conversation wants another session."""


@dataclass(frozen=True, slots=True)
class _Wish:
    resume: bool
    summary: str


class _Loss(Exception):
    """A session ended by itself, or never began."""

    def __init__(self, code: int, reason: str, verdict: Verdict) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason
        self.verdict = verdict


class GeminiModel:
    """A ``LiveModel``. One object a conversation, on the process's shared client.

    What is ordered while no session is open waits (sound bounded by ``buffer_seconds``) and
    goes out first once one is. The event queue is bounded; a conversation that does not read
    it holds the service back, not this process's memory.
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
            Chunker(settings.chunk_ms, settings.input_rate), 1000 * settings.buffer_seconds
        )
        self._to_send = asyncio.Event()
        self._wish: _Wish | None = None
        self._wished = asyncio.Event()
        self._replies = Replies()
        self._handle: str | None = None
        self._calls: set[str] = set()

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
        if self._settings.takes_context_updates:
            self._order(Note(text))

    def begin_activity(self) -> None:
        self._order(Activity(begins=True))

    def end_activity(self) -> None:
        self._order(Activity(begins=False))

    def answer_tool(self, call_id: str, name: str, response: Mapping[str, Any], when: When) -> None:
        if call_id not in self._calls:
            self._counters.unknown_answers += 1
            return
        self._calls.discard(call_id)
        self._order(ToolAnswer(call_id, name, response, when))

    def renew(self, *, resume: bool, summary: str) -> None:
        self._wish = _Wish(resume, summary)
        self._wished.set()

    def _order(self, order: Text | Note | Activity | ToolAnswer) -> None:
        self._outbox.add(order)
        self._to_send.set()

    async def run(self) -> None:
        """Open the first session and serve until cancelled, one session after another."""
        wish = _Wish(resume=False, summary="")
        try:
            while True:
                try:
                    await self._session(wish)
                except _Loss as loss:
                    await self._lost(loss)
                await self._wished.wait()
                wish, self._wish = self._wish or wish, None
                self._wished.clear()
        finally:
            self._counters.audio_dropped_ms += self._outbox.dropped_ms
            self._counters.orders_dropped += self._outbox.dropped_orders

    async def _lost(self, loss: _Loss) -> None:
        self._counters.closed(loss.code)
        if not loss.verdict.resume:
            self._handle = None
        log.warning(
            "model session ended",
            extra={"call": self._conversation, "code": loss.code, "reason": loss.reason},
        )
        await self._events.put(ModelLost(loss.code, loss.reason, loss.verdict.retry))

    async def _session(self, wish: _Wish) -> None:
        """One session from its opening to its end; returns when another one is wished for.

        Raises:
            _Loss: it could not be opened, or ended by itself.
        """
        handle = self._handle if wish.resume else None
        config = live_config(self._settings, self._setup, handle=handle, summary=wish.summary)
        try:
            async with asyncio.timeout(self._settings.connect_seconds) as opening:
                connection = self._client.aio.live.connect(
                    model=self._settings.model, config=config
                )
                async with connection as session:
                    opening.reschedule(None)
                    await self._opened(resumed=handle is not None)
                    await self._serve(session)
        except TimeoutError:
            seconds = self._settings.connect_seconds
            raise _Loss(0, f"no session within {seconds:g} s", AGAIN) from None
        except errors.APIError as error:
            reason = str(error.details or error.message or "")
            raise _Loss(error.code, reason, judge(error.code, reason)) from error
        except InvalidStatus as error:
            status = error.response.status_code
            raise _Loss(status, "the upgrade was refused", judge_status(status)) from error
        except (ConnectionClosed, InvalidHandshake, OSError) as error:
            raise _Loss(1006, f"{type(error).__name__}: {error}", AGAIN) from error
        except ValueError as error:
            raise _Loss(0, f"the setup was refused: {error}", GIVE_UP) from error

    async def _opened(self, *, resumed: bool) -> None:
        self._counters.sessions += 1
        self._counters.resumed += resumed
        self._replies.turn_over()
        if not resumed:
            self._handle = None
            self._calls.clear()
            self._outbox.forget_answers()
        await self._events.put(ModelReady(resumed))

    async def _serve(self, session: AsyncSession) -> None:
        """Read and send until a renewal is wished for; the socket is closed on the way out."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._read(session), name="gemini reader")
                tasks.create_task(self._send(session), name="gemini sender")
                tasks.create_task(self._await_wish(), name="gemini renewal")
        except BaseExceptionGroup as group:
            ended, other = group.split((_Renewal, errors.APIError, ConnectionClosed))
            if other or ended is None:
                raise
            if lost := ended.subgroup((errors.APIError, ConnectionClosed)):
                raise _first(lost) from None
        finally:
            await _close(session)

    async def _await_wish(self) -> None:
        await self._wished.wait()
        raise _Renewal

    async def _read(self, session: AsyncSession) -> None:
        """Never stops reading: an unread socket starves the keep-alive and ends the session."""
        translation = Translation(self._replies, self._handle)
        while True:
            try:
                async for message in session.receive():
                    for event in translation.read(message):
                        if isinstance(event, ToolCallRequested):
                            self._calls.add(event.call.id)
                        await self._events.put(event)
                    self._handle = translation.handle
            except (TypeError, ValueError):
                # The SDK cannot read a message of unknown kind; the session is sound.
                self._counters.unreadable += 1
                log.warning("unreadable model message", extra={"call": self._conversation})

    async def _send(self, session: AsyncSession) -> None:
        sender = Sender(session, self._settings, self._setup.instruction)
        while True:
            while len(self._outbox):
                await sender.send(self._outbox.take())
            self._to_send.clear()
            await self._to_send.wait()


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    """The first plain exception of a group: reader and sender lose a socket together."""
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


async def _close(session: AsyncSession) -> None:
    """Close with 1000, so that a resumption finds the old session gone; a dead peer may not
    hold us up."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await session.close()
    except (TimeoutError, ConnectionClosed, OSError):
        log.debug("model socket did not close in time")
