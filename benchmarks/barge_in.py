"""Real voices speak over Myra on the telephone: how soon the line is cleared, and whether the
hotline knows what was heard by then.

The model's end is slow to notice on purpose, so that what is measured is the hotline's own
detector; a clear that came of the model's ``interrupted`` counts as missed. Onset: the first
10 ms of the utterance that are louder than 25 dB below its own level, at the caller's mouth; a
frame leaves the telephone when it is complete.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.callers import place
from benchmarks.cuts import Clear, clears_of
from benchmarks.stage import Plan, stage
from benchmarks.voices import Said
from emulators.twilio.mouth import utterance
from emulators.twilio.network import LineQuality
from emulators.twilio.phone_call import CallOver, NotInTime, PhoneCall
from emulators.twilio.switchboard import CallSetup

SETTINGS = {
    "PHONE_MAX_CALLS": "200",
    "GEMINI_PREFIX_PADDING_MS": "500",
    "GEMINI_SILENCE_MS": "600",
    "TALK_SILENCE_SECONDS": "60",
}
SCRIPT = {"otherwise": "say 25 seconds"}
BEHAVIOUR = {"think": [0.2, 0.4]}
NOISE_DB = -60.0
# One way, and jitter on top of it, in ms: from none to 150 together.
LINES = ((0.0, 0.0), (30.0, 20.0), (60.0, 40.0), (100.0, 50.0))
HEARD_SECONDS = 1.2
RANDOM_SECONDS = 2.5
NEXT_SECONDS = 30.0
ANSWER_SECONDS = 0.6


@dataclass(frozen=True, slots=True)
class Cut:
    """Somebody spoke over Myra from ``onset`` (caller's clock) on a line of that delay and
    jitter; ``clear`` is None where the hotline itself did not stop her."""

    said: Said
    call: PhoneCall
    onset: float
    line: tuple[float, float]
    clear: Clear | None

    @property
    def latency_ms(self) -> float | None:
        return None if self.clear is None else 1000 * (self.clear.at - self.onset)


async def measure(
    plan: Plan, near: Sequence[Said], near_calls: int, far: Sequence[Said], far_calls: int
) -> list[Cut]:
    """``near`` is dealt out to calls on a line without delay, ``far`` to calls on ``LINES``."""
    spoken: list[tuple[PhoneCall, Said, float, tuple[float, float]]] = []

    def line(number: int) -> tuple[float, float]:
        return (0.0, 0.0) if number < near_calls else LINES[number % len(LINES)]

    def setup(number: int) -> CallSetup:
        delay, jitter = line(number)
        quality = LineQuality(delay_ms=delay, jitter_ms=jitter, noise_db=NOISE_DB, seed=number)
        return CallSetup(quality=quality, keep_wire=True)

    async def act(call: PhoneCall, number: int) -> None:
        dice = random.Random(number)
        mine = (
            near[number::near_calls]
            if number < near_calls
            else far[number - near_calls :: far_calls]
        )
        for said in mine:
            onset = await speak_over(call, said, HEARD_SECONDS + RANDOM_SECONDS * dice.random())
            if onset is not None:
                spoken.append((call, said, onset, line(number)))

    async with stage(plan) as running:
        await place(running.url, near_calls + far_calls, act, setup)
        data = running.data
    clears = {call: clears_of(call, data / "journals") for call in {one[0] for one in spoken}}
    return [
        Cut(said, call, onset, line, _own(clears[call], onset, said))
        for call, said, onset, line in spoken
    ]


async def speak_over(call: PhoneCall, said: Said, after: float) -> float | None:
    """Wait until Myra has spoken for so many seconds, speak, and wait a little; the onset."""
    ready = utterance(said.audio, said.text)
    try:
        await call.until(lambda: speaks_for(call, after), NEXT_SECONDS)
        spoken = call.say(ready)
        await call.said(spoken)
        await asyncio.sleep(ANSWER_SECONDS)
    except (CallOver, NotInTime):
        return None
    return None if spoken.start is None else spoken.start + said.onset_ms / 1000


def speaks_for(call: PhoneCall, seconds: float) -> bool:
    stretches = call.ear.stretches
    return call.ear.myra_speaking() and call.now() - stretches[-1].start > seconds


def _own(clears: Sequence[Clear], onset: float, said: Said) -> Clear | None:
    """The first clear since an onset, if it came of the hotline's own ear."""
    window = onset + said.audio.ms / 1000
    first = next((clear for clear in clears if onset <= clear.at < window), None)
    return first if first is not None and first.cause == "CallerAudio" else None
