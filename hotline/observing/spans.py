"""Spans at the times of a conversation's own clock, and those of the model's sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from opentelemetry.context import Context
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as gen_ai
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from conversation.actions import RenewModel
from conversation.events import ModelLeaving, ModelLost, ModelReady, UsageReported
from hotline.observing.labels import Renewal, loss_of

Attributes = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a call goes into its trace."""

    call: str
    channel: str
    provider: str
    model: str

    @property
    def attributes(self) -> Attributes:
        return {
            gen_ai.GEN_AI_PROVIDER_NAME: self.provider,
            gen_ai.GEN_AI_REQUEST_MODEL: self.model,
            gen_ai.GEN_AI_CONVERSATION_ID: self.call,
        }


@dataclass(frozen=True, slots=True)
class Spans:
    """``context`` is the call's own span, ``wall`` the time of day in ns when its clock began."""

    tracer: Tracer
    context: Context
    wall: int

    def at(self, now: float) -> int:
        """A moment of the conversation as a time of day in ns."""
        return self.wall + round(now * 1e9)

    def start(
        self,
        name: str,
        began: float,
        attributes: Mapping[str, str | int | float | bool],
        *,
        within: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> Span:
        return self.tracer.start_span(
            name,
            within or self.context,
            kind=kind,
            start_time=self.at(began),
            attributes=attributes,
        )


@dataclass(slots=True)
class _Session:
    """A model session; ``asked`` is when it was wished for."""

    asked: float
    opened: float | None = None
    resumed: bool = False
    prompt_tokens: int = 0
    response_tokens: int = 0


class SessionSpans:
    """The model's sessions, and what lay between them."""

    def __init__(self, spans: Spans, subject: Subject) -> None:
        self._spans = spans
        self._subject = subject
        self._session: _Session | None = _Session(0.0)
        self._renewal = Renewal.DEADLINE
        self._broken_at: float | None = None

    def events(self) -> Mapping[type, Callable[[Any, float], None]]:
        return {
            ModelReady: self._ready,
            ModelLeaving: self._leaving,
            ModelLost: self._lost,
            UsageReported: self._usage,
        }

    def renewed(self, action: RenewModel, now: float) -> None:
        """Another session was ordered."""
        if self._broken_at is None:
            self._broken_at = now
        self.end(now)
        self._session = _Session(now)

    def end(self, now: float, lost: ModelLost | None = None) -> None:
        """The session is over, by our own wish or lost."""
        session, self._session = self._session, None
        if session is None:
            return
        attributes: Attributes = {
            gen_ai.GEN_AI_OPERATION_NAME: "generate_content",
            gen_ai.GEN_AI_USAGE_INPUT_TOKENS: session.prompt_tokens,
            gen_ai.GEN_AI_USAGE_OUTPUT_TOKENS: session.response_tokens,
            "voicebot.session.resumed": session.resumed,
            **self._subject.attributes,
        }
        if session.opened is not None:
            attributes["voicebot.session.open_after"] = round(session.opened - session.asked, 4)
        name = f"generate_content {self._subject.model}"
        span = self._spans.start(name, session.asked, attributes, kind=SpanKind.CLIENT)
        if lost is not None:
            span.set_attribute(ERROR_TYPE, loss_of(lost))
            span.set_attribute("voicebot.session.code", lost.code)
            span.set_status(StatusCode.ERROR)
        span.end(self._spans.at(now))

    def _ready(self, event: ModelReady, now: float) -> None:
        session = self._session = self._session or _Session(now)
        session.opened, session.resumed = now, event.resumed
        if self._broken_at is not None:
            self._reconnected(self._broken_at, now)
        self._broken_at, self._renewal = None, Renewal.DEADLINE

    def _leaving(self, event: ModelLeaving, now: float) -> None:
        self._renewal = Renewal.GOAWAY

    def _lost(self, event: ModelLost, now: float) -> None:
        self._renewal = Renewal.ERROR
        if self._broken_at is None:
            self._broken_at = now
        self.end(now, event)

    def _usage(self, event: UsageReported, now: float) -> None:
        if self._session is not None:
            self._session.prompt_tokens += event.prompt_tokens
            self._session.response_tokens += event.response_tokens

    def _reconnected(self, broken_at: float, now: float) -> None:
        """From the moment the old session was of no use until the new one is open."""
        attributes: Attributes = {"voicebot.reconnect.reason": self._renewal.value}
        self._spans.start("reconnect", broken_at, attributes).end(self._spans.at(now))
