"""The live model, seen from the conversation: one remembered dialogue over many sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from conversation.events import ModelEvent
from media.audio import Audio
from tools.contract import When


class LiveModel(Protocol):
    """A speech-to-speech model. Everything but ``events`` and ``run`` only enqueues.

    A session that ends is reported by ``ModelLost`` and one about to end by ``ModelLeaving``;
    the conversation says by ``renew`` when the next one opens.
    Audio sent while no session is open is kept (bounded, the oldest dropped and counted) and
    sent first once one is.
    """

    async def run(self) -> None:
        """Open the first session and serve until cancelled. Lives in the TaskGroup."""

    def events(self) -> AsyncIterator[ModelEvent]: ...

    def send_audio(self, audio: Audio) -> None: ...

    def send_text(self, text: str) -> None: ...

    def note(self, text: str) -> None:
        """Add a fact to the history without asking for an answer. A model or a moment that
        does not allow it drops it."""

    def begin_activity(self) -> None: ...

    def end_activity(self) -> None: ...

    def answer_tool(self, call_id: str, name: str, response: Mapping[str, Any], when: When) -> None:
        """Answer a call. One that was never made is dropped; one that the open session does not
        remember is told it in words, where that is any use."""

    def renew(self, *, resume: bool, summary: str) -> None:
        """Close this session and open another. ``ModelReady`` or ``ModelLost`` follows."""
