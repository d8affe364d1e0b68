"""One conversation's desk: every tool call runs in the background and is answered once.

A call that only reads is cancelled at its deadline or on request. A call that writes is never
cut off once begun: its caller gets an answer at the deadline, the work runs on, and whatever
cannot be finished is written down as unfinished.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from traceback import extract_tb
from typing import Any, Protocol

from tools.access import Access
from tools.answers import (
    AWAY,
    BEGUN,
    BROKEN,
    CUT_OFF,
    PROMISED,
    STOPPED,
    TOO_SLOW,
    checked,
)
from tools.contract import Caller, Declaration, Status, ToolCall, ToolResult, When
from tools.database import DatabaseUnavailable
from tools.declare import Arguments, Deed, Shop, Tool, effect_key
from tools.outcome import Next, Outcome, failed
from tools.registry import Registry

log = logging.getLogger(__name__)

RESULTS_WAITING = 1024


class Diary(Protocol):
    """Keeps what was begun for callers, so that a crash loses no promise."""

    async def begin(self, deed: Deed, arguments: Mapping[str, Any]) -> None:
        """Write down that a change is about to be made."""

    async def end(self, deed: Deed, status: Status) -> None:
        """The change was made, or was answered as not possible."""

    async def unfinished(self, deed: Deed, why: str) -> None:
        """The change was cut off; a person must look after it."""


class _Job:
    """One accepted call. ``work`` is the tool worker: it ends in an outcome or is cancelled."""

    def __init__(
        self, call: ToolCall, tool: Tool, arguments: Arguments, deed: Deed, diary: Diary
    ) -> None:
        self.call = call
        self.declaration = tool.declaration
        self.task: asyncio.Task[Outcome] | None = None
        self.cancelled = False
        self.away = False
        self.begun = False
        self.promised = False
        self._arguments = arguments
        self._run = lambda: tool.run(arguments, deed)
        self._deed = deed
        self._diary = diary
        self._settings = deed.shop.settings
        self._give_up_at = 0.0
        self._fields = _fields(deed.caller, call)

    @property
    def writes(self) -> bool:
        return self.declaration.writes

    async def work(self) -> Outcome:
        self._give_up_at = asyncio.get_running_loop().time() + self.declaration.seconds
        return await (self._write() if self.writes else self._safely(self._run))

    def late(self) -> Outcome:
        """The answer at the deadline. A change that has begun is promised and runs on."""
        if self.writes and self.begun:
            self.promised = True
            return PROMISED
        if self.task is not None:
            self.task.cancel()
        return AWAY if self.away else TOO_SLOW

    async def _write(self) -> Outcome:
        """Run a change between two lines in the diary."""

        async def begin() -> Outcome:
            kept = self._arguments.model_dump(mode="json", exclude_none=True)
            await self._diary.begin(self._deed, kept)
            return BEGUN

        beginning = await self._safely(begin)
        if beginning is not BEGUN:
            return beginning
        self.begun = True
        outcome = CUT_OFF
        try:
            async with asyncio.timeout(self._settings.write_seconds):
                outcome = await self._safely(self._run)
        except TimeoutError:
            log.error("change cut off at its last deadline", extra=self._fields)
        finally:
            await self._close_diary(outcome)
        return outcome

    async def _close_diary(self, outcome: Outcome) -> None:
        broken = outcome is CUT_OFF or (self.promised and outcome.status is not Status.OK)

        async def close() -> Outcome:
            if broken:
                log.error("change left unfinished", extra=self._fields)
                await self._diary.unfinished(self._deed, outcome.say)
            else:
                await self._diary.end(self._deed, outcome.status)
            return outcome

        self._give_up_at = 0.0
        # A slow database must not make a change that was made look like one that was lost.
        settings = self._settings
        cut_off = outcome is CUT_OFF
        try:
            async with asyncio.timeout(
                settings.finish_seconds if cut_off else settings.write_seconds
            ):
                await self._safely(close)
        except TimeoutError:
            log.error("end of a change not written down", extra=self._fields)

    async def _safely(self, action: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """The tool worker's boundary: whatever happens in ``action`` becomes an outcome.

        A database that went away is tried again for as long as the call may take.
        """
        loop, pause = asyncio.get_running_loop(), self._settings.retry_seconds
        while True:
            try:
                return checked(await action())
            except DatabaseUnavailable as error:
                if not self.away:
                    log.warning("database away", extra={**self._fields, "cause": str(error)})
                self.away = True
                if loop.time() + pause >= self._give_up_at and not self.promised:
                    return AWAY
            except Exception as error:
                # Where, not what: a message may quote what the traveller said.
                where = [f"{f.filename}:{f.lineno}" for f in extract_tb(error.__traceback__)[-3:]]
                what = {"error": type(error).__name__, "where": " > ".join(where)}
                log.error("tool failed", extra={**self._fields, **what})
                return BROKEN
            await asyncio.sleep(pause)


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
        self._rights: dict[str, Access] = {}
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
            log.warning("tool call id came twice", extra=_fields(self._caller, call))
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
        job = self._open[call.id] = self._job(call, tool, arguments)
        self._accepted.put_nowait(job)

    def cancel(self, call_id: str) -> None:
        """Abandon a call that only reads; one that writes runs on. Unknown ids are ignored."""
        job = self._open.get(call_id)
        if job is None or job.writes:
            return
        job.cancelled = True
        if job.task is not None:
            job.task.cancel()

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
        job.task = group.create_task(job.work(), name=name)
        self._working.add(job.task)
        if job.cancelled:
            job.task.cancel()
        self._serving.add(group.create_task(self._serve(job, job.task), name=f"answer {name}"))

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
        await asyncio.wait({work}, timeout=job.declaration.seconds)
        if work.cancelled():
            outcome = STOPPED
        elif work.done():
            outcome = work.result()
        else:
            outcome = job.late()
        del self._open[job.call.id]
        self._answer(job.call, outcome, job.declaration)
        if not work.done():
            await asyncio.wait({work})
        self._working.discard(work)
        if (myself := asyncio.current_task()) is not None:
            self._serving.discard(myself)

    def _job(self, call: ToolCall, tool: Tool, arguments: Arguments) -> _Job:
        key = effect_key(self._caller.conversation, call.name, arguments)
        now = self._shop.clock()
        deed = Deed(self._shop, self._caller, call.id, call.name, key, now, self._rights)
        return _Job(call, tool, arguments, deed, self._diary)

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


def _fields(caller: Caller, call: ToolCall) -> dict[str, str]:
    return {"conversation": caller.conversation, "call_id": call.id, "tool": call.name}
