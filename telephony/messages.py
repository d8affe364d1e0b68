"""Media Streams messages, in and out: the wire of a bidirectional Twilio stream.

Facts: twilio.com/docs/voice/media-streams/websocket-messages. Coming in, numbers may be JSON
numbers or strings, keys come in any order, and what is not known is not an error. Going out,
nothing is added: Twilio answers an extra field with warning 31951.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from telephony.counters import Count

# Our own bound; Twilio documents none. A frame of 20 ms is 216 characters of base64.
MAX_MESSAGE = 64 * 1024
DIGITS = frozenset("0123456789*#ABCD")

_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Connected:
    """The peer speaks Media Streams; says nothing about the call yet."""

    protocol: str
    version: str


@dataclass(frozen=True, slots=True)
class MediaFormat:
    encoding: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Start:
    """A stream begins. ``parameters`` are the TwiML's <Parameter> values."""

    stream_sid: str
    call_sid: str
    account_sid: str
    media_format: MediaFormat
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Media:
    """The caller's sound: raw mu-law at 8 kHz; ``timestamp`` in ms since the stream began."""

    stream_sid: str
    track: str
    timestamp: int
    ulaw: bytes


@dataclass(frozen=True, slots=True)
class Dtmf:
    stream_sid: str
    digit: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What was queued before this mark has played, or was cleared."""

    stream_sid: str
    name: str


@dataclass(frozen=True, slots=True)
class Stop:
    stream_sid: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message that cannot be used. ``detail`` says why and holds nothing of its content."""

    kind: Count
    detail: str


Message = Connected | Start | Media | Dtmf | Mark | Stop


class _Unusable(Exception):
    def __init__(self, kind: Count, detail: str) -> None:
        super().__init__(detail)
        self.rejected = Rejected(kind, detail)


def is_sid(text: str) -> bool:
    """Whether this has the form of a Twilio SID: two capitals and 32 hexadecimal digits."""
    return _SID.fullmatch(text) is not None


def parse(text: str | bytes) -> Message | Rejected:
    """One text frame as a message. Never raises, whatever arrives."""
    if len(text) > MAX_MESSAGE:
        return Rejected(Count.OVERSIZED, f"{len(text)} characters, the bound is {MAX_MESSAGE}")
    try:
        decoded = orjson.loads(text)
    except ValueError:
        return Rejected(Count.MALFORMED_JSON, "not JSON")
    if not isinstance(decoded, dict):
        return Rejected(Count.WRONG_TYPE, "a message is a JSON object")
    event = decoded.get("event")
    if not isinstance(event, str):
        return Rejected(Count.WRONG_TYPE, "event is a string")
    read = _READERS.get(event)
    if read is None:
        return Rejected(Count.UNKNOWN_EVENT, "no such event is known")
    try:
        return read(decoded)
    except _Unusable as unusable:
        return unusable.rejected


def _text(where: Mapping[str, Any], key: str) -> str:
    value = where.get(key)
    if not isinstance(value, str):
        raise _Unusable(Count.WRONG_TYPE, f"{key} is a string")
    return value


def _whole(where: Mapping[str, Any], key: str) -> int:
    """A non-negative number, as a JSON number or in a string."""
    value = where.get(key)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise _Unusable(Count.WRONG_TYPE, f"{key} is a whole number")


def _part(where: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = where.get(key)
    if not isinstance(value, dict):
        raise _Unusable(Count.WRONG_TYPE, f"{key} is an object")
    return value


def _sid(where: Mapping[str, Any], key: str) -> str:
    value = _text(where, key)
    if not is_sid(value):
        raise _Unusable(Count.WRONG_TYPE, f"{key} is a SID")
    return value


def _connected(message: Mapping[str, Any]) -> Connected:
    return Connected(str(message.get("protocol", "")), str(message.get("version", "")))


def _start(message: Mapping[str, Any]) -> Start:
    start = _part(message, "start")
    media_format = _part(start, "mediaFormat")
    # Absent when the TwiML has no <Parameter>.
    parameters = _part(start, "customParameters") if start.get("customParameters") else {}
    return Start(
        stream_sid=_sid(start, "streamSid"),
        call_sid=_sid(start, "callSid"),
        account_sid=_sid(start, "accountSid"),
        media_format=MediaFormat(
            _text(media_format, "encoding"),
            _whole(media_format, "sampleRate"),
            _whole(media_format, "channels"),
        ),
        parameters={name: str(value) for name, value in parameters.items()},
    )


def _media(message: Mapping[str, Any]) -> Media:
    media = _part(message, "media")
    payload = _text(media, "payload")
    try:
        ulaw = binascii.a2b_base64(payload, strict_mode=True)
    except ValueError:
        raise _Unusable(Count.BAD_BASE64, "payload is not base64") from None
    track = media.get("track", "inbound")
    if not isinstance(track, str):
        raise _Unusable(Count.WRONG_TYPE, "track is a string")
    return Media(_text(message, "streamSid"), track, _whole(media, "timestamp"), ulaw)


def _dtmf(message: Mapping[str, Any]) -> Dtmf:
    digit = _text(_part(message, "dtmf"), "digit")
    if digit not in DIGITS:
        raise _Unusable(Count.BAD_DIGIT, "a digit is one of 0-9 * # A-D")
    return Dtmf(_text(message, "streamSid"), digit)


def _mark(message: Mapping[str, Any]) -> Mark:
    return Mark(_text(message, "streamSid"), _text(_part(message, "mark"), "name"))


def _stop(message: Mapping[str, Any]) -> Stop:
    return Stop(_text(message, "streamSid"))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    "connected": _connected,
    "start": _start,
    "media": _media,
    "dtmf": _dtmf,
    "mark": _mark,
    "stop": _stop,
}


@dataclass(frozen=True, slots=True)
class PlayMedia:
    """Sound for the caller: raw mu-law at 8 kHz."""

    ulaw: bytes


@dataclass(frozen=True, slots=True)
class PlayMark:
    """Comes back as ``Mark`` once what was sent before it has played."""

    name: str


@dataclass(frozen=True, slots=True)
class PlayClear:
    """Twilio drops what it has buffered; its pending marks come back at once."""


Outgoing = PlayMedia | PlayMark | PlayClear


class Encoder:
    """Writes messages to one stream. The fixed parts are made once: media is the hot path."""

    __slots__ = ("_clear", "_mark", "_media")

    def __init__(self, stream_sid: str) -> None:
        sid = orjson.dumps(stream_sid)
        self._media = b'{"event":"media","streamSid":' + sid + b',"media":{"payload":"'
        self._mark = b'{"event":"mark","streamSid":' + sid + b',"mark":{"name":'
        self._clear = (b'{"event":"clear","streamSid":' + sid + b"}").decode()

    def encode(self, message: Outgoing) -> str:
        """The text frame, byte for byte what Twilio documents."""
        if isinstance(message, PlayMedia):
            payload = binascii.b2a_base64(message.ulaw, newline=False)
            return b"".join((self._media, payload, b'"}}')).decode()
        if isinstance(message, PlayMark):
            return b"".join((self._mark, orjson.dumps(message.name), b"}}")).decode()
        return self._clear
