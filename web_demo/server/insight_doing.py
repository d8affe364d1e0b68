"""What Myra is doing at the moment, in one word, from what is ordered and what comes back.

The core's own timers tell most of it: each belongs to one question ("does the caller go on?"),
is armed again while the question is open, and fires unarmed or is stopped once it is answered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from conversation.actions import (
    ClearLine,
    HangUp,
    Play,
    PlayPrompt,
    RunTool,
    StartTimer,
    StopTimer,
)
from conversation.events import (
    Event,
    LineClosed,
    ModelLost,
    ModelReady,
    PlaybackMark,
    TimerFired,
    ToolFinished,
)
from web_demo.server.insight_messages import Message, Reactions, reply_of

# The question each timer stands for. "resume": is it nothing, what is said over Myra? "turn":
# does the caller go on? "gap": does more of a reply come?
_QUESTIONS = ("resume", "turn", "gap")


class Doing:
    """``state`` is one of the protocol's words for what Myra does."""

    def __init__(self) -> None:
        self.told = ""
        self._ready = False
        self._over = False
        self._awaited = False
        self._given_up = False
        self._open: set[str] = set()
        self._tools: set[str] = set()
        self._marks: deque[str] = deque()

    def reactions(self) -> Reactions:
        return {
            ModelReady: self._model_ready,
            ModelLost: self._model_lost,
            PlaybackMark: self._played,
            TimerFired: self._fired,
            ToolFinished: self._tool_finished,
            LineClosed: self._ended,
            Play: self._play,
            PlayPrompt: self._prompt,
            ClearLine: self._cleared,
            StartTimer: self._armed,
            StopTimer: self._stopped,
            RunTool: self._tool_began,
            HangUp: self._ended,
        }

    @property
    def state(self) -> str:
        if self._over:
            return "ended"
        if "resume" in self._open:
            return "held"
        if self._marks or "gap" in self._open:
            return "speaking"
        if "turn" in self._open:
            return "hearing"
        if self._tools:
            return "working"
        if not self._ready:
            return "connecting"
        return "thinking" if self._awaited else "listening"

    def news(self) -> Iterable[Message]:
        """The state, if it has changed since it was last told. Called after each decision."""
        if self._given_up:
            self._given_up = False
            self._marks.clear()
        state = self.state
        if state != self.told:
            self.told = state
            yield {"type": "state", "state": state}

    def _model_ready(self, item: ModelReady, cause: Event, now: float) -> Iterable[Message]:
        self._ready = True
        return ()

    def _model_lost(self, item: ModelLost, cause: Event, now: float) -> Iterable[Message]:
        self._ready = False
        return ()

    def _played(self, item: PlaybackMark, cause: Event, now: float) -> Iterable[Message]:
        if item.name in self._marks:
            while self._marks.popleft() != item.name:
                pass
        return ()

    def _fired(self, item: TimerFired, cause: Event, now: float) -> Iterable[Message]:
        """The timer's answer: closed here, and open again if it is armed by what follows. Marks
        that are not waited for any longer will not come back."""
        self._open.discard(item.name)
        self._given_up = item.name == "marks"
        return ()

    def _armed(self, item: StartTimer, cause: Event, now: float) -> Iterable[Message]:
        if item.name in _QUESTIONS:
            self._open.add(item.name)
        elif item.name == "dead_air":
            self._awaited = True
        elif item.name == "marks":
            self._given_up = False
        return ()

    def _stopped(self, item: StopTimer, cause: Event, now: float) -> Iterable[Message]:
        self._open.discard(item.name)
        return ()

    def _play(self, item: Play, cause: Event, now: float) -> Iterable[Message]:
        response = reply_of(item.mark)
        if response is None:
            return ()
        if item.audio.pcm:
            self._awaited = False
            self._open -= {"turn", "gap"}
        self._marks.append(item.mark)
        return ()

    def _prompt(self, item: PlayPrompt, cause: Event, now: float) -> Iterable[Message]:
        self._marks.append(item.mark)
        return ()

    def _cleared(self, item: ClearLine, cause: Event, now: float) -> Iterable[Message]:
        self._marks.clear()
        self._open.discard("gap")
        return ()

    def _tool_began(self, item: RunTool, cause: Event, now: float) -> Iterable[Message]:
        self._tools.add(item.call.id)
        return ()

    def _tool_finished(self, item: ToolFinished, cause: Event, now: float) -> Iterable[Message]:
        self._tools.discard(item.result.call_id)
        return ()

    def _ended(self, item: object, cause: Event, now: float) -> Iterable[Message]:
        self._over = True
        return ()
