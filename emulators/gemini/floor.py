"""The model's turns on one connection: begun, interrupted, over; and what may be resumed when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from websockets.exceptions import ConnectionClosed

from emulators.gemini import replies
from emulators.gemini.faults import Fault, FaultPlan
from emulators.gemini.steps import Step
from emulators.gemini.turn import Stage, Turn

OnOver = Callable[[Turn], Awaitable[None]]


class Floor:
    """At most one turn at a time; every turn that began is closed by turnComplete.

    ``issue`` makes a resumption handle, ``consumed`` tells how many client messages were taken in.
    """

    def __init__(
        self,
        stage: Stage,
        plan: FaultPlan,
        on_over: OnOver,
        issue: Callable[[], str],
    ) -> None:
        self._stage = stage
        self._plan = plan
        self._on_over = on_over
        self._issue = issue
        self._task: asyncio.Task[None] | None = None
        self._resumable = False
        self._faults: tuple[int, Mapping[str, Fault]] = (0, {})
        self.turn: Turn | None = None
        self.frozen = False
        self.consumed = 0

    @property
    def free(self) -> bool:
        return self.turn is None and not self.frozen

    @property
    def blocked(self) -> bool:
        """Whether the turn under way waits for calls to be answered."""
        return self.turn is not None and self.turn.blocked

    def faults_ahead(self) -> Mapping[str, Fault]:
        """The faults of the turn that is next; drawn once."""
        number = self._stage.conversation.turns + 1
        if self._faults[0] != number:
            self._faults = (number, self._plan.turn(number))
        return self._faults[1]

    async def begin(self, steps: Sequence[Step], group: asyncio.TaskGroup) -> None:
        """The model takes the floor."""
        faults = self.faults_ahead()
        await self.not_resumable()
        turn = Turn(self._stage, steps, faults, asyncio.get_running_loop().time())
        self.turn = turn
        self._task = group.create_task(self._run(turn, faults))

    async def interrupt(self, *, cancel_calls: bool = True) -> None:
        """The turn under way stops here. Only what was sent of it stays in memory."""
        turn, task = self.turn, self._task
        if turn is None or task is None:
            return
        task.cancel()
        await asyncio.wait({task})
        self.turn = self._task = None
        if turn.complete:
            self._remember(turn)
            return
        stage = self._stage
        await stage.outlet.send(replies.interrupted())
        if cancel_calls:
            await self._cancel_calls(turn)
        stage.conversation.mind.interrupted(turn.said)
        self._remember(turn)
        usage = stage.conversation.usage.close_turn(stage.setup)
        status = "IDLE" if stage.setup.model.extended_thinking else ""
        await stage.outlet.send(replies.turn_complete(usage, status))
        self.frozen = self._plan.connection("freeze") is not None

    async def over(self, turn: Turn) -> None:
        """The turn came to its end by itself."""
        if turn is self.turn:
            self.turn = self._task = None
            self._remember(turn)

    def abandon(self) -> None:
        """The socket is gone amid whatever was under way."""
        if self.turn is not None and not self.turn.complete:
            self._stage.conversation.mind.interrupted(self.turn.said)
            self._remember(self.turn)
        self.turn = None

    async def resumable(self) -> None:
        """Nothing is under way: a new handle, if the client wants handles and has not this one."""
        if self._resumable or not self._stage.setup.resumable or self._stage.conversation.pending:
            return
        self._resumable = True
        await self._stage.outlet.send(replies.resumption(self._issue(), self._consumed()))

    async def not_resumable(self) -> None:
        """Something is under way that a handle could not bring back."""
        if self._resumable:
            self._resumable = False
            await self._stage.outlet.send(replies.resumption(consumed=self._consumed()))

    def _consumed(self) -> int | None:
        return self.consumed if self._stage.setup.transparent else None

    async def _run(self, turn: Turn, faults: Mapping[str, Fault]) -> None:
        try:
            await turn.run()
            if "phantom" in faults:
                await self._stage.outlet.send(replies.interrupted())
                usage = self._stage.conversation.usage.close_turn(self._stage.setup)
                await self._stage.outlet.send(replies.turn_complete(usage))
        except ConnectionClosed:
            return  # the reader learns of it as well and ends the session
        await self._on_over(turn)

    async def _cancel_calls(self, turn: Turn) -> None:
        conversation = self._stage.conversation
        ids = [one.call.id for one in conversation.pending.values() if one.turn == turn.number]
        cancelled = conversation.cancel(ids)
        if cancelled and self._plan.connection("nocancel") is None:
            await self._stage.outlet.send(replies.tool_call_cancellation(cancelled))

    def _remember(self, turn: Turn) -> None:
        self._stage.conversation.remember("model", turn.said)
