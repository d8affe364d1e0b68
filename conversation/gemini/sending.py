"""Orders as the SDK's calls on an open session."""

from __future__ import annotations

from google.genai import types
from google.genai.live import AsyncSession

from conversation.gemini.outbox import Activity, Note, Order, Text, ToolAnswer
from conversation.gemini.settings import GeminiSettings
from conversation.gemini.translate import UNNAMED
from media.audio import Audio
from tools.contract import When

_SCHEDULING = {
    When.IDLE: types.FunctionResponseScheduling.WHEN_IDLE,
    When.NOW: types.FunctionResponseScheduling.INTERRUPT,
    When.SILENT: types.FunctionResponseScheduling.SILENT,
}


class Sender:
    """Sends on one session. ``instruction`` is what a note is added to.

    Raises (from ``send``):
        websockets.exceptions.ConnectionClosed: the session has ended.
    """

    def __init__(self, session: AsyncSession, settings: GeminiSettings, instruction: str) -> None:
        self._session = session
        self._instruction = instruction
        self._non_blocking = settings.non_blocking_tools

    async def send(self, order: Order) -> None:
        match order:
            case Audio():
                blob = types.Blob(data=order.pcm, mime_type=f"audio/pcm;rate={order.rate}")
                await self._session.send_realtime_input(audio=blob)
            case Text(text):
                await self._session.send_realtime_input(text=text)
            case Activity(begins=True):
                await self._session.send_realtime_input(activity_start=types.ActivityStart())
            case Activity():
                await self._session.send_realtime_input(activity_end=types.ActivityEnd())
            case ToolAnswer():
                await self._session.send_tool_response(function_responses=self._answer(order))
            case Note(text):
                await self._note(text)

    def _answer(self, answer: ToolAnswer) -> types.FunctionResponse:
        """Scheduling is honoured for non-blocking calls only, so it goes with those alone."""
        unnamed = answer.call_id.startswith(UNNAMED)
        return types.FunctionResponse(
            id=None if unnamed else answer.call_id,
            name=answer.name,
            response=dict(answer.response),
            scheduling=_SCHEDULING[answer.when] if self._non_blocking else None,
        )

    async def _note(self, text: str) -> None:
        """A changed instruction is taken in silently, where clientContent would interrupt the
        model; only the newest note stands, so the instruction does not grow."""
        whole = f"{self._instruction}\n\nThe latest about this call: {text}"
        await self._session.send_context_update(
            system_instruction=types.Content(parts=[types.Part(text=whole)])
        )
