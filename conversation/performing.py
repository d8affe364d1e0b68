"""Carries out what the core ordered. Every order only enqueues; none of them waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from conversation.actions import (
    Action,
    AnswerTool,
    BeginActivity,
    CancelTool,
    ClearLine,
    EndActivity,
    HangUp,
    NoteToModel,
    Play,
    PlayPrompt,
    Record,
    RenewModel,
    RunTool,
    SendAudio,
    SendText,
    StartTimer,
    StopTimer,
)
from conversation.line import Ending, Line
from conversation.model import LiveModel
from conversation.records import Recorder
from conversation.timers import Timers
from media.audio import Audio
from tools.contract import ToolDesk

log = logging.getLogger(__name__)


class Performer:
    """``ending`` is what the line was let go with; None before that."""

    def __init__(
        self,
        line: Line,
        model: LiveModel,
        desk: ToolDesk,
        recorder: Recorder,
        prompts: Mapping[str, Audio],
        timers: Timers,
    ) -> None:
        self.ending: Ending | None = None
        self._line = line
        self._model = model
        self._desk = desk
        self._recorder = recorder
        self._prompts = prompts
        self._orders: dict[type, Callable[[Any], None]] = {
            SendAudio: lambda order: model.send_audio(order.audio),
            Play: self._play,
            PlayPrompt: self._play_prompt,
            ClearLine: lambda order: line.clear(),
            SendText: lambda order: model.send_text(order.text),
            NoteToModel: lambda order: model.note(order.text),
            BeginActivity: lambda order: model.begin_activity(),
            EndActivity: lambda order: model.end_activity(),
            RunTool: lambda order: desk.start(order.call),
            CancelTool: lambda order: desk.cancel(order.call_id),
            AnswerTool: lambda order: model.answer_tool(
                order.call_id, order.name, order.response, order.when
            ),
            StartTimer: lambda order: timers.start(order.name, order.seconds),
            StopTimer: lambda order: timers.stop(order.name),
            RenewModel: self._renew,
            HangUp: self._hang_up,
            Record: self._record,
        }

    def perform(self, action: Action) -> None:
        self._orders[type(action)](action)

    def _play(self, order: Play) -> None:
        self._line.play(order.audio, order.mark, last=order.last, fade_in_ms=order.fade_in_ms)

    def _play_prompt(self, order: PlayPrompt) -> None:
        log.info("playing a prompt", extra={"call": self._line.info.id, "prompt": order.prompt})
        self._line.play(self._prompts[order.prompt], order.mark, last=True)

    def _renew(self, order: RenewModel) -> None:
        log.info("renewing the model's session", extra={"call": self._line.info.id})
        self._model.renew(resume=order.resume, summary=order.summary)

    def _hang_up(self, order: HangUp) -> None:
        self.ending = order.ending
        log.info(
            "hanging up",
            extra={
                "call": self._line.info.id,
                "after": order.ending.after,
                "reason": order.ending.reason,
            },
        )
        self._line.hang_up(order.ending)

    def _record(self, order: Record) -> None:
        self._recorder.record(self._line.info.id, order.fact)
