"""What has happened on the line and has not been read yet."""

from __future__ import annotations

from collections import deque

from conversation.events import LineAudio, LineClosed, LineEvent


class Inbox:
    """Line events in order. Sound is bounded by ``max_audio_ms``: the oldest goes first.

    Keys, marks and the closing are never dropped; more than ``max_others`` of them unread
    make it ``overrun``. Nothing comes after ``LineClosed``, and that comes once.
    """

    def __init__(self, max_audio_ms: float, max_others: int) -> None:
        self._max_audio_ms = max_audio_ms
        self._max_others = max_others
        self._events: deque[LineEvent] = deque()
        self._audio_ms = 0.0
        self._others = 0
        self._closed = False

    def __len__(self) -> int:
        return len(self._events)

    @property
    def closed(self) -> bool:
        """Whether the closing was put in; it may still be unread."""
        return self._closed

    @property
    def overrun(self) -> bool:
        return self._others > self._max_others

    def put(self, event: LineEvent) -> int:
        """Add an event; returns how many of sound had to be dropped for it."""
        if self._closed:
            return 0
        self._events.append(event)
        if not isinstance(event, LineAudio):
            self._others += 1
            self._closed = isinstance(event, LineClosed)
            return 0
        self._audio_ms += event.audio.ms
        dropped = 0
        while self._audio_ms > self._max_audio_ms:
            self._drop_oldest_audio()
            dropped += 1
        return dropped

    def take(self) -> LineEvent | None:
        """The next event, or None."""
        if not self._events:
            return None
        event = self._events.popleft()
        if isinstance(event, LineAudio):
            self._audio_ms -= event.audio.ms
        else:
            self._others -= 1
        return event

    def _drop_oldest_audio(self) -> None:
        for index, event in enumerate(self._events):
            if isinstance(event, LineAudio):
                self._audio_ms -= event.audio.ms
                del self._events[index]
                return
        self._audio_ms = 0.0
