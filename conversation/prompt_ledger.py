"""A recorded prompt among what the line plays."""

from __future__ import annotations

from collections.abc import Iterator

from conversation.actions import PlayPrompt
from conversation.envelope import CELL_MS
from conversation.ledger import Piece

# A recorded prompt is about as loud as Myra.
_PROMPT_DB = -20.0


class PromptLedger:
    """A ledger in form: one piece, one mark, no resuming in the middle."""

    response = 0
    finished = True
    paused = False

    def __init__(self, number: int, prompt: str, ms: float) -> None:
        self.prompt = prompt
        self.generated_ms = ms
        self.sent_ms = 0.0
        self._number = number
        self._mark = ""
        self._sent = False

    def pieces(self, now: float, take: int, fade_in_ms: float = 0.0) -> Iterator[Piece]:
        if not self._sent:
            self._sent, self.sent_ms = True, self.generated_ms
            self._mark = f"p{self._number}t{take}:end"
            levels = (_PROMPT_DB,) * round(self.generated_ms / CELL_MS)
            yield Piece(PlayPrompt(self.prompt, self._mark), self.generated_ms, levels)

    def begin(self, now: float, round_trip_ms: float) -> None:
        """Its one mark says all there is to know."""

    def acknowledge(self, name: str, now: float, round_trip_ms: float) -> bool:
        if not self._mark or name != self._mark:
            return False
        self._mark = ""
        return True

    def give_up_waiting(self, now: float) -> None:
        self._mark = ""

    def freeze(self, now: float, round_trip_ms: float) -> None:
        self._mark, self._sent, self.sent_ms = "", False, 0.0

    def stopped(self, mark: str, past_ms: float) -> bool:
        """Where a prompt was stopped is of no use: it is said whole or not at all."""
        return False

    def rewind(self, ms: float) -> None:
        """It is said again from its beginning."""

    @property
    def waiting(self) -> bool:
        return bool(self._mark)

    @property
    def drained(self) -> bool:
        return self._sent and not self._mark

    @property
    def complete(self) -> bool:
        return self.drained
