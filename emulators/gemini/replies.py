"""The server's half of the Live wire protocol: what is said to the client, as JSON bytes.

proto3-JSON style: camelCase keys, absent when empty or false, durations as ``"50s"``, 64-bit
integers as strings. The service sends its JSON in binary frames; the session does the same.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from emulators.gemini.steps import Call

OUTPUT_MIME = "audio/pcm;rate=24000"
SPEECH_RATE = 24_000
Message = Mapping[str, Any]


def encode(message: Message) -> bytes:
    """A frame's payload. Google's first frame is pretty-printed: 26 bytes for Developer API."""
    if "setupComplete" in message:
        return orjson.dumps(message, option=orjson.OPT_INDENT_2) + b"\n"
    return orjson.dumps(message)


def setup_complete(session_id: str = "") -> Message:
    return {"setupComplete": _filled(sessionId=session_id)}


def content(**fields: Any) -> Message:
    """A serverContent of the fields that are not empty."""
    return {"serverContent": _filled(**fields)}


def audio(pcm: bytes) -> Message:
    """A stretch of the model's voice: PCM16, 24 kHz; its length is the sender's whim."""
    return content(modelTurn=model_turn(pcm))


def model_turn(pcm: bytes) -> Message:
    blob = {"mimeType": OUTPUT_MIME, "data": base64.b64encode(pcm).decode("ascii")}
    return {"role": "model", "parts": [{"inlineData": blob}]}


def output_transcription(text: str) -> Message:
    return content(outputTranscription={"text": text})


def input_transcription(text: str) -> Message:
    return content(inputTranscription={"text": text})


def interrupted() -> Message:
    return content(interrupted=True)


def generation_complete() -> Message:
    return content(generationComplete=True)


def turn_complete(usage: Message, interaction_status: str = "") -> Message:
    fields = content(turnComplete=True, interactionStatus=interaction_status)
    return {**fields, "usageMetadata": usage}


def usage_only(usage: Message) -> Message:
    return {"usageMetadata": usage}


def tool_call(calls: Iterable[Call], *, with_ids: bool = True) -> Message:
    """One message for the calls of one step; ``args`` stay an object even when empty."""
    functions = [
        {**({"id": call.id} if with_ids else {}), "name": call.name, "args": dict(call.args)}
        for call in calls
    ]
    return {"toolCall": {"functionCalls": functions}}


def tool_call_cancellation(ids: Iterable[str]) -> Message:
    return {"toolCallCancellation": {"ids": list(ids)}}


def resumption(handle: str = "", consumed: int | None = None) -> Message:
    """Resumable under ``handle``; without one, not resumable at this moment.

    ``consumed`` is the index of the last client message taken in (transparent resumption).
    """
    fields = _filled(newHandle=handle, resumable=bool(handle))
    if consumed is not None:
        fields["lastConsumedClientMessageIndex"] = str(consumed)
    return {"sessionResumptionUpdate": fields}


def go_away(seconds: float) -> Message:
    return {"goAway": {"timeLeft": f"{seconds:g}s"}}


def voice_activity(kind: str, offset_ms: float) -> Message:
    """``ACTIVITY_START`` or ``ACTIVITY_END``, at a place of the input's audio."""
    return {"voiceActivity": {"type": kind, "audioOffset": f"{offset_ms / 1000:g}s"}}


def _filled(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in ("", None, False, 0)}
