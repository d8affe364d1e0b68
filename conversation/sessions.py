"""The model's sessions: the greeting when the first opens, another when one ends, and a planned
change where nobody is speaking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import RenewModel, SendText, StartTimer
from conversation.dead_air import DeadAir
from conversation.directions import Prompt, carry_on, opening
from conversation.events import ModelLeaving, ModelLost, ModelReady, TimerFired
from conversation.farewell import Farewell
from conversation.floor import Floor, Holder
from conversation.line import After, Ending
from conversation.moments import (
    AnswerDue,
    EndWanted,
    FloorFree,
    Out,
    Reaction,
    RenewWanted,
    ReplyBegan,
    ReplyBrokenOff,
)
from conversation.playout import Playout
from conversation.settings import TalkSettings
from conversation.tool_calls import ToolCalls
from conversation.transcript import Transcript

# Doubled from attempt to attempt.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 4.0
# A session that lasted this long was a good one: counting starts afresh.
_GOOD_SECONDS = 10.0
# Left of a leaving session's time when it is changed at the latest.
_MARGIN = 5.0


class Sessions:
    def __init__(
        self,
        settings: TalkSettings,
        returning: str,
        floor: Floor,
        playout: Playout,
        tools: ToolCalls,
        farewell: Farewell,
        dead_air: DeadAir,
        transcript: Transcript,
    ) -> None:
        self._settings = settings
        self._returning = returning
        self._floor = floor
        self._playout = playout
        self._tools = tools
        self._farewell = farewell
        self._dead_air = dead_air
        self._transcript = transcript
        self._greeted = False
        self._spoken = False
        self._opened_at: float | None = None
        self._failures = 0
        self._leaving = False
        self._broken_off = False

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ModelReady: self._ready,
            ModelLost: self._lost,
            ModelLeaving: self._leaves,
            FloorFree: self._change_if_idle,
            RenewWanted: self._renew,
            ReplyBegan: self._reply_began,
            ReplyBrokenOff: self._broke_off,
            "renew": self._renew,
            "leaving": self._change,
        }

    def _ready(self, event: ModelReady, now: float) -> Iterable[Out]:
        self._opened_at = now
        if not self._greeted:
            self._greeted = True
            return (SendText(opening(self._returning)), AnswerDue(now))
        if self._dead_air.due and not self._spoken:
            return (SendText(opening(self._returning)),)
        if self._dead_air.due:
            cut_after = self._transcript.last_spoken if self._broken_off else None
            self._broken_off = False
            return (SendText(carry_on(self._transcript.last_said, cut_after)),)
        return ()

    def _lost(self, event: ModelLost, now: float) -> Iterable[Out]:
        if self._opened_at is not None and now - self._opened_at >= _GOOD_SECONDS:
            self._failures = 0
        self._opened_at, self._leaving = None, False
        self._failures += 1
        if not event.retry or self._failures > self._settings.renew_attempts:
            ending = Ending(After.FAILED, f"the model is gone: {event.code} {event.reason}".strip())
            yield EndWanted(ending, Prompt.APOLOGY)
            return
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self._failures - 1))
        yield StartTimer("renew", pause)

    def _reply_began(self, moment: ReplyBegan, now: float) -> Iterable[Out]:
        self._spoken = True
        return ()

    def _broke_off(self, moment: ReplyBrokenOff, now: float) -> Iterable[Out]:
        self._broken_off = True
        return () if self._dead_air.due else (AnswerDue(now),)

    def _renew(self, cause: object, now: float) -> Iterable[Out]:
        """Also during a goodbye: who talks over it is owed an answer."""
        if not self._farewell.failed:
            self._leaving = False
            self._opened_at = None
            yield RenewModel(resume=True, summary=self._transcript.summary())

    def _leaves(self, event: ModelLeaving, now: float) -> Iterable[Out]:
        self._leaving = True
        yield StartTimer("leaving", max(0.0, event.seconds - _MARGIN))
        yield from self._change_if_idle(event, now)

    def _change_if_idle(self, cause: object, now: float) -> Iterable[Out]:
        quiet = self._floor.holder is Holder.NOBODY and self._playout.empty
        waits = self._dead_air.due or self._tools.working or self._farewell.pending
        return self._renew(cause, now) if self._leaving and quiet and not waits else ()

    def _change(self, event: TimerFired, now: float) -> Iterable[Out]:
        """No quiet moment came: better now than in the middle of an answer's first word."""
        return (RenewWanted(),) if self._leaving and not self._farewell.pending else ()
