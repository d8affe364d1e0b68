"""Barge-in in two stages: suspected at the first sound of speech, then confirmed or undone.

What the caller says over Myra stops her at once and costs nothing yet: the line is cleared and
the place remembered. Enough speech, the model's own ``interrupted``, or a word that orders her
to stop makes it real; a short quiet, or a word of assent, and she goes on where she stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import StartTimer, StopTimer
from conversation.ear import Ear
from conversation.events import (
    CallerAudio,
    CallerStopped,
    CallerTyped,
    CallerWords,
    Keypress,
    ModelInterrupted,
    TimerFired,
)
from conversation.floor import Floor, Holder
from conversation.moments import (
    By,
    CallerTurnEnded,
    Confirmed,
    FalseAlarm,
    Out,
    Overlapped,
    Reaction,
    ReplyBegan,
    Suspected,
)
from conversation.phrases import objects, only_assents, orders_stop
from conversation.playout import Playout
from conversation.settings import TalkSettings

# A transcript follows its speech by up to this much.
_WORDS_LATE_SECONDS = 3.0


class GreetingShield:
    """The first moments of the first reply, which nothing the caller says interrupts."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None

    def began(self, now: float) -> None:
        """A reply began; only the first one counts."""
        if self._until is None:
            self._until = now + self._seconds

    def up(self, now: float) -> bool:
        return self._until is not None and now < self._until


class BargeIn:
    def __init__(self, settings: TalkSettings, floor: Floor, ear: Ear, playout: Playout) -> None:
        self.shield = GreetingShield(settings.greeting_protection_ms / 1000)
        self._settings = settings
        self._floor = floor
        self._ear = ear
        self._playout = playout
        self._voiced_ms = 0.0
        self._suspected_at = float("-inf")
        self._overlap = False

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            CallerAudio: self._audio,
            ModelInterrupted: self._interrupted,
            CallerWords: self._words,
            Keypress: self._key,
            CallerTyped: self._typed,
            CallerStopped: self._stopped,
            ReplyBegan: self._reply_began,
            Overlapped: self._overlapped,
            CallerTurnEnded: self._caller_done,
            "resume": self._quiet_enough,
        }

    def _audio(self, event: CallerAudio, now: float) -> Iterable[Out]:
        holder = self._floor.holder
        speaks = self._ear.speaking and self._ear.voiced
        if holder is Holder.MYRA and speaks and not self.shield.up(now):
            self._overlap = False
            self._suspected_at = now
            self._voiced_ms = (
                0.0 if self._ear.may_hear_echo(event.level_db, now) else self._ear.spoken_ms
            )
            yield Suspected()
            yield StartTimer("resume", self._settings.resume_ms / 1000)
        elif (
            holder is Holder.CONTESTED
            and self._ear.voiced
            and not self._ear.may_hear_echo(event.level_db, now)
        ):
            self._voiced_ms += event.audio.ms
            if self._voiced_ms >= self._settings.confirm_ms:
                yield from self._confirm(By.SPEECH)

    def _interrupted(self, event: ModelInterrupted, now: float) -> Iterable[Out]:
        alive = self._playout.alive(event.response)
        self._playout.bury(event.response)
        return self._confirm(By.MODEL) if alive else ()

    def _words(self, event: CallerWords, now: float) -> Iterable[Out]:
        """A transcript comes late: an order to stop counts also when Myra has gone on already."""
        holder = self._floor.holder
        if holder is Holder.MYRA:
            lately = now - self._suspected_at <= _WORDS_LATE_SECONDS
            return self._confirm(By.WORDS) if lately and orders_stop(event.text) else ()
        if holder is not Holder.CONTESTED:
            return ()
        if objects(event.text):
            return self._confirm(By.WORDS)
        if only_assents(event.text) and not self._ear.voiced and not self._overlap:
            return self._undo()
        return ()

    def _key(self, event: Keypress, now: float) -> Iterable[Out]:
        return self._act(By.KEYS) if self._settings.keypad_interrupts else ()

    def _typed(self, event: CallerTyped, now: float) -> Iterable[Out]:
        return self._act(By.TEXT) if event.text.strip() else ()

    def _stopped(self, event: CallerStopped, now: float) -> Iterable[Out]:
        """Nothing sounds there any more, so nothing is left to be undone. Who only wanted quiet
        said nothing: the floor is free again at once."""
        if self._floor.holder not in {Holder.MYRA, Holder.CONTESTED}:
            return ()
        self._playout.stopped(event.mark, event.past_ms)
        if event.reason == "voice":
            return self._confirm(By.SPEECH)
        if event.reason == "text":
            return self._confirm(By.TEXT)
        return (*self._confirm(By.KEYS), CallerTurnEnded(now, now, said=False))

    def _act(self, by: By) -> Iterable[Out]:
        return self._confirm(by) if self._floor.holder in {Holder.MYRA, Holder.CONTESTED} else ()

    def _confirm(self, by: By) -> Iterable[Out]:
        """The words that belong to it have had their effect, however late they come: by then
        she may be answering them."""
        self._suspected_at = float("-inf")
        return (StopTimer("resume"), Confirmed(by))

    def _undo(self) -> Iterable[Out]:
        return (StopTimer("resume"), FalseAlarm())

    def _reply_began(self, moment: ReplyBegan, now: float) -> Iterable[Out]:
        self.shield.began(now)
        return ()

    def _overlapped(self, moment: Overlapped, now: float) -> Iterable[Out]:
        self._overlap = True
        self._voiced_ms = 0.0
        return (StartTimer("resume", self._settings.resume_ms / 1000),)

    def _caller_done(self, moment: CallerTurnEnded, now: float) -> Iterable[Out]:
        """Local turn-taking holds a reply back until the caller's turn is over."""
        return self._undo() if self._floor.holder is Holder.CONTESTED else ()

    def _quiet_enough(self, event: TimerFired, now: float) -> Iterable[Out]:
        if self._floor.holder is not Holder.CONTESTED:
            return ()
        seconds = self._settings.resume_ms / 1000
        left = self._ear.last_voice_at + seconds - now
        if left > 1e-6:
            return (StartTimer("resume", left),)
        if self._overlap and self._settings.turn_taking == "local":
            return (StartTimer("resume", seconds),)
        return (FalseAlarm(),)
