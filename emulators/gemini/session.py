"""One connection's session: client messages and internal events in one order, one at a time.

Invariants: at most one turn is under way; every turn that began ends with turnComplete, also when
cut (unless a fault withholds it); no turn begins while the caller holds the floor, unless the
client sent a complete turn of text.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass

from pydantic import ValidationError
from websockets.exceptions import ConnectionClosed

from emulators.gemini import replies
from emulators.gemini.answers import Answers
from emulators.gemini.faults import FaultPlan
from emulators.gemini.floor import Floor
from emulators.gemini.hearing import Hearing
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
)
from emulators.gemini.seeding import Seeding
from emulators.gemini.setup import read_tools
from emulators.gemini.setup_fields import ToolFields
from emulators.gemini.strikes import strike, timed_faults
from emulators.gemini.turn import Stage, Turn
from emulators.gemini.wire import Refused, parse

INBOX = 256  # messages; when full the reader waits and TCP holds the client back


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
        self._inbox: asyncio.Queue[Event] = asyncio.Queue(maxsize=INBOX)
        self._floor = Floor(stage, plan, self._turn_over, issue)
        self._answers = Answers(stage.conversation, self._floor)
        self._hearing = Hearing(name, stage, journal, self._spoken_over, self._recognised)
        self._seeding = Seeding(stage.setup)
        self._spoken: list[str] = []
        self._written: list[str] = []

    async def run(self, frames: AsyncIterable[str | bytes]) -> None:
        """Until the client is gone or is sent away."""
        refused: Refused | None = None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(frames))
                for fault in timed_faults(self._plan, self._stage.behaviour):
                    group.create_task(strike(fault, self._stage.outlet, self._stage.behaviour))
                refused = await self._converse(group)
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

    async def _converse(self, group: asyncio.TaskGroup) -> Refused | None:
        """Events one by one; returns why the client is sent away, if it is."""
        try:
            await self._settle(group)
            while True:
                event = await self._inbox.get()
                if isinstance(event, Gone):
                    return event.refused
                await self._take(event, group)
                await self._settle(group)
        except Refused as refused:
            return refused
        except ConnectionClosed:
            return None

    async def _take(self, event: Event, group: asyncio.TaskGroup) -> None:
        match event:
            case AudioIn():
                await self._hearing.hear(event, group)
            case Signal():
                await self._hearing.signal(event, group)
            case TextIn(text):
                await self._text(text)
            case ClientContent():
                await self._content(event)
            case ToolResponse(results):
                for result in results:
                    if not await self._answers.take(result):
                        self._journal.note(self._name, "at", "resultUnused", id=result.id)
            case ContextUpdate():
                self._update(event)
            case Heard(text):
                await self._heard(text)
            case TurnOver(turn):
                await self._floor.over(turn)
            case SetupMessage():
                raise Refused(1007, "Request contains an invalid argument: setup was sent before.")

    async def _settle(self, group: asyncio.TaskGroup) -> None:
        """Gives the floor to whoever is due."""
        if not self._floor.free:
            return
        if self._written or (self._spoken and not self._hearing.busy):
            said = " ".join(self._spoken + self._written)
            self._spoken.clear()
            self._written.clear()
            self._stage.conversation.remember("user", said)
            await self._floor.begin(self._stage.conversation.mind.hear(said), group)
        elif self._answers.due and not self._hearing.busy:
            await self._floor.begin(self._answers.due.popleft(), group)
        else:
            await self._floor.resumable()

    async def _spoken_over(self) -> None:
        if self._stage.setup.interrupts:
            await self._give_way()

    async def _give_way(self) -> None:
        """The caller speaks or writes. Older models stay deaf while a blocking call runs."""
        if not self._floor.blocked or self._stage.setup.model.at_least_38:
            await self._floor.interrupt()

    async def _recognised(self, text: str) -> None:
        await self._inbox.put(Heard(text))

    async def _turn_over(self, turn: Turn) -> None:
        await self._inbox.put(TurnOver(turn))

    async def _heard(self, text: str) -> None:
        self._hearing.understood()
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
            await self._spoken_over()
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

    def _update(self, update: ContextUpdate) -> None:
        try:
            fields = [ToolFields.model_validate(tool) for tool in update.tools or ()]
        except ValidationError as error:
            raise Refused(1007, "Invalid value at 'context_update.tools'.") from error
        tools = None if update.tools is None else read_tools(fields, self._stage.setup.model)
        self._stage.conversation.reconfigure(update.instruction, tools)


def deltas(text: str, words: int = 3) -> list[str]:
    """A transcript as it trickles in: a few words at a time, each delta but the first spaced."""
    split = text.split()
    parts = [" ".join(split[at : at + words]) for at in range(0, len(split), words)]
    return [f" {part}" if place else part for place, part in enumerate(parts)]
