"""The caller waits and the model says nothing: nudge it, renew it, apologise. Never dead air."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import SendText, StartTimer
from conversation.directions import Prompt, nudge
from conversation.events import ConversationBegan, ModelLost, ModelReady, ModelWords, TimerFired
from conversation.farewell import Farewell
from conversation.floor import Floor, Holder
from conversation.line import After, Ending
from conversation.moments import (
    AnswerDue,
    EndWanted,
    FloorFree,
    LineQuiet,
    Out,
    Reaction,
    RenewWanted,
    ReplyBegan,
    SayPrompt,
)
from conversation.settings import TalkSettings
from conversation.tool_calls import ToolCalls
from conversation.transcript import Transcript

# What was waited for while somebody spoke is asked for this soon after.
_SOON = 0.3
# How far the transcript of a reply may run ahead of its sound.
_IMMINENT = 1.5


class DeadAir:
    """``due`` while the caller waits for Myra's words."""

    def __init__(
        self,
        settings: TalkSettings,
        floor: Floor,
        tools: ToolCalls,
        farewell: Farewell,
        transcript: Transcript,
    ) -> None:
        self._settings = settings
        self._floor = floor
        self._tools = tools
        self._farewell = farewell
        self._transcript = transcript
        self._since: float | None = None
        self._at = 0.0
        self._stage = 0
        self._give_up_at = 0.0
        self._words_at = float("-inf")
        self._open = False

    @property
    def due(self) -> bool:
        return self._since is not None

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ConversationBegan: self._began,
            AnswerDue: self._answer_due,
            ReplyBegan: self._reply_began,
            ModelWords: self._words,
            ModelReady: self._ready,
            ModelLost: self._lost,
            LineQuiet: self._line_quiet,
            FloorFree: self._floor_free,
            "dead_air": self._silent,
        }

    def _began(self, event: ConversationBegan, now: float) -> Iterable[Out]:
        return self._answer_due(AnswerDue(now), now)

    def _answer_due(self, moment: AnswerDue, now: float) -> Iterable[Out]:
        """Who asks again ("hello?") has been waiting all along: only a reply ends a wait."""
        if self._since is None:
            self._stage = 0
        self._since = moment.since
        return self._wait(max(_SOON, moment.since + self._settings.dead_air_seconds - now), now)

    def _reply_began(self, moment: ReplyBegan, now: float) -> Iterable[Out]:
        self._since, self._stage = None, 0
        return ()

    def _ready(self, event: ModelReady, now: float) -> Iterable[Out]:
        """A fresh session gets its time before it is given up."""
        self._open = True
        if self._since is None:
            return ()
        self._give_up_at = now + self._settings.apology_after_seconds
        return self._wait(self._settings.dead_air_seconds, now)

    def _lost(self, event: ModelLost, now: float) -> Iterable[Out]:
        self._open = False
        return ()

    def _line_quiet(self, moment: LineQuiet, now: float) -> Iterable[Out]:
        """What the caller has just heard is no silence."""
        if self._stage == 0:
            self._at = now + self._settings.dead_air_seconds
        return ()

    def _floor_free(self, moment: FloorFree, now: float) -> Iterable[Out]:
        if self._since is None:
            return ()
        return self._wait(max(_SOON, self._at - now), now)

    def _wait(self, seconds: float, now: float) -> Iterable[Out]:
        self._at = now + seconds
        return (StartTimer("dead_air", seconds),)

    def _silent(self, event: TimerFired, now: float) -> Iterable[Out]:
        if self._since is None or (self._farewell.pending and not self._farewell.interrupted):
            return ()
        if self._floor.holder is not Holder.NOBODY:
            return ()
        if self._tools.working:
            return self._wait(self._settings.dead_air_seconds, now)
        if self._about_to_speak(now):
            return self._wait(_IMMINENT, now)
        self._stage += 1
        if self._stage == 1:
            return self._nudge(now)
        if self._stage == 2:
            return self._renew(now)
        if now < self._give_up_at:
            return self._fill(now)
        return self._give_up()

    def _about_to_speak(self, now: float) -> bool:
        """Its words are here, its sound may be on the way; not for ever."""
        latest = (self._since or 0.0) + self._settings.dead_air_seconds + 2 * _IMMINENT
        return now - self._words_at < _IMMINENT and now < latest

    def _words(self, event: ModelWords, now: float) -> Iterable[Out]:
        self._words_at = now
        return ()

    def _nudge(self, now: float) -> Iterable[Out]:
        """The model starts afresh by it and needs a while: the caller hears a word meanwhile."""
        yield from self._wait(self._settings.renew_after_seconds, now)
        if self._open:
            yield SendText(nudge(self._transcript.last_said, self._transcript.talked_over))
        yield SayPrompt(Prompt.ONE_MOMENT)

    def _renew(self, now: float) -> Iterable[Out]:
        self._give_up_at = now + self._settings.apology_after_seconds
        yield from self._fill(now)
        if self._open:
            self._open = False
            yield RenewWanted()

    def _fill(self, now: float) -> Iterable[Out]:
        """A few recorded words, while what is to help takes its time."""
        left = self._give_up_at - now
        yield from self._wait(min(self._settings.dead_air_seconds, max(_SOON, left)), now)
        yield SayPrompt(Prompt.STILL_WORKING)

    def _give_up(self) -> Iterable[Out]:
        self._since = None
        yield EndWanted(Ending(After.FAILED, "the model fell silent"), Prompt.APOLOGY)
