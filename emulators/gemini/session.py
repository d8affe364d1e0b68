"""One connection's session: client messages and internal events in one order, one at a time.

Invariants: at most one turn is under way; every turn that began ends with turnComplete, also when
cut (unless a fault withholds it); no turn begins while the caller holds the floor, unless the
client sent a complete turn of text.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass

from pydantic import ValidationError
from websockets.exceptions import ConnectionClosed

from emulators.gemini import replies
from emulators.gemini.activity import Activity, ActivityDetector, Ended
from emulators.gemini.faults import FaultPlan
from emulators.gemini.floor import Floor
from emulators.gemini.journal import Journal
from emulators.gemini.messages import (
    AudioIn,
    ClientContent,
    ClientMessage,
    ContextUpdate,
    SetupMessage,
    Signal,
    TextIn,
    ToolResponse,
    ToolResult,
)
from emulators.gemini.seeding import Seeding
from emulators.gemini.setup import read_tools
from emulators.gemini.setup_fields import ToolFields
from emulators.gemini.steps import Step
from emulators.gemini.strikes import strike, timed_faults
from emulators.gemini.turn import Stage, Turn
from emulators.gemini.wire import Refused, parse

INBOX = 256  # messages; when full the reader waits and TCP holds the client back
WAITING = 16  # results that wait for the floor; beyond that the oldest is given up
SHORTEST_SPEECH_MS = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """The recogniser is done with something the caller said."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnOver:
    turn: Turn


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing more comes from the client; ``refused`` says why we end it, if it is we."""

    refused: Refused | None = None


class _Over(Exception):
    """Ends the task group with everything still running in it."""


Event = ClientMessage | Heard | TurnOver | Gone


class Session:
    """Plays the service to one client, from after setupComplete to the close."""

    def __init__(
        self, name: str, stage: Stage, plan: FaultPlan, journal: Journal, issue: Callable[[], str]
    ) -> None:
        self._name = name
        self._stage = stage
        self._plan = plan
        self._journal = journal
        self._issue = issue
        self._inbox: asyncio.Queue[Event] = asyncio.Queue(maxsize=INBOX)
        self._detector = ActivityDetector(stage.setup.vad, stage.workshop.engines.detector())
        self._seeding = Seeding(stage.setup)
        self._spoken: list[str] = []
        self._written: list[str] = []
        self._late: deque[list[Step]] = deque(maxlen=WAITING)
        self._recognising = 0

    async def run(self, frames: AsyncIterable[str | bytes]) -> None:
        """Until the client is gone or is sent away."""
        refused: Refused | None = None
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._floor = Floor(self._stage, self._plan, group, self._turn_over, self._issue)
                group.create_task(self._read(frames))
                for fault in timed_faults(self._plan, self._stage.behaviour):
                    group.create_task(strike(fault, self._stage.outlet, self._stage.behaviour))
                refused = await self._converse()
                raise _Over
        except* _Over:
            self._floor.abandon()
        if refused is not None:
            await self._stage.outlet.close(refused.code, refused.reason)

    async def _read(self, frames: AsyncIterable[str | bytes]) -> None:
        refused = None
        try:
            async for frame in frames:
                for message in parse(frame, strict=self._stage.behaviour.strict):
                    self._journal.received(self._name, message)
                    await self._inbox.put(message)
                self._floor.consumed += 1
        except Refused as error:
            refused = error
        except ConnectionClosed as error:
            self._journal.note(self._name, "in", "broken", reason=str(error))
        await self._inbox.put(Gone(refused))

    async def _converse(self) -> Refused | None:
        """Events one by one; returns why the client is sent away, if it is."""
        try:
            await self._settle()
            while True:
                event = await self._inbox.get()
                if isinstance(event, Gone):
                    return event.refused
                await self._take(event)
                await self._settle()
        except Refused as refused:
            return refused
        except ConnectionClosed:
            return None

    async def _take(self, event: Event) -> None:
        match event:
            case AudioIn(data, rate):
                await self._hear(data, rate)
            case Signal():
                await self._signal(event)
            case TextIn(text):
                await self._text(text)
            case ClientContent():
                await self._content(event)
            case ToolResponse(results):
                for result in results:
                    await self._result(result)
            case ContextUpdate():
                self._update(event)
            case Heard(text):
                await self._heard(text)
            case TurnOver(turn):
                await self._floor.over(turn)
            case SetupMessage():
                raise Refused(1007, "Request contains an invalid argument: setup was sent before.")

    async def _settle(self) -> None:
        """Gives the floor to whoever is due."""
        if not self._floor.free:
            return
        listening = self._detector.active or self._recognising > 0
        if self._written or (self._spoken and not listening):
            said = " ".join(self._spoken + self._written)
            self._spoken.clear()
            self._written.clear()
            self._stage.conversation.remember("user", said)
            await self._floor.begin(self._stage.conversation.mind.hear(said))
        elif self._late and not listening:
            await self._floor.begin(self._late.popleft())
        else:
            await self._floor.resumable()

    async def _hear(self, data: bytes, rate: int) -> None:
        if self._stage.setup.all_input:
            self._stage.conversation.usage.heard(500 * len(data) / rate)
        for activity in self._detector.hear(data, rate):
            await self._activity(activity)

    async def _signal(self, signal: Signal) -> None:
        manual = self._stage.setup.vad.manual
        if signal.kind != "audioStreamEnd" and not manual:
            raise Refused(
                1007, "Explicit activity control requires automatic detection to be disabled."
            )
        if signal.kind == "audioStreamEnd" and manual:
            return
        begins = signal.kind == "activityStart"
        for activity in self._detector.begin() if begins else self._detector.end():
            await self._activity(activity)

    async def _activity(self, activity: Activity) -> None:
        setup = self._stage.setup
        ended = isinstance(activity, Ended)
        kind = "ACTIVITY_END" if ended else "ACTIVITY_START"
        self._journal.note(self._name, "at", kind, offset_ms=activity.offset_ms)
        if setup.explicit_vad_signal:
            await self._stage.outlet.send(replies.voice_activity(kind, activity.offset_ms))
        if isinstance(activity, Ended):
            if not setup.all_input:
                self._stage.conversation.usage.heard(activity.audio.ms)
            if activity.speech_ms >= SHORTEST_SPEECH_MS:
                self._recognising += 1
                self._group.create_task(self._recognise(activity))
        elif setup.interrupts:
            await self._give_way()

    async def _give_way(self) -> None:
        """The caller speaks or writes. Older models stay deaf while a blocking call runs."""
        if not self._floor.blocked or self._stage.setup.model.at_least_38:
            await self._floor.interrupt()

    async def _recognise(self, ended: Ended) -> None:
        text = await self._stage.workshop.transcribe(ended.audio)
        await self._inbox.put(Heard(text))

    async def _heard(self, text: str) -> None:
        self._recognising -= 1
        if not text:
            return
        self._seeding.trigger()
        self._spoken.append(text)
        if self._stage.setup.transcribe_input:
            for _ in range(2 if "duplicate" in self._floor.faults_ahead() else 1):
                for delta in deltas(text):
                    await self._stage.outlet.send(replies.input_transcription(delta))

    async def _text(self, text: str) -> None:
        if not text.strip():  # some clients send this after clientContent, to have it answered
            text = self._seeding.trigger()
        if text:
            if self._stage.setup.interrupts:
                await self._give_way()
            self._written.append(text)

    async def _content(self, content: ClientContent) -> None:
        taken = self._seeding.take(content)
        await self._floor.interrupt()
        if taken.instruction is not None:
            self._stage.conversation.reconfigure(taken.instruction, None)
        for entry in taken.entries:
            self._stage.conversation.remember(entry.role, entry.text)
        if taken.asked:
            self._written.append(taken.asked)

    async def _result(self, result: ToolResult) -> None:
        conversation = self._stage.conversation
        pending = conversation.find(result.id, result.name)
        if pending is None or pending.repeat:
            self._journal.note(self._name, "at", "resultUnused", id=result.id)
            if pending is not None:
                conversation.answered(pending, finally_so=not result.will_continue)
            return
        if pending.blocking and self._floor.turn is not None:
            self._floor.turn.answer(result)
            return
        closing = not result.response and pending.call.id in conversation.partly_answered
        conversation.answered(pending, finally_so=not result.will_continue)
        if closing:
            return
        steps = conversation.mind.result(pending.call.id, pending.call.name, result.response)
        if result.scheduling == "INTERRUPT":
            await self._floor.interrupt(cancel_calls=False)
        if steps and result.scheduling != "SILENT":
            self._late.append(steps)

    def _update(self, update: ContextUpdate) -> None:
        try:
            fields = [ToolFields.model_validate(tool) for tool in update.tools or ()]
        except ValidationError as error:
            raise Refused(1007, "Invalid value at 'context_update.tools'.") from error
        tools = None if update.tools is None else read_tools(fields, self._stage.setup.model)
        self._stage.conversation.reconfigure(update.instruction, tools)

    async def _turn_over(self, turn: Turn) -> None:
        await self._inbox.put(TurnOver(turn))


def deltas(text: str, words: int = 3) -> list[str]:
    """A transcript as it trickles in: a few words at a time, each delta but the first spaced."""
    split = text.split()
    parts = [" ".join(split[at : at + words]) for at in range(0, len(split), words)]
    return [f" {part}" if place else part for place, part in enumerate(parts)]
