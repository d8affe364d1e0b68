"""How a call ends: once Myra's last words have been heard, in every case, and by a deadline.

A goodbye that the caller talks over is answered first. If they then keep quiet the call ends; if
they speak on, Myra's order to end it is withdrawn, as they have more to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from conversation.actions import HangUp, SendText, StartTimer
from conversation.directions import Prompt, wind_up
from conversation.events import (
    ConversationBegan,
    EndRequested,
    Keypress,
    LineClosed,
    TimerFired,
)
from conversation.floor import Floor, Holder
from conversation.line import After, Ending
from conversation.moments import (
    CallerActed,
    CallerTurnEnded,
    Confirmed,
    EndWanted,
    FloorFree,
    Out,
    Over,
    Reaction,
    ReplyBegan,
    ReplyHeard,
    SayPrompt,
    Withdrawn,
)
from conversation.settings import TalkSettings

# A reply heard this recently, in seconds, was heard just now.
_JUST_NOW = 0.5


class Phase(StrEnum):
    NONE = "none"
    WAITING = "waiting"
    SPEAKING = "speaking"
    INTERRUPTED = "interrupted"
    ANSWERING = "answering"
    LISTENING = "listening"
    OVER = "over"


class Farewell:
    def __init__(self, settings: TalkSettings, floor: Floor) -> None:
        self._settings = settings
        self._floor = floor
        self._ending = Ending()
        self._prompt = ""
        self._latest = 0.0
        self._heard_at = float("-inf")
        self._firm = False
        self.phase = Phase.NONE

    @property
    def pending(self) -> bool:
        return self.phase is not Phase.NONE

    @property
    def failed(self) -> bool:
        """The call ends because the model cannot go on."""
        return self.pending and self._ending.after is After.FAILED

    @property
    def interrupted(self) -> bool:
        """The caller talked over the goodbye and is owed an answer first."""
        return self.phase is Phase.INTERRUPTED

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ConversationBegan: self._began,
            EndRequested: self._requested,
            EndWanted: self._wanted,
            ReplyBegan: self._words,
            SayPrompt: self._words,
            ReplyHeard: self._heard,
            FloorFree: self._quiet,
            Confirmed: self._interrupted,
            CallerTurnEnded: self._caller_spoke,
            Keypress: self._caller_acted,
            CallerActed: self._caller_acted,
            LineClosed: self._line_closed,
            "call": self._too_long,
            "goodbye": self._no_goodbye,
            "tail": self._done,
            "hang_up": self._deadline,
        }

    def _began(self, event: ConversationBegan, now: float) -> Iterable[Out]:
        return (StartTimer("call", self._settings.max_call_seconds),)

    def _too_long(self, event: TimerFired, now: float) -> Iterable[Out]:
        return self._requested(EndRequested("the longest call is over"), now)

    def _requested(self, event: EndRequested, now: float) -> Iterable[Out]:
        """Such an end is put off by what the caller has to say, and no more withdrawn."""
        self._firm = True
        if self.pending:
            return
        yield SendText(wind_up(event.reason))
        yield EndWanted(Ending(After.GOODBYE, event.reason), Prompt.GOODBYE)

    def _wanted(self, moment: EndWanted, now: float) -> Iterable[Out]:
        failed = moment.ending.after is After.FAILED
        if self.phase is Phase.OVER or (self.pending and not failed):
            return
        self._ending, self._prompt = moment.ending, moment.prompt
        self.phase = Phase.WAITING
        self._latest = now + self._settings.hang_up_limit_seconds
        yield StartTimer("hang_up", self._settings.hang_up_seconds)
        if failed and self._prompt:
            yield SayPrompt(self._prompt)
        elif self._floor.holder is Holder.NOBODY:
            yield StartTimer("goodbye", self._patience(now))

    def _patience(self, now: float) -> float:
        """Myra may have said goodbye before she ordered the end; then little more will come."""
        said = now - self._heard_at < _JUST_NOW
        settings = self._settings
        return settings.goodbye_said_seconds if said else settings.goodbye_start_seconds

    def _heard(self, moment: ReplyHeard, now: float) -> Iterable[Out]:
        self._heard_at = now
        return ()

    def _words(self, moment: ReplyBegan | SayPrompt, now: float) -> Iterable[Out]:
        if self.phase is Phase.WAITING:
            self.phase = Phase.SPEAKING
        elif self.phase in {Phase.INTERRUPTED, Phase.LISTENING}:
            self.phase = Phase.ANSWERING
        return ()

    def _quiet(self, moment: FloorFree, now: float) -> Iterable[Out]:
        """The last mark is back, or the caller has finished."""
        if self.phase is Phase.WAITING:
            yield StartTimer("goodbye", self._patience(now))
        elif self.phase is Phase.SPEAKING:
            yield StartTimer("tail", self._settings.hang_up_tail_ms / 1000)
        elif self.phase in {Phase.ANSWERING, Phase.LISTENING}:
            self.phase = Phase.LISTENING
            yield StartTimer("tail", self._settings.goodbye_listen_seconds)

    def _no_goodbye(self, event: TimerFired, now: float) -> Iterable[Out]:
        """The goodbye never started."""
        if self.phase is not Phase.WAITING or self._floor.holder is not Holder.NOBODY:
            return
        if self._prompt:
            yield SayPrompt(self._prompt)
        else:
            yield from self._hang_up()

    def _interrupted(self, moment: Confirmed, now: float) -> Iterable[Out]:
        if self.failed:
            return self._hang_up()
        if self.phase in {Phase.WAITING, Phase.SPEAKING, Phase.ANSWERING}:
            self.phase = Phase.INTERRUPTED
        return ()

    def _caller_spoke(self, moment: CallerTurnEnded, now: float) -> Iterable[Out]:
        if not self.pending or self.phase is Phase.OVER:
            return
        if moment.said:
            yield from self._more_to_say()
        yield StartTimer("hang_up", self._settings.hang_up_seconds)

    def _caller_acted(self, cause: Keypress | CallerActed, now: float) -> Iterable[Out]:
        """The first key counts: its entry may be longer than anybody listens after a goodbye."""
        if self.pending and not self.failed:
            yield from self._more_to_say()
            yield StartTimer("hang_up", self._settings.hang_up_seconds)

    def _more_to_say(self) -> Iterable[Out]:
        if self.phase is Phase.LISTENING and not self._firm:
            self.phase = Phase.NONE
            yield Withdrawn()
        elif self.phase in {Phase.WAITING, Phase.SPEAKING, Phase.LISTENING}:
            self.phase = Phase.INTERRUPTED

    def _done(self, event: TimerFired, now: float) -> Iterable[Out]:
        quiet = self._floor.holder is Holder.NOBODY
        if quiet and self.phase in {Phase.SPEAKING, Phase.LISTENING}:
            return self._hang_up()
        return ()

    def _deadline(self, event: TimerFired, now: float) -> Iterable[Out]:
        """Whatever was waited for did not come. Nobody is cut off in mid-word for it, within
        a limit that noise on the line cannot move."""
        if not self.pending:
            return ()
        if now >= self._latest:
            return self._hang_up()
        if self._floor.holder is Holder.NOBODY:
            return self._hang_up()
        return (StartTimer("hang_up", self._settings.goodbye_start_seconds),)

    def _line_closed(self, event: LineClosed, now: float) -> Iterable[Out]:
        self._ending = Ending(After.GOODBYE, event.reason)
        return self._hang_up()

    def _hang_up(self) -> Iterable[Out]:
        if self.phase is Phase.OVER:
            return
        self.phase = Phase.OVER
        yield HangUp(self._ending)
        yield Over(self._ending.reason)
