"""What the end of a session means: try again, with or without its memory, or give up. Pure.

The service closes its WebSocket with a code and a reason, or refuses the upgrade by an HTTP
status. The reason says more than the code; it is cut at 123 bytes, and its wording was collected
from reports of users of the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

NOT_REACHED = 0
"""No close code: the service was not reached, or did not answer in time."""
TLS_FAILED = 1015
"""RFC 6455, 7.4.1."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``retry``: another attempt makes sense. ``resume``: with the handle of this session."""

    retry: bool
    resume: bool


AGAIN = Verdict(retry=True, resume=True)
AFRESH = Verdict(retry=True, resume=False)
GIVE_UP = Verdict(retry=False, resume=False)

# Looked for in order, in lower case.
_REASONS: tuple[tuple[str, Verdict], ...] = (
    ("session not found", AFRESH),
    ("model must match", AFRESH),
    ("api key", GIVE_UP),
    ("authentication", GIVE_UP),
    ("permission", GIVE_UP),
    ("location is not supported", GIVE_UP),
    ("is not found for api version", GIVE_UP),
    ("publisher model", GIVE_UP),
    ("not supported by the model", GIVE_UP),
    ("not supported for this model", GIVE_UP),
    ("not supported for bidi", GIVE_UP),
    ("quota", AGAIN),
    ("resource_exhausted", AGAIN),
    ("token count", AFRESH),
    ("context", AFRESH),
)
# What says of a session under way that something went wrong in it, and of one that never opened
# that the setup is wrong or names something that is not there.
_OPEN: dict[int, Verdict] = {1007: AFRESH, 1008: AGAIN, 1009: AGAIN}
_OPENING: dict[int, Verdict] = {1007: GIVE_UP, 1008: AFRESH, 1009: GIVE_UP}
_EITHER: dict[int, Verdict] = {
    NOT_REACHED: AGAIN,
    1000: AGAIN,
    1001: AGAIN,
    1005: AGAIN,
    1006: AGAIN,
    1011: AGAIN,
    1012: AGAIN,
    1013: AGAIN,
    1014: AGAIN,
    TLS_FAILED: GIVE_UP,
}


def judge(code: int, reason: str, *, opened: bool = False, resuming: bool = False) -> Verdict:
    """The verdict on a WebSocket close code, or on an HTTP status below 1000.

    ``opened``: the session was under way. ``resuming``: it was opened with a handle; then a
    refusal may be meant for the handle. An unknown code is worth another try, afresh.
    """
    if HTTPStatus.CONTINUE <= code < 1000:
        return judge_status(code)
    lowered = reason.lower()
    for part, verdict in _REASONS:
        if part in lowered:
            return verdict
    table = _OPEN if opened else _OPENING
    verdict = table.get(code) or _EITHER.get(code) or AFRESH
    refused_the_handle = resuming and not opened and code in _OPENING
    return AFRESH if refused_the_handle else verdict


def judge_status(status: int) -> Verdict:
    """The verdict on an HTTP status that refused the upgrade."""
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT) or status >= 500:
        return AGAIN
    return GIVE_UP


def is_network(code: int) -> bool:
    """Whether the failure lies before the service's memory: the handle is not to blame."""
    return code < 1000 or code in (1006, TLS_FAILED)
