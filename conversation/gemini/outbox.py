"""What waits to be sent to the model, in order. Pure: a queue that knows how long its sound is.

Sound beyond the bound drops the oldest sound, never anything else: words, keys and tool
answers keep their place and are few.
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
    """``audio_ms`` bounds the sound kept, ``orders`` everything else.

    Sound goes in by frames and comes out by chunks; an order closes the chunk before it, so
    that sound and orders keep the sequence in which they were given.
    """

    chunker: Chunker
    audio_ms: float
    orders: int = 256
    dropped_ms: float = 0.0
    dropped_orders: int = 0
    _waiting: deque[Order] = field(default_factory=deque)
    _kept_ms: float = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def add_audio(self, audio: Audio) -> bool:
        """Take a frame; true when there is something to send."""
        for chunk in self.chunker.push(audio):
            self._add(chunk)
        return bool(self._waiting)

    def add(self, order: Order) -> None:
        """Queue an order behind all sound given before it."""
        rest = self.chunker.flush()
        if rest.samples:
            self._add(rest)
        if len(self._waiting) - self._chunks() >= self.orders:
            self.dropped_orders += 1
            return
        self._waiting.append(order)

    def take(self) -> Order:
        """The next to send.

        Raises:
            IndexError: nothing waits.
        """
        order = self._waiting.popleft()
        if isinstance(order, Audio):
            self._kept_ms -= order.ms
        return order

    def forget_answers(self) -> None:
        """A session that does not remember its calls wants no answers to them."""
        self._waiting = deque(o for o in self._waiting if not isinstance(o, ToolAnswer))

    def _chunks(self) -> int:
        return sum(isinstance(order, Audio) for order in self._waiting)

    def _add(self, chunk: Audio) -> None:
        self._waiting.append(chunk)
        self._kept_ms += chunk.ms
        while self._kept_ms > self.audio_ms:
            oldest = next(order for order in self._waiting if isinstance(order, Audio))
            self._waiting.remove(oldest)
            self._kept_ms -= oldest.ms
            self.dropped_ms += oldest.ms
