"""From the model's ``interrupted`` to ``clear`` on the telephone's wire, with many calls.

Callers speak bursts of tones over Myra. The hotline's own detector takes no tones for speech, so
it is the model's end that notices: it stamps ``interrupted`` as it sends it. ``clear`` is stamped
by the kernel as it passes the wire, or, where that is not permitted, by the telephone's end as it
takes it from the socket; the simulated callers, busy themselves, then delay the figure.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.callers import SETUP, bursts_said, place
from benchmarks.machine import busy_seconds
from benchmarks.media_path import caller_at_model_rate, connection_of, own_cpu
from benchmarks.stage import Plan, stage
from benchmarks.wire_journal import connections
from benchmarks.wiretap import clears_sent_by
from emulators.twilio.phone_call import PhoneCall

SETTINGS = {"PHONE_MAX_CALLS": "200", "TALK_GREETING_PROTECTION_MS": "0"}
SCRIPT = {"otherwise": "say 12 seconds"}
BEHAVIOUR = {"think": [0.3, 0.5]}
SETTLE_SECONDS = 8.0
ROUND_SECONDS = 6.0
NEXT_SECONDS = 1.0


@dataclass(slots=True)
class Interruption:
    """Latencies in ms; ``tapped``: on the wire itself. ``server_core``: the share of its core that
    the server was busy. ``local_first``: the hotline had cleared the line before the model's word
    came; ``unanswered``: no clear followed."""

    latencies: list[float] = field(default_factory=list)
    local_first: int = 0
    unanswered: int = 0
    tapped: bool = False
    server_core: float = 0.0
    cpu_ms: float = 0.0
    others: float = 0.0


async def measure(plan: Plan, calls: int, rounds: int) -> Interruption:
    """Every caller interrupts Myra ``rounds`` times."""
    found = Interruption()
    async with stage(plan) as running:

        async def act(call: PhoneCall, number: int) -> None:
            await asyncio.sleep(SETTLE_SECONDS + 0.1 * (calls - number))
            words = bursts_said(" ".join(f"#{(number + n) % 256}" for n in range(6)))
            for turn in range(rounds):
                await asyncio.sleep(0.11 * ((number * 7 + turn * 3) % 10))
                call.say(words)
                await asyncio.sleep(ROUND_SECONDS)

        async def watch() -> None:
            await asyncio.sleep(SETTLE_SECONDS + 0.1 * calls)
            server, machine, own = running.server_cpu(), busy_seconds(), own_cpu()
            emulator, seconds = running.emulator_cpu(), ROUND_SECONDS * rounds
            await asyncio.sleep(seconds)
            served = running.server_cpu() - server
            found.server_core = served / seconds
            found.cpu_ms = 1000 * served / seconds / calls
            ours = served + running.emulator_cpu() - emulator + own_cpu() - own
            found.others = max(0.0, (busy_seconds() - machine - ours) / seconds)

        with clears_sent_by(urlsplit(running.url).port or 0) as tap:
            async with asyncio.TaskGroup() as group:
                group.create_task(watch())
                held = await group.create_task(place(running.url, calls, act, SETUP))
        found.tapped = tap is not None
        journal, audio = running.journal, running.audio
    wire = connections(journal, audio)
    for call in held:
        stream = call.streams[0]
        said = caller_at_model_rate([frame for frame in stream.sent if frame.event == "media"])
        connection, _ = connection_of(said, wire)
        clears = [frame.at for frame in stream.received if frame.event == "clear"]
        if tap is not None:
            clears = tap.clears[stream.messages.stream_sid]
        for note in connection.of("interrupted"):
            at = bisect_left(clears, note.at)
            if at < len(clears) and clears[at] - note.at < NEXT_SECONDS:
                found.latencies.append(1000 * (clears[at] - note.at))
            elif at and note.at - clears[at - 1] < NEXT_SECONDS:
                found.local_first += 1
            else:
                found.unanswered += 1
    return found
