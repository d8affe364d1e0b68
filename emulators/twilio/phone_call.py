"""A telephone call to a hotline, placed as Twilio would and held by a program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from emulators.twilio.caller import CallIdentity
from emulators.twilio.ear import Ear
from emulators.twilio.journal import Journal
from emulators.twilio.mouth import Mouth, Spoken, Utterance, room, utterance
from emulators.twilio.protocol import KEYS
from emulators.twilio.replies import Reply, reply_since
from emulators.twilio.stream import EndedBy, MediaStream
from emulators.twilio.switchboard import CallSetup, Switchboard
from media.audio import Audio

QUIET_SECONDS = 1.0
REPLY_SECONDS = 20.0
# Webhooks have 15 s, sockets some to close; a call that is longer in ending is stuck.
GOODBYE_SECONDS = 30.0


class CallOver(Exception):
    """The call has ended while something was still expected of it."""


class NotInTime(Exception):
    """What was waited for did not happen in time."""


class PhoneCall:
    """``async with PhoneCall(url) as call`` dials, and hangs up at the end of the block.

    All times are seconds of the event loop's clock, ``now``. What the hotline does wrong is
    collected in ``journal.failures`` and raises nothing. To be made inside a running loop.
    """

    def __init__(self, url: str, setup: CallSetup | None = None) -> None:
        self.setup = setup or CallSetup()
        self.now: Callable[[], float] = asyncio.get_running_loop().time
        self.journal = Journal(self.now)
        self.spoken: list[Spoken] = []
        self.keys = ""
        self.dialled_at = self.now()
        self._mouth = Mouth(room(self.setup.quality.noise_db))
        self._board = Switchboard(url, self.setup, self.journal, self._mouth)
        self.ear = Ear(self._board.streams, self.now)
        self._group = asyncio.TaskGroup()
        self._carrying: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        self.dialled_at = self.now()
        self._carrying = self._group.create_task(self._board.run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            try:
                await self.hang_up()
            except NotInTime:
                self.journal.fail("the call does not end; it was given up")
                if self._carrying is not None:
                    self._carrying.cancel()
        await self._group.__aexit__(kind, error, trace)

    @property
    def url(self) -> str:
        return self._board.url

    @property
    def identity(self) -> CallIdentity:
        """The call's identifiers, and the fields of its webhooks."""
        return self._board.identity

    @property
    def ended_by(self) -> EndedBy | None:
        """Who ended the call; None while it lasts."""
        return self._board.ended_by

    @property
    def over(self) -> bool:
        return self.ended_by is not None

    @property
    def streams(self) -> list[MediaStream]:
        """Every stream of the call; more than one if the hotline connected the caller again."""
        return self._board.streams

    @property
    def stream(self) -> MediaStream | None:
        """The stream of the moment, or the last one."""
        return self.streams[-1] if self.streams else None

    @property
    def after(self) -> str:
        """What came after the stream: "transfer", "goodbye", or "" while that is unknown."""
        if self._board.walk is not None and self._board.walk.transferred:
            return "transfer"
        return "goodbye" if self.over and self.streams else ""

    async def started(self, within: float = 15.0) -> MediaStream:
        """The stream, once it streams.

        Raises:
            CallOver, NotInTime: it did not come to that.
        """
        await self.until(lambda: self.stream is not None and self.stream.live, within)
        return self.streams[-1]

    def say(self, speech: Utterance | Audio) -> Spoken:
        """Begin to speak with the next frame, or after what is being said; see ``said``."""
        ready = speech if isinstance(speech, Utterance) else utterance(speech)
        spoken = self._mouth.say(ready)
        self.spoken.append(spoken)
        return spoken

    async def said(self, spoken: Spoken) -> None:
        """Wait until something is said to its end.

        Raises:
            CallOver: the line was gone before.
        """
        await self.until(lambda: spoken.over, spoken.utterance.seconds + REPLY_SECONDS)

    async def press(self, digits: str) -> None:
        """Press keys, and wait until the last one is sent.

        Raises:
            ValueError: a character is no key.
            CallOver: the line was gone before.
        """
        if wrong := set(digits) - KEYS:
            raise ValueError(f"no telephone has the keys {''.join(sorted(wrong))}")
        stream = await self.started()
        self.keys += digits
        stream.press(digits)
        await self.until(lambda: not stream.keys_pending, 5.0 + len(digits))

    async def wait_sound(
        self, *, since: float | None = None, within: float = REPLY_SECONDS
    ) -> Reply:
        """Wait for the first sound of Myra's reply; ``since`` as for ``wait_reply``.

        Raises:
            CallOver, NotInTime: there is none.
        """
        moment = self.last_words_end if since is None else since
        found: list[Reply] = []

        def sounded() -> bool:
            found.extend(filter(None, [reply_since(self.ear.stretches, moment)]))
            return bool(found)

        await self.until(sounded, within)
        return found[0]

    async def wait_reply(
        self,
        *,
        since: float | None = None,
        quiet: float = QUIET_SECONDS,
        within: float = REPLY_SECONDS,
    ) -> Reply:
        """Wait until Myra has spoken and finished: nothing heard for ``quiet`` seconds, nothing
        queued, no mark outstanding. ``since`` is the end of the caller's last words, or the
        call's beginning, if not given.

        Raises:
            CallOver: the call ended without a reply.
            NotInTime: there is no reply, or no end of it.
        """
        moment = self.last_words_end if since is None else since
        await self.until(lambda: self._replied(moment, quiet), within)
        reply = reply_since(self.ear.stretches, moment)
        if reply is None:
            raise CallOver("the call ended without a reply")
        return reply

    @property
    def last_words_end(self) -> float | None:
        """When the caller last ceased to speak; None before the first word."""
        ends = [spoken.words_end for spoken in self.spoken if spoken.words_end is not None]
        return ends[-1] if ends else None

    async def hang_up(self) -> None:
        """Put the receiver down, and wait until Twilio has done what it does then. Idempotent.

        Raises:
            NotInTime: the call does not end.
        """
        self._board.hang_up()
        await self.wait_over(GOODBYE_SECONDS)

    async def wait_over(self, within: float) -> EndedBy:
        """Wait until the call has ended, without ending it; says who did.

        Raises:
            NotInTime: it goes on.
        """
        await self.until(lambda: self.over, within)
        return self.ended_by or EndedBy.FAILURE

    async def until(self, condition: Callable[[], bool], within: float) -> None:
        """Wait until a condition holds; it is looked at every 20 ms and at every event.

        Raises:
            CallOver: the call is over and the condition does not hold.
            NotInTime: it did not come to hold.
        """
        try:
            async with asyncio.timeout(within):
                while not condition():
                    if self.over:
                        raise CallOver("the call has ended")
                    await self.journal.change()
        except TimeoutError:
            raise NotInTime(f"it did not happen within {within:g} s") from None

    def _replied(self, moment: float | None, quiet: float) -> bool:
        if reply_since(self.ear.stretches, moment) is None:
            return False
        return self.over or self.ear.quiet_for() >= quiet
