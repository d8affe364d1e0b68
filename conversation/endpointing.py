"""How long the caller may be quiet before their turn is over, judged by this program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.events import CallerWords, ModelWords
from conversation.moments import (
    CallerTurnEnded,
    Out,
    Reaction,
    ReplyBegan,
    SpeechBegan,
    SpeechEnded,
)
from conversation.phrases import Tail, asks_for_spelling, tail_of
from conversation.settings import TalkSettings

# A caller who pauses in mid-sentence is given this much more than their usual pause.
_PAUSE_FACTOR = 1.5
# A lone short word in answer to a question is mostly all there is.
_SHORT_TURN_MS = 700.0
_SHORT_TURN_FACTOR = 0.75


class Endpointing:
    """Silence adapts to the phrase, to what Myra asked, and to this caller's own pauses.

    Words reach it as the model transcribes them, often late: without any it goes by Myra's
    question and the length of the turn.
    """

    def __init__(self, settings: TalkSettings) -> None:
        self._settings = settings
        self._said = ""
        self._asked = ""
        self._asked_by = 0
        self._paused_from: float | None = None
        self._usual_pause_ms = 0.0

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            CallerWords: self._words,
            ModelWords: self._asks,
            SpeechEnded: self._pauses,
            SpeechBegan: self._resumes,
            CallerTurnEnded: self._over,
            ReplyBegan: self._over,
        }

    def silence_ms(self, spoken_ms: float) -> float:
        """The silence that ends a turn with ``spoken_ms`` of speech so far."""
        settings = self._settings
        match tail_of(self._said):
            case Tail.COMPLETE:
                return settings.complete_silence_ms
            case Tail.SPELLING:
                return settings.spelling_silence_ms
            case Tail.INCOMPLETE:
                return max(settings.incomplete_silence_ms, self._patient_ms)
        if asks_for_spelling(self._asked):
            return settings.spelling_silence_ms
        if spoken_ms < _SHORT_TURN_MS:
            return settings.turn_silence_ms * _SHORT_TURN_FACTOR
        return max(settings.turn_silence_ms, self._patient_ms)

    @property
    def _patient_ms(self) -> float:
        """What this caller's own pauses ask for, within reason."""
        return min(self._usual_pause_ms * _PAUSE_FACTOR, self._settings.spelling_silence_ms)

    def _words(self, event: CallerWords, now: float) -> Iterable[Out]:
        self._said += event.text
        return ()

    def _asks(self, event: ModelWords, now: float) -> Iterable[Out]:
        if event.response != self._asked_by:
            self._asked_by, self._asked = event.response, ""
        self._asked += event.text
        return ()

    def _pauses(self, moment: SpeechEnded, now: float) -> Iterable[Out]:
        self._paused_from = moment.at
        return ()

    def _resumes(self, moment: SpeechBegan, now: float) -> Iterable[Out]:
        if self._paused_from is not None:
            pause = 1000 * (moment.at - self._paused_from)
            self._usual_pause_ms = max(pause, 0.7 * self._usual_pause_ms)
        self._paused_from = None
        return ()

    def _over(self, moment: CallerTurnEnded | ReplyBegan, now: float) -> Iterable[Out]:
        self._said, self._paused_from = "", None
        return ()
