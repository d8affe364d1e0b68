"""Keys and typed text: what the caller says without a voice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import SendText, StartTimer, StopTimer
from conversation.directions import keyed
from conversation.events import CallerTyped, Keypress, ModelReady, TimerFired
from conversation.moments import AnswerDue, CallerActed, Out, Reaction
from conversation.settings import TalkSettings

# Longer entries are nobody's reference, telephone number or card number.
_LONGEST = 32


class Keypad:
    """Collects keys until # or a pause, and tells the model what was keyed.

    What comes before the model is there follows its first direction: said before it, the answer
    would be cut off by the greeting.
    """

    def __init__(self, settings: TalkSettings) -> None:
        self._seconds = settings.keypad_seconds
        self._keys = ""
        self._waiting: list[str] | None = []

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            Keypress: self._key,
            CallerTyped: self._typed,
            ModelReady: self._ready,
            "keypad": self._pause,
        }

    def _key(self, event: Keypress, now: float) -> Iterable[Out]:
        self._keys += event.digit
        if event.digit == "#" or len(self._keys) >= _LONGEST:
            return (StopTimer("keypad"), *self._tell(now))
        return (StartTimer("keypad", self._seconds),)

    def _pause(self, event: TimerFired, now: float) -> Iterable[Out]:
        return self._tell(now)

    def _tell(self, now: float) -> Iterable[Out]:
        keys, self._keys = self._keys, ""
        if not keys:
            return ()
        return self._say(keyed(keys), now)

    def _typed(self, event: CallerTyped, now: float) -> Iterable[Out]:
        text = event.text.strip()
        return self._say(text, now) if text else ()

    def _say(self, text: str, now: float) -> Iterable[Out]:
        if self._waiting is None:
            yield SendText(text)
        else:
            self._waiting.append(text)
        yield CallerActed(text)
        yield AnswerDue(now)

    def _ready(self, event: ModelReady, now: float) -> Iterable[Out]:
        waiting, self._waiting = self._waiting, None
        return [SendText(text) for text in waiting or ()]
