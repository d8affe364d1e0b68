"""What the server does to sound, both ways, by tones and by replies that are known.

1004 Hz, not 1000: against 8000 samples a second the phase of 1000 Hz stands still, and what
mu-law makes of it depends on that phase (ITU-T O.132 measures by 1004 to 1020 Hz for it).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import numpy as np

from benchmarks.callers import bursts_said, place
from benchmarks.matching import place as find
from benchmarks.stage import Plan, stage
from benchmarks.wire_journal import Connection, Note, Pcm, connections
from emulators.gemini.tone_voice import AMPLITUDE
from emulators.twilio.mouth import utterance
from emulators.twilio.phone_call import PhoneCall
from emulators.twilio.switchboard import CallSetup
from media.audio import Audio
from media.g711 import ulaw_to_pcm
from media.resample import convert_whole
from tests.signals import clicks, difference_db, sinad_db, sine, tone_db

HERTZ = 1004.0
IMAGE_OF = 3100.0
ALIASES = (4600.0, 5000.0, 6500.0)
SECONDS = 3.0
REPLY_SECONDS = 7.0
LEVEL_DB = -9.0
TAIL_MS = 200.0
BORDER_MS = 2.0
SETTINGS = {"TALK_GREETING_PROTECTION_MS": "0", "TALK_SILENCE_SECONDS": "60"}
# The caller's number asks for the tone.
ASKED = {"#1": HERTZ, **{f"#{2 + n}": hz for n, hz in enumerate(ALIASES)}}
SCRIPT = {
    "turns": ["speak #255 #254 #253"],
    "rules": [
        *({"hears": f"^{word}( |$)", "does": f"speak tone:{hz}:3"} for word, hz in ASKED.items()),
        {"hears": "^#9( |$)", "does": "say 4 seconds"},
        {"hears": "speech", "does": "nothing"},
    ],
    "otherwise": "nothing",
}
TALKS = 12


@dataclass(slots=True)
class Fidelity:
    """dB, but for counts. ``border_db``: the error within 2 ms of a chunk's border above the
    error elsewhere. ``tail_db``: what differs in the last 200 ms of a reply, below it."""

    sinad_up: float = 0.0
    sinad_down: float = 0.0
    image_up: float = 0.0
    aliases_down: dict[float, float] = field(default_factory=dict)
    clicks_up: int = 0
    clicks_down: int = 0
    border_up: float = 0.0
    border_down: float = 0.0
    chunks: int = 0
    replies: int = 0
    tails_whole: int = 0
    tail_db: float = -200.0
    missing_samples: int = 0


async def measure(plan: Plan) -> Fidelity:
    """One call with tones, one after the other, then replies; ``plan.faults`` may cut chunks
    anywhere, also in the middle of a sample."""
    async with stage(plan) as running:
        calls = await place(running.url, 1, _act, CallSetup(keep_wire=True))
        journal, audio = running.journal, running.audio
    (call,) = calls
    connection = max(connections(journal, audio).values(), key=lambda found: len(found.came))
    found = Fidelity()
    _up(found, connection)
    _down(found, call, connection)
    return found


async def _act(call: PhoneCall, number: int) -> None:
    await call.wait_reply()
    for hz in (HERTZ, IMAGE_OF):
        await call.said(call.say(utterance(sine(hz, 1000 * SECONDS, 24000, LEVEL_DB))))
        await asyncio.sleep(2.5)
    for word in ASKED:  # of some replies nothing must be heard: their time is waited for
        await call.said(call.say(bursts_said(word)))
        await asyncio.sleep(REPLY_SECONDS)
    for _ in range(TALKS):
        await call.said(call.say(bursts_said("#9")))
        await call.wait_reply(within=30)


def _up(found: Fidelity, connection: Connection) -> None:
    for hz in (HERTZ, IMAGE_OF):
        line = utterance(sine(hz, 1000 * SECONDS, 24000, LEVEL_DB))
        said = Audio(ulaw_to_pcm(line.ulaw), 8000)
        expected = np.frombuffer(convert_whole(said, 16000).pcm, "<i2")
        at, _ = find(expected, connection.came)
        came = _sound(connection.came[at : at + len(expected)], 16000)
        middle = came.slice_ms(500, 1000 * SECONDS - 500)
        if hz == HERTZ:
            found.sinad_up = sinad_db(middle, hz)
            found.clicks_up = len(clicks(came.slice_ms(50, 1000 * SECONDS - 50)))
            borders = [note.first - at for note in connection.audio("in")]
            found.border_up = _border_db(_sound(expected, 16000), came, borders)
        else:
            found.image_up = tone_db(middle, 8000 - hz) - tone_db(middle, hz)


def _down(found: Fidelity, call: PhoneCall, connection: Connection) -> None:
    media = [frame for frame in call.streams[0].received if frame.event == "media"]
    line = np.frombuffer(ulaw_to_pcm(b"".join(frame.ulaw for frame in media)), "<i2")
    position, tones = 0, iter(ASKED.values())
    for number, reply in enumerate(connection.replies()):
        sent = connection.went[reply[0].first : reply[-1].first + reply[-1].samples]
        size = -(-len(sent) // 3)
        heard = _sound(line[position : position + size], 8000)
        position += size
        if 1 <= number <= len(ASKED):
            _tone_down(found, next(tones), heard, sent, reply)
        else:
            _reply_down(found, heard, sent)
    found.missing_samples = position - len(line)


def _tone_down(found: Fidelity, hz: float, heard: Audio, sent: Pcm, reply: list[Note]) -> None:
    middle = heard.slice_ms(500, 1000 * SECONDS - 500)
    if hz == HERTZ:
        found.sinad_down = sinad_db(middle, hz)
        found.clicks_down = len(clicks(heard.slice_ms(50, 1000 * SECONDS - 50)))
        borders = [(note.first - reply[0].first) // 3 for note in reply]
        found.chunks = len(reply)
        expected = convert_whole(_sound(sent, 24000), 8000)
        found.border_down = _border_db(expected, heard, borders)
    else:
        played = 20 * np.log10(AMPLITUDE / np.sqrt(2) / 32768)
        found.aliases_down[hz] = tone_db(middle, abs(8000 - hz)) - played


def _reply_down(found: Fidelity, heard: Audio, sent: Pcm) -> None:
    """A reply of numbered words: nothing missing at its end."""
    expected = convert_whole(_sound(sent, 24000), 8000)
    found.replies += 1
    tail = expected.slice_ms(expected.ms - TAIL_MS)
    wrong = difference_db(tail, heard.slice_ms(expected.ms - TAIL_MS), below_hz=3300)
    found.tail_db = max(found.tail_db, wrong)
    found.tails_whole += wrong < -25 and heard.samples == expected.samples


def _border_db(expected: Audio, came: Audio, borders: list[int]) -> float:
    """How much more the two differ around the borders than elsewhere, in dB."""
    one = np.frombuffer(expected.pcm, "<i2").astype(np.float64)
    other = np.frombuffer(came.pcm, "<i2").astype(np.float64)
    size = min(len(one), len(other))
    wrong = (one[:size] - other[:size]) ** 2
    near = np.zeros(size, bool)
    around = round(BORDER_MS * came.rate / 1000)
    for at in borders:
        near[max(0, at - around) : max(0, at + around)] = True
    inside = np.zeros(size, bool)
    inside[came.rate // 10 : size - came.rate // 10] = True
    here, there = wrong[near & inside].mean(), wrong[~near & inside].mean()
    return float(10 * np.log10(here / there))


def _sound(samples: Pcm, rate: int) -> Audio:
    return Audio(samples.astype("<i2").tobytes(), rate)
