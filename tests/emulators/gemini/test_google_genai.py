"""google-genai for Python, unmodified, against the emulator."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from emulators.gemini.tone_voice import bursts
from tests.emulators.gemini.live import emulator, samples, silence, speech, stream, turn

pytestmark = pytest.mark.socket


def test_a_spoken_turn_from_speech_to_turn_complete(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.session() as session:
            await stream(session, silence(200) + speech("#7 #200 #31") + silence(400))
            said = await turn(session)
            assert said.order == [
                "resumable",
                "heard",
                "not_resumable",
                "audio",
                "generation_complete",
                "turn_complete",
            ]
            assert said.heard == "#7 #200 #31"
            assert said.spoken == "#7 #200 #31"
            assert [burst.number for burst in bursts(samples(said.audio), 24_000)] == [7, 200, 31]
            assert said.usage is not None
            assert said.usage.response_token_count == round(0.6 * 25)
            after = await turn(session, until=lambda message: message.session_resumption_update)
            assert after.order == ["resumable"]

    asyncio.run(main())
