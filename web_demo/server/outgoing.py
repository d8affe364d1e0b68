"""What a page is sent, in order, and what of it has to be sent again after a lost socket. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from web_demo.server.messages import HEADER, OUT_RATE, Message, written

# Numbered messages kept for a page that does not acknowledge; the oldest go first.
MESSAGES_KEPT = 2000


@dataclass(frozen=True, slots=True)
class _Entry:
    """A binary message (``seq``) or a numbered text message (``n``); the other is 0."""

    data: str | bytes
    seq: int = 0
    n: int = 0

    @property
    def samples(self) -> int:
        return (len(self.data) - HEADER.size) // 2 if self.seq else 0


class Outgoing:
    """A log with a place in it: what lies before the place was sent and waits to be acknowledged,
    what lies behind it waits to be sent.

    Both kinds are numbered, so that a page that comes back gets each exactly once.
    """

    def __init__(self, max_seconds: float) -> None:
        self._max_samples = round(max_seconds * OUT_RATE)
        self._sent: deque[_Entry] = deque()
        self._waiting: deque[_Entry] = deque()
        self._samples = 0
        self.seq = 0
        self.n = 0

    @property
    def full(self) -> bool:
        """The page is further behind than is bearable."""
        return self._samples > self._max_samples

    def next_seq(self) -> int:
        """The number of the next binary message."""
        self.seq += 1
        return self.seq

    def sound(self, data: bytes, seq: int) -> None:
        """A binary message with the number that ``next_seq`` gave."""
        entry = _Entry(data, seq=seq)
        self._samples += entry.samples
        self._waiting.append(entry)

    def tell(self, message: Message) -> None:
        """A text message; its number is added as ``n``."""
        self.n += 1
        self._waiting.append(_Entry(written({**message, "n": self.n}), n=self.n))

    def take(self) -> str | bytes | None:
        """The next to send, or None."""
        if not self._waiting:
            return None
        entry = self._waiting.popleft()
        self._sent.append(entry)
        if len(self._sent) > MESSAGES_KEPT:
            self._samples -= self._sent.popleft().samples
        return entry.data

    def acknowledged(self, seq: int, n: int) -> None:
        """The page has everything up to these numbers."""
        while self._sent and self._has(self._sent[0], seq, n):
            self._samples -= self._sent.popleft().samples

    def resumed(self, seq: int, n: int) -> None:
        """A new socket: what the page does not have comes again, in its order."""
        again = [entry for entry in self._sent if not self._has(entry, seq, n)]
        self._samples -= sum(entry.samples for entry in self._sent) - sum(
            entry.samples for entry in again
        )
        self._waiting.extendleft(reversed(again))
        self._sent.clear()

    def drop_sound(self) -> None:
        """A clear: no sound of before is worth sending any more."""
        self._waiting = deque(entry for entry in self._waiting if not entry.seq)
        self._sent = deque(entry for entry in self._sent if not entry.seq)
        self._samples = 0

    def drop(self) -> None:
        """The line is closed."""
        self._waiting.clear()
        self._sent.clear()
        self._samples = 0

    @staticmethod
    def _has(entry: _Entry, seq: int, n: int) -> bool:
        return entry.seq <= seq if entry.seq else entry.n <= n
