"""The messages that are written and read by hand: sound, both ways. Pure.

Twenty-five chunks a second and call go out, silence included. Through the SDK's
``send_realtime_input`` (a pydantic model, two dictionaries, ``json.dumps``) one costs about 80 us
of CPU, joined from bytes about 2; at 25 calls that is 5 % of a core against nearly nothing, and
the caller's words do not queue behind it. The model's sound comes fifteen times a second while it
speaks, and the SDK takes 60 us to read a message (four copies of it, each checked), on a server at
work three times that; by hand it is 10. Everything else is rare and goes through the SDK.
"""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from google.genai.live import AsyncSession
from websockets.asyncio.client import ClientConnection

from media.audio import Audio

_TAIL = b'"}}}'


@lru_cache(maxsize=8)
def _head(rate: int) -> bytes:
    return b'{"realtime_input":{"audio":{"mime_type":"audio/pcm;rate=%d","data":"' % rate


def audio_message(audio: Audio) -> bytes:
    """``realtimeInput.audio`` as UTF-8 JSON for a text frame, with the SDK's own field names."""
    return b"".join((_head(audio.rate), b2a_base64(audio.pcm, newline=False), _TAIL))


@dataclass(frozen=True, slots=True)
class Sound:
    """A message with nothing in it but sound: MIME type and bytes of each part."""

    parts: tuple[tuple[str, bytes], ...]


def sound_in(frame: bytes) -> Sound | None:
    """The sound of a service's message; None where it says anything besides, or says it in a way
    that the SDK should have a look at."""
    if b'"inlineData"' not in frame[:400]:
        return None
    try:
        message = orjson.loads(frame)
        turn = _only(_only(message, "serverContent"), "modelTurn")
        turn.pop("role", None)
        return Sound(tuple(_part(part) for part in _only(turn, "parts")))
    except (ValueError, TypeError, KeyError, AttributeError, Error):
        return None


def _only(fields: dict[str, Any], name: str) -> Any:
    """The one field there is.

    Raises:
        ValueError: there are others.
    """
    if len(fields) != 1:
        raise ValueError(name)
    return fields[name]


def _part(part: dict[str, Any]) -> tuple[str, bytes]:
    blob = _only(part, "inlineData")
    if blob.keys() != {"mimeType", "data"}:
        raise ValueError("inlineData")
    return str(blob["mimeType"]), a2b_base64(blob["data"], strict_mode=True)


def socket_of(session: AsyncSession) -> ClientConnection | None:
    """The SDK session's WebSocket; None where a release of the SDK keeps it elsewhere, and
    sound then goes through the SDK too."""
    socket = getattr(session, "_ws", None)
    return socket if isinstance(socket, ClientConnection) else None
