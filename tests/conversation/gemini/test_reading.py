"""Sound that is read by hand is the sound that the SDK would have read."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import orjson
import pytest
from google import genai
from google.genai.live import AsyncSession
from hypothesis import given
from hypothesis import strategies as st

from conversation.gemini.counters import ModelCounters
from conversation.gemini.replies import Replies
from conversation.gemini.translate import Translation
from conversation.gemini.wire import sound_in

pytestmark = pytest.mark.pure

AUDIO = "audio/pcm;rate=24000"


def message(*pcm: bytes, mime: str = AUDIO, **content: Any) -> dict[str, Any]:
    parts = [
        {"inlineData": {"mimeType": mime, "data": base64.b64encode(one).decode()}} for one in pcm
    ]
    return {"serverContent": {"modelTurn": {"role": "model", "parts": parts}, **content}}


class OneFrame:
    """A socket on which one frame waits."""

    def __init__(self, frame: bytes) -> None:
        self._frame = frame

    async def recv(self, decode: bool) -> bytes:
        return self._frame


def by_the_sdk(frame: bytes) -> list[object]:
    client = genai.Client(api_key="k")
    session = AsyncSession(client._api_client, OneFrame(frame))  # type: ignore[arg-type]
    read = asyncio.run(session._receive())
    client.close()
    return list(Translation(Replies(), ModelCounters()).read(read, 1.0))


def by_hand(frame: bytes) -> list[object]:
    sound = sound_in(frame)
    assert sound is not None
    return list(Translation(Replies(), ModelCounters()).sound(sound.parts, 1.0))


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=3))
def test_the_events_are_the_same(pcm: list[bytes]) -> None:
    said = message(*pcm)
    compact, pretty = orjson.dumps(said), json.dumps(said, indent=2).encode()
    assert by_hand(compact) == by_hand(pretty) == by_the_sdk(compact)


@pytest.mark.parametrize("mime", ["audio/pcm", "audio/pcm;rate=16000", "audio/ogg", "image/png"])
def test_so_are_those_of_other_kinds_of_sound(mime: str) -> None:
    frame = orjson.dumps(message(b"\1\0\2\0", mime=mime))
    assert by_hand(frame) == by_the_sdk(frame)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"no json at all, but for inlineData",
        b'["inlineData"]',
        b'{"inlineData":1}',
        orjson.dumps({"setupComplete": {}}),
        orjson.dumps(message(b"\1\0", outputTranscription={"text": "hello"})),
        orjson.dumps(message(b"\1\0", interrupted=True)),
        orjson.dumps(message(b"\1\0", turnComplete=True)),
        orjson.dumps({**message(b"\1\0"), "usageMetadata": {"totalTokenCount": 3}}),
        orjson.dumps(message(b"\1\0")).replace(b'"inlineData"', b'"thought":true,"inlineData"'),
        orjson.dumps(message(b"\1\0")).replace(b'"data"', b'"displayName":"x","data"'),
        orjson.dumps(message(b"\xfb\xff")).replace(b"+/", b"-_"),
    ],
)
def test_what_says_anything_besides_is_the_sdks(frame: bytes) -> None:
    assert sound_in(frame) is None
