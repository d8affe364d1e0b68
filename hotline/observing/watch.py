"""Watches one call for the metrics and for whoever looks at the running calls.

An ``Observer`` that looks at the few kinds of events and actions it needs and lets the others
pass for the price of a look into a dictionary: most of what happens is a frame of sound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conversation.actions import (
    Action,
    ClearLine,
    HangUp,
    Play,
    PlayPrompt,
    Record,
    RenewModel,
    RunTool,
    StartTimer,
)
from conversation.core import Setting
from conversation.events import (
    CallerAudio,
    CallerStopped,
    CallerTyped,
    Event,
    Keypress,
    LineClosed,
    ModelLeaving,
    ModelLost,
    ModelReady,
    ToolFinished,
)
from conversation.records import TurnTaken
from hotline.observing.instruments import Instruments
from hotline.observing.labels import (
    Direction,
    Outcome,
    Renewal,
    Stage,
    closed_by_line,
    let_go,
    loss_of,
    tool_outcome,
)
from hotline.observing.state import Board, CallState

_ON_THE_LINE = frozenset({Stage.END_OF_SPEECH, Stage.FIRST_AUDIO, Stage.LINE})


class CallWatch:
    """One call's ``Observer``. ``draining`` says whether the process is being stopped."""

    def __init__(
        self,
        state: CallState,
        board: Board,
        instruments: Instruments,
        draining: Callable[[], bool],
    ) -> None:
        channel = state.channel
        self._state = state
        self._board = board
        self._on = instruments
        self._draining = draining
        self._gap = instruments.gaps.labels(channel, Direction.IN)
        self._first_audio = instruments.first_audio.labels(channel)
        self._stop = instruments.stops.labels(channel)
        self._outcome: Outcome | None = None
        self._renewal = Renewal.DEADLINE
        self._greeted = False
        self._frame_at: float | None = None
        self._speech_at: float | None = None
        self._speech_on, self._min_speech = 0.5, 0.0
        self._events: Mapping[type, Callable[[Any, float], None]] = {
            CallerAudio: self._frame,
            LineClosed: self._line_closed,
            ModelReady: self._ready,
            ModelLost: self._lost,
            ModelLeaving: self._leaving,
            ToolFinished: self._tool_finished,
        }
        self._actions: Mapping[type, Callable[[Any, Event, float], None]] = {
            ClearLine: self._silenced,
            Play: self._play,
            PlayPrompt: self._prompt,
            RunTool: self._tool_started,
            RenewModel: self._renewed,
            HangUp: self._hang_up,
            Record: self._recorded,
            StartTimer: self._timer,
        }

    @property
    def outcome(self) -> Outcome:
        """How the call ended; for as long as it has not, how it would if it broke off now."""
        return self._outcome or (Outcome.DRAINED if self._draining() else Outcome.ERROR)

    def began(self, setting: Setting) -> None:
        self._speech_on = setting.talk.speech_probability
        self._min_speech = setting.talk.min_speech_ms / 1000
        self._board.enter(self._state)

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> None:
        self._state.now = now
        if seen := self._events.get(type(event)):
            seen(event, now)
        for action in actions:
            if ordered := self._actions.get(type(action)):
                ordered(action, event, now)

    def ended(self) -> None:
        state, channel = self._state, self._state.channel
        self._board.leave(state)
        outcome = self.outcome
        self._on.calls[channel, outcome] += 1
        self._on.duration.labels(channel, outcome).observe(state.now)

    # Events.

    def _frame(self, event: CallerAudio, now: float) -> None:
        if self._frame_at is not None:
            self._gap.observe(now - self._frame_at)
        self._frame_at = now
        if event.speech >= self._speech_on:
            self._state.voice_at = now

    def _line_closed(self, event: LineClosed, now: float) -> None:
        self._outcome = self._outcome or closed_by_line(event, self._state.channel)

    def _ready(self, event: ModelReady, now: float) -> None:
        self._state.session = True
        self._renewal = Renewal.DEADLINE

    def _leaving(self, event: ModelLeaving, now: float) -> None:
        self._renewal = Renewal.GOAWAY

    def _lost(self, event: ModelLost, now: float) -> None:
        self._state.session = False
        self._renewal = Renewal.ERROR
        self._on.losses.labels(loss_of(event)).inc()

    def _tool_finished(self, event: ToolFinished, now: float) -> None:
        result = event.result
        started = self._state.tools.pop(result.call_id, None)
        if started is None:
            return
        tool = self._on.tool(result.name)
        self._on.tool_calls.labels(tool, tool_outcome(result.status)).inc()
        self._on.tool_durations.labels(tool).observe(now - started[1])

    # Actions.

    def _play(self, action: Play, event: Event, now: float) -> None:
        if not self._greeted and action.audio.pcm:
            self._greeted = True
            self._on.greeting.labels(self._state.channel).observe(now)
        self._state.plays_until = max(now, self._state.plays_until) + action.audio.ms / 1000

    def _prompt(self, action: PlayPrompt, event: Event, now: float) -> None:
        self._on.prompts.labels(action.prompt).inc()

    def _timer(self, action: StartTimer, event: Event, now: float) -> None:
        """The ear arms this one by a frame when speech begins, which it takes so much to notice."""
        if action.name == "speech" and isinstance(event, CallerAudio):
            self._speech_at = now - self._min_speech

    def _silenced(self, action: ClearLine, event: Event, now: float) -> None:
        self._state.plays_until = now
        if isinstance(event, CallerAudio) and self._speech_at is not None:
            self._stop.observe(max(0.0, now - self._speech_at))
        elif isinstance(event, Keypress | CallerTyped | CallerStopped):
            self._stop.observe(0.0)

    def _tool_started(self, action: RunTool, event: Event, now: float) -> None:
        self._state.tools[action.call.id] = (self._on.tool(action.call.name), now)

    def _renewed(self, action: RenewModel, event: Event, now: float) -> None:
        self._state.session = False
        self._state.reconnects += 1
        self._on.renewals.labels(self._renewal).inc()

    def _hang_up(self, action: HangUp, event: Event, now: float) -> None:
        self._outcome = self._outcome or let_go(action.ending, draining=self._draining())

    def _recorded(self, action: Record, event: Event, now: float) -> None:
        turn = action.fact
        if not isinstance(turn, TurnTaken):
            return
        channel = self._state.channel
        self._on.turns.labels(channel, turn.speaker).inc()
        if turn.speaker == "caller":
            self._state.turns += 1
            return
        if turn.interrupted:
            self._on.interruptions.labels(channel).inc()
        for stage in Stage:
            if stage in turn.latency:
                self._on.stages.labels(stage).observe(turn.latency[stage] / 1000)
        if turn.latency.keys() >= _ON_THE_LINE:
            waited = sum(turn.latency[stage] for stage in _ON_THE_LINE)
            self._state.reply_ms = waited
            self._first_audio.observe(waited / 1000)
