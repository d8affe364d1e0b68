"""A tool takes long and nobody speaks: a few recorded words, so that the line is not dead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import StartTimer
from conversation.directions import Prompt
from conversation.events import TimerFired, ToolCallRequested
from conversation.farewell import Farewell
from conversation.floor import Floor, Holder
from conversation.moments import FloorFree, Out, Reaction, SayPrompt
from conversation.settings import TalkSettings
from conversation.tool_calls import ToolCalls


class SignOfLife:
    def __init__(
        self, settings: TalkSettings, floor: Floor, tools: ToolCalls, farewell: Farewell
    ) -> None:
        self._settings = settings
        self._floor = floor
        self._tools = tools
        self._farewell = farewell
        self._said = 0

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ToolCallRequested: self._quiet,
            FloorFree: self._quiet,
            "sign_of_life": self._speak,
        }

    def _quiet(self, cause: object, now: float) -> Iterable[Out]:
        if not self._tools.working:
            self._said = 0
            return ()
        if self._floor.holder is not Holder.NOBODY:
            return ()
        first = not self._said
        settings = self._settings
        seconds = settings.sign_of_life_seconds if first else settings.sign_of_life_again_seconds
        return (StartTimer("sign_of_life", seconds),)

    def _speak(self, event: TimerFired, now: float) -> Iterable[Out]:
        quiet = self._floor.holder is Holder.NOBODY
        if not quiet or not self._tools.working or self._farewell.pending:
            return ()
        self._said += 1
        return (SayPrompt(Prompt.ONE_MOMENT if self._said == 1 else Prompt.STILL_WORKING),)
