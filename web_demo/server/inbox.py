"""What has happened in the page and has not been read by the conversation yet. Pure."""

from __future__ import annotations

from collections import deque

from conversation.events import LineAudio, LineClosed, LineEvent

# Marks, keys and words unread beyond this are no person's doing.
MAX_OTHERS = 2000


class Inbox:
    """Line events in order; of sound the oldest goes when more than ``max_audio_ms`` wait.

    ``put`` after ``LineClosed`` does nothing. ``dropped_ms`` counts the sound that went.
    """

    def __init__(self, max_audio_ms: float) -> None:
        self.closed = False
        self.dropped_ms = 0.0
        self._max_audio_ms = max_audio_ms
        self._audio_ms = 0.0
        self._others = 0
        self._events: deque[LineEvent] = deque()

    @property
    def overrun(self) -> bool:
        return self._others > MAX_OTHERS

    def put(self, event: LineEvent) -> None:
        if self.closed:
            return
        self._events.append(event)
        if isinstance(event, LineAudio):
            self._audio_ms += event.audio.ms
            while self._audio_ms > self._max_audio_ms:
                self._drop_oldest()
        else:
            self._others += 1
            self.closed = isinstance(event, LineClosed)

    def take(self) -> LineEvent | None:
        if not self._events:
            return None
        event = self._events.popleft()
        if isinstance(event, LineAudio):
            self._audio_ms -= event.audio.ms
        else:
            self._others -= 1
        return event

    def _drop_oldest(self) -> None:
        index = next(i for i, one in enumerate(self._events) if isinstance(one, LineAudio))
        event = self._events[index]
        del self._events[index]
        if isinstance(event, LineAudio):
            self._audio_ms -= event.audio.ms
            self.dropped_ms += event.audio.ms
