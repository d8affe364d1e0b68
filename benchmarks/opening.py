"""Nothing of the caller's first words is lost while the model's session opens.

Callers speak numbered bursts from their first frame on, and the model's end confirms its setup
seconds later. Every burst must be in what the model's end received, once and in order.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from benchmarks.callers import SETUP, bursts_said, place
from benchmarks.stage import Plan, stage
from benchmarks.wire_journal import connections
from emulators.gemini.tone_voice import bursts
from emulators.twilio.phone_call import PhoneCall

# The greeting's first second, during which noises do not reach the model, is another subject.
SETTINGS = {"PHONE_MAX_CALLS": "200", "TALK_GREETING_PROTECTION_MS": "0"}
SCRIPT = {"otherwise": "nothing"}
WORDS = 30
LATE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Opening:
    """Bursts said by all callers, and how many of them the model's end never got, got twice or
    in another order."""

    calls: int
    said: int
    lost: int
    disordered: int


async def measure(plan: Plan, calls: int) -> Opening:
    """``plan.faults`` should delay the setup by ``LATE_SECONDS``."""
    async with stage(plan) as running:

        async def act(call: PhoneCall, number: int) -> None:
            call.say(bursts_said(" ".join(f"#{first_word(number) + n}" for n in range(WORDS))))
            await asyncio.sleep(0.2 * WORDS + LATE_SECONDS + 2.0)

        await place(running.url, calls, act, SETUP)
        journal, audio = running.journal, running.audio
    heard = [
        [burst.number for burst in bursts(connection.came, 16000)]
        for connection in connections(journal, audio).values()
        if len(connection.came)
    ]
    lost = disordered = 0
    for number in range(calls):
        wanted = [(first_word(number) + n) % 256 for n in range(WORDS)]
        best = max(heard, key=lambda found: len(set(found) & set(wanted)), default=[])
        missing = [word for word in wanted if word not in best]
        lost += len(missing)
        kept = [word for word in wanted if word in best]
        disordered += [word for word in best if word in set(wanted)] != kept
    return Opening(calls, WORDS * calls, lost, disordered)


def first_word(number: int) -> int:
    """Every call has words of its own, up to eight calls."""
    return 32 * number
