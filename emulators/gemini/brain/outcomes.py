"""What a function's response tells, however it is wrapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_WRAPPERS = ("output", "result", "response")
_FAILED = frozenset({"error", "timeout", "failed", "cancelled", "unavailable"})
_WORKING = frozenset({"working", "running", "pending", "in_progress"})
_STEPS = {
    "confirm": "confirm_quote",
    "ask_confirmation": "confirm_quote",
    "ask_new_date": "ask_date",
    "ask_other_date": "ask_date",
    "ask_booking_reference": "ask_reference",
    "ask_last_name": "ask_surname",
    "ask_name": "ask_corrected_name",
    "offer_human": "offer_person",
    "connect_to_human": "offer_person",
    "try_again": "retry",
    "retry_later": "offer_person",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A response, read: how it went, what to say, what to try next; ``title`` of its source."""

    status: str
    say: str
    next: str
    quote_id: str
    title: str

    @property
    def failed(self) -> bool:
        return self.status in _FAILED

    @property
    def working(self) -> bool:
        return self.status in _WORKING


def outcome_of(response: Mapping[str, Any]) -> Outcome:
    """Read a response. One that says nothing intelligible counts as failed."""
    body: Mapping[str, Any] = response
    for key in _WRAPPERS:
        inner = body.get(key)
        if "say" not in body and isinstance(inner, Mapping):
            body = inner
    say = _text(body, "say", "message", "result", "output", "error", "reason")
    status = _text(body, "status").lower()
    if not status:
        status = "ok" if say and not body.get("error") else "error"
    step = _step(body.get("next"))
    quote_id, title = _text(body, "quote_id", "quoteId"), _text(body, "title")
    return Outcome(status, say, _STEPS.get(step, step), quote_id, title)


def _text(body: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        value = body.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def _step(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return value.strip().lower() if isinstance(value, str) else ""
