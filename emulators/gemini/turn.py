"""One turn of the model: from the steps of the mind to turnComplete, at the service's pace."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import takewhile

from emulators.gemini import replies
from emulators.gemini.behaviour import Behaviour
from emulators.gemini.conversation import Conversation
from emulators.gemini.engines import Workshop
from emulators.gemini.faults import Fault
from emulators.gemini.messages import ToolResult
from emulators.gemini.outlet import Outlet
from emulators.gemini.setup import Setup
from emulators.gemini.speaking import Piece, cut
from emulators.gemini.steps import Call, Say, Step

PREMATURE_PIECES = 3
MIDWAY_PIECES = 2
USAGE_EVERY = 5


@dataclass(frozen=True, slots=True)
class Stage:
    """What every turn of a connection shares."""

    setup: Setup
    conversation: Conversation
    outlet: Outlet
    workshop: Workshop
    behaviour: Behaviour
    rng: random.Random


class _Cut(Exception):
    """The turn ends early, as a fault asked."""


class Turn:
    """Speaks and calls until the steps are done. Cancelling ``run`` at any await stops it dead.

    ``said`` holds what had been sent of the speech; ``complete`` is set with turnComplete.
    """

    def __init__(
        self, stage: Stage, steps: Sequence[Step], faults: Mapping[str, Fault], began: float
    ) -> None:
        stage.conversation.turns += 1
        self.number = stage.conversation.turns
        self.complete = False
        self._stage = stage
        self._steps = deque(steps)
        self._faults = faults
        self._words: list[str] = []
        self._due = began + stage.rng.uniform(*stage.behaviour.think)
        self._heard_until = 0.0
        self._pieces = 0
        slow = faults.get("slow")
        self._speed = slow.seconds(0.8) if slow else stage.rng.uniform(*stage.behaviour.speed)
        self._answered = asyncio.Event()

    @property
    def said(self) -> str:
        return " ".join(self._words)

    @property
    def blocked(self) -> bool:
        """Whether it waits for calls to be answered."""
        return any(
            pending.blocking and not pending.repeat and pending.turn == self.number
            for pending in self._stage.conversation.pending.values()
        )

    async def run(self) -> None:
        """The whole turn; returns after turnComplete was sent."""
        if "silent" in self._faults:
            await asyncio.Event().wait()
        if "empty" not in self._faults:
            try:
                await self._perform()
            except _Cut:
                self._steps.clear()
        await self._finish()

    def answer(self, result: ToolResult) -> None:
        """A blocking call of this turn was answered."""
        pending = self._stage.conversation.find(result.id, result.name)
        if pending is None:
            return
        response = self._stage.conversation.mind.result(
            pending.call.id, pending.call.name, result.response
        )
        self._steps.extend(response)
        self._stage.conversation.answered(pending, finally_so=not result.will_continue)
        self._answered.set()

    async def _perform(self) -> None:
        while self._steps:
            step = self._steps.popleft()
            if isinstance(step, Say):
                midway = self._following_calls() if "midcall" in self._faults else []
                await self._say(step.text, midway)
                await self._until_answered(midway)
            else:
                calls = [step, *self._following_calls()]
                await self._sleep_until(self._due)
                await self._call(calls)
                await self._until_answered(calls)

    def _following_calls(self) -> list[Call]:
        calls = [
            step
            for step in takewhile(lambda step: isinstance(step, Call), self._steps)
            if isinstance(step, Call)
        ]
        for _ in calls:
            self._steps.popleft()
        return calls

    async def _say(self, text: str, midway: list[Call]) -> None:
        rng, chunk_ms = self._stage.rng, self._stage.behaviour.chunk_ms
        async with aclosing(self._stage.workshop.speak(text)) as clauses:
            async for words, samples in clauses:
                if self._stage.setup.vertex:
                    await self._transcribe(words)
                for piece in cut(
                    words, samples, lambda: rng.uniform(*chunk_ms), odd="odd" in self._faults
                ):
                    await self._send(piece)
                    if midway and self._pieces >= MIDWAY_PIECES:
                        await self._call(midway)
                        midway = []
        if midway:
            await self._call(midway)

    async def _send(self, piece: Piece) -> None:
        outlet, setup = self._stage.outlet, self._stage.setup
        await self._sleep_until(self._due)
        loop = asyncio.get_running_loop()
        now = loop.time()
        bundled = "bundle" in self._faults and setup.transcribe_output and not setup.vertex
        await outlet.audio(
            piece.pcm,
            words=self._delta(piece.words) if bundled else "",
            padded="bigframe" in self._faults and self._pieces == 0,
        )
        self._pieces += 1
        self._stage.conversation.usage.spoke(piece.ms)
        self._heard_until = max(now, self._heard_until) + piece.ms / 1000
        self._due = max(self._due, now) + piece.ms / 1000 / self._speed
        if not setup.vertex and not bundled:
            await self._transcribe(piece.words)
        if piece.words:
            self._words.append(piece.words)
        await self._misbehave()

    async def _transcribe(self, words: str) -> None:
        if words and self._stage.setup.transcribe_output:
            await self._stage.outlet.send(replies.output_transcription(self._delta(words)))

    def _delta(self, words: str) -> str:
        """Transcripts are joined by their readers: every delta but the first brings its space."""
        return f" {words}" if words and self._words else words

    async def _misbehave(self) -> None:
        """The faults that strike amid speech."""
        stage, faults = self._stage, self._faults
        if self._pieces == PREMATURE_PIECES and "stall" in faults:
            self._due += faults["stall"].seconds(3.0)
        if self._pieces == 1 and (close := faults.get("close")):
            await stage.outlet.close(close.number, close.reason)
        if self._pieces == 1 and "drop" in faults:
            stage.outlet.drop()
        if "usageonly" in faults and self._pieces % USAGE_EVERY == 1:
            count = {"totalTokenCount": stage.conversation.usage.context}
            await stage.outlet.send(replies.usage_only(count))
        if self._pieces == PREMATURE_PIECES and "premature" in faults:
            raise _Cut

    async def _call(self, calls: Sequence[Call]) -> None:
        conversation, with_ids = self._stage.conversation, self._stage.behaviour.call_ids
        conversation.called(calls, self.number)
        await self._stage.outlet.send(replies.tool_call(calls, with_ids=with_ids))
        if "repeatcall" in self._faults:
            again = [replace(call, id=f"{call.id}1") for call in calls]
            conversation.called(again, self.number, repeat=True)
            await self._stage.outlet.send(replies.tool_call(again, with_ids=with_ids))

    async def _until_answered(self, calls: Sequence[Call]) -> None:
        """Blocking calls hold the turn until every one of them has its final answer."""
        pending = self._stage.conversation.pending
        waited = False
        while any(call.id in pending and pending[call.id].blocking for call in calls):
            waited = True
            self._answered.clear()
            await self._answered.wait()
        if waited:
            now = asyncio.get_running_loop().time()
            self._due = now + self._stage.rng.uniform(*self._stage.behaviour.think)

    async def _finish(self) -> None:
        stage = self._stage
        together = "bundle" in self._faults
        if not together:
            await stage.outlet.send(replies.generation_complete())
        if stage.behaviour.waits_for_playback and "premature" not in self._faults:
            await self._sleep_until(self._heard_until)
        if "noturncomplete" in self._faults:
            return
        extended = stage.setup.model.extended_thinking
        waiting = "IN_PROGRESS" if stage.conversation.pending else "IDLE"
        usage = stage.conversation.usage.close_turn(stage.setup)
        message = replies.turn_complete(usage, waiting if extended else "")
        if together:
            message["serverContent"]["generationComplete"] = True
        self.complete = True
        await stage.outlet.send(message)

    @staticmethod
    async def _sleep_until(moment: float) -> None:
        wait = moment - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)
