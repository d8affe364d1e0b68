"""Numbers Myra's stretches of sound for a page, and finds the place of each mark. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from web_demo.server.insight_messages import reply_of
from web_demo.server.messages import Message


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
