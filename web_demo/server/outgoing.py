"""What a page is sent, in order, and what of it has to be sent again after a lost socket. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from web_demo.server.messages import OUT_RATE, Message, frame, written

# What a page that does not acknowledge may be owed; the oldest go first.
KEPT = 2000


@dataclass(slots=True)
class _Text:
    message: Message
    n: int = 0

    def data(self) -> str:
        return written({**self.message, "n": self.n})


@dataclass(slots=True)
class _Sound:
    pcm: bytes
    take: int
    position: int
    flags: int
    seq: int = 0

    def data(self) -> bytes:
        return frame(
            self.pcm, take=self.take, seq=self.seq, position=self.position, flags=self.flags
        )


_Entry = _Text | _Sound


class Outgoing:
    """A log with a place in it: what lies before the place was sent and waits to be acknowledged,
    what lies behind it waits to be sent.

    Both kinds are numbered from 1 when they are first sent, without a hole, so that a page that
    comes back gets each exactly once and knows whether something is missing.
    """

    def __init__(self, max_seconds: float) -> None:
        self._max_samples = round(max_seconds * OUT_RATE)
        self._sent: deque[_Entry] = deque()
        self._waiting: deque[_Entry] = deque()
        self._samples = 0
        self._seq = 0
        self._n = 0

    @property
    def full(self) -> bool:
        """The page is further behind than is bearable."""
        return self._samples > self._max_samples

    def sound(self, pcm: bytes, *, take: int, position: int, flags: int) -> None:
        """Sound of a take, from ``position`` on."""
        self._samples += len(pcm) // 2
        self._waiting.append(_Sound(pcm, take, position, flags))

    def tell(self, message: Message) -> None:
        """A text message; its number is added as ``n``."""
        self._waiting.append(_Text(message))

    def take(self) -> str | bytes | None:
        """The next to send, or None."""
        if not self._waiting:
            return None
        entry = self._waiting.popleft()
        if isinstance(entry, _Text) and not entry.n:
            self._n += 1
            entry.n = self._n
        elif isinstance(entry, _Sound) and not entry.seq:
            self._seq += 1
            entry.seq = self._seq
        self._sent.append(entry)
        if len(self._sent) > KEPT:
            self._forget(self._sent.popleft())
        return entry.data()

    def acknowledged(self, seq: int, n: int) -> None:
        """The page has everything up to these numbers."""
        while self._sent and _has(self._sent[0], seq, n):
            self._forget(self._sent.popleft())

    def resumed(self, seq: int, n: int) -> None:
        """A new socket: what the page does not have comes again, in its order."""
        again = []
        for entry in self._sent:
            if _has(entry, seq, n):
                self._forget(entry)
            else:
                again.append(entry)
        self._sent.clear()
        self._waiting.extendleft(reversed(again))

    def drop_sound(self) -> None:
        """A clear: no sound of before is worth sending any more. What has a number keeps it."""
        for entry in (*self._sent, *self._waiting):
            if isinstance(entry, _Sound):
                entry.pcm = b""
        self._waiting = deque(
            entry for entry in self._waiting if isinstance(entry, _Text) or entry.seq
        )
        self._samples = 0

    def _forget(self, entry: _Entry) -> None:
        if isinstance(entry, _Sound):
            self._samples -= len(entry.pcm) // 2


def _has(entry: _Entry, seq: int, n: int) -> bool:
    return entry.n <= n if isinstance(entry, _Text) else entry.seq <= seq
