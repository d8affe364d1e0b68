"""Both halves of the wire protocol, without a wire."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.gemini import replies
from emulators.gemini.messages import (
    AudioIn,
    ClientContent,
    Content,
    ContextUpdate,
    Signal,
    TextIn,
    ToolResponse,
)
from emulators.gemini.steps import Call
from emulators.gemini.wire import MAX_REASON, Refused, decode_base64, normalise, parse

pytestmark = pytest.mark.pure

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)


def one(message: dict[str, Any]) -> Any:
    found = parse(orjson.dumps(message))
    assert len(found) == 1
    return found[0]


def refusal(frame: str | bytes) -> Refused | None:
    try:
        parse(frame)
    except Refused as refused:
        return refused
    return None


@given(st.text() | st.binary() | JSON.map(orjson.dumps))
def test_whatever_comes_is_parsed_or_refused(frame: str | bytes) -> None:
    refused = refusal(frame)
    assert refused is None or refused.code == 1007
    assert refused is None or 0 < len(refused.reason.encode()) <= MAX_REASON


@given(
    st.sampled_from(["setup", "clientContent", "realtimeInput", "toolResponse", "contextUpdate"]),
    st.dictionaries(
        st.sampled_from(
            ["turns", "audio", "text", "functionResponses", "tools", "systemInstruction", "video"]
        ),
        JSON,
    ),
)
def test_known_messages_with_any_content_are_parsed_or_refused(
    kind: str, fields: dict[str, Any]
) -> None:
    refused = refusal(orjson.dumps({kind: fields}))
    assert refused is None or refused.code == 1007


def test_both_spellings_mean_the_same() -> None:
    snake = {"realtime_input": {"audio": {"data": "AAA=", "mime_type": "audio/pcm;rate=8000"}}}
    camel = {"realtimeInput": {"audio": {"data": "AAA=", "mimeType": "audio/pcm;rate=8000"}}}
    assert one(snake) == one(camel) == AudioIn(b"\0\0", 8000)


def test_what_belongs_to_the_user_keeps_its_spelling() -> None:
    result = {"id": "1", "name": "f", "response": {"seat_no": {"row_a": 1}, "gone": None}}
    response = one({"tool_response": {"function_responses": [result]}})
    assert isinstance(response, ToolResponse)
    assert response.results[0].response == {"seat_no": {"row_a": 1}, "gone": None}
    schema = {"parameters": {"properties": {"a_b": {"type": "STRING"}}, "property_ordering": []}}
    assert normalise(schema) == {
        "parameters": {"properties": {"a_b": {"type": "STRING"}}, "propertyOrdering": []}
    }


@given(st.binary(max_size=200), st.booleans(), st.booleans())
def test_either_base64_padded_or_not(data: bytes, urlsafe: bool, padded: bool) -> None:
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    text = encode(data).decode()
    assert decode_base64(text if padded else text.rstrip("="), "data") == data


def test_audio_without_a_rate_is_16_kilohertz() -> None:
    assert one({"realtimeInput": {"audio": {"data": "", "mimeType": "audio/pcm"}}}).rate == 16_000


def test_of_media_chunks_the_first_counts() -> None:
    chunks = [{"data": "AAA=", "mimeType": "audio/pcm"}, {"data": "AQE=", "mimeType": "audio/pcm"}]
    assert one({"realtimeInput": {"mediaChunks": chunks}}).data == b"\0\0"


def test_one_realtime_input_may_hold_several() -> None:
    found = parse(b'{"realtimeInput":{"activityStart":{},"text":"a","audioStreamEnd":false}}')
    assert found == [TextIn("a"), Signal("activityStart")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("WHEN_IDLE", False, {"a": 1})),
        ({"scheduling": "SILENT", "will_continue": True}, ("SILENT", True, {"a": 1})),
        ({"response": {"a": 1, "scheduling": "INTERRUPT"}}, ("INTERRUPT", False, {"a": 1})),
        (
            {"response": {"scheduling": "at noon"}},
            ("WHEN_IDLE", False, {"scheduling": "at noon"}),
        ),
    ],
)
def test_scheduling_stands_beside_the_response_or_in_it(
    fields: dict[str, Any], expected: tuple[str, bool, dict[str, Any]]
) -> None:
    message = {"id": "1", "name": "f", "response": {"a": 1}, **fields}
    result = one({"toolResponse": {"functionResponses": [message]}}).results[0]
    assert (result.scheduling, result.will_continue, result.response) == expected


def test_content_and_context_in_every_shape() -> None:
    turns = [{"role": "user", "parts": [{"text": "a"}, {"text": "b"}]}, {"parts": [{"text": "c"}]}]
    content = one({"clientContent": {"turns": turns, "turn_complete": True}})
    assert content == ClientContent((Content("user", "a b"), Content("", "c")), True)
    update = {"systemInstruction": {"parts": [{"text": "x"}]}, "tools": {"tools": [{}]}}
    assert one({"contextUpdate": update}) == ContextUpdate("x", ({},))
    assert one({"contextUpdate": {}}) == ContextUpdate(None, None)


def test_function_parts_have_no_place_in_content() -> None:
    turns = [{"role": "user", "parts": [{"functionCall": {"name": "f"}}]}]
    with pytest.raises(Refused, match="function parts"):
        parse(orjson.dumps({"clientContent": {"turns": turns}}))


@given(st.text())
def test_reasons_are_cut_to_what_a_close_frame_carries(reason: str) -> None:
    try:
        encodable = reason.encode()
    except UnicodeEncodeError:
        return
    cut = Refused(1011, reason).reason
    assert encodable.startswith(cut.encode())
    assert len(cut.encode()) <= MAX_REASON
    assert len(encodable) <= MAX_REASON or len(cut.encode()) > MAX_REASON - 4


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (replies.setup_complete(), {"setupComplete": {}}),
        (replies.setup_complete("s"), {"setupComplete": {"sessionId": "s"}}),
        (replies.resumption(), {"sessionResumptionUpdate": {}}),
        (
            replies.resumption("h", 0),
            {
                "sessionResumptionUpdate": {
                    "newHandle": "h",
                    "resumable": True,
                    "lastConsumedClientMessageIndex": "0",
                }
            },
        ),
        (replies.go_away(50.0), {"goAway": {"timeLeft": "50s"}}),
        (
            replies.turn_complete({"totalTokenCount": 1}),
            {"serverContent": {"turnComplete": True}, "usageMetadata": {"totalTokenCount": 1}},
        ),
        (
            replies.tool_call([Call("1", "f", {})]),
            {"toolCall": {"functionCalls": [{"id": "1", "name": "f", "args": {}}]}},
        ),
        (
            replies.tool_call([Call("1", "f", {})], with_ids=False),
            {"toolCall": {"functionCalls": [{"name": "f", "args": {}}]}},
        ),
        (
            replies.voice_activity("ACTIVITY_END", 1200),
            {"voiceActivity": {"type": "ACTIVITY_END", "audioOffset": "1.2s"}},
        ),
    ],
)
def test_messages_are_written_as_proto3_json(
    message: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert orjson.loads(replies.encode(message)) == expected
