"""The Media Streams messages: Twilio's as Twilio writes them, the hotline's as Twilio reads them.

Source: twilio.com/docs/voice/media-streams/websocket-messages. Counters and timestamps are
strings, ``sampleRate`` and ``channels`` numbers; what the hotline sends is refused with the
code that Twilio's debugger would show (twilio.com/docs/api/errors).
"""

from __future__ import annotations

import binascii
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

KEYS = frozenset("0123456789*#ABCD")
# Containers whose header Twilio would play as noise.
_CONTAINERS = {b"RIFF": "WAV", b".snd": "AU", b"ID3": "MP3", b"OggS": "Ogg"}


class StreamMessages:
    """Writes one stream's messages in order; counts them as Twilio does.

    Every message after ``connected`` carries the next ``sequenceNumber``, from "1" at ``start``;
    every media message the next ``chunk``, from "1".
    """

    def __init__(
        self, account_sid: str, call_sid: str, stream_sid: str, parameters: Mapping[str, str]
    ) -> None:
        self.account_sid = account_sid
        self.call_sid = call_sid
        self.stream_sid = stream_sid
        self._parameters = dict(parameters)
        self._sequence = 0
        self._chunk = 0

    def connected(self) -> str:
        return _text({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self) -> str:
        return _text(
            {
                "event": "start",
                "sequenceNumber": self._next(),
                "start": {
                    "accountSid": self.account_sid,
                    "streamSid": self.stream_sid,
                    "callSid": self.call_sid,
                    "tracks": ["inbound"],
                    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                    "customParameters": self._parameters,
                },
                "streamSid": self.stream_sid,
            }
        )

    def media(self, timestamp_ms: int, ulaw: bytes) -> str:
        """``timestamp_ms``: presentation time of the first sample since the stream started."""
        self._chunk += 1
        return (
            f'{{"event":"media","sequenceNumber":"{self._next()}","media":{{"track":"inbound",'
            f'"chunk":"{self._chunk}","timestamp":"{timestamp_ms}",'
            f'"payload":"{b64encode(ulaw).decode()}"}},"streamSid":"{self.stream_sid}"}}'
        )

    def dtmf(self, digit: str) -> str:
        return _text(
            {
                "event": "dtmf",
                "streamSid": self.stream_sid,
                "sequenceNumber": self._next(),
                "dtmf": {"track": "inbound_track", "digit": digit},
            }
        )

    def mark(self, name: str) -> str:
        return _text(
            {
                "event": "mark",
                "sequenceNumber": self._next(),
                "streamSid": self.stream_sid,
                "mark": {"name": name},
            }
        )

    def stop(self) -> str:
        return _text(
            {
                "event": "stop",
                "sequenceNumber": self._next(),
                "stop": {"accountSid": self.account_sid, "callSid": self.call_sid},
                "streamSid": self.stream_sid,
            }
        )

    def _next(self) -> str:
        self._sequence += 1
        return str(self._sequence)


@dataclass(frozen=True, slots=True)
class Media:
    """Audio to play: mu-law at 8 kHz."""

    ulaw: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A name to send back when the audio before it has played."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Throw away what has not played yet."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What Twilio has against something the hotline sent or did, under its own code."""

    code: int
    reason: str


ServerMessage = Media | Mark | Clear


def read(message: str | bytes, stream_sid: str) -> ServerMessage | Objection:
    """A message of the hotline, or what Twilio objects to in it. Never raises."""
    if isinstance(message, bytes):
        return Objection(31950, f"a binary frame of {len(message)} bytes; only text is understood")
    try:
        fields = orjson.loads(message)
    except orjson.JSONDecodeError as error:
        return Objection(31951, f"not JSON: {error}")
    if not isinstance(fields, dict):
        return Objection(31951, "not a JSON object")
    event = fields.get("event")
    inner = {"media": "media", "mark": "mark", "clear": None}.get(str(event), "")
    if inner == "":
        return Objection(31951, f"unknown event {event!r}")
    if wrong := _wrong_fields("message", fields, {"event", "streamSid"} | ({inner} - {None})):
        return Objection(31951, wrong)
    if fields["streamSid"] != stream_sid:
        return Objection(31951, f"streamSid {fields['streamSid']!r} is not this stream's")
    if inner is None:
        return Clear()
    return _media(fields["media"]) if inner == "media" else _mark(fields["mark"])


def _media(media: object) -> Media | Objection:
    if wrong := _wrong_fields("media", media, {"payload"}):
        return Objection(31951, wrong)
    payload = media["payload"] if isinstance(media, dict) else None
    if not isinstance(payload, str):
        return Objection(31951, "media.payload is not a string")
    try:
        ulaw = binascii.a2b_base64(payload, strict_mode=True)
    except ValueError as error:
        return Objection(31951, f"media.payload is not base64: {error}")
    for magic, container in _CONTAINERS.items():
        if ulaw.startswith(magic):
            return Objection(31924, f"media.payload begins with a {container} header")
    return Media(ulaw)


def _mark(mark: object) -> Mark | Objection:
    if wrong := _wrong_fields("mark", mark, {"name"}):
        return Objection(31951, wrong)
    name = mark["name"] if isinstance(mark, dict) else None
    return Mark(name) if isinstance(name, str) else Objection(31951, "mark.name is not a string")


def _wrong_fields(what: str, value: object, expected: set[str | None] | set[str]) -> str:
    """Why an object's fields are not exactly the expected ones; empty if they are."""
    if not isinstance(value, dict):
        return f"{what} is not an object"
    missing, extra = expected - value.keys(), value.keys() - expected
    if missing:
        return f"{what} lacks {', '.join(sorted(map(str, missing)))}"
    return f"{what} has extra fields: {', '.join(sorted(extra))}" if extra else ""


def _text(message: Mapping[str, object]) -> str:
    return orjson.dumps(message).decode()
