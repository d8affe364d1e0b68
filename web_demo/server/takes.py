"""Numbers Myra's stretches of sound for a page, and finds the place of each mark. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from web_demo.server.insight_messages import reply_of
from web_demo.server.messages import OUT_RATE, Message

# Marks that a page owes; one that returns none is owed no more of them.
_MARKS_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Take:
    number: int
    response: int
    kind: str
    position: int = 0


class TakeNumbers:
    """A take is an unbroken stretch of one response or prompt. A mark's name tells which response
    and which take of it a piece belongs to (``conversation.ledger``: ``r3t1:1200``)."""

    def __init__(self) -> None:
        self.now = Take(0, 0, "reply")
        self._stretch = ""
        self._responses: set[int] = set()

    def of(self, mark: str, *, behind: bool) -> Message | None:
        """The take that a piece before ``mark`` belongs to; its announcement if it is new.

        ``behind``: something else is still to be heard before it.
        """
        stretch = mark.partition(":")[0]
        if stretch == self._stretch and self.now.number:
            return None
        response = reply_of(mark) or 0
        kind = "reply" if response else "prompt"
        if response in self._responses:
            kind = "resumed"
        if response:
            self._responses.add(response)
        self._stretch = stretch
        self.now = Take(self.now.number + 1, response, kind)
        return {
            "type": "take",
            "take": self.now.number,
            "response": response,
            "kind": kind,
            "deferred": behind,
        }

    def played(self, samples: int) -> int:
        """Sound was added to the take; where it begins."""
        begins = self.now.position
        self.now = Take(self.now.number, self.now.response, self.now.kind, begins + samples)
        return begins

    def cleared(self) -> None:
        """What comes next is another take, whatever its mark says."""
        self._stretch = ""


class MarksOut:
    """The marks a page has been given and has not returned, and where each lies."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._places)

    def given(self, mark: str, take: int, position: int) -> None:
        self._places[mark] = (take, position)
        if len(self._places) > _MARKS_KEPT:
            del self._places[next(iter(self._places))]

    def returned(self, mark: str) -> None:
        self._places.pop(mark, None)

    def nearest(self, take: int, played: int) -> tuple[str, float]:
        """What the page has played of a take, as a mark that is out and the ms behind it; the
        next mark, so before it as a rule. Without one: no mark."""
        mine = [(place[1], mark) for mark, place in self._places.items() if place[0] == take]
        ahead = [one for one in mine if one[0] >= played] or mine[-1:]
        if not ahead:
            return "", 0.0
        position, mark = ahead[0]
        return mark, round(1000 * (played - position) / OUT_RATE, 1)
