"""The browser line's protocol, version 1 (docs/browser-protocol.md): parsing and writing. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from media.audio import Audio
from media.g711 import ulaw_to_pcm

PROTO = 1
HEADER = struct.Struct("<BBHIII")
CALLER, MYRA = 1, 2
PCM16, MULAW = 0, 1
FIRST, LAST, DEFERRED = 1, 2, 4
# The caller's sound.
IN_RATE = 16000
# Myra's.
OUT_RATE = 24000
# A frame of 20 ms has 640 bytes; ten times that is nobody's frame.
MAX_FRAME_BYTES = HEADER.size + 6400
MAX_TEXT_BYTES = 16 * 1024

# Close codes of ours (RFC 6455, section 7.4.2: 4000 to 4999 are for applications).
OVER, RESTART = 1000, 1012
NOT_UNDERSTOOD, SIGN_IN_FIRST, WRONG_ORIGIN, NO_SUCH_SESSION = 4400, 4401, 4403, 4404
TOO_SLOW, LIMIT_REACHED = 4408, 4429

Message = dict[str, Any]
Count = Annotated[int, Field(ge=0, le=2**53)]
# What a database keeps as an integer: a day of samples at 24 kHz.
Samples = Annotated[int, Field(ge=0, le=2**31 - 1)]


class NotUnderstood(ValueError):
    """A page's message that is none; says why."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Resume(_Said):
    """``seq``: the newest frame of Myra's that came; ``n``: the newest numbered message."""

    session: str = Field(max_length=100)
    secret: str = Field(max_length=200)
    seq: Count
    n: Count = 0


class Hello(_Said):
    type: Literal["hello"]
    proto: int
    line: Literal["web", "pstn"] = "web"
    vad: bool = True
    aec: bool = True
    resume: Resume | None = None


class MarkPassed(_Said):
    type: Literal["mark"]
    name: str = Field(max_length=200)


class TakeStarted(_Said):
    type: Literal["started"]
    take: Count
    at: float


class TakeEnded(_Said):
    type: Literal["ended"]
    take: Count
    at: float
    received: Samples
    played: Samples
    dropped: Samples
    underruns: Samples


class BargedIn(_Said):
    type: Literal["barge_in"]
    take: Count
    played: Count
    reason: Literal["voice", "button", "text"]
    onset_ms: float | None = None


class Ducked(_Said):
    type: Literal["duck", "unduck"]
    take: Count


class Typed(_Said):
    type: Literal["text"]
    id: str = Field(max_length=100)
    text: str = Field(max_length=4000)

    @field_validator("text")
    @classmethod
    def _storable(cls, text: str) -> str:
        """PostgreSQL keeps no text with a null character."""
        return text.replace("\0", "")


class Pressed(_Said):
    type: Literal["dtmf"]
    digit: str = Field(pattern="^[0-9*#A-D]$")


class Muted(_Said):
    type: Literal["mute"]
    on: bool


class LineChosen(_Said):
    type: Literal["line"]
    mode: Literal["web", "pstn"]
    loss: float = Field(default=0, ge=0, le=3)
    jitter_ms: float = Field(default=0, ge=0, le=60)


class Acknowledged(_Said):
    type: Literal["ack"]
    seq: Count
    n: Count = 0


class Pinged(_Said):
    type: Literal["ping"]
    id: Count


class Quality(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")
    type: Literal["quality"]

    @property
    def figures(self) -> dict[str, float | str]:
        """Numbers and short words, at most 40 of them."""
        found: dict[str, float | str] = {}
        for name, value in list((self.model_extra or {}).items())[:40]:
            if isinstance(value, bool) or len(name) > 40:
                continue
            if isinstance(value, int | float):
                found[name] = round(float(value), 3)
            elif isinstance(value, str):
                found[name] = value[:40]
        return found


class Bye(_Said):
    type: Literal["bye"]


FromPage = (
    Hello
    | MarkPassed
    | TakeStarted
    | TakeEnded
    | BargedIn
    | Ducked
    | Typed
    | Pressed
    | Muted
    | LineChosen
    | Acknowledged
    | Pinged
    | Quality
    | Bye
)
_PAGE: TypeAdapter[FromPage] = TypeAdapter(Annotated[FromPage, Field(discriminator="type")])


@dataclass(frozen=True, slots=True)
class CallerFrame:
    """A piece of the caller's sound. ``stamp`` is its first sample since the session began."""

    seq: int
    stamp: int
    audio: Audio


def parse_text(text: str) -> FromPage:
    """A page's text message.

    Raises:
        NotUnderstood: no JSON, of no known type, or with fields that cannot be.
    """
    if len(text) > MAX_TEXT_BYTES:
        raise NotUnderstood("a text message of more than 16 kB")
    try:
        return _PAGE.validate_python(orjson.loads(text))
    except orjson.JSONDecodeError:
        raise NotUnderstood("a text message that is no JSON") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if first["type"] == "union_tag_invalid":
            # Its text would repeat what the page sent.
            raise NotUnderstood("type: none that is known") from None
        where = ".".join(str(step) for step in first["loc"]) or "the message"
        raise NotUnderstood(f"{where}: {first['msg']}") from None


def parse_frame(data: bytes) -> CallerFrame:
    """A page's binary message, decoded to PCM16 at 16 kHz (mu-law keeps its 8 kHz).

    Raises:
        NotUnderstood: too short or long, of another kind or codec, half a sample.
    """
    if not HEADER.size <= len(data) <= MAX_FRAME_BYTES:
        raise NotUnderstood(f"a binary message of {len(data)} bytes")
    kind, codec, _, _, seq, stamp = HEADER.unpack_from(data)
    if kind != CALLER or seq == 0:
        raise NotUnderstood(f"a binary message of kind {kind}, number {seq}")
    payload = data[HEADER.size :]
    if codec == PCM16 and len(payload) % 2 == 0:
        return CallerFrame(seq, stamp, Audio(payload, IN_RATE))
    if codec == MULAW:
        return CallerFrame(seq, stamp, Audio(ulaw_to_pcm(payload), 8000))
    raise NotUnderstood(f"codec {codec} with {len(payload)} bytes")


def parse_batch(data: bytes) -> list[CallerFrame]:
    """The body of a posted batch: frames, each after its length (u32, little-endian).

    Raises:
        NotUnderstood: it does not add up.
    """
    frames, at = [], 0
    while at < len(data):
        if at + 4 > len(data):
            raise NotUnderstood("a batch that ends in a length")
        size = int.from_bytes(data[at : at + 4], "little")
        if at + 4 + size > len(data):
            raise NotUnderstood("a batch that ends in a frame")
        frames.append(parse_frame(data[at + 4 : at + 4 + size]))
        at += 4 + size
    return frames


def frame(pcm: bytes, *, take: int, seq: int, position: int, flags: int) -> bytes:
    """A binary message with Myra's sound: PCM16 at 24 kHz, from ``position`` within ``take``."""
    return HEADER.pack(MYRA, PCM16, flags, take, seq, position) + pcm


def written(message: Message) -> str:
    return orjson.dumps(message).decode()
