"""The far end of a media stream: a raw socket with the physics of Twilio's playout."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.resample import convert_whole
from tests.conformance.check_line import Heard
from tests.telephony.server import ACCOUNT, Hotline

MULAW = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


def parameters_of(twiml: str) -> dict[str, str]:
    """The <Parameter>s of an answer's stream."""
    return {p.attrib["name"]: p.attrib["value"] for p in ET.fromstring(twiml).iter("Parameter")}  # noqa: S314


async def permit(hotline: Hotline, call: str, **fields: str) -> dict[str, str]:
    """Have the voice webhook answered; what a stream needs to begin."""
    answer = await hotline.webhook("/twilio/voice", call, **{"From": "+14155550100", **fields})
    assert answer.status == 200, answer
    return parameters_of(answer.body)


@dataclass(slots=True)
class Peer:
    """One socket. ``heard`` is what was played, on the loop's clock; ``said`` every message."""

    socket: ClientConnection
    call: str
    stream: str = "MZ" + "1" * 32
    heard: list[Heard] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    _free: float = 0.0
    _marks: list[tuple[asyncio.TimerHandle, str]] = field(default_factory=list)
    _replies: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(10_000))
    _reading: asyncio.Task[None] | None = None
    _sequence: int = 0
    _position: float = 100.0

    async def send(self, event: str, **fields: Any) -> None:
        """A message with its counters, faithfully."""
        message: dict[str, Any] = {"event": event, **fields}
        if event != "connected":
            self._sequence += 1
            message.setdefault("sequenceNumber", str(self._sequence))
            message.setdefault("streamSid", self.stream)
        await self.socket.send(json.dumps(message))

    async def start(self, parameters: Mapping[str, str], **changes: Any) -> None:
        await self.send("connected", protocol="Call", version="1.0.0")
        start = {
            "accountSid": ACCOUNT,
            "streamSid": self.stream,
            "callSid": self.call,
            "tracks": ["inbound"],
            "mediaFormat": MULAW,
            "customParameters": dict(parameters),
        }
        await self.send("start", start={**start, **changes})

    async def frame(self, ulaw: bytes, **changes: Any) -> None:
        media = {
            "track": "inbound",
            "chunk": "1",
            "timestamp": str(round(self._position)),
            "payload": base64.b64encode(ulaw).decode(),
        }
        self._position += len(ulaw) / 8
        await self.send("media", media={**media, **changes})

    def skip(self, ms: float) -> None:
        """Frames get lost on the way to Twilio."""
        self._position += ms

    async def speak(self, audio: Audio) -> None:
        ulaw = pcm_to_ulaw(convert_whole(audio, 8000).pcm)
        for at in range(0, len(ulaw), 160):
            await self.frame(ulaw[at : at + 160])

    async def press(self, digit: str) -> None:
        await self.send("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    async def hang_up(self) -> None:
        await self.send("stop", stop={"accountSid": ACCOUNT, "callSid": self.call})
        await self.socket.close()

    async def stall(self) -> None:
        """Read nothing more."""
        if self._reading:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    async def vanish(self) -> None:
        """Gone without a word."""
        self.socket.transport.abort()

    async def closed(self, seconds: float = 5) -> int:
        """Wait for the server to close; the code."""
        async with asyncio.timeout(seconds):
            await self.socket.wait_closed()
        return self.socket.close_code or 0

    async def play_along(self) -> None:
        """Play what arrives, as Twilio would, and return marks."""
        with contextlib.suppress(ConnectionClosed):
            async for text in self.socket:
                assert isinstance(text, str), "Twilio takes no binary frames"
                self._arrived(json.loads(text))

    async def return_marks(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                name = await self._replies.get()
                await self.send("mark", mark={"name": name})

    def _arrived(self, message: dict[str, Any]) -> None:
        self.said.append(message)
        assert message["streamSid"] == self.stream
        loop = asyncio.get_running_loop()
        now = loop.time()
        event = message["event"]
        if event == "media":
            begins = max(now, self._free)
            pcm = ulaw_to_pcm(base64.b64decode(message["media"]["payload"], validate=True))
            self.heard.append(Heard(begins, Audio(pcm, 8000)))
            self._free = begins + len(pcm) / 16000
        elif event == "mark":
            name = message["mark"]["name"]
            timer = loop.call_at(max(now, self._free), self._played)
            self._marks.append((timer, name))
        else:
            assert message == {"event": "clear", "streamSid": self.stream}
            self._cleared(now)

    def _played(self) -> None:
        _, name = self._marks.pop(0)
        self._replies.put_nowait(name)

    def _cleared(self, now: float) -> None:
        for timer, name in self._marks:
            timer.cancel()
            self._replies.put_nowait(name)
        self._marks.clear()
        self.heard = [
            Heard(piece.at, piece.audio.slice_ms(0, 1000 * (now - piece.at)))
            for piece in self.heard
            if piece.at < now
        ]
        self._free = now


@asynccontextmanager
async def dialled(
    hotline: Hotline, call: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Peer]:
    """An open socket that plays along; nothing was said on it yet."""
    plain = socket.socket()
    # A small window, so that a peer which does not read is felt soon.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", hotline.port))
    connection = connect(
        hotline.stream_url,
        sock=plain,
        compression=None,
        additional_headers=dict(headers or {}),
        max_queue=1,
        ping_interval=None,
        close_timeout=1,
    )
    async with connection as opened:
        peer = Peer(opened, call)
        async with asyncio.TaskGroup() as tasks:
            peer._reading = tasks.create_task(peer.play_along())
            replying = tasks.create_task(peer.return_marks())
            try:
                yield peer
            finally:
                for timer, _ in peer._marks:
                    timer.cancel()
                peer._reading.cancel()
                replying.cancel()


@asynccontextmanager
async def calling(hotline: Hotline, call: str, **fields: str) -> AsyncIterator[Peer]:
    """A call whose stream has started."""
    permitted = await permit(hotline, call, **fields)
    async with dialled(hotline, call) as peer:
        await peer.start(permitted)
        yield peer
