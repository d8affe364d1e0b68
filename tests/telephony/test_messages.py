"""Media Streams messages: what is read, what is refused, what is written to the byte."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.counters import Count
from telephony.messages import (
    MAX_MESSAGE,
    Connected,
    Dtmf,
    Encoder,
    Mark,
    Media,
    MediaFormat,
    PlayClear,
    PlayMark,
    PlayMedia,
    Rejected,
    Start,
    Stop,
    parse,
)

pytestmark = pytest.mark.pure

STREAM = "MZ" + "a1" * 16
CALL = "CA" + "b2" * 16
ACCOUNT = "AC" + "c3" * 16


def start(**changes: Any) -> dict[str, Any]:
    inner = {
        "accountSid": ACCOUNT,
        "streamSid": STREAM,
        "callSid": CALL,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "t"},
    }
    return {"event": "start", "sequenceNumber": "1", "start": {**inner, **changes}}


def media(**changes: Any) -> dict[str, Any]:
    inner = {"track": "inbound", "chunk": "2", "timestamp": "155", "payload": "//8="}
    return {"event": "media", "streamSid": STREAM, "media": {**inner, **changes}}


def kind(message: Any) -> Count | None:
    read = parse(json.dumps(message))
    return read.kind if isinstance(read, Rejected) else None


def test_each_message_is_read() -> None:
    assert parse('{"event":"connected","protocol":"Call","version":"1.0.0"}') == Connected(
        "Call", "1.0.0"
    )
    assert parse(json.dumps(start())) == Start(
        STREAM, CALL, ACCOUNT, MediaFormat("audio/x-mulaw", 8000, 1), {"token": "t"}
    )
    assert parse(json.dumps(media())) == Media(STREAM, "inbound", 155, b"\xff\xff")
    dtmf = {"event": "dtmf", "streamSid": STREAM, "dtmf": {"track": "inbound_track", "digit": "#"}}
    assert parse(json.dumps(dtmf)) == Dtmf(STREAM, "#")
    mark = {"event": "mark", "streamSid": STREAM, "mark": {"name": "r1:é"}}
    assert parse(json.dumps(mark).encode()) == Mark(STREAM, "r1:é")
    assert parse(json.dumps({"event": "stop", "streamSid": STREAM, "stop": {}})) == Stop(STREAM)


def test_numbers_come_as_numbers_or_in_strings() -> None:
    as_text = {"encoding": "audio/x-mulaw", "sampleRate": "8000", "channels": "1"}
    assert isinstance(parse(json.dumps(start(mediaFormat=as_text))), Start)
    assert parse(json.dumps(media(timestamp=155))) == parse(json.dumps(media(timestamp="155")))


def test_what_may_be_missing_may_be_missing() -> None:
    bare = start()
    del bare["start"]["customParameters"]
    read = parse(json.dumps(bare))
    assert isinstance(read, Start)
    assert read.parameters == {}
    plain = media()
    del plain["media"]["track"]
    assert isinstance(parse(json.dumps(plain)), Media)
    assert isinstance(parse('{"event":"connected"}'), Connected)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", Count.MALFORMED_JSON),
        ("{", Count.MALFORMED_JSON),
        ('{"event":"media"', Count.MALFORMED_JSON),
        ("[" * 5000, Count.MALFORMED_JSON),
        ("[]", Count.WRONG_TYPE),
        ("7", Count.WRONG_TYPE),
        ("{}", Count.WRONG_TYPE),
        ('{"event":7}', Count.WRONG_TYPE),
        ('{"event":"ping"}', Count.UNKNOWN_EVENT),
        ('{"event":"media"}', Count.WRONG_TYPE),
        ('{"event":"' + "x" * MAX_MESSAGE + '"}', Count.OVERSIZED),
    ],
)
def test_what_is_no_message_is_named(text: str, refused: Count) -> None:
    read = parse(text)
    assert isinstance(read, Rejected)
    assert read.kind is refused


@pytest.mark.parametrize(
    ("message", "refused"),
    [
        (start(streamSid="../../etc"), Count.WRONG_TYPE),
        (start(callSid=None), Count.WRONG_TYPE),
        (start(mediaFormat=[]), Count.WRONG_TYPE),
        (start(customParameters=["token"]), Count.WRONG_TYPE),
        (media(payload=b"\xff".hex() + "!"), Count.BAD_BASE64),
        (media(payload="/w="), Count.BAD_BASE64),
        (media(payload="/w==\n"), Count.BAD_BASE64),
        (media(payload="/w==é"), Count.BAD_BASE64),
        (media(payload=17), Count.WRONG_TYPE),
        (media(timestamp=True), Count.WRONG_TYPE),
        (media(timestamp=-1), Count.WRONG_TYPE),
        (media(timestamp=1.5), Count.WRONG_TYPE),
        (media(timestamp="9" * 400), Count.WRONG_TYPE),
        (media(track=1), Count.WRONG_TYPE),
        ({"event": "dtmf", "streamSid": STREAM, "dtmf": {"digit": "E"}}, Count.BAD_DIGIT),
        ({"event": "dtmf", "streamSid": STREAM, "dtmf": {"digit": "12"}}, Count.BAD_DIGIT),
        ({"event": "dtmf", "streamSid": STREAM, "dtmf": {"digit": ""}}, Count.BAD_DIGIT),
        ({"event": "mark", "streamSid": STREAM}, Count.WRONG_TYPE),
        ({"event": "mark", "mark": {"name": "m"}}, Count.WRONG_TYPE),
        ({"event": "stop"}, Count.WRONG_TYPE),
    ],
)
def test_wrong_parts_are_named(message: dict[str, Any], refused: Count) -> None:
    assert kind(message) is refused


def test_a_refusal_tells_nothing_of_the_content() -> None:
    read = parse(json.dumps(media(payload="secret payload!")))
    assert isinstance(read, Rejected)
    assert "secret" not in read.detail


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.one_of(st.text(), st.binary()))
def test_nothing_makes_the_parser_raise(text: str | bytes) -> None:
    parse(text)


@given(
    st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop"]),
    st.dictionaries(
        st.sampled_from(["streamSid", "start", "media", "dtmf", "mark", "stop"]),
        json_values
        | st.dictionaries(
            st.sampled_from(
                ["payload", "timestamp", "track", "digit", "name", "streamSid", "mediaFormat"]
            ),
            json_values,
        ),
    ),
)
def test_no_structure_makes_the_parser_raise(event: str, parts: dict[str, Any]) -> None:
    parse(json.dumps({"event": event, **parts}))


@given(st.binary(max_size=2000))
def test_any_sound_comes_through_as_it_is(ulaw: bytes) -> None:
    read = parse(json.dumps(media(payload=base64.b64encode(ulaw).decode())))
    assert isinstance(read, Media)
    assert read.ulaw == ulaw


def test_what_is_written_is_exact_to_the_byte() -> None:
    encoder = Encoder(STREAM)
    assert encoder.encode(PlayMedia(b"\xff\x00\x7f")) == (
        '{"event":"media","streamSid":"' + STREAM + '","media":{"payload":"/wB/"}}'
    )
    assert encoder.encode(PlayMark("r1t2:300")) == (
        '{"event":"mark","streamSid":"' + STREAM + '","mark":{"name":"r1t2:300"}}'
    )
    assert encoder.encode(PlayClear()) == '{"event":"clear","streamSid":"' + STREAM + '"}'


@given(st.text(), st.binary(), st.text())
def test_what_is_written_is_json_with_no_field_too_many(sid: str, ulaw: bytes, name: str) -> None:
    encoder = Encoder(sid)
    assert json.loads(encoder.encode(PlayMedia(ulaw))) == {
        "event": "media",
        "streamSid": sid,
        "media": {"payload": base64.b64encode(ulaw).decode()},
    }
    assert json.loads(encoder.encode(PlayMark(name))) == {
        "event": "mark",
        "streamSid": sid,
        "mark": {"name": name},
    }
    assert json.loads(encoder.encode(PlayClear())) == {"event": "clear", "streamSid": sid}
