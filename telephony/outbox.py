"""What is to be written to the stream, in order; and what a clear does to it."""

from __future__ import annotations

from collections import deque

from telephony.messages import Outgoing, PlayClear, PlayMark, PlayMedia


class Outbox:
    """Messages not yet written. Bounded by ``max_audio`` bytes of mu-law and ``max_messages``.

    It keeps what goes beyond and says so by ``full``: whoever owns the line then gives it up.
    """

    def __init__(self, max_audio: int, max_messages: int) -> None:
        self._max_audio = max_audio
        self._max_messages = max_messages
        self._messages: deque[Outgoing] = deque()
        self._audio = 0

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def audio_bytes(self) -> int:
        """Sound not yet written, in bytes of mu-law (8 a millisecond)."""
        return self._audio

    @property
    def full(self) -> bool:
        return self._audio > self._max_audio or len(self._messages) > self._max_messages

    def put(self, message: PlayMedia | PlayMark) -> None:
        if isinstance(message, PlayMedia):
            self._audio += len(message.ulaw)
        self._messages.append(message)

    def clear(self) -> None:
        """Drop the sound; a clear overtakes all that is left.

        Marks stay: after the clear Twilio has nothing to play before them and returns them at
        once, behind those it already had. So every mark comes back, in order.
        """
        marks = [message for message in self._messages if isinstance(message, PlayMark)]
        self._messages = deque([PlayClear(), *marks])
        self._audio = 0

    def take(self) -> Outgoing | None:
        """The next message to write, or None."""
        if not self._messages:
            return None
        message = self._messages.popleft()
        if isinstance(message, PlayMedia):
            self._audio -= len(message.ulaw)
        return message

    def drop(self) -> None:
        """Forget everything: the line is closed."""
        self._messages.clear()
        self._audio = 0
