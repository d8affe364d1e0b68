"""Myra's replies in what the caller hears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from emulators.twilio.hearing import Stretch

# Speech that began while the caller still spoke counts as a reply if it is heard so long after.
OVERLAP_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Reply:
    """Myra's speech after the caller's: when it was heard, and how long the caller waited for
    it. Seconds; ``latency`` is negative if she spoke over the caller, None if nobody had spoken
    before her."""

    start: float
    end: float
    latency: float | None


def reply_since(
    stretches: Sequence[Stretch], moment: float | None, before: float = float("inf")
) -> Reply | None:
    """What was heard after the caller's words ended at ``moment`` (None: from the beginning)
    and before the caller spoke again."""
    since = float("-inf") if moment is None else moment
    heard = [
        stretch
        for stretch in stretches
        if stretch.start < before
        and (stretch.start >= since or stretch.end > since + OVERLAP_SECONDS)
    ]
    if not heard:
        return None
    latency = None if moment is None else heard[0].start - moment
    return Reply(heard[0].start, heard[-1].end, latency)
