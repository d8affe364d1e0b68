"""The answers that a desk gives by itself, and the check of those that tools give."""

from __future__ import annotations

import orjson

from tools.contract import Status
from tools.outcome import Next, Outcome, failed

LONGEST_RESPONSE = 8000
"""Bytes of a response: a turn's worth of facts. More is a tool gone wrong."""


STOPPED = Outcome(Status.CANCELLED, "That was stopped; nothing was changed.")
TOO_SLOW = Outcome(
    Status.TIMEOUT, "Our system is taking too long to answer that.", Next.OFFER_TRY_AGAIN
)
PROMISED = Outcome(
    Status.TIMEOUT,
    "This is taking longer than usual. It is noted, and it will be finished or followed up.",
    Next.OFFER_PERSON,
)
AWAY = failed(
    "I cannot reach our booking system just now, so nothing was changed.", Next.OFFER_TRY_AGAIN
)
BROKEN = failed("Something went wrong on our side with that.", Next.OFFER_PERSON)
CUT_OFF = failed("That could not be finished in time; it is noted for a colleague.")
BEGUN = Outcome(Status.OK, "")


def checked(outcome: object) -> Outcome:
    """Refuses what is no answer, before the model sees it."""
    if not isinstance(outcome, Outcome):
        raise TypeError(f"a tool must answer with an Outcome; got {type(outcome).__name__}")
    size = len(orjson.dumps(outcome.response()))
    if size > LONGEST_RESPONSE:
        raise ValueError(f"a response of {size} bytes; at most {LONGEST_RESPONSE} can be spoken of")
    return outcome
