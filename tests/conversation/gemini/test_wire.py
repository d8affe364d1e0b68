"""The message written by hand says what the SDK's own would, and the SDK stands in for it."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import orjson
import pytest
from google import genai
from google.genai import types
from google.genai.live import AsyncSession
from hypothesis import given
from hypothesis import strategies as st

from conversation.events import ModelAudio
from conversation.gemini import sending
from conversation.gemini.wire import audio_message, socket_of
from media.audio import Audio
from tests.conversation.gemini.fake_live import Caller
from tests.conversation.gemini.talking import Talk, frame, play

pytestmark = pytest.mark.socket


class Recording:
    """Keeps what the SDK would put on its socket."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    async def send(self, message: str) -> None:
        self.sent.append(orjson.loads(message))


def plain(message: dict[str, Any]) -> dict[str, Any]:
    """The message with its sound decoded: the SDK writes URL-safe base64, both are read."""
    audio = message["realtime_input"]["audio"]
    data = base64.b64decode(audio["data"].replace("-", "+").replace("_", "/"))
    return {"realtime_input": {"audio": {**audio, "data": data}}}


@pytest.mark.parametrize("vertex", [False, True])
@pytest.mark.parametrize("rate", [8000, 16000])
def test_it_is_the_sdks_own_message(vertex: bool, rate: int) -> None:
    where = {"project": "p", "location": "us-central1"} if vertex else {"api_key": "k"}
    client = genai.Client(vertexai=vertex, **where)  # type: ignore[arg-type]
    recording = Recording()
    session = AsyncSession(client._api_client, recording)  # type: ignore[arg-type]
    sound = Audio(bytes(range(256)), rate)
    blob = types.Blob(data=sound.pcm, mime_type=f"audio/pcm;rate={rate}")
    asyncio.run(session.send_realtime_input(audio=blob))
    assert plain(orjson.loads(audio_message(sound))) == plain(recording.sent[0])
    assert socket_of(session) is None
    client.close()


@given(st.binary(max_size=4000).map(lambda data: data[: len(data) // 2 * 2]))
def test_any_sound_survives_it(pcm: bytes) -> None:
    message = orjson.loads(audio_message(Audio(pcm, 16000)))
    assert plain(message)["realtime_input"]["audio"]["data"] == pcm


def test_without_the_sdks_socket_sound_goes_through_the_sdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "socket_of", lambda session: None)

    async def act(caller: Caller) -> None:
        await caller.confirm()
        heard = plain(await caller.hear())["realtime_input"]["audio"]
        assert heard == {"data": frame(7).pcm, "mime_type": "audio/pcm;rate=16000"}
        await caller.sound()
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        talk.model.send_audio(frame(7))
        await talk.next(ModelAudio)

    play(tmp_path, case, act)
