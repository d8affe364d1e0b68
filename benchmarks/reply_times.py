"""How long a caller waits for Myra, with either judge of a turn's end.

From the end of the caller's last word at the caller's mouth to the first sound of the reply at
the caller's ear. The scripted model takes exactly half a second to think, which is in it. Each
kind of utterance answers a question that asks for it; references and numbers are said in groups
with pauses between them, in which a hasty judge cuts in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.callers import place
from benchmarks.stage import Plan, stage
from benchmarks.voices import Said, in_groups
from emulators.speech.tts import CALLERS
from emulators.twilio.mouth import utterance
from emulators.twilio.network import LineQuality
from emulators.twilio.phone_call import CallOver, NotInTime, PhoneCall
from emulators.twilio.switchboard import CallSetup

Mode = Literal["model", "local"]
THINK_SECONDS = 0.5
BEHAVIOUR = {"think": [THINK_SECONDS, THINK_SECONDS]}
CALLS = 6
QUIET_SECONDS = 0.7
REPLY_SECONDS = 8.0
QUESTIONS = {
    "complete phrase": "speak How may I help you today?",
    "spelled reference": "speak Could you spell your booking reference for me?",
    "number": "speak What is your telephone number with the area code?",
}
ANSWERS = {
    "complete phrase": (
        (("I want to know when my flight leaves.",), 0.0),
        (("How many bags may I take with me?",), 0.0),
        (("Can you send me the ticket again please?",), 0.0),
    ),
    "spelled reference": (
        (("K, seven, Q.", "Two, M, four."), 500.0),
        (("It is H, eight, L.", "Three, P, nine."), 700.0),
        (("B as in bravo, five, T.", "Six, R, one."), 900.0),
    ),
    "number": (
        (("Zero one seven six.", "Four four two.", "Nine one eight."), 500.0),
        (("Plus three five one.", "Nine one two.", "Three four five."), 700.0),
        (("Zero three zero.", "Five five five.", "Eight six seven."), 900.0),
    ),
}


@dataclass(slots=True)
class Waits:
    """Seconds that callers waited; ``cut_in``: she spoke before they had finished;
    ``unanswered``: no reply within ``REPLY_SECONDS``."""

    kind: str
    mode: Mode
    seconds: list[float] = field(default_factory=list)
    cut_in: int = 0
    unanswered: int = 0


def answers(kind: str) -> list[Said]:
    """Every answer of a kind in four callers' voices."""
    return list(_answers(kind))


def _answers(kind: str) -> Iterator[Said]:
    for groups, pause in ANSWERS[kind]:
        for voice in CALLERS:
            yield in_groups(voice, groups, pause)


async def measure(plan: Plan, kind: str, mode: Mode) -> Waits:
    """All answers of a kind, dealt out to some calls; ``plan`` with the settings of the mode."""
    said = answers(kind)
    found = Waits(kind, mode)

    async def act(call: PhoneCall, number: int) -> None:
        for one in said[number::CALLS]:
            try:
                await _answer(call, one, found)
            except (CallOver, NotInTime):
                found.unanswered += 1

    setup = CallSetup(quality=LineQuality(noise_db=-60.0))
    async with stage(plan) as running:
        await place(running.url, CALLS, act, setup)
    return found


def settings_for(mode: Mode) -> dict[str, str]:
    return {"TALK_TURN_TAKING": mode, "TALK_SILENCE_SECONDS": "60"}


async def _answer(call: PhoneCall, one: Said, found: Waits) -> None:
    await call.until(lambda: QUIET_SECONDS < call.ear.quiet_for() < 1e6, REPLY_SECONDS)
    asked = len(call.ear.stretches)
    spoken = call.say(utterance(one.audio, one.text))
    await call.said(spoken)
    end = spoken.words_end
    assert end is not None
    if any(stretch.start < end for stretch in call.ear.stretches[asked:]):
        found.cut_in += 1
        await asyncio.sleep(QUIET_SECONDS)
        return
    reply = await call.wait_sound(since=end, within=REPLY_SECONDS)
    if reply.latency is not None:
        found.seconds.append(reply.latency)
