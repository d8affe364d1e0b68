"""The media stream's endpoint: from the upgrade to a line, and through a whole conversation."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from starlette.websockets import WebSocket

from conversation.line import After, Ending, LineInfo
from telephony.caller import mask
from telephony.counters import Count
from telephony.door import PhoneDoor
from telephony.grant import Grant
from telephony.messages import Connected, MediaFormat, Rejected, Start
from telephony.phone_line import STALLED, PhoneLine
from telephony.refusals import Refusals
from telephony.wire import NORMAL, POLICY, TOO_BIG, UNSUPPORTED, Gone, close, next_message
from tools.call_names import conversation_name

log = logging.getLogger(__name__)

# Longer than this nobody waits for the storage that the processes share; the caller does.
KEEP_SECONDS = 1.5

_FORMAT = MediaFormat("audio/x-mulaw", 8000, 1)


@dataclass(frozen=True, slots=True)
class _Refused:
    """The stream does not become a line. ``code`` 0: the socket is closed already."""

    count: Count
    why: str
    code: int = POLICY


class MediaStream:
    """``/twilio/media``: one call of ``serve`` for each socket."""

    def __init__(self, door: PhoneDoor) -> None:
        self._door = door

    async def serve(self, socket: WebSocket) -> None:
        """Accept what Twilio opened, hold the conversation, close. Raises nothing of a peer's."""
        if not await self._admit(socket):
            return
        self._door.pending_sockets += 1
        try:
            await socket.accept()
            opened = await self._open(socket)
        finally:
            self._door.pending_sockets -= 1
        if isinstance(opened, _Refused):
            self._door.counters.add(opened.count)
            log.warning("stream refused", extra={"kind": opened.count.value, "why": opened.why})
            if opened.code:
                await close(socket, opened.code, opened.why)
            return
        start, grant = opened
        await self._hold(socket, self._line(socket, start, grant), grant.attempt)

    async def _admit(self, socket: WebSocket) -> bool:
        """Before the upgrade: is it signed by Twilio, and have we room to hear it out?

        Closing before accepting answers the upgrade with 403.
        """
        door = self._door
        if door.signatures:
            verdict = door.signatures.stream(socket.url.path, socket.headers)
            fields = {"url": verdict.url, "secret": verdict.secret, "why": verdict.reason}
            if not verdict.ok:
                door.counters.add(Count.STREAM_BAD_SIGNATURE)
                log.warning("stream's signature is wrong", extra=fields)
                await socket.close()
                return False
            log.debug("stream's signature matches", extra=fields)
        if door.pending_sockets >= door.settings.max_pending_sockets:
            door.counters.add(Count.STREAM_TOO_MANY_PENDING)
            log.warning("too many sockets have not started", extra={"most": door.pending_sockets})
            await socket.close()
            return False
        return True

    async def _open(self, socket: WebSocket) -> tuple[Start, Grant] | _Refused:
        seconds = self._door.settings.start_seconds
        try:
            async with asyncio.timeout(seconds):
                start = await self._await_start(socket)
        except TimeoutError:
            return _Refused(Count.STREAM_NO_START, f"no start within {seconds:g} s")
        return start if isinstance(start, _Refused) else self._check(start)

    async def _await_start(self, socket: WebSocket) -> Start | _Refused:
        door = self._door
        refusals = Refusals(door.counters, door.settings.max_bad_messages, {"call": ""})
        while True:
            received = await next_message(socket)
            if isinstance(received, Start):
                return received
            if isinstance(received, Gone):
                count = (
                    Count.OVERSIZED
                    if received.code == TOO_BIG
                    else (Count.STREAM_LEFT_BEFORE_START)
                )
                return _Refused(count, "closed before start", code=0)
            if isinstance(received, Connected):
                continue
            if not isinstance(received, Rejected):
                received = Rejected(Count.BEFORE_START, "came before start")
            if refusals.add(received):
                return _Refused(Count.STREAM_NO_START, "too many unusable messages before start")

    def _check(self, start: Start) -> tuple[Start, Grant] | _Refused:
        """Is this the call whose webhook we answered, and can we hear it?"""
        door, settings = self._door, self._door.settings
        if settings.account_sid and start.account_sid != settings.account_sid:
            return _Refused(Count.STREAM_WRONG_ACCOUNT, "another account's call")
        token = start.parameters.get("token", "")
        grant = door.tokens.redeem(start.call_sid, start.account_sid, token, door.wall())
        if isinstance(grant, Count):
            return _Refused(grant, f"the token is {grant.value.removeprefix('token_')}")
        if start.media_format != _FORMAT:
            why = "only audio/x-mulaw, 8000 Hz, one channel"
            return _Refused(Count.STREAM_BAD_FORMAT, why, UNSUPPORTED)
        return start, grant

    def _line(self, socket: WebSocket, start: Start, grant: Grant) -> PhoneLine:
        door = self._door
        info = LineInfo(
            id=conversation_name(start.call_sid, grant.attempt),
            door="phone",
            call=start.call_sid,
            caller=grant.caller.name,
            attested=grant.attested,
            input_rate=door.settings.input_rate,
            can_transfer=door.can_transfer(),
            has_keypad=True,
            returning=grant.returning,
        )
        log.info(
            "line opened",
            extra={
                "call": info.id,
                "stream": start.stream_sid,
                "caller": mask(info.caller),
                "attempt": grant.attempt,
            },
        )
        return PhoneLine(socket, start.stream_sid, info, door.settings, door.counters, door.clock)

    async def _hold(self, socket: WebSocket, line: PhoneLine, attempt: int) -> None:
        """One conversation, from here until the caller and we have let go of each other."""
        door, call = self._door, line.info.call
        door.counters.add(Count.STREAMS_OPENED)
        if not door.live.open(call, line, attempt):
            door.counters.add(Count.STREAM_SUPERSEDED)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._carry(socket, line, attempt))
                line.hang_up(await self._converse(line))
        finally:
            door.live.close(call, line)

    async def _carry(self, socket: WebSocket, line: PhoneLine, attempt: int) -> None:
        await line.run()
        await self._let_go(line, attempt)
        # Nothing can be said to a peer that takes nothing.
        if line.reason != STALLED:
            await close(socket, NORMAL, "", line.info.id)

    async def _let_go(self, line: PhoneLine, attempt: int) -> None:
        """See to it that the caller is led on rightly, whichever process is asked: before the
        socket closes, because that is when Twilio asks."""
        door, ending, call = self._door, line.ending, line.info.call
        if ending is None:
            return
        if ending.after is After.GOODBYE and door.control and await door.control.hang_up(call):
            return
        if door.endings:
            try:
                async with asyncio.timeout(KEEP_SECONDS):
                    kept = await door.endings.keep(call, attempt, ending)
            except TimeoutError:
                kept = False
            if not kept:
                door.counters.add(Count.ENDINGS_NOT_KEPT)
                log.error("the line's ending is known here only", extra={"call": call})

    async def _converse(self, line: PhoneLine) -> Ending:
        """Whatever goes wrong in a conversation, the caller is led on and not cut off."""
        try:
            return await self._door.converse(line)
        except Exception:
            self._door.counters.add(Count.CONVERSATIONS_FAILED)
            log.exception("conversation failed", extra={"call": line.info.id})
            return Ending(After.FAILED, "conversation failed")
