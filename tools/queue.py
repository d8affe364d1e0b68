"""One conversation's desk: every tool call runs in the background and is answered once.

A call that only reads is cancelled at its deadline or on request. A call that writes is never
cut off once begun: its caller gets an answer at the deadline, the work runs on, and whatever
cannot be finished is written down as unfinished.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from tools.contract import Caller, Declaration, Status, ToolCall, ToolResult, When
from tools.database import DatabaseUnavailable
from tools.declare import Arguments, Deed, Shop, Tool, effect_key
from tools.outcome import Next, Outcome, failed
from tools.registry import Registry

log = logging.getLogger(__name__)

RESULTS_WAITING = 1024
LONGEST_RESPONSE = 8000
"""Bytes of a response: a turn's worth of facts. More is a tool gone wrong."""


STOPPED = Outcome(Status.CANCELLED, "That was stopped; nothing was changed.")
TOO_SLOW = Outcome(
    Status.TIMEOUT, "Our system is taking too long to answer that.", Next.OFFER_TRY_AGAIN
)
PROMISED = Outcome(
    Status.TIMEOUT,
    "This is taking longer than usual. It is noted, and it will be finished or followed up.",
    Next.OFFER_PERSON,
)
AWAY = failed(
    "I cannot reach our booking system just now, so nothing was changed.", Next.OFFER_TRY_AGAIN
)
BROKEN = failed("Something went wrong on our side with that.", Next.OFFER_PERSON)
CUT_OFF = failed("That could not be finished in time; it is noted for a colleague.")
BEGUN = Outcome(Status.OK, "")


class Diary(Protocol):
    """Keeps what was begun for callers, so that a crash loses no promise."""

    async def begin(self, deed: Deed, arguments: Mapping[str, Any]) -> None:
        """Write down that a change is about to be made."""

    async def end(self, deed: Deed, status: Status) -> None:
        """The change was made, or was answered as not possible."""

    async def unfinished(self, deed: Deed, why: str) -> None:
        """The change was cut off; a person must look after it."""


@dataclass(slots=True, eq=False)
class _Job:
    call: ToolCall
    tool: Tool
    arguments: Arguments
    work: asyncio.Task[Outcome] | None = None
    give_up_at: float = 0.0
    cancelled: bool = False
    away: bool = False
    begun: bool = False
    promised: bool = False

    @property
    def writes(self) -> bool:
        return self.tool.declaration.writes


class Desk:
    """Implements ``ToolDesk``. At most ``calls_at_once`` calls are open; one more is refused.

    Results wait in a queue of ``RESULTS_WAITING``; when nobody reads them, ``start`` raises.
    """

    def __init__(self, registry: Registry, caller: Caller, shop: Shop, diary: Diary) -> None:
        self._registry = registry
        self._caller = caller
        self._shop = shop
        self._diary = diary
        self._limit = shop.settings.calls_at_once
        self._accepted: asyncio.Queue[_Job] = asyncio.Queue(maxsize=self._limit)
        self._results: asyncio.Queue[ToolResult | None] = asyncio.Queue(maxsize=RESULTS_WAITING)
        self._open: dict[str, _Job] = {}
        self._seen: set[str] = set()
        self._working: set[asyncio.Task[Outcome]] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def declarations(self) -> Sequence[Declaration]:
        return self._registry.declarations

    def start(self, call: ToolCall) -> None:
        """Begin a call in the background.

        Raises:
            asyncio.QueueFull: ``RESULTS_WAITING`` results wait and nobody reads them.
        """
        if call.id in self._seen:
            log.warning("tool call id came twice", extra=self._fields(call))
            return
        self._seen.add(call.id)
        tool = self._registry.find(call.name)
        if tool is None:
            self._answer(call, failed(f"There is no tool called {call.name}."))
            return
        if self._closed or len(self._open) >= self._limit:
            self._answer(call, failed("Too much is going on at once.", Next.OFFER_TRY_AGAIN))
            return
        arguments = tool.read(call.args)
        if isinstance(arguments, Outcome):
            self._answer(call, arguments)
            return
        job = _Job(call, tool, arguments)
        self._open[call.id] = job
        self._accepted.put_nowait(job)

    def cancel(self, call_id: str) -> None:
        """Abandon a call that only reads; one that writes runs on. Unknown ids are ignored."""
        job = self._open.get(call_id)
        if job is None or job.writes:
            return
        job.cancelled = True
        if job.work is not None:
            job.work.cancel()

    async def results(self) -> AsyncIterator[ToolResult]:
        """Every started call's result, exactly once, in order of completion; ends with ``run``."""
        while (result := await self._results.get()) is not None:
            yield result

    async def run(self) -> None:
        """Work until cancelled. Then readers are abandoned and writers get ``finish_seconds``."""
        async with asyncio.TaskGroup() as group:
            try:
                while True:
                    self._begin(group, await self._accepted.get())
            finally:
                self._closed = True
                await self._finish(group)
                self._results.put_nowait(None)

    def _begin(self, group: asyncio.TaskGroup, job: _Job) -> None:
        name = f"{job.call.name} {job.call.id}"
        job.give_up_at = asyncio.get_running_loop().time() + job.tool.declaration.seconds
        job.work = group.create_task(self._work(job), name=name)
        self._working.add(job.work)
        if job.cancelled:
            job.work.cancel()
        self._serving.add(group.create_task(self._serve(job, job.work), name=f"answer {name}"))

    async def _finish(self, group: asyncio.TaskGroup) -> None:
        """Hang-up: readers stop, writers finish within the deadline, everyone is answered."""
        while not self._accepted.empty():
            job = self._accepted.get_nowait()
            job.cancelled = not job.writes
            self._begin(group, job)
        for call_id in list(self._open):
            self.cancel(call_id)
        deadline = self._shop.settings.finish_seconds
        if self._working:
            await asyncio.wait(set(self._working), timeout=deadline)
        for work in self._working:
            work.cancel()
        if self._serving:
            await asyncio.wait(set(self._serving), timeout=deadline)

    async def _serve(self, job: _Job, work: asyncio.Task[Outcome]) -> None:
        """Answer a call when its work is done, or at its deadline."""
        await asyncio.wait({work}, timeout=job.tool.declaration.seconds)
        if work.cancelled():
            outcome = STOPPED
        elif work.done():
            outcome = work.result()
        elif job.writes and job.begun:
            job.promised = True
            outcome = PROMISED
        else:
            work.cancel()
            outcome = AWAY if job.away else TOO_SLOW
        del self._open[job.call.id]
        self._answer(job.call, outcome, job.tool.declaration)
        if not work.done():
            await asyncio.wait({work})
        self._working.discard(work)
        if (myself := asyncio.current_task()) is not None:
            self._serving.discard(myself)

    async def _work(self, job: _Job) -> Outcome:
        deed = self._deed(job)
        if job.writes:
            return await self._write(job, deed)
        return await self._safely(job, lambda: job.tool.run(job.arguments, deed))

    async def _write(self, job: _Job, deed: Deed) -> Outcome:
        """Run a change between two lines in the diary."""

        async def begin() -> Outcome:
            await self._diary.begin(deed, job.call.args)
            return BEGUN

        beginning = await self._safely(job, begin)
        if beginning is not BEGUN:
            return beginning
        job.begun = True
        outcome = CUT_OFF
        try:
            async with asyncio.timeout(self._shop.settings.write_seconds):
                outcome = await self._safely(job, lambda: job.tool.run(job.arguments, deed))
        except TimeoutError:
            log.error("change cut off at its last deadline", extra=self._fields(job.call))
        finally:
            await self._close_diary(job, deed, outcome)
        return outcome

    async def _close_diary(self, job: _Job, deed: Deed, outcome: Outcome) -> None:
        broken = outcome is CUT_OFF or (job.promised and outcome.status is not Status.OK)

        async def close() -> Outcome:
            if broken:
                log.error("change left unfinished", extra=self._fields(job.call))
                await self._diary.unfinished(deed, outcome.say)
            else:
                await self._diary.end(deed, outcome.status)
            return outcome

        job.give_up_at = 0.0
        try:
            async with asyncio.timeout(self._shop.settings.finish_seconds):
                await self._safely(job, close)
        except TimeoutError:
            log.error("end of a change not written down", extra=self._fields(job.call))

    async def _safely(self, job: _Job, action: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """The tool worker's boundary: whatever happens in ``action`` becomes an outcome.

        A database that went away is tried again for as long as the call may take.
        """
        loop, pause = asyncio.get_running_loop(), self._shop.settings.retry_seconds
        while True:
            try:
                return _checked(await action())
            except DatabaseUnavailable as error:
                job.away = True
                log.warning("database away", extra={**self._fields(job.call), "cause": str(error)})
                if loop.time() + pause >= job.give_up_at and not job.promised:
                    return AWAY
            except Exception as error:
                kind = type(error).__name__
                log.exception("tool failed", extra={**self._fields(job.call), "error": kind})
                return BROKEN
            await asyncio.sleep(pause)

    def _deed(self, job: _Job) -> Deed:
        name = job.call.name
        return Deed(
            shop=self._shop,
            caller=self._caller,
            call_id=job.call.id,
            tool=name,
            key=effect_key(self._caller.conversation, name, job.arguments),
            now=self._shop.clock(),
        )

    def _answer(
        self, call: ToolCall, outcome: Outcome, declaration: Declaration | None = None
    ) -> None:
        self._results.put_nowait(
            ToolResult(
                call_id=call.id,
                name=call.name,
                status=outcome.status,
                response=outcome.response(),
                when=declaration.when if declaration else When.IDLE,
                keep=outcome.keep,
                order=outcome.order,
                order_detail=outcome.order_detail,
            )
        )

    def _fields(self, call: ToolCall) -> dict[str, str]:
        return {
            "conversation": self._caller.conversation,
            "call_id": call.id,
            "tool": call.name,
        }


def _checked(outcome: object) -> Outcome:
    """Refuses what is no answer, before the model sees it."""
    if not isinstance(outcome, Outcome):
        raise TypeError(f"a tool must answer with an Outcome; got {type(outcome).__name__}")
    size = len(orjson.dumps(outcome.response()))
    if size > LONGEST_RESPONSE:
        raise ValueError(f"a response of {size} bytes; at most {LONGEST_RESPONSE} can be spoken of")
    return outcome
