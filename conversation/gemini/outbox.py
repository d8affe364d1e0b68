"""What waits to be sent to the model, in order. Pure: a queue that knows how long its sound is.

Sound beyond the bound drops the oldest sound, never anything else: words, keys and tool
answers keep their place and are few.

What was sent and not answered yet is kept for a while: when the session is lost, the caller's
words that only it had heard go out again, ahead of the rest, and the caller need not repeat them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from media.audio import Audio
from media.framing import Chunker
from tools.contract import When


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    text: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Local turn-taking: the caller's turn begins or ends here."""

    begins: bool


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    call_id: str
    name: str
    response: Mapping[str, Any]
    when: When


Order = Audio | Text | Note | Activity | ToolAnswer


@dataclass(slots=True)
class Outbox:
    """``audio_ms`` bounds the sound that waits, ``unanswered_ms`` the sound that may go out
    again, ``orders`` everything else; a further order is refused and counted.

    Sound goes in by frames and comes out by chunks; an order closes the chunk before it, so
    that sound and orders keep the sequence in which they were given.
    """

    chunker: Chunker
    audio_ms: float
    unanswered_ms: float = 0.0
    orders: int = 256
    dropped_ms: float = 0.0
    dropped_orders: int = 0
    repeated_ms: float = 0.0
    _waiting: deque[Order] = field(default_factory=deque)
    _waiting_ms: float = 0.0
    _waiting_orders: int = 0
    _sent: deque[Audio | Activity] = field(default_factory=deque)
    _sent_ms: float = 0.0
    _active_before_sent: bool = False

    def __len__(self) -> int:
        return len(self._waiting)

    def add_audio(self, audio: Audio) -> bool:
        """Take a frame; true when there is something to send."""
        for chunk in self.chunker.push(audio):
            self._add(chunk)
        return bool(self._waiting)

    def add(self, order: Order) -> bool:
        """Queue an order behind all sound given before it; false when there are too many."""
        rest = self.chunker.flush()
        if rest.samples:
            self._add(rest)
        if self._waiting_orders >= self.orders:
            self.dropped_orders += 1
            return False
        self._waiting.append(order)
        self._waiting_orders += 1
        return True

    def take(self) -> Order:
        """The next to send, which counts as sent.

        Raises:
            IndexError: nothing waits.
        """
        order = self._waiting.popleft()
        self._count(order, -1)
        if isinstance(order, Audio | Activity):
            self._remember(order)
        return order

    def put_back(self, order: Order) -> None:
        """What was taken last could not be sent. Sound and marks come back by ``rewind``."""
        if isinstance(order, Activity) or (isinstance(order, Audio) and self.unanswered_ms > 0):
            return
        self._waiting.appendleft(order)
        self._count(order, 1)

    def answered(self) -> None:
        """The model has taken in what was sent so far."""
        while self._sent:
            self._forget_oldest()

    def rewind(self) -> None:
        """The session is gone: what it was sent and did not answer goes out once more, first.

        A turn that was under way begins again with its mark.
        """
        if self._active_before_sent:
            self._sent.appendleft(Activity(begins=True))
        for order in reversed(self._sent):
            self._waiting.appendleft(order)
            self._count(order, 1)
        self.repeated_ms += self._sent_ms
        self._sent.clear()
        self._sent_ms, self._active_before_sent = 0.0, False

    def _remember(self, order: Audio | Activity) -> None:
        self._sent.append(order)
        if isinstance(order, Audio):
            self._sent_ms += order.ms
            while self._sent_ms > self.unanswered_ms:
                self._forget_oldest()

    def _forget_oldest(self) -> None:
        oldest = self._sent.popleft()
        if isinstance(oldest, Audio):
            self._sent_ms -= oldest.ms
        else:
            self._active_before_sent = oldest.begins

    def _add(self, chunk: Audio) -> None:
        self._waiting.append(chunk)
        self._waiting_ms += chunk.ms
        while self._waiting_ms > self.audio_ms:
            self._drop_oldest_sound()

    def _drop_oldest_sound(self) -> None:
        for at, order in enumerate(self._waiting):
            if isinstance(order, Audio):
                del self._waiting[at]
                self._waiting_ms -= order.ms
                self.dropped_ms += order.ms
                return

    def _count(self, order: Order, sign: int) -> None:
        if isinstance(order, Audio):
            self._waiting_ms += sign * order.ms
        else:
            self._waiting_orders += sign
