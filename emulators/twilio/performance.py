"""A script acted out on a call."""

from __future__ import annotations

import re

from emulators.twilio.journal import Kind
from emulators.twilio.listening import Listening
from emulators.twilio.phone_call import CallOver, NotInTime, PhoneCall
from emulators.twilio.replies import reply_since
from emulators.twilio.speech import Ready
from emulators.twilio.steps import (
    Expect,
    HangUp,
    Interrupt,
    Press,
    Say,
    Script,
    Silence,
    Step,
    WaitReply,
)
from emulators.twilio.stream import EndedBy

# A frame that began before a deadline is heard, and known of, this long after it.
SETTLED_SECONDS = 0.06
# Myra counts as being spoken over while she was heard so recently.
HEARD_SECONDS = 0.2

_DOING: dict[type[Step], str] = {
    Say: "speaking",
    Interrupt: "interrupting Myra",
    WaitReply: "waiting for Myra to speak and finish",
    Silence: "keeping silent",
    Press: "pressing keys",
    HangUp: "hanging up",
    Expect: "expecting",
}


class Performance:
    """Acts a script's steps one after another. Nothing is raised: unmet expectations, and
    steps for which there was no call any more, go to the call's journal."""

    def __init__(
        self, call: PhoneCall, script: Script, ready: Ready, listening: Listening | None = None
    ) -> None:
        self._call = call
        self._script = script
        self._ready = ready
        self._listening = listening

    async def run(self) -> None:
        """All steps, then the caller hangs up."""
        cut_short = False
        for step in self._script.steps:
            if cut_short and not (isinstance(step, Expect) and _of_the_end(step)):
                continue
            try:
                await self._act(step)
            except (CallOver, NotInTime) as error:
                self._unmet(step, f"{_DOING[type(step)]}: {error}")
                cut_short = True
        await self._call.hang_up()

    async def _act(self, step: Step) -> None:
        self._call.journal.note(Kind.STEP, line=step.line, step=type(step).__name__)
        match step:
            case Say(speech=speech):
                await self._call.started()
                await self._call.said(self._call.say(self._ready[speech]))
            case Interrupt():
                await self._interrupt(step)
            case WaitReply():
                await self._wait(step)
            case Silence(seconds=seconds):
                until = self._call.now() + seconds
                await self._call.until(
                    lambda: self._call.over or self._call.now() >= until, seconds + 5.0
                )
            case Press(digits=digits):
                await self._call.press(digits)
            case HangUp():
                await self._call.hang_up()
            case Expect():
                await self._expect(step)

    async def _wait(self, step: WaitReply) -> None:
        since = float("-inf") if step.greeting else None
        for _ in range(step.times):
            reply = await self._call.wait_reply(since=since, quiet=step.quiet, within=step.within)
            since = reply.end

    async def _interrupt(self, step: Interrupt) -> None:
        call, moment = self._call, self._call.last_words_end

        def due() -> bool:
            reply = reply_since(call.ear.stretches, moment)
            if reply is None or call.now() < reply.start + step.after:
                return False
            return call.now() < call.ear.stretches[-1].end + HEARD_SECONDS

        await call.until(due, step.within)
        await call.said(call.say(self._ready[step.speech]))

    async def _expect(self, step: Expect) -> None:
        if step.silent_within is not None:
            await self._expect_silence(step, step.silent_within)
        if step.reply_within is not None:
            await self._expect_reply(step, step.reply_within)
        if step.says is not None or step.never_says is not None:
            await self._expect_words(step)
        if step.after is not None:
            await self._expect_after(step, step.after)
        if step.hung_up_by_hotline is not None:
            await self._expect_hang_up(step, step.hung_up_by_hotline)

    async def _expect_silence(self, step: Expect, limit: float) -> None:
        call = self._call
        onset = call.spoken[-1].words_begin if call.spoken else None
        if onset is None:
            self._unmet(step, "silent_within: the caller has not spoken")
            return
        deadline = onset + limit
        await call.until(lambda: call.over or call.now() > deadline + SETTLED_SECONDS, limit + 5.0)
        ends = [stretch.end for stretch in call.ear.stretches if stretch.start < deadline]
        if ends and ends[-1] > deadline:
            late = ends[-1] - onset
            reason = f"silent_within {limit:g}: Myra was still heard after {late:.2f} s"
            self._unmet(step, reason)

    async def _expect_reply(self, step: Expect, limit: float) -> None:
        call, moment = self._call, self._call.last_words_end
        if moment is None:
            moment = (await call.started()).started_at or call.dialled_at
        deadline = moment + limit
        await call.until(
            lambda: (
                reply_since(call.ear.stretches, moment) is not None
                or call.over
                or call.now() > deadline
            ),
            limit + 5.0,
        )
        reply = reply_since(call.ear.stretches, moment)
        if reply is None or reply.latency is None:
            self._unmet(step, f"reply_within {limit:g}: no reply by then")
        elif reply.latency > limit:
            self._unmet(step, f"reply_within {limit:g}: it took {reply.latency:.2f} s")

    async def _expect_words(self, step: Expect) -> None:
        if self._listening is None:
            self._unmet(step, "says: there is nothing to make out words with")
            return
        if step.says is not None:
            await self._call.wait_reply()
        await self._listening.catch_up()
        words = self._listening.since(self._call.last_words_end)
        if step.says is not None and not re.search(step.says, words, re.IGNORECASE):
            self._unmet(step, f"says /{step.says}/: Myra said {words!r}")
        if step.never_says is not None and re.search(step.never_says, words, re.IGNORECASE):
            self._unmet(step, f"never_says /{step.never_says}/: Myra said {words!r}")

    async def _expect_after(self, step: Expect, wanted: str) -> None:
        try:
            await self._call.until(lambda: self._call.after != "", step.within)
        except (CallOver, NotInTime):
            self._unmet(step, f"after {wanted}: nothing came after the stream")
            return
        if self._call.after != wanted:
            self._unmet(step, f"after {wanted}: it was {self._call.after}")

    async def _expect_hang_up(self, step: Expect, wanted: bool) -> None:
        if wanted:
            try:
                await self._call.wait_over(step.within)
            except NotInTime:
                self._unmet(step, f"hung_up_by_hotline: not within {step.within:g} s")
                return
        if (self._call.ended_by is EndedBy.HOTLINE) != wanted:
            who = self._call.ended_by or "nobody"
            self._unmet(step, f"hung_up_by_hotline {str(wanted).lower()}: {who} hung up")

    def _unmet(self, step: Step, reason: str) -> None:
        where = f"script line {step.line}: " if step.line else ""
        self._call.journal.failures.append(f"{where}{reason}")
        self._call.journal.note(Kind.UNMET, reason=f"{where}{reason}")


def _of_the_end(step: Expect) -> bool:
    return step.hung_up_by_hotline is not None or step.after is not None
