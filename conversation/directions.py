"""Stage directions: what the model is told in brackets, and the prompts spoken without it.

Nothing here is spoken as it stands. Myra's instructions explain that bracketed text comes from
the line and not from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import orjson

_OPENINGS = {
    "": "[The call is connected. Greet the caller.]",
    "failed": (
        "[The line to the caller broke and they are back. Apologise in a few words and carry on.]"
    ),
    "transfer_failed": (
        "[No colleague could take the call and the caller is back with you. Tell them, and carry "
        "on.]"
    ),
}
STILL_THERE = "[The caller has been silent for a while. Ask briefly whether they are still there.]"
STILL_SILENT = (
    "[The caller is still silent. Say once more that you are there, and that the call will end "
    "if they say nothing.]"
)
GOODBYE_SILENT = "[The caller does not answer. Say a short goodbye; the call ends after it.]"


class Prompt(StrEnum):
    """Recorded prompts, by the names under which the composition root supplies them."""

    ONE_MOMENT = "one_moment"
    STILL_WORKING = "still_working"
    APOLOGY = "apology"
    GOODBYE = "goodbye"


def opening(returning: str) -> str:
    """The first thing the model is told; ``returning`` as in ``LineInfo``."""
    return _OPENINGS.get(returning, _OPENINGS["failed"])


def keyed(digits: str) -> str:
    return f"[The caller keyed {digits}]"


def wind_up(reason: str) -> str:
    because = f" ({reason})" if reason else ""
    return f"[The call has to end now{because}. Tell the caller so and say goodbye.]"


def heard_only(heard: str) -> str:
    """What an interrupted reply came to, for the model's memory."""
    if not heard:
        return "[The caller interrupted before hearing anything of your last reply.]"
    return f'[The caller interrupted. Of your last reply they heard only: "{heard}"]'


def nudge(said: str, heard_to: str | None = None) -> str:
    """The caller has spoken and waits. ``heard_to`` when they had talked over a reply."""
    over = "" if heard_to is None else f' They talked over you after "{heard_to}".'
    what = f' They said: "{said}".' if said else ""
    return f"[The caller is waiting.{over}{what} Go on and answer, or ask them to repeat.]"


def carry_on(said: str, cut_after: str | None) -> str:
    """For a session that opened while the caller was owed words."""
    lost = "" if cut_after is None else f' Your last reply broke off after "{cut_after}".'
    what = f' They last said: "{said}".' if said else ""
    return f"[The connection was renewed and the caller is waiting.{lost}{what} Carry on.]"


def result_again(name: str, response: Mapping[str, Any]) -> str:
    """A result that the caller was to hear of and did not."""
    return f"[The caller has not heard of {name} yet: {plain(response)}. Go on and tell them.]"


def plain(facts: Mapping[str, Any]) -> str:
    """Facts as one line of JSON."""
    return orjson.dumps(dict(facts), default=str).decode()
