"""The service's messages as events of the conversation. Pure; times are seconds.

A message may carry several fields (3.1 and newer), so each is looked at: an interruption first,
because it decides whose the content is, then content, then endings. What has no meaning for a
conversation on a line is left out: thoughts, interim transcripts, grounding, the service's own
voice activity marks, and resumption updates, which are ``Rotation``'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

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
from conversation.gemini.counters import ModelCounters
from conversation.gemini.replies import Replies
from media.audio import Audio
from media.framing import ByteCarry
from tools.contract import ToolCall

OUTPUT_RATE = 24_000
# Vertex AI once sent calls without an id; such a call is answered without one too.
UNNAMED = "unnamed-"
# A short "yes yes" may well be two words; a whole sentence twice is the service repeating itself.
REPEATED_CHARACTERS = 12
# The SDK makes up a member for a word it does not know: such a one counts as unknown.
_MODALITIES = frozenset(types.MediaModality) - {types.MediaModality.MODALITY_UNSPECIFIED}
_RATE = re.compile(r"rate=(\d+)")
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)s$")


class Translation:
    """One conversation's translation, over all its sessions. ``conversation`` tells the calls that
    come without an id from those of the same caller's other conversations."""

    def __init__(
        self, replies: Replies, counters: ModelCounters | None = None, conversation: str = ""
    ) -> None:
        self._replies = replies
        self._conversation = conversation
        self._counters = counters or ModelCounters()
        self._carry = ByteCarry()
        self._carried = 0
        self._unnamed = 0
        self._heard = ""
        self._busy = False

    def read(self, message: types.LiveServerMessage, now: float) -> Iterator[ModelEvent]:
        """The events of a message, in the order in which they are to be taken."""
        content = message.server_content
        if content and content.interrupted:
            yield from self._interrupted(now)
        if message.tool_call_cancellation and message.tool_call_cancellation.ids:
            yield ToolCallsCancelled(tuple(message.tool_call_cancellation.ids))
        if content:
            yield from self.sound(_blobs(content), now)
            yield from self._words(content, now)
        if message.tool_call:
            yield from self._calls(message.tool_call)
        if content:
            yield from self._endings(content)
        if message.usage_metadata:
            yield self._usage(message.usage_metadata)
        if message.go_away:
            yield ModelLeaving(_seconds(message.go_away.time_left))

    def _usage(self, usage: types.UsageMetadata) -> UsageReported:
        asked, said = usage.prompt_token_count or 0, usage.response_token_count or 0
        self._counters.charged("input", asked, _by_modality(usage.prompt_tokens_details))
        self._counters.charged("output", said, _by_modality(usage.response_tokens_details))
        return UsageReported(asked, said, usage.total_token_count or 0)

    def session_over(self) -> None:
        """What comes next comes from another session."""
        self._replies.session_over()
        self._heard, self._busy = "", False

    def _interrupted(self, now: float) -> Iterator[ModelEvent]:
        self._busy = True
        number = self._replies.interrupted(now)
        if number is None:
            self._counters.phantom_interruptions += 1
        else:
            yield ModelInterrupted(number)

    def sound(self, parts: Iterable[tuple[str, bytes]], now: float) -> Iterator[ModelEvent]:
        """The events of sound, given by MIME type and bytes."""
        for mime_type, data in parts:
            if not data:
                continue
            rate = _rate(mime_type)
            if rate is None:
                self._counters.foreign_sound += 1
            elif (number := self._replies.sound(now)) is None:
                self._counters.late_sound += 1
            elif pcm := self._whole(number, data):
                self._busy = True
                yield ModelAudio(number, Audio(pcm, rate))

    def _whole(self, number: int, data: bytes) -> bytes:
        """Whole samples; half a sample waits for the reply's next chunk, never for another's."""
        if number != self._carried:
            self._carry.reset()
            self._carried = number
        return self._carry.take(data)

    def _words(self, content: types.LiveServerContent, now: float) -> Iterator[ModelEvent]:
        heard = content.input_transcription
        if heard and heard.text and not self._repeated(heard.text):
            self._replies.caller_heard()
            yield CallerWords(heard.text)
        said = content.output_transcription
        if said and said.text and (number := self._replies.words(now)) is not None:
            yield ModelWords(number, said.text)

    def _repeated(self, text: str) -> bool:
        """Whether this is all of what was heard since the last turn, once more."""
        said = text.strip()
        if len(said) >= REPEATED_CHARACTERS and said == self._heard.strip():
            self._counters.repeated_words += 1
            return True
        self._heard += text
        return False

    def _calls(self, calls: types.LiveServerToolCall) -> Iterator[ModelEvent]:
        self._busy = True
        for call in calls.function_calls or ():
            call_id = call.id
            if not call_id:
                self._unnamed += 1
                call_id = f"{UNNAMED}{self._conversation}-{self._unnamed}"
            yield ToolCallRequested(ToolCall(call_id, call.name or "", call.args or {}))

    def _endings(self, content: types.LiveServerContent) -> Iterator[ModelEvent]:
        if content.generation_complete and (number := self._replies.generated()) is not None:
            yield GenerationFinished(number)
        if content.turn_complete:
            self._counters.silent_turns += not self._busy
            if reason := content.turn_complete_reason:
                self._counters.turn_ended(reason.value)
            self._heard, self._busy = "", False
            if (number := self._replies.turn_over()) is not None:
                yield TurnFinished(number)


def _blobs(content: types.LiveServerContent) -> Iterator[tuple[str, bytes]]:
    parts = content.model_turn.parts if content.model_turn else None
    for part in parts or ():
        if part.inline_data is not None:
            yield part.inline_data.mime_type or "", part.inline_data.data or b""


@lru_cache(maxsize=32)
def _rate(mime_type: str) -> int | None:
    """The rate of PCM, 24 kHz where it is not said; None for anything else."""
    if not mime_type.startswith("audio/pcm"):
        return None
    found = _RATE.search(mime_type)
    return (int(found.group(1)) if found else OUTPUT_RATE) or None


def _seconds(duration: str | None) -> float:
    """A protobuf duration such as ``50s``; without one there is no time left."""
    found = _DURATION.match(duration or "")
    return float(found.group(1)) if found else 0.0


def _by_modality(details: list[types.ModalityTokenCount] | None) -> dict[str, int]:
    """Tokens by the modalities that the SDK knows."""
    found: dict[str, int] = {}
    for one in details or ():
        known = one.modality in _MODALITIES
        name = one.modality.value.lower() if one.modality and known else "unknown"
        found[name] = found.get(name, 0) + (one.token_count or 0)
    return found
