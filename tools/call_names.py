"""Names for a call's conversations: one that comes back after its line was lost begins another."""

from __future__ import annotations

import re

# Twilio's call SIDs begin with CA; nothing else of ours does.
_CAME_BACK = re.compile(r"(CA\w+)-\d{1,3}")
# No call comes back more often: PHONE_MAX_REATTACH is 10 at most.
_MOST = 20


def conversation_name(call: str, attempt: int) -> str:
    """What the call's ``attempt``-th conversation (from 1) and its record are named."""
    return call if attempt == 1 else f"{call}-{attempt}"


def call_of(conversation: str) -> str:
    """The call that a conversation belongs to: its own name, as a rule."""
    found = _CAME_BACK.fullmatch(conversation)
    return found[1] if found else conversation


def conversation_names(call: str) -> list[str]:
    """Every name that a conversation of the call may have."""
    return [conversation_name(call, attempt) for attempt in range(1, _MOST + 1)]
