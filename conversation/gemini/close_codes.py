"""What the end of a session means: try again, with or without its memory, or give up.

The service closes its WebSocket with a code and a reason; before that, the upgrade may be
refused by an HTTP status. The reason says more than the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Verdict:
    """``retry``: another attempt makes sense. ``resume``: with the handle of this session."""

    retry: bool
    resume: bool


AGAIN = Verdict(retry=True, resume=True)
AFRESH = Verdict(retry=True, resume=False)
GIVE_UP = Verdict(retry=False, resume=False)

# Looked for in order, in lower case. Reasons are cut at 123 bytes, so these are short.
_REASONS: tuple[tuple[str, Verdict], ...] = (
    ("session not found", AFRESH),
    ("api key", GIVE_UP),
    ("is not found for api version", GIVE_UP),
    ("was not found", GIVE_UP),
    ("is not supported by the model", GIVE_UP),
    ("permission", GIVE_UP),
    ("quota", AGAIN),
    ("token count", AFRESH),
    ("context", AFRESH),
)
_CODES: dict[int, Verdict] = {
    1000: AGAIN,
    1001: AGAIN,
    1005: AGAIN,
    1006: AGAIN,
    1007: GIVE_UP,
    1008: AFRESH,
    1009: AFRESH,
    1011: AGAIN,
    1012: AGAIN,
    1013: AGAIN,
}


def judge(code: int, reason: str) -> Verdict:
    """The verdict on a WebSocket close. An unknown code is worth one more try, afresh."""
    lowered = reason.lower()
    for part, verdict in _REASONS:
        if part in lowered:
            return verdict
    return _CODES.get(code, AFRESH)


def judge_status(status: int) -> Verdict:
    """The verdict on an HTTP status that refused the upgrade."""
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT) or status >= 500:
        return AGAIN
    return GIVE_UP
