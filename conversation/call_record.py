"""A call's first and last facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import Record
from conversation.events import ConversationBegan, ConversationOver, LineClosed, UsageReported
from conversation.line import LineInfo
from conversation.moments import Out, Over, Reaction
from conversation.records import CallClosed, CallOpened


class CallRecord:
    """Opens and closes the record, and adds up what the model charged."""

    def __init__(self, info: LineInfo, model: str) -> None:
        self._info = info
        self._model = model
        self._reason = ""
        self._closed_at: float | None = None
        self._prompt = 0
        self._response = 0

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ConversationBegan: self._began,
            UsageReported: self._usage,
            Over: self._hung_up,
            LineClosed: self._closed,
            ConversationOver: self._over,
        }

    def _began(self, event: ConversationBegan, now: float) -> Iterable[Out]:
        info = self._info
        return (Record(CallOpened(info.id, info.door, info.caller, self._model)),)

    def _usage(self, event: UsageReported, now: float) -> Iterable[Out]:
        self._prompt += event.prompt_tokens
        self._response += event.response_tokens
        return ()

    def _hung_up(self, moment: Over, now: float) -> Iterable[Out]:
        self._reason = self._reason or moment.reason
        return ()

    def _closed(self, event: LineClosed, now: float) -> Iterable[Out]:
        if self._closed_at is None:
            self._closed_at = now
        return ()

    def _over(self, event: ConversationOver, now: float) -> Iterable[Out]:
        ended = now if self._closed_at is None else self._closed_at
        return (Record(CallClosed(self._reason, round(ended, 3), self._prompt, self._response)),)
