"""A whole hotline, called by telephone: what it keeps of the call, and that this can be switched
off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.house import open_house
from hotline.running import serving_house
from hotline.settings import load
from media.audio import Audio
from media.stereo_file import Codec, read_header
from media.wav import read_wav
from tests.hotline.test_whole_house import free_port
from tests.telephony.peer import calling
from tests.telephony.server import Hotline

pytestmark = pytest.mark.socket

CALL = "CA" + "7c" * 16
TONE = b"\x00\x20\x00\xe0" * 80


def held(folder: Path, **settings: str) -> tuple[int, list[str]]:
    """A call of a second; how many calls the list shows during it, and the ids after it."""

    async def main() -> tuple[int, list[str]]:
        configured = load(
            {
                "HOTLINE_DATA_FOLDER": str(folder),
                "HOTLINE_PORT": "0",
                "HOTLINE_METRICS_PORT": "0",
                "GEMINI_BASE_URL": f"https://127.0.0.1:{free_port()}",
                **settings,
            }
        )
        async with open_house(configured) as house, serving_house(house) as port:
            async with calling(Hotline(house.door, port), CALL) as peer:
                await peer.speak(Audio(TONE * 50, 8000))
                await until(lambda: bool(house.live))
                during = len(house.calls.running())
                await peer.hang_up()
                await until(lambda: not house.live)
            await house.recorder.settle(5)
            page = await house.calls.archive.page()
            return during, [call.record.conversation for call in page.calls]

    return asyncio.run(main())


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not so():  # noqa: ASYNC110
            await asyncio.sleep(0)


def test_a_call_is_listed_and_recorded(tmp_path: Path) -> None:
    during, listed = held(tmp_path, HOTLINE_RECORDING_RATE="16000")
    assert during == 1
    assert listed == [CALL]
    caller, myra = read_wav((tmp_path / "recordings" / f"{CALL}.wav").read_bytes())
    assert caller.rate == 16000
    assert caller.ms >= 20  # sent at once: what is late and no speech is left out
    assert max(caller.pcm) > 0
    assert not any(myra.pcm)


def test_recordings_are_kept_small_or_not_at_all(tmp_path: Path) -> None:
    held(tmp_path / "small", HOTLINE_RECORDING_CODEC="mulaw")
    data = (tmp_path / "small" / "recordings" / f"{CALL}.wav").read_bytes()
    assert read_header(data[:256], len(data)).codec is Codec.MULAW
    _, listed = held(tmp_path / "none", HOTLINE_RECORDINGS="false")
    assert listed == [CALL]
    assert not (tmp_path / "none" / "recordings").exists()
