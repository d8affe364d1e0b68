"""The way of the sound through the server, both ways, under load; and what it costs.

Up: the time from when a caller's sample had been spoken and written to the telephone's socket
until the model's end had the message with that sample, for the last sample of each chunk: the
one that no chunking holds back. What the filter holds back is in it. Samples are identified by
content: the caller's stream, converted to 16 kHz, is looked for in what arrived.

Down: from when the model's end sent the first chunk of a reply until the first of its sound was
taken from the telephone's socket.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import numpy as np

from benchmarks.callers import bursts_said, place
from benchmarks.machine import busy_seconds
from benchmarks.matching import NotFound, Spread, likeness
from benchmarks.matching import place as find
from benchmarks.stage import Plan, Stage, stage
from benchmarks.wire_journal import PROBED, Connection, Pcm, connections, spoken_numbers
from emulators.gemini.tone_voice import bursts
from emulators.twilio.phone_call import PhoneCall
from emulators.twilio.wire import WireFrame
from media.audio import Audio
from media.g711 import ulaw_to_pcm
from media.resample import convert_whole

SETTLE_SECONDS = 8.0
ROUND_SECONDS = 7.0
FRAME = 160
ALIKE = 0.9
SETTINGS = {"PHONE_MAX_CALLS": "200"}
SCRIPT = {"otherwise": "say 3 seconds"}


@dataclass(slots=True)
class MediaPath:
    """What one run showed. Latencies in ms, ``cpu_ms`` of the server per second of each call;
    ``others`` is how many cores everything else on the machine kept busy."""

    up: list[float] = field(default_factory=list)
    up_transport: list[float] = field(default_factory=list)
    down: list[float] = field(default_factory=list)
    lost_chunks: int = 0
    cpu_ms: float = 0.0
    emulator_core: float = 0.0
    others: float = 0.0


async def measure(plan: Plan, calls: int, seconds: float) -> MediaPath:
    """Hold that many calls, in which callers and model take turns, for so long."""
    found = MediaPath()
    async with stage(plan) as running:
        window: list[float] = []

        async def act(call: PhoneCall, number: int) -> None:
            until = call.now() + SETTLE_SECONDS + seconds + 0.1 * (calls - number)
            words = bursts_said(" ".join(f"#{number}" for _ in range(6)))
            while call.now() < until:
                call.say(words)
                await asyncio.sleep(min(ROUND_SECONDS, max(0.0, until - call.now())))

        async def watch() -> None:
            await asyncio.sleep(SETTLE_SECONDS + 0.1 * calls)
            window.append(asyncio.get_running_loop().time())
            await _costs(found, running, calls, seconds - 1.0)
            window.append(asyncio.get_running_loop().time())

        async with asyncio.TaskGroup() as group:
            group.create_task(watch())
            held = await group.create_task(place(running.url, calls, act))
        journal, audio = running.journal, running.audio
    wire = connections(journal, audio)
    for call in held:
        _analyse(found, call, wire, (window[0], window[1]))
    return found


async def _costs(found: MediaPath, running: Stage, calls: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    server, emulator, machine = running.server_cpu(), running.emulator_cpu(), busy_seconds()
    own = own_cpu()
    began = loop.time()
    await asyncio.sleep(seconds)
    lasted = loop.time() - began
    served, emulated = running.server_cpu() - server, running.emulator_cpu() - emulator
    found.cpu_ms = 1000 * served / lasted / calls
    found.emulator_core = emulated / lasted
    ours = served + emulated + own_cpu() - own
    found.others = max(0.0, (busy_seconds() - machine - ours) / lasted)


def own_cpu() -> float:
    """CPU seconds of this process, the callers."""
    return time.process_time()


def _analyse(
    found: MediaPath, call: PhoneCall, wire: dict[str, Connection], window: tuple[float, float]
) -> None:
    stream = call.streams[0]
    sent = [frame for frame in stream.sent if frame.event == "media"]
    said = caller_at_model_rate(sent)
    connection, late = connection_of(said, wire)
    _upward(found, sent, said, late, connection, window)
    _downward(found, stream.received, connection, window)


def caller_at_model_rate(sent: list[WireFrame]) -> Pcm:
    """All that the caller sent, at 16 kHz, by a converter other than the server's."""
    pcm = ulaw_to_pcm(b"".join(frame.ulaw for frame in sent))
    return np.frombuffer(convert_whole(Audio(pcm, 8000), 16000).pcm, "<i2")


def connection_of(said: Pcm, wire: dict[str, Connection]) -> tuple[Connection, int]:
    """The model's connection that heard this caller, and how many samples late it did.

    Found by the numbers of the bursts, made sure of and measured by the sound itself.
    """
    numbers = spoken_numbers(said)
    heard = max(wire.values(), key=lambda one: _agreement(numbers, one.numbers))
    first = round(16 * next(iter(bursts(said[:PROBED], 16000))).start_ms)
    probe = said[first : first + 2 * 16000]
    at, alike = find(probe, heard.came[: PROBED + 6 * 16000])
    if alike < ALIKE:
        raise NotFound("no connection with the model carried this caller")
    return heard, at - first


def _agreement(one: list[int], other: list[int]) -> float:
    return sum(a == b for a, b in zip(one, other, strict=False)) / max(1, len(one))


def _upward(
    found: MediaPath,
    sent: list[WireFrame],
    said: Pcm,
    late: int,
    connection: Connection,
    window: tuple[float, float],
) -> None:
    for note in connection.audio("in"):
        if not window[0] <= note.at < window[1]:
            continue
        end = note.first + note.samples
        expected = said[note.first - late : end - late]
        if likeness(connection.came[note.first : end], expected) < ALIKE:
            found.lost_chunks += 1
            continue
        last = (end - late) / 2
        holds = min(len(sent) - 1, int(np.ceil(last / FRAME)) - 1)
        written = sent[holds].at - ((holds + 1) * FRAME - last) / 8000
        found.up.append(1000 * (note.at - written))
        latest = [frame.at for frame in sent[holds : holds + 4] if frame.at <= note.at]
        found.up_transport.append(1000 * (note.at - latest[-1]))


def _downward(
    found: MediaPath,
    received: list[WireFrame],
    connection: Connection,
    window: tuple[float, float],
) -> None:
    """By position: of every reply the line gets a third of the model's samples, rounded up."""
    media = [frame for frame in received if frame.event == "media"]
    ends = np.cumsum([len(frame.ulaw) for frame in media])
    before = 0
    for reply in connection.replies():
        samples = sum(note.samples for note in reply)
        if window[0] <= reply[0].at < window[1]:
            frame = media[int(np.searchsorted(ends, before, side="right"))]
            found.down.append(1000 * (frame.at - reply[0].at))
        before += -(-samples // 3)


def spreads(found: MediaPath) -> dict[str, Spread]:
    return {
        "up": Spread.of(found.up),
        "transport": Spread.of(found.up_transport),
        "down": Spread.of(found.down),
    }
