"""The sending end of one connection: every message in one binary frame, written down as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from emulators.gemini import replies
from emulators.gemini.journal import Journal

BIG_FRAME = 1_250_000  # over the 1 MiB at which WebSocket clients stop by default


class Socket(Protocol):
    """What of a WebSocket the emulator speaks through."""

    async def send(self, message: str | bytes) -> None: ...

    async def close(self, code: int = 1000, reason: str = "") -> None: ...

    def drop(self) -> None:
        """Break the TCP connection off."""
        ...


class Outlet:
    """Sends the server's messages. ``text`` frames are a fault; the service sends binary ones.

    ``send`` waits while the client does not read; closed sockets raise ConnectionClosed.
    """

    def __init__(self, socket: Socket, name: str, journal: Journal, *, text: bool = False) -> None:
        self._socket = socket
        self._name = name
        self._journal = journal
        self._text = text

    async def send(self, message: replies.Message, *, padded: bool = False) -> None:
        frame = replies.encode(message)
        if padded:
            frame += b" " * (BIG_FRAME - len(frame))
        self._journal.note(self._name, "out", "+".join(_kinds(message)))
        await self._socket.send(frame.decode() if self._text else frame)

    async def audio(self, pcm: bytes, *, words: str = "", padded: bool = False) -> None:
        """A stretch of the model's voice; ``words`` go along in the same message."""
        fields: dict[str, Any] = {"modelTurn": replies.model_turn(pcm)}
        if words:
            fields["outputTranscription"] = {"text": words}
        self._journal.sound(self._name, "out", pcm, replies.SPEECH_RATE)
        await self.send(replies.content(**fields), padded=padded)

    async def close(self, code: int, reason: str) -> None:
        self._journal.note(self._name, "out", f"close{code}", reason=reason)
        await self._socket.close(code, reason)

    def drop(self) -> None:
        self._journal.note(self._name, "out", "drop")
        self._socket.drop()


def _kinds(message: Mapping[str, Any]) -> list[str]:
    """What a message is, for counts and the journal: its keys, those of a content instead of it."""
    kinds: list[str] = []
    for key, value in message.items():
        kinds += list(value) if key == "serverContent" else [key]
    return kinds
