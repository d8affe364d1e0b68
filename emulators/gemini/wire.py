"""The client's half of the Live wire protocol: frames in, typed messages out.

Clients mix camelCase and snake_case within one message and use either base64 alphabet, as the
service's proto3-JSON parser lets them; both are accepted everywhere except inside what belongs to
the user (arguments, results, schemas), which passes through untouched.
Source: BidiGenerateContentClientMessage in google/ai/generativelanguage/v1beta/
generative_service.proto.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from emulators.gemini.messages import (
    AudioIn,
    ClientContent,
    ClientMessage,
    Content,
    ContextUpdate,
    Scheduling,
    SetupMessage,
    Signal,
    SignalKind,
    TextIn,
    ToolResponse,
    ToolResult,
    VideoIn,
)

USER_PAYLOADS = frozenset(
    {"args", "response", "properties", "labels", "parametersJsonSchema", "responseJsonSchema"}
)
KINDS = ("setup", "clientContent", "realtimeInput", "toolResponse", "contextUpdate")
SIGNALS: tuple[SignalKind, ...] = ("activityStart", "activityEnd", "audioStreamEnd")
SCHEDULINGS: Mapping[str, Scheduling] = {
    "INTERRUPT": "INTERRUPT",
    "WHEN_IDLE": "WHEN_IDLE",
    "SILENT": "SILENT",
}
DEFAULT_RATE = 16_000
MAX_REASON = 123  # RFC 6455 section 5.5: a control frame carries 125 bytes, two of them the code
_SNAKE = re.compile(r"_([a-z0-9])")
_RATE = re.compile(r"rate=(\d+)")
_STANDARD = str.maketrans("-_", "+/")


class Refused(Exception):
    """The connection ends with this close code and reason (cut to what a close frame carries)."""

    def __init__(self, code: int, reason: str) -> None:
        cut = reason.encode()[:MAX_REASON].decode(errors="ignore")
        super().__init__(cut)
        self.code = code
        self.reason = cut


def parse(frame: str | bytes, *, strict: bool = False) -> list[ClientMessage]:
    """The messages of one frame, in order; several only where a realtimeInput carries several.

    Unknown fields are ignored, or refused with ``strict``.

    Raises:
        Refused: 1007, the frame is no such message.
    """
    try:
        raw = orjson.loads(frame)
    except orjson.JSONDecodeError as error:
        raise Refused(1007, "Invalid JSON payload received. Parsing error.") from error
    message = _mapping(normalise(raw), "message")
    known = [kind for kind in KINDS if kind in message]
    unknown = [key for key in message if key not in KINDS]
    if len(known) > 1:
        raise Refused(1007, f"Invalid value: oneof field '{known[1]}' is already set ({known[0]}).")
    if strict and unknown:
        raise Refused(1007, f'Invalid JSON payload received. Unknown name "{unknown[0]}".')
    if not known:
        return []
    return _READERS[known[0]](_mapping(message[known[0]], known[0]))


def normalise(value: Any) -> Any:
    """Keys in camelCase and no nulls (null means absent), at every depth but in user payloads."""
    if isinstance(value, list):
        return [normalise(item) for item in value]
    if not isinstance(value, dict):
        return value
    camel = {}
    for key, item in value.items():
        if item is None:
            continue
        name = _SNAKE.sub(lambda found: found.group(1).upper(), key)
        camel[name] = item if name in USER_PAYLOADS else normalise(item)
    return camel


def decode_base64(text: Any, path: str) -> bytes:
    """Either alphabet, padded or not.

    Raises:
        Refused: 1007, not base64.
    """
    if not isinstance(text, str):
        raise _invalid(path, "a base64 string")
    padded = text.translate(_STANDARD) + "=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(1007, f"Invalid value at '{path}' (TYPE_BYTES), Base64 failed.") from error


def text_of(content: Any, path: str) -> str:
    """The text of a Content, of a list of parts, or a bare string.

    Raises:
        Refused: 1007, another shape, or function calls where only text may stand.
    """
    if isinstance(content, str):
        return content
    parts = _mapping(content, path).get("parts") or []
    texts = []
    for part in _list(parts, f"{path}.parts"):
        fields = _mapping(part, f"{path}.parts")
        if "functionCall" in fields or "functionResponse" in fields:
            raise Refused(1007, "Request contains an invalid argument: function parts in content.")
        texts.append(_string(fields.get("text"), f"{path}.parts.text"))
    return " ".join(text for text in texts if text)


def _setup(fields: Mapping[str, Any]) -> list[ClientMessage]:
    return [SetupMessage(fields)]


def _client_content(fields: Mapping[str, Any]) -> list[ClientMessage]:
    turns = tuple(
        Content(
            _string(_mapping(turn, "client_content.turns").get("role"), "client_content.role"),
            text_of(turn, "client_content.turns"),
        )
        for turn in _list(fields.get("turns") or [], "client_content.turns")
    )
    return [ClientContent(turns, bool(fields.get("turnComplete", False)))]


def _realtime_input(fields: Mapping[str, Any]) -> list[ClientMessage]:
    found: list[ClientMessage] = []
    if chunks := _list(fields.get("mediaChunks") or [], "realtime_input.media_chunks"):
        found.append(_blob(chunks[0]))  # only the first is used (proto comment)
    found += [_blob(fields[kind]) for kind in ("audio", "video") if fields.get(kind)]
    if "text" in fields:
        found.append(TextIn(_string(fields["text"], "realtime_input.text")))
    for kind in SIGNALS:
        value = fields.get(kind)
        if value is not None and value is not False:
            found.append(Signal(kind))
    return found


def _blob(value: Any) -> ClientMessage:
    fields = _mapping(value, "realtime_input.audio")
    mime = _string(fields.get("mimeType"), "realtime_input.mime_type")
    data = decode_base64(fields.get("data", ""), "realtime_input.data")
    if mime.startswith(("image/", "video/")):
        return VideoIn(mime, len(data))
    if not mime.startswith("audio/pcm"):
        raise Refused(1007, f"Request contains an invalid argument: mime type '{mime}'.")
    rate = _RATE.search(mime)
    hertz = int(rate.group(1)) if rate else DEFAULT_RATE
    if not 4_000 <= hertz <= 192_000:
        raise Refused(1007, f"Request contains an invalid argument: sample rate {hertz}.")
    return AudioIn(data, hertz)


def _tool_response(fields: Mapping[str, Any]) -> list[ClientMessage]:
    results = _list(fields.get("functionResponses") or [], "tool_response.function_responses")
    return [ToolResponse(tuple(_tool_result(result) for result in results))]


def _tool_result(value: Any) -> ToolResult:
    path = "tool_response.function_responses"
    fields = _mapping(value, path)
    response = dict(_mapping(fields.get("response") or {}, f"{path}.response"))
    scheduling = "WHEN_IDLE"
    if response.get("scheduling") in SCHEDULINGS:
        # The guides show it inside the response, the reference beside it: both count.
        scheduling = response.pop("scheduling")
    scheduling = _string(fields.get("scheduling"), f"{path}.scheduling") or scheduling
    if scheduling not in SCHEDULINGS:
        raise _invalid(f"{path}.scheduling", "INTERRUPT, WHEN_IDLE or SILENT")
    more = response.pop("will_continue", response.pop("willContinue", False))
    return ToolResult(
        id=_string(fields.get("id"), f"{path}.id"),
        name=_string(fields.get("name"), f"{path}.name"),
        response=response,
        scheduling=SCHEDULINGS[scheduling],
        will_continue=bool(fields.get("willContinue", more)),
    )


def _context_update(fields: Mapping[str, Any]) -> list[ClientMessage]:
    instruction = fields.get("systemInstruction")
    tools = fields.get("tools")
    if isinstance(tools, dict):
        tools = tools.get("tools") or []
    return [
        ContextUpdate(
            None if instruction is None else text_of(instruction, "context_update"),
            None if tools is None else tuple(_list(tools, "context_update.tools")),
        )
    ]


_READERS: Mapping[str, Callable[[Mapping[str, Any]], list[ClientMessage]]] = {
    "setup": _setup,
    "clientContent": _client_content,
    "realtimeInput": _realtime_input,
    "toolResponse": _tool_response,
    "contextUpdate": _context_update,
}


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(path, "an object")
    return value


def _list(value: Any, path: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise _invalid(path, "a list")
    return value


def _string(value: Any, path: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _invalid(path, "a string")
    return value


def _invalid(path: str, expected: str) -> Refused:
    return Refused(1007, f"Invalid value at '{path}', {expected} is expected.")
