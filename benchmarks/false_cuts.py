"""Sounds too short to be meant for Myra stop her and she goes on: how long the gap is, whether a
word is lost, whether one is said twice. By content: what the caller heard is looked for in what
the model said.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.barge_in import LINES, NEXT_SECONDS, NOISE_DB, speak_over
from benchmarks.callers import place
from benchmarks.cuts import Clear, clears_of
from benchmarks.matching import place as find
from benchmarks.stage import Plan, stage
from benchmarks.voices import Said, myras_paragraphs
from emulators.twilio.network import LineQuality
from emulators.twilio.phone_call import CallOver, NotInTime, PhoneCall
from emulators.twilio.switchboard import CallSetup
from media.audio import Audio
from media.g711 import ulaw_to_pcm
from media.levels import samples_of
from media.resample import convert_whole

SETTINGS = {
    "PHONE_MAX_CALLS": "200",
    "GEMINI_PREFIX_PADDING_MS": "1500",
    "GEMINI_SILENCE_MS": "600",
    "TALK_SILENCE_SECONDS": "60",
}
SCRIPT = {"otherwise": "say 34 seconds"}
BEHAVIOUR = {"think": [0.2, 0.4]}
HEARD_SECONDS = 1.5
RANDOM_SECONDS = 1.0
GO_ON_SECONDS = 1.2
# As much of the sound before the stop, and after the fade, says where in the reply it is.
PROBE = 6400
FADE = 160
ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class FalseCut:
    """Myra stopped for a sound and went on. ``gap_ms``: from her last sample before it to her
    first after it, as heard. ``twice_ms`` of her words were said again; negative: lost.
    ``stopped`` and ``resumed`` are the caller's clock; ``places``, in samples at 8 kHz of the
    model's ``source()``, where she stopped and where she went on."""

    said: Said
    call: PhoneCall
    onset: float
    clear: Clear
    line: tuple[float, float]
    stopped: float
    resumed: float
    twice_ms: float | None
    alike: float
    places: tuple[int, int]

    @property
    def gap_ms(self) -> float:
        return 1000 * (self.resumed - self.stopped)


@dataclass(slots=True)
class Outcome:
    """``ignored``: she did not stop; ``taken``: she stopped for good."""

    cuts: list[FalseCut]
    said: int = 0
    ignored: int = 0
    taken: int = 0


def source() -> np.ndarray:
    """All that the model reads aloud, twice, as the telephone's filter leaves it: 8 kHz."""
    pcm = b"".join(one.pcm for one in myras_paragraphs())
    return samples_of(convert_whole(Audio(pcm + pcm, 24000), 8000))


async def measure(plan: Plan, snatches: Sequence[Said], calls: int) -> Outcome:
    """Every call hears its share of the snatches said over Myra, on one of the lines."""
    spoken: list[tuple[PhoneCall, Said, float, tuple[float, float]]] = []
    lines = LINES[:3]

    def setup(number: int) -> CallSetup:
        delay, jitter = lines[number % len(lines)]
        quality = LineQuality(delay_ms=delay, jitter_ms=jitter, noise_db=NOISE_DB, seed=number)
        return CallSetup(quality=quality, keep_wire=True)

    async def act(call: PhoneCall, number: int) -> None:
        dice = random.Random(number)
        for said in snatches[number::calls]:
            await _until_she_speaks(call)
            onset = await speak_over(call, said, HEARD_SECONDS + RANDOM_SECONDS * dice.random())
            if onset is not None:
                spoken.append((call, said, onset, lines[number % len(lines)]))
            await asyncio.sleep(GO_ON_SECONDS)

    async with stage(plan) as running:
        await place(running.url, calls, act, setup)
        data = running.data
    clears = {call: clears_of(call, data / "journals") for call in {one[0] for one in spoken}}
    found = Outcome([], len(spoken))
    everything = source()
    for call, said, onset, line in spoken:
        window = onset + said.audio.ms / 1000 + 0.2
        clear = next((one for one in clears[call] if onset <= one.at < window), None)
        if clear is None:
            found.ignored += 1
        elif not clear.undone:
            found.taken += 1
        elif (cut := _false_cut(said, call, onset, clear, line, everything)) is not None:
            found.cuts.append(cut)
    return found


async def _until_she_speaks(call: PhoneCall) -> None:
    """She may have come to the end of a reply: a key asks for the next."""
    try:
        await call.until(lambda: call.ear.myra_speaking(), 1.5)
    except NotInTime:
        await call.press("1#")
        await call.until(lambda: call.ear.myra_speaking(), NEXT_SECONDS)
    except CallOver:
        return


def _false_cut(
    said: Said,
    call: PhoneCall,
    onset: float,
    clear: Clear,
    line: tuple[float, float],
    everything: np.ndarray,
) -> FalseCut | None:
    """None where she had not spoken long enough, or did not for long enough afterwards."""
    playout = call.streams[0].playout
    cleared = playout.clears[clear.number]
    last, first = (
        playout.heard_when(cleared.first - 1),
        playout.heard_when(cleared.first + cleared.dropped),
    )
    if last is None or first is None:
        return None
    stopped = last + 1 / 8000
    end, begin = round((stopped - playout.origin) * 8000), round((first - playout.origin) * 8000)
    before, after = _heard(call, end - PROBE, end), _heard(call, begin + FADE, begin + FADE + PROBE)
    if len(before) < PROBE or len(after) < PROBE:
        return None
    one, alike = find(before, everything)
    # She goes on near the place where she stopped, not at the same words of the second reading.
    low = max(0, one + PROBE - 8000)
    near = everything[low : one + PROBE + 2 * 8000]
    other, also = find(after, near)
    stop, go = one + PROBE, low + other - FADE
    sure = min(alike, also)
    twice = (stop - go) / 8 if sure >= ALIKE else None
    return FalseCut(said, call, onset, clear, line, stopped, first, twice, sure, (stop, go))


def _heard(call: PhoneCall, first: int, last: int) -> np.ndarray:
    ulaw = bytes(call.streams[0].playout.heard[max(0, first) : last])
    return samples_of(Audio(ulaw_to_pcm(ulaw), 8000))
