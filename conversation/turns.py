"""The caller's turns: when one begins and ends, and what of the caller's sound the model gets.

With ``turn_taking=model`` the model hears everything and decides by itself; a turn's end is
noticed here only to know how long the caller has been waiting. With ``local`` the model hears
what lies between ``BeginActivity`` and ``EndActivity``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from conversation.actions import BeginActivity, EndActivity, SendAudio, StartTimer
from conversation.barge_in import GreetingShield
from conversation.ear import Ear
from conversation.endpointing import Endpointing
from conversation.events import CallerAudio, CallerWords
from conversation.floor import Floor, Holder
from conversation.moments import (
    AnswerDue,
    By,
    CallerTurnEnded,
    Confirmed,
    MyraSpeaks,
    Out,
    Reaction,
    SpeechBegan,
    SpeechEnded,
)
from conversation.settings import TalkSettings
from media.audio import Audio

# Speech in a turn that is worth an answer; less is a noise. A "yes" has 200 ms and more.
_WORTH_MS = 150.0
# Sound kept while it is open whether somebody really speaks over Myra.
_CONTEST_MS = 4000.0


class PreRoll:
    """The latest sound, in case a turn turns out to have begun in it."""

    def __init__(self) -> None:
        self._frames: deque[Audio] = deque()
        self._ms = 0.0

    def keep(self, audio: Audio, most_ms: float) -> None:
        """Add a frame; the oldest go while the rest still lasts ``most_ms``."""
        self._frames.append(audio)
        self._ms += audio.ms
        while self._frames and self._ms - self._frames[0].ms >= most_ms:
            self._ms -= self._frames.popleft().ms

    def take(self) -> list[Audio]:
        frames = list(self._frames)
        self._frames.clear()
        self._ms = 0.0
        return frames


class Turns:
    def __init__(
        self,
        settings: TalkSettings,
        floor: Floor,
        ear: Ear,
        endpointing: Endpointing,
        shield: GreetingShield,
    ) -> None:
        self._settings = settings
        self._local = settings.turn_taking == "local"
        self._floor = floor
        self._ear = ear
        self._endpointing = endpointing
        self._shield = shield
        self._pre_roll = PreRoll()
        self._shielded_ms = 0.0
        self._open = False
        self._active = False
        self._began = 0.0
        self._voice_ms = 0.0
        self._worded = False

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            CallerAudio: self._audio,
            CallerWords: self._words,
            SpeechBegan: self._speech_began,
            SpeechEnded: self._look,
            Confirmed: self._confirmed,
            MyraSpeaks: self._myra_speaks,
            "turn": self._look,
        }

    # The caller's sound on its way to the model.

    def _audio(self, event: CallerAudio, now: float) -> Iterable[Out]:
        if self._ear.voiced:
            self._voice_ms += event.audio.ms
        if not self._local:
            return self._stream(event.audio, now)
        if self._active:
            return (SendAudio(event.audio),)
        # Before the first turn everything is kept: the caller may speak while nothing is open.
        open_ended = self._open or self._floor.holder is Holder.CONTESTED
        self._pre_roll.keep(event.audio, _CONTEST_MS if open_ended else self._settings.pre_roll_ms)
        return self._activate()

    def _stream(self, audio: Audio, now: float) -> Iterable[Out]:
        """All of it, save that noises under a protected greeting reach the model as silence."""
        if self._shield.up(now):
            self._shielded_ms += audio.ms if self._ear.voiced else 0.0
            self._pre_roll.keep(audio, _CONTEST_MS)
            return
        for held in self._pre_roll.take():
            spoke = self._shielded_ms >= self._settings.confirm_ms
            yield SendAudio(held if spoke else Audio.silence(held.ms, held.rate))
        yield SendAudio(audio)

    def _activate(self) -> Iterable[Out]:
        """Open the model's ear once there is enough speech for a turn."""
        if not self._open or self._active or self._voice_ms < _WORTH_MS:
            return ()
        self._active = True
        return (BeginActivity(), *(SendAudio(frame) for frame in self._pre_roll.take()))

    # The turn.

    def _speech_began(self, moment: SpeechBegan, now: float) -> Iterable[Out]:
        if self._floor.holder is Holder.CALLER and not self._open:
            return self._begin(moment.at, self._ear.spoken_ms)
        return ()

    def _confirmed(self, moment: Confirmed, now: float) -> Iterable[Out]:
        silently = moment.by in {By.KEYS, By.TEXT} and not self._ear.speaking
        if silently or self._open:
            return ()
        if self._ear.last_voice_at > now - self._settings.confirm_ms / 1000:
            return self._begin(self._ear.since, max(_WORTH_MS, self._ear.spoken_ms))
        # Only the model heard somebody: its view counts, and it owes an answer.
        self._worded = True
        return self._begin(now, 0.0)

    def _begin(self, at: float, voice_ms: float) -> Iterable[Out]:
        self._open, self._began, self._voice_ms = True, at, voice_ms
        yield StartTimer("turn", self._settings.complete_silence_ms / 1000)
        if self._local and self._ear.speaking:
            yield from self._activate()

    def _words(self, event: CallerWords, now: float) -> Iterable[Out]:
        self._worded = self._worded or (self._open and bool(event.text.strip()))
        return self._look(event, now)

    def _look(self, cause: object, now: float) -> Iterable[Out]:
        """Whether the turn is over, or when to look again."""
        if not self._open:
            return ()
        if self._ear.speaking:
            if now - self._began >= self._settings.max_turn_seconds:
                return self._end(now, answered=False)
            return (StartTimer("turn", self._silence_seconds),)
        left = max(self._ear.last_voice_at, self._began) + self._silence_seconds - now
        if left > 1e-6:
            return (StartTimer("turn", left),)
        return self._end(now, answered=False)

    @property
    def _silence_seconds(self) -> float:
        if self._local:
            return self._endpointing.silence_ms(self._voice_ms) / 1000
        return self._settings.model_silence_ms / 1000

    def _myra_speaks(self, moment: MyraSpeaks, now: float) -> Iterable[Out]:
        """Myra answers: the model took the turn for over."""
        if self._open and self._floor.holder is Holder.MYRA:
            yield from self._end(now, answered=True)

    def _end(self, now: float, *, answered: bool) -> Iterable[Out]:
        ended = max(self._ear.last_voice_at, self._began)
        said = self._worded or self._voice_ms >= _WORTH_MS
        self._open, self._worded = False, False
        if self._active:
            self._active = False
            yield EndActivity()
        yield CallerTurnEnded(self._began, ended, said)
        if said and not answered:
            yield AnswerDue(ended)
