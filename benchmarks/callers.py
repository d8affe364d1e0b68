"""Many telephone calls at once, dialled one after another so that their frames do not coincide."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np

from emulators.gemini.tone_voice import RATE, ToneVoice
from emulators.twilio.mouth import Utterance, utterance
from emulators.twilio.network import LineQuality
from emulators.twilio.phone_call import PhoneCall
from emulators.twilio.switchboard import CallSetup
from media.audio import Audio

# Not a divisor of 20 ms: the calls' frames are spread over the whole of it.
APART_SECONDS = 0.1007
SETUP = CallSetup(quality=LineQuality(noise_db=-60.0), keep_wire=True)

Act = Callable[[PhoneCall, int], Awaitable[None]]


def tones(words: str) -> Audio:
    """Numbered bursts, such as ``#1 #2``, at 24 kHz."""
    parts = [samples for _, samples in ToneVoice().speak(words)]
    return Audio(np.concatenate(parts).astype("<i2").tobytes(), RATE)


def bursts_said(words: str) -> Utterance:
    return utterance(tones(words), words, -20.0)


async def place(
    url: str,
    count: int,
    act: Act,
    setup: CallSetup | Callable[[int], CallSetup] = SETUP,
    apart: float = APART_SECONDS,
) -> list[PhoneCall]:
    """Hold ``count`` calls, each acting; they are returned for what they have kept. ``setup``
    may differ by the call's number.

    Raises:
        RuntimeError: a call failed, for a reason that makes its figures worthless.
    """
    calls: list[PhoneCall] = []

    async def hold(number: int) -> None:
        await asyncio.sleep(number * apart)
        how = setup if isinstance(setup, CallSetup) else setup(number)
        async with PhoneCall(url, how) as call:
            calls.append(call)
            await call.started()
            await act(call, number)

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(hold(number))
    failures = [failure for call in calls for failure in call.journal.failures]
    if failures:
        raise RuntimeError(f"{len(failures)} failures in the calls: {failures[:3]}")
    return calls
