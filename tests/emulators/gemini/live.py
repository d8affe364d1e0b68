"""A running emulator for tests, and google-genai's own client pointed at it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import orjson
from google import genai
from google.genai import types
from google.genai.live import AsyncSession
from websockets.asyncio.client import ClientConnection, connect

from emulators.gemini.behaviour import Behaviour
from emulators.gemini.certificates import make_certificates
from emulators.gemini.engines import Engines, Workshop, tone_engines
from emulators.gemini.faults import parse_faults
from emulators.gemini.journal import Journal
from emulators.gemini.scripted_mind import Script
from emulators.gemini.server import Emulator, listening
from emulators.gemini.tone_voice import ToneVoice
from media.audio import Audio
from media.resample import convert_whole

MODEL = "gemini-3.8-live"
QUICK: dict[str, Any] = {"think": (0.0, 0.0), "speed": (20.0, 20.0), "waits_for_playback": False}
FULL: dict[str, Any] = {
    "response_modalities": ["AUDIO"],
    "input_audio_transcription": {},
    "output_audio_transcription": {},
    "session_resumption": {},
    "realtime_input_config": {"automatic_activity_detection": {"silence_duration_ms": 200}},
}
PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class Live:
    """Where it listens, whom to trust, and what it noted."""

    port: int
    plain_port: int
    tls: ssl.SSLContext
    journal: Journal

    def client(self, **options: Any) -> genai.Client:
        http = types.HttpOptions(
            base_url=f"https://127.0.0.1:{self.port}",
            async_client_args={"ssl": self.tls, "ping_interval": None},
        )
        return genai.Client(**{"api_key": "any", **options}, http_options=http)

    @asynccontextmanager
    async def session(
        self, model: str = MODEL, client: genai.Client | None = None, **config: Any
    ) -> AsyncIterator[AsyncSession]:
        opened = (client or self.client()).aio.live.connect(
            model=model, config=cast("types.LiveConnectConfigDict", {**FULL, **config})
        )
        async with asyncio.timeout(DEADLINE), opened as session:
            yield session

    @asynccontextmanager
    async def raw(
        self, query: str = "?key=any", path: str = PATH
    ) -> AsyncIterator[ClientConnection]:
        """A bare WebSocket to the listener without TLS."""
        address = f"ws://127.0.0.1:{self.plain_port}{path}{query}"
        async with asyncio.timeout(DEADLINE), connect(address, compression=None) as socket:
            yield socket


@asynccontextmanager
async def emulator(
    folder: Path,
    faults: str = "",
    script: Mapping[str, Any] | None = None,
    engines: Engines | None = None,
    **behaviour: Any,
) -> AsyncIterator[Live]:
    certificates = make_certificates(folder)
    workshop = Workshop(engines or tone_engines(Script.model_validate(script or {})))
    journal = Journal(folder / "wire.jsonl")
    settings = Behaviour.model_validate({**QUICK, **behaviour})
    playing = Emulator(workshop, settings, journal, parse_faults(faults), seed=1)
    tls = certificates.server_context()
    try:
        async with listening(playing, "127.0.0.1", 0, 0, tls) as (port, plain_port):
            assert plain_port is not None
            yield Live(port, plain_port, certificates.client_context(), journal)
    finally:
        workshop.close()
        journal.close()


@dataclass(slots=True)
class Said:
    """What one turn consisted of, in order, and its parts put together."""

    order: list[str]
    audio: bytes = b""
    heard: str = ""
    spoken: str = ""
    usage: types.UsageMetadata | None = None

    def take(self, message: types.LiveServerMessage) -> None:
        if content := message.server_content:
            if content.model_turn:
                self._once("audio")
                for part in content.model_turn.parts or []:
                    assert part.inline_data is not None
                    self.audio += part.inline_data.data or b""
            if content.output_transcription:
                self.spoken += content.output_transcription.text or ""
            if content.input_transcription:
                self._once("heard")
                self.heard += content.input_transcription.text or ""
            for name in ("interrupted", "generation_complete", "turn_complete"):
                if getattr(content, name):
                    self.order.append(name)
        for name in ("tool_call", "tool_call_cancellation", "go_away"):
            if getattr(message, name):
                self.order.append(name)
        if update := message.session_resumption_update:
            self.order.append("resumable" if update.resumable else "not_resumable")
        self.usage = message.usage_metadata or self.usage

    def _once(self, kind: str) -> None:
        if kind not in self.order:
            self.order.append(kind)


async def turn(
    session: AsyncSession,
    until: Callable[[types.LiveServerMessage], object] | None = None,
) -> Said:
    """One turn as the client sees it; or up to the message that ``until`` is true for."""
    said = Said([])
    async for message in session.receive():
        said.take(message)
        if until is not None and until(message):
            break
    return said


def speech(words: str) -> bytes:
    """Words in the tone voice, at the 16 kHz that callers are heard at."""
    pcm = b"".join(sound.astype("<i2").tobytes() for _, sound in ToneVoice().speak(words))
    return convert_whole(Audio(pcm, 24_000), 16_000).pcm


def samples(pcm: bytes) -> np.ndarray[Any, np.dtype[np.int16]]:
    return np.frombuffer(pcm, "<i2")


async def stream(session: AsyncSession, pcm: bytes, chunk_ms: int = 40) -> None:
    """Sends audio as a caller's line does, only quicker."""
    size = 32 * chunk_ms
    for start in range(0, len(pcm), size):
        blob = types.Blob(data=pcm[start : start + size], mime_type="audio/pcm;rate=16000")
        await session.send_realtime_input(audio=blob)


def silence(ms: int) -> bytes:
    return bytes(32 * ms)


async def read(socket: ClientConnection) -> dict[str, Any]:
    """The next message of a bare WebSocket; it must be binary."""
    frame = await socket.recv()
    assert isinstance(frame, bytes), "the service sends its JSON in binary frames"
    message: dict[str, Any] = orjson.loads(frame)
    return message


async def read_until(socket: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """Messages up to the first that has this key, or a content with it."""
    messages = []
    while True:
        messages.append(await read(socket))
        content = messages[-1].get("serverContent", {})
        if kind in messages[-1] or kind in content:
            return messages


async def write(socket: ClientConnection, message: Mapping[str, Any]) -> None:
    await socket.send(orjson.dumps(message).decode())


def setup_message(model: str = f"models/{MODEL}", **fields: Any) -> dict[str, Any]:
    return {"setup": {"model": model, **fields}}
