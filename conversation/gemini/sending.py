"""Orders as messages on an open session."""

from __future__ import annotations

import asyncio

import orjson
from google.genai import types
from google.genai.live import AsyncSession

from conversation.gemini.losses import stalled
from conversation.gemini.outbox import Activity, Note, Order, Text, ToolAnswer
from conversation.gemini.settings import GeminiSettings
from conversation.gemini.translate import UNNAMED
from conversation.gemini.wire import audio_message, socket_of
from media.audio import Audio
from tools.contract import When

# A message waits this long for the peer to read what went before; then the peer is gone.
STALL_SECONDS = 10.0
_SCHEDULING = {
    When.IDLE: types.FunctionResponseScheduling.WHEN_IDLE,
    When.NOW: types.FunctionResponseScheduling.INTERRUPT,
    When.SILENT: types.FunctionResponseScheduling.SILENT,
}


class Sender:
    """Sends on one session. ``instruction`` is what a note is added to; ``local_turns``: the
    caller's activity is marked by us.

    Raises (from ``send``):
        websockets.exceptions.ConnectionClosed: the session has ended.
        SessionLost: the service takes no data any more.
    """

    def __init__(
        self,
        session: AsyncSession,
        settings: GeminiSettings,
        instruction: str,
        *,
        local_turns: bool = False,
    ) -> None:
        self._session = session
        self._socket = socket_of(session)
        self._instruction = instruction
        self._non_blocking = settings.non_blocking_tools
        self._scheduling_inside = settings.family.scheduling_inside
        self._local_turns = local_turns
        self._active = False

    async def send(self, order: Order) -> None:
        if isinstance(order, Audio) and self._flows():
            await self._audio(order)
            return
        try:
            async with asyncio.timeout(STALL_SECONDS):
                if isinstance(order, Audio):
                    await self._audio(order)
                else:
                    await self._send(order)
        except TimeoutError:
            raise stalled(STALL_SECONDS) from None

    def _flows(self) -> bool:
        """Whether all that was sent before has gone to the kernel: then a chunk cannot wait, and
        needs no timer (a tenth of its cost)."""
        return self._socket is not None and not self._socket.transport.get_write_buffer_size()

    async def _audio(self, audio: Audio) -> None:
        if self._socket is not None:
            await self._socket.send(audio_message(audio), text=True)
            return
        blob = types.Blob(data=audio.pcm, mime_type=f"audio/pcm;rate={audio.rate}")
        await self._session.send_realtime_input(audio=blob)

    async def _send(self, order: Text | Note | Activity | ToolAnswer) -> None:
        match order:
            case Text(text):
                await self._text(text)
            case Activity(begins=True):
                await self._begin()
            case Activity():
                await self._end()
            case ToolAnswer():
                await self._session.send_tool_response(function_responses=self._answer(order))
            case Note(text):
                await self._note(text)

    async def _text(self, text: str) -> None:
        """A text is a turn of its own. Where the service detects no activity itself it takes
        nothing outside of marked activity, so the text is marked unless the caller speaks."""
        marked = self._local_turns and not self._active
        if marked:
            await self._begin()
        await self._session.send_realtime_input(text=text)
        if marked:
            await self._end()

    async def _begin(self) -> None:
        self._active = True
        await self._session.send_realtime_input(activity_start=types.ActivityStart())

    async def _end(self) -> None:
        self._active = False
        await self._session.send_realtime_input(activity_end=types.ActivityEnd())

    def _answer(self, answer: ToolAnswer) -> types.FunctionResponse:
        """Scheduling is honoured for non-blocking calls only, so it goes with those alone. The
        guides of 2.5 put it inside the response, the reference beside it."""
        unnamed = answer.call_id.startswith(UNNAMED)
        response = orjson.loads(orjson.dumps(dict(answer.response), default=str))
        scheduling = _SCHEDULING[answer.when] if self._non_blocking else None
        if scheduling is not None and self._scheduling_inside:
            response["scheduling"] = scheduling.value
        return types.FunctionResponse(
            id=None if unnamed else answer.call_id,
            name=answer.name,
            response=response,
            scheduling=scheduling,
        )

    async def _note(self, text: str) -> None:
        """A changed instruction is taken in silently, where clientContent would interrupt the
        model; only the newest note stands, so the instruction does not grow."""
        whole = f"{self._instruction}\n\nThe latest about this call: {text}"
        await self._session.send_context_update(
            system_instruction=types.Content(parts=[types.Part(text=whole)])
        )
