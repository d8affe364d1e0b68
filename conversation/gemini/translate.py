"""The service's messages as events of the conversation. Pure.

The service numbers nothing, so replies are numbered here: a new one begins with the first
content after the last reply was finished, ended or interrupted. What still arrives of an
interrupted reply carries its dead number until the turn is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from google.genai import types

from conversation.events import (
    CallerWords,
    GenerationFinished,
    ModelAudio,
    ModelEvent,
    ModelInterrupted,
    ModelLeaving,
    ModelWords,
    ToolCallRequested,
    ToolCallsCancelled,
    TurnFinished,
    UsageReported,
)
from media.audio import Audio
from media.framing import ByteCarry
from tools.contract import ToolCall

OUTPUT_RATE = 24_000
_RATE = re.compile(r"rate=(\d+)")
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)s$")


@dataclass(slots=True)
class Replies:
    """Counts the model's replies over all sessions of a conversation; never goes back."""

    number: int = 0
    open: bool = False
    dead: bool = False

    def content(self) -> int:
        """The number of the reply that content arriving now belongs to."""
        if not self.open and not self.dead:
            self.number += 1
            self.open = True
        return self.number

    def interrupted(self) -> int:
        self.open, self.dead = False, True
        return self.number

    def finished(self) -> int:
        """The reply is complete; content from here on is another's."""
        self.open = False
        return self.number

    def turn_over(self) -> int:
        self.open = self.dead = False
        return self.number

    def caller_heard(self) -> None:
        """The caller's words have been taken in: what follows answers them."""
        self.dead = False


@dataclass(slots=True)
class Translation:
    """One session's translation. ``replies`` is the conversation's and outlives it."""

    replies: Replies
    handle: str | None = None
    unknown_calls: int = 0
    _carry: ByteCarry = field(default_factory=ByteCarry)

    def read(self, message: types.LiveServerMessage) -> Iterator[ModelEvent]:
        """Every event of a message: an interruption first, then content, then endings.

        One message may carry several fields (3.1 and newer), so each is looked at.
        """
        content = message.server_content
        if content and content.interrupted:
            self._carry.reset()
            yield ModelInterrupted(self.replies.interrupted())
        if message.tool_call_cancellation and message.tool_call_cancellation.ids:
            yield ToolCallsCancelled(tuple(message.tool_call_cancellation.ids))
        if content:
            yield from self._content(content)
        if message.tool_call:
            yield from self._calls(message.tool_call)
        if content and content.generation_complete:
            yield GenerationFinished(self.replies.finished())
        if content and content.turn_complete:
            yield TurnFinished(self.replies.turn_over())
        if message.usage_metadata:
            yield _usage(message.usage_metadata)
        self._remember(message.session_resumption_update)
        if message.go_away:
            yield ModelLeaving(_seconds(message.go_away.time_left))

    def _content(self, content: types.LiveServerContent) -> Iterator[ModelEvent]:
        parts = content.model_turn.parts if content.model_turn else None
        for part in parts or ():
            blob = part.inline_data
            if blob and blob.data and (blob.mime_type or "").startswith("audio/pcm"):
                pcm = self._carry.take(blob.data)
                if pcm:
                    audio = Audio(pcm, _rate(blob.mime_type or ""))
                    yield ModelAudio(self.replies.content(), audio)
        heard = content.input_transcription
        if heard and heard.text:
            self.replies.caller_heard()
            yield CallerWords(heard.text)
        said = content.output_transcription
        if said and said.text:
            yield ModelWords(self.replies.content(), said.text)

    def _calls(self, calls: types.LiveServerToolCall) -> Iterator[ModelEvent]:
        for call in calls.function_calls or ():
            call_id = call.id
            if not call_id:
                self.unknown_calls += 1
                call_id = f"{UNNAMED}{self.unknown_calls}"
            yield ToolCallRequested(ToolCall(call_id, call.name or "", call.args or {}))

    def _remember(self, update: types.LiveServerSessionResumptionUpdate | None) -> None:
        """Keep the newest handle; while the model generates there is none, and the last one
        that was good stays the best there is."""
        if update and update.resumable and update.new_handle:
            self.handle = update.new_handle


# Vertex AI once sent calls without an id; such a call is answered without one too.
UNNAMED = "unnamed-"


def _rate(mime_type: str) -> int:
    found = _RATE.search(mime_type)
    return int(found.group(1)) if found else OUTPUT_RATE


def _seconds(duration: str | None) -> float:
    """A protobuf duration such as ``50s``; without one there is no time left."""
    found = _DURATION.match(duration or "")
    return float(found.group(1)) if found else 0.0


def _usage(usage: types.UsageMetadata) -> UsageReported:
    return UsageReported(
        usage.prompt_token_count or 0,
        usage.response_token_count or 0,
        usage.total_token_count or 0,
    )
