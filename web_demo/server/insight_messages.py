"""The messages that show QA what a conversation does, in the form of docs/browser-protocol.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conversation.events import Event

Message = dict[str, Any]
React = Callable[[Any, Event, float], Iterable[Message]]
"""Reacts to an event, or to an action that followed from the event given with it, at a time."""

Reactions = Mapping[type, React]


def transcript(
    who: str, number: str, text: str, at: float, *, final: bool, interrupted: bool = False
) -> Message:
    return {
        "type": "transcript",
        "who": who,
        "id": number,
        "text": text,
        "final": final,
        "interrupted": interrupted,
        "at": round(at, 3),
    }


def metric(name: str, value: float) -> Message:
    return {"type": "metrics", "name": name, "value": round(value, 1)}


def reply_of(mark: str) -> int | None:
    """The response a mark belongs to; None for a prompt's or a probe's.

    Marks are named by ``conversation.ledger``: ``r3t1:1200`` is response 3, take 1.
    """
    head = mark.partition("t")[0]
    return int(head[1:]) if head[:1] == "r" and head[1:].isdecimal() else None
