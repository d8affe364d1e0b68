"""The caller says nothing: asked once, asked again, then goodbye."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import SendText, StartTimer
from conversation.dead_air import DeadAir
from conversation.directions import GOODBYE_SILENT, STILL_SILENT, STILL_THERE, Prompt
from conversation.events import CallerWords, Keypress, TimerFired
from conversation.farewell import Farewell
from conversation.floor import Floor, Holder
from conversation.line import After, Ending
from conversation.moments import (
    AnswerDue,
    CallerActed,
    CallerTurnEnded,
    EndWanted,
    FloorFree,
    Out,
    Reaction,
    SpeechBegan,
)
from conversation.phrases import asks_to_hold
from conversation.settings import TalkSettings
from conversation.tool_calls import ToolCalls


class CallerSilence:
    """Counts only where it is the caller's turn to speak: not while Myra owes words, a tool
    works, or the caller asked her to wait."""

    def __init__(
        self,
        settings: TalkSettings,
        floor: Floor,
        tools: ToolCalls,
        farewell: Farewell,
        dead_air: DeadAir,
    ) -> None:
        self._settings = settings
        self._floor = floor
        self._tools = tools
        self._farewell = farewell
        self._dead_air = dead_air
        self._asked = 0
        self._words = ""
        self._turn_over = True
        self._held = False

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            FloorFree: self._wait,
            SpeechBegan: self._speech_began,
            CallerWords: self._hears,
            CallerTurnEnded: self._turn_ended,
            CallerActed: self._acted,
            Keypress: self._wait,
            "silence": self._silent,
        }

    def _wait(self, cause: object, now: float) -> Iterable[Out]:
        seconds = self._settings.hold_seconds if self._held else self._settings.silence_seconds
        return (StartTimer("silence", seconds),)

    def _speech_began(self, moment: SpeechBegan, now: float) -> Iterable[Out]:
        """Pauses within a turn begin nothing new, and words may come after the turn they belong
        to: those of the one before go when the next one begins."""
        if self._turn_over:
            self._words, self._turn_over = "", False
        return ()

    def _hears(self, event: CallerWords, now: float) -> Iterable[Out]:
        self._words += event.text
        if self._held or not asks_to_hold(self._words):
            return ()
        self._held = True
        return self._wait(event, now)

    def _turn_ended(self, moment: CallerTurnEnded, now: float) -> Iterable[Out]:
        self._turn_over = True
        if moment.said:
            self._asked = 0
            self._held = asks_to_hold(self._words)
        return ()

    def _acted(self, moment: CallerActed, now: float) -> Iterable[Out]:
        self._asked, self._held = 0, False
        return ()

    def _silent(self, event: TimerFired, now: float) -> Iterable[Out]:
        if self._farewell.pending or self._floor.holder is not Holder.NOBODY:
            return
        if self._tools.working or self._dead_air.due:
            yield from self._wait(event, now)
            return
        self._held = False
        self._asked += 1
        if self._asked > self._settings.silence_prompts:
            yield SendText(GOODBYE_SILENT)
            yield EndWanted(Ending(After.GOODBYE, "the caller said nothing"), Prompt.GOODBYE)
            return
        yield SendText(STILL_THERE if self._asked == 1 else STILL_SILENT)
        yield AnswerDue(now)
