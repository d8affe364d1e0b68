"""The wire itself: frames, order, admission, and what malformed messages meet."""

from __future__ import annotations

import asyncio
import base64
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from tests.emulators.gemini.live import (
    PATH,
    emulator,
    read,
    read_until,
    setup_message,
    silence,
    speech,
    write,
)

pytestmark = pytest.mark.socket

VERTEX = "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent"
SETUP = orjson.dumps(setup_message())


def test_the_first_frame_is_googles_to_the_byte(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw() as socket:
            await socket.send(SETUP.decode())
            assert await socket.recv() == b'{\n  "setupComplete": {}\n}\n'

    asyncio.run(main())


@pytest.mark.parametrize(
    ("path", "query", "headers"),
    [
        (PATH, "", {"x-goog-api-key": "k"}),
        (PATH, "?access_token=t", {}),
        ("/" + PATH, "", {"Authorization": "Token auth_tokens/t"}),
        (PATH.replace("v1beta", "v1alpha") + "Constrained", "?key=k", {}),
        (VERTEX, "", {"Authorization": "Bearer t"}),
        ("/my/gateway", "", {}),
    ],
)
def test_every_way_in_that_clients_use(
    tmp_path: Path, path: str, query: str, headers: Mapping[str, str]
) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            address = f"ws://127.0.0.1:{live.plain_port}{path}{query}"
            async with connect(address, additional_headers=headers) as socket:
                assert socket.response is not None
                assert "Sec-WebSocket-Extensions" not in socket.response.headers
                await socket.send(SETUP.decode())
                complete = (await read(socket))["setupComplete"]
                assert ("sessionId" in complete) is ("GenerativeService" not in path)

    asyncio.run(main())


def test_nobody_comes_in_without_credentials(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live:
            with pytest.raises(InvalidStatus) as caught:
                async with live.raw(query=""):
                    pass
            assert caught.value.response.status_code == 403

    asyncio.run(main())


def test_audio_of_other_rates_and_of_odd_lengths_is_understood(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw() as socket:
            await write(socket, setup_message(inputAudioTranscription={}))
            pcm = speech("#33 #44")[::1] + silence(1200)
            doubled = b"".join(pcm[at : at + 2] * 3 for at in range(0, len(pcm), 2))
            for start in range(0, len(doubled), 4801):
                data = base64.urlsafe_b64encode(doubled[start : start + 4801]).decode()
                audio = {"data": data, "mime_type": "audio/pcm;rate=48000"}
                await write(socket, {"realtime_input": {"audio": audio}})
            messages = await read_until(socket, "turnComplete")
            heard = [
                message["serverContent"]["inputTranscription"]["text"]
                for message in messages
                if "inputTranscription" in message.get("serverContent", {})
            ]
            assert heard == ["#33 #44"]

    asyncio.run(main())


@pytest.mark.parametrize(
    "frames",
    [
        ["{"],
        ["[]"],
        ['{"realtimeInput":{"text":"no setup yet"}}'],
        [SETUP.decode(), SETUP.decode()],
        [SETUP.decode(), '{"realtimeInput":{"audio":{"data":"?","mimeType":"audio/pcm"}}}'],
        [SETUP.decode(), '{"realtimeInput":{"audio":{"data":"AA==","mimeType":"audio/ogg"}}}'],
        [SETUP.decode(), '{"clientContent":{"turns":[{"parts":[{"text":"no role"}]}]}}'],
        [SETUP.decode(), '{"toolResponse":{"functionResponses":[{"id":1}]}}'],
        [SETUP.decode(), '{"toolResponse":{},"clientContent":{}}'],
    ],
)
def test_what_is_malformed_ends_with_1007_and_a_reason(tmp_path: Path, frames: list[str]) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw() as socket:
            for frame in frames:
                await socket.send(frame)
            with pytest.raises(ConnectionClosedError) as caught:
                await read_until(socket, "never")
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1007
            assert caught.value.rcvd.reason

    asyncio.run(main())


def test_unknown_fields_are_let_pass_unless_it_is_strict(tmp_path: Path) -> None:
    async def main(strict: bool) -> None:
        async with emulator(tmp_path, strict=strict) as live, live.raw() as socket:
            await socket.send(SETUP.decode())
            await write(socket, {"novelty": {}})
            await write(socket, {"realtimeInput": {"text": "speak #1"}})
            await read_until(socket, "turnComplete")

    asyncio.run(main(strict=False))
    with pytest.raises(ConnectionClosedError, match="novelty"):
        asyncio.run(main(strict=True))


def test_transparent_resumption_counts_what_was_taken_in(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw(path=VERTEX) as socket:
            await write(socket, setup_message(sessionResumption={"transparent": True}))
            await write(socket, {"realtimeInput": {"text": "speak #1"}})
            await read_until(socket, "turnComplete")
            update = (await read_until(socket, "sessionResumptionUpdate"))[-1]
            assert update["sessionResumptionUpdate"]["lastConsumedClientMessageIndex"] == "1"

    asyncio.run(main())


def test_vertex_tells_of_activity_when_asked(tmp_path: Path) -> None:
    async def main() -> None:
        async with emulator(tmp_path) as live, live.raw(path=VERTEX) as socket:
            await write(socket, setup_message(explicitVadSignal=True))
            audio = silence(320) + speech("#1 #2") + silence(1200)
            blob = {"data": base64.b64encode(audio).decode(), "mimeType": "audio/pcm;rate=16000"}
            await write(socket, {"realtimeInput": {"audio": blob}})
            messages = await read_until(socket, "turnComplete")
            activity = [one["voiceActivity"] for one in messages if "voiceActivity" in one]
            assert [one["type"] for one in activity] == ["ACTIVITY_START", "ACTIVITY_END"]
            assert 0.32 < float(activity[0]["audioOffset"].rstrip("s")) < 0.5

    asyncio.run(main())


def test_statistics_and_the_journal_tell_what_came_when(tmp_path: Path) -> None:
    async def main() -> bytes:
        async with emulator(tmp_path) as live:
            async with live.raw() as socket:
                await socket.send(SETUP.decode())
                await write(socket, {"realtimeInput": {"text": "speak #1"}})
                await read_until(socket, "turnComplete")
            address = f"http://127.0.0.1:{live.plain_port}/statistics"
            return await asyncio.to_thread(lambda: urllib.request.urlopen(address).read())

    counts: dict[str, Any] = orjson.loads(asyncio.run(main()))
    assert counts["in.TextIn"] == 1
    assert counts["out.turnComplete+usageMetadata"] == 1
    lines = [orjson.loads(line) for line in (tmp_path / "wire.jsonl").read_bytes().splitlines()]
    assert [line["t"] for line in lines] == sorted(line["t"] for line in lines)
    sounds = [line for line in lines if line["kind"] == "audio" and line["way"] == "out"]
    assert [line["first"] for line in sounds] == [
        sum(line["samples"] for line in sounds[:place]) for place in range(len(sounds))
    ]
