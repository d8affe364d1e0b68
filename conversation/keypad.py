"""Keys and typed text: what the caller says without a voice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import SendText, StartTimer, StopTimer
from conversation.directions import keyed
from conversation.events import CallerTyped, Keypress, TimerFired
from conversation.moments import AnswerDue, CallerActed, Out, Reaction
from conversation.settings import TalkSettings

# Longer entries are nobody's reference, telephone number or card number.
_LONGEST = 32


class Keypad:
    """Collects keys until # or a pause, and tells the model what was keyed."""

    def __init__(self, settings: TalkSettings) -> None:
        self._seconds = settings.keypad_seconds
        self._keys = ""

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {Keypress: self._key, CallerTyped: self._typed, "keypad": self._pause}

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
        text = keyed(keys)
        return (SendText(text), CallerActed(text), AnswerDue(now))

    def _typed(self, event: CallerTyped, now: float) -> Iterable[Out]:
        text = event.text.strip()
        return (SendText(text), CallerActed(text), AnswerDue(now)) if text else ()
