"""The truncation audit: was all that Myra said heard, and if not, where was it lost? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from conversation.records import TakePlayed

# Nobody speaks faster: English at 25 characters a second is about 300 words a minute.
FASTEST_SPEECH = 25.0
_CLOSING = ".!?\u2026\u3002\uff01\uff1f"
_WRAPPING = "\"')]\u2019\u201d\u00bb "


class Verdict(StrEnum):
    """What became of a take, in words."""

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    LOST = "lost in transit"
    UNPLAYED = "unplayed"
    OPEN_ENDED = "open-ended"
    SUSPICIOUS = "suspicious"


def verdict(take: TakePlayed, text: str = "", seconds: float = 0.0) -> Verdict:
    """What became of a take. ``text`` is what was said in it and ``seconds`` how long its sound
    is; without a text its words are not judged."""
    if take.ended and take.played >= take.samples_sent > 0 and not suspicious(text, seconds):
        return Verdict.COMPLETE
    if take.cleared:
        return Verdict.INTERRUPTED
    if not take.ended:
        return Verdict.OPEN_ENDED
    if take.received < take.samples_sent:
        return Verdict.LOST
    if take.played < take.received:
        return Verdict.UNPLAYED
    return Verdict.SUSPICIOUS if suspicious(text, seconds) else Verdict.COMPLETE


def suspicious(text: str, seconds: float) -> bool:
    """Is there more text than so much sound can hold, or does it end in the middle?"""
    said = text.strip()
    if not said:
        return False
    return len(said) > FASTEST_SPEECH * seconds or not said.rstrip(_WRAPPING).endswith(
        tuple(_CLOSING)
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A take and its verdict."""

    take: TakePlayed
    verdict: Verdict


def judged(takes: Iterable[TakePlayed], texts: dict[int, str]) -> list[Judged]:
    """Every take's verdict. ``texts`` are the replies' words by response: a reply that was held
    up and went on has several takes, and its words are judged by all of its sound at its last."""
    ordered = sorted(takes, key=lambda take: take.take)
    last = {take.response: take.take for take in ordered}
    seconds: dict[int, float] = {}
    result = []
    for take in ordered:
        spoken = seconds.get(take.response, 0.0) + take.samples_sent / take.rate
        seconds[take.response] = spoken
        is_last = take.response > 0 and last[take.response] == take.take
        text = texts.get(take.response, "") if is_last else ""
        result.append(Judged(take, verdict(take, text, spoken)))
    return result


class Takes:
    """Keeps account of a browser session's takes: what was sent here, what the page says of it.

    Every announced take yields one ``TakePlayed``: when the page says how it ended, or at the
    session's end.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._open: dict[int, TakePlayed] = {}

    def announced(self, take: int, response: int, kind: str) -> None:
        self._open[take] = TakePlayed(take, response, kind, self._rate, 0, 0)

    def sent(self, take: int, samples: int) -> None:
        """A frame of this take went out for the first time."""
        if one := self._open.get(take):
            self._open[take] = replace(
                one, chunks_sent=one.chunks_sent + 1, samples_sent=one.samples_sent + samples
            )

    def cleared(self) -> None:
        """A clear ends every take announced before it; so does a page that stopped Myra."""
        self._open = {take: replace(one, cleared=True) for take, one in self._open.items()}

    def ended(
        self, take: int, *, received: int, played: int, dropped: int, underruns: int
    ) -> TakePlayed | None:
        """The page has said how a take ended; None for one that is not open."""
        one = self._open.pop(take, None)
        if one is None:
            return None
        return replace(
            one,
            received=received,
            played=played,
            dropped=dropped,
            underruns=underruns,
            ended=True,
        )

    def over(self) -> list[TakePlayed]:
        """The takes the page has said nothing of, at the end of the session."""
        left, self._open = self._open, {}
        return list(left.values())
