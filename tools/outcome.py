"""What a tool answers: plain, short facts that can be spoken, and what may be tried next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tools.contract import Order, Status


class Next(StrEnum):
    """What Myra may do after an answer."""

    ASK_REFERENCE = "ask_reference"
    ASK_SURNAME = "ask_surname"
    ASK_PASSENGER = "ask_passenger"
    ASK_DATE = "ask_date"
    ASK_NAME = "ask_name"
    ASK_SEAT = "ask_seat"
    ASK_CHANNEL = "ask_channel"
    ASK_DETAILS = "ask_details"
    ASK_QUESTION = "ask_question"
    CONFIRM_QUOTE = "confirm_quote"
    NEW_QUOTE = "new_quote"
    OFFER_PERSON = "offer_person"
    OFFER_TRY_AGAIN = "offer_try_again"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A tool's answer. ``say`` is one or two speakable sentences; ``data`` what goes with it.

    ``keep``: worth saying even when a barge-in drops it the first time.
    """

    status: Status
    say: str
    next: Next | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    order: Order | None = None
    order_detail: Mapping[str, str] = field(default_factory=dict)
    keep: bool = False

    def response(self) -> dict[str, Any]:
        """The object the model gets."""
        following = {"next": self.next.value} if self.next else {}
        return {"status": self.status.value, "say": self.say, **following, **self.data}


def done(say: str, following: Next | None = None, /, **data: Any) -> Outcome:
    """The request was met."""
    return Outcome(Status.OK, say, following, data)


def refused(say: str, following: Next | None = None, /, **data: Any) -> Outcome:
    """The request was understood and cannot be met as it stands."""
    return Outcome(Status.REFUSED, say, following, data)


def failed(say: str, following: Next | None = None, /, **data: Any) -> Outcome:
    """Something on our side went wrong."""
    return Outcome(Status.ERROR, say, following, data)
