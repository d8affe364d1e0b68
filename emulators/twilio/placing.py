"""One scripted call from the dialling to the report."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from emulators.twilio.listening import Listening
from emulators.twilio.performance import Performance
from emulators.twilio.phone_call import NotInTime, PhoneCall
from emulators.twilio.recording import recording
from emulators.twilio.report import Report, report
from emulators.twilio.speech import Ready, Transcriber
from emulators.twilio.steps import Script
from emulators.twilio.switchboard import CallSetup

LISTENING_SECONDS = 30.0

Watch = Callable[[PhoneCall], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Placing:
    """What to do in a call. ``seconds``: how long it may take at most. ``watch`` is run beside
    the call and has to end when the call is over. ``record``: where the recording goes."""

    url: str
    script: Script
    ready: Ready
    setup: CallSetup = field(default_factory=CallSetup)
    ears: Transcriber | None = None
    watch: Watch | None = None
    record: Path | None = None
    seconds: float = 300.0


async def place(placing: Placing) -> Report:
    """Dial, act the script, hang up, write the recording; the report says whether it went well.

    Raises:
        OSError: the recording cannot be written.
    """
    call = PhoneCall(placing.url, placing.setup)
    listening = None if placing.ears is None else Listening(call, placing.ears)
    performance = Performance(call, placing.script, placing.ready, listening)
    async with asyncio.TaskGroup() as group:
        if placing.watch is not None:
            group.create_task(_as_task(placing.watch(call)))
        hearing = None if listening is None else group.create_task(listening.run())
        async with call:
            await _act(call, performance, placing.seconds)
        if hearing is not None:
            done, _ = await asyncio.wait([hearing], timeout=LISTENING_SECONDS)
            if not done:
                hearing.cancel()
                call.journal.fail("making out Myra's words took too long")
    if call.streams and not call.ear.stretches:
        call.journal.fail("nothing was heard from the hotline")
    if placing.record is not None:
        sound = recording(call.streams, call.dialled_at)
        await asyncio.to_thread(placing.record.write_bytes, sound)
    heard = [] if listening is None else listening.heard
    return report(call, heard, str(placing.record or ""))


async def _act(call: PhoneCall, performance: Performance, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await performance.run()
    except TimeoutError:
        call.journal.fail(f"the call was not over after {seconds:g} s")
    except NotInTime:  # it does not end: leaving the call gives it up and says so
        return


async def _as_task(watching: Awaitable[None]) -> None:
    await watching
