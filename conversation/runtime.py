"""The only place where the conversation touches the event loop.

One TaskGroup holds what a call needs: a pump for the line, one for the model, one for the
tools, and their own work. The pumps fill one inbox; the loop below empties it: decide, then
perform. Performing only enqueues, so nothing here ever waits for a socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from conversation.actions import Action
from conversation.core import Core, Setting
from conversation.events import (
    ConversationBegan,
    ConversationOver,
    EndRequested,
    Event,
    LineAudio,
    LineClosed,
    ModelAudio,
    ToolFinished,
)
from conversation.hearing import Hearing
from conversation.inbox import Inbox
from conversation.line import After, Ending, Line
from conversation.model import LiveModel
from conversation.performing import Performer
from conversation.records import Recorder
from conversation.settings import TalkSettings
from conversation.timers import Timers
from media.audio import Audio
from media.speech import SpeechDetector
from tools.contract import ToolDesk

# A line that was told to hang up and does not say that it has.
CLOSE_SECONDS = 5.0
# After the line is gone: longer than the desk's own deadline for what writes.
DESK_SECONDS = 30.0
# After the desk has come to rest: for its last results to be read.
RESULTS_SECONDS = 1.0


class Observer(Protocol):
    """Sees every decision of a conversation. Called on the event loop: it may only enqueue."""

    def began(self, setting: Setting) -> None: ...

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> None: ...

    def ended(self) -> None: ...


class Conversation:
    """One caller, one live model, one desk of tools. For one use: ``run`` once.

    ``detector`` hears ``line.info.input_rate`` and belongs to this conversation. ``prompts``
    are the recorded prompts by the names in ``directions.Prompt``; a missing one is left out.
    Facts go to ``recorder`` under ``line.info.id``. ``model_name`` is for the record.
    """

    def __init__(
        self,
        line: Line,
        model: LiveModel,
        desk: ToolDesk,
        *,
        settings: TalkSettings,
        detector: SpeechDetector,
        recorder: Recorder,
        prompts: Mapping[str, Audio] | None = None,
        observers: Iterable[Observer] = (),
        model_name: str = "",
    ) -> None:
        self._line = line
        self._model = model
        self._desk = desk
        self._recorder = recorder
        self._prompts = dict(prompts or {})
        self._observers = tuple(observers)
        self._hearing = Hearing(detector)
        self._setting = Setting(
            line=line.info,
            talk=settings,
            writes=frozenset(tool.name for tool in desk.declarations if tool.writes),
            prompts={name: round(audio.ms, 1) for name, audio in self._prompts.items()},
            model=model_name,
        )
        self._core = Core(self._setting)
        self._inbox = Inbox()

    @property
    def deepest_inbox(self) -> int:
        """The most events that ever waited."""
        return self._inbox.deepest

    def end(self, reason: str) -> None:
        """Ask for a polite end: Myra says goodbye, then the line is let go. For the event
        loop's own thread; before ``run`` it counts from the start."""
        self._inbox.put_now(EndRequested(reason))

    async def run(self) -> Ending:
        """Hold the conversation until the line has closed and the tools have come to rest.

        Whatever fails inside lets the line go as ``After.FAILED`` and is raised; cancelling
        does the same.
        """
        timers = Timers(self._inbox.put_now)
        performer = Performer(
            self._line, self._model, self._desk, self._recorder, self._prompts, timers
        )
        for observer in self._observers:
            observer.began(self._setting)
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._serve(tasks, performer)
        finally:
            timers.stop_all()
            if performer.ending is None:
                self._line.hang_up(Ending(After.FAILED, "the conversation failed"))
            for observer in self._observers:
                observer.ended()
        return performer.ending or Ending(After.FAILED, "nobody hung up")

    async def _serve(self, tasks: asyncio.TaskGroup, performer: Performer) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        model = [
            tasks.create_task(self._model.run(), name="model"),
            tasks.create_task(self._pump_model(), name="model events"),
        ]
        desk = tasks.create_task(self._desk.run(), name="desk")
        results = tasks.create_task(self._pump_results(), name="results")
        line = tasks.create_task(self._pump_line(), name="line events")
        event: Event = ConversationBegan()
        closing: asyncio.TimerHandle | None = None
        settling = None
        while True:
            self._decide(event, round(loop.time() - started, 4), performer)
            if self._core.over and closing is None:
                closing = loop.call_later(CLOSE_SECONDS, self._inbox.put_now, LineClosed("late"))
            if isinstance(event, LineClosed) and settling is None:
                for task in model:
                    task.cancel()
                settling = tasks.create_task(self._settle(desk, results), name="settling")
            if isinstance(event, ConversationOver):
                break
            event = await self._inbox.get()
        if closing is not None:
            closing.cancel()
        for task in (line, desk, results):
            task.cancel()

    def _decide(self, event: Event, now: float, performer: Performer) -> None:
        actions = self._core.decide(event, now)
        for observer in self._observers:
            observer.decided(now, event, actions)
        for action in actions:
            performer.perform(action)

    async def _settle(self, desk: asyncio.Task[None], results: asyncio.Task[None]) -> None:
        """Let the desk finish what writes, and hear of it."""
        desk.cancel()
        await asyncio.wait({desk}, timeout=DESK_SECONDS)
        await asyncio.wait({results}, timeout=RESULTS_SECONDS)
        self._inbox.put_now(ConversationOver())

    async def _pump_line(self) -> None:
        async for event in self._line.events():
            if isinstance(event, LineAudio):
                await self._inbox.put(self._hearing.caller(event))
            elif isinstance(event, LineClosed):
                self._inbox.put_now(event)
                return
            else:
                await self._inbox.put(event)
        self._inbox.put_now(LineClosed("the line ended without saying so"))

    async def _pump_model(self) -> None:
        async for event in self._model.events():
            measured = self._hearing.reply(event) if isinstance(event, ModelAudio) else event
            await self._inbox.put(measured)

    async def _pump_results(self) -> None:
        async for result in self._desk.results():
            await self._inbox.put(ToolFinished(result))
