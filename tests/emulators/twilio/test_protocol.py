"""Both directions of the wire, to the byte and to the code."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.twilio.protocol import (
    Clear,
    Mark,
    Media,
    Objection,
    StreamMessages,
    read,
)

pytestmark = pytest.mark.pure


def messages() -> StreamMessages:
    return StreamMessages("AC1", "CA2", "MZ3", {"token": 'a"b'})


def test_every_message_is_written_as_twilio_writes_it() -> None:
    wire = messages()
    assert wire.connected() == '{"event":"connected","protocol":"Call","version":"1.0.0"}'
    assert wire.start() == (
        '{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ3",'
        '"callSid":"CA2","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw",'
        '"sampleRate":8000,"channels":1},"customParameters":{"token":"a\\"b"}},"streamSid":"MZ3"}'
    )
    assert wire.media(123, b"\xff\x00") == (
        '{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1",'
        '"timestamp":"123","payload":"/wA="},"streamSid":"MZ3"}'
    )
    assert wire.dtmf("#") == (
        '{"event":"dtmf","streamSid":"MZ3","sequenceNumber":"3",'
        '"dtmf":{"track":"inbound_track","digit":"#"}}'
    )
    assert wire.mark("r1:20") == (
        '{"event":"mark","sequenceNumber":"4","streamSid":"MZ3","mark":{"name":"r1:20"}}'
    )
    assert '"sequenceNumber":"5"' in wire.media(143, b"")
    assert '"chunk":"3"' in wire.media(163, b"")
    assert wire.stop() == (
        '{"event":"stop","sequenceNumber":"7","stop":{"accountSid":"AC1","callSid":"CA2"},'
        '"streamSid":"MZ3"}'
    )


@given(st.binary(max_size=500))
def test_media_written_by_hand_is_json_with_the_same_audio(ulaw: bytes) -> None:
    message = json.loads(messages().media(5, ulaw))
    assert message["media"]["payload"] == b64encode(ulaw).decode()


def test_what_the_hotline_may_send() -> None:
    media = {"event": "media", "streamSid": "MZ3", "media": {"payload": "/wA="}}
    assert read(json.dumps(media), "MZ3") == Media(b"\xff\x00")
    mark = {"event": "mark", "streamSid": "MZ3", "mark": {"name": "x"}}
    assert read(json.dumps(mark), "MZ3") == Mark("x")
    assert read('{"event":"clear","streamSid":"MZ3"}', "MZ3") == Clear()


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        (b'{"event":"clear","streamSid":"MZ3"}', 31950, "binary"),
        ("{", 31951, "not JSON"),
        ("[]", 31951, "not a JSON object"),
        ('{"streamSid":"MZ3"}', 31951, "unknown event"),
        ('{"event":"ping","streamSid":"MZ3"}', 31951, "unknown event 'ping'"),
        ('{"event":["media"],"streamSid":"MZ3"}', 31951, "unknown event"),
        ('{"event":"clear"}', 31951, "lacks streamSid"),
        ('{"event":"clear","streamSid":"MZ4"}', 31951, "'MZ4' is not this stream's"),
        ('{"event":"clear","streamSid":"MZ3","at":1}', 31951, "extra fields: at"),
        ('{"event":"mark","streamSid":"MZ3"}', 31951, "lacks mark"),
        ('{"event":"mark","streamSid":"MZ3","mark":{"name":7}}', 31951, "mark.name"),
        ('{"event":"mark","streamSid":"MZ3","mark":"x"}', 31951, "mark is not an object"),
        ('{"event":"media","streamSid":"MZ3","media":{}}', 31951, "lacks payload"),
        (
            '{"event":"media","streamSid":"MZ3","media":{"payload":"","track":"outbound"}}',
            31951,
            "media has extra fields: track",
        ),
        ('{"event":"media","streamSid":"MZ3","media":{"payload":1}}', 31951, "not a string"),
        ('{"event":"media","streamSid":"MZ3","media":{"payload":"a b="}}', 31951, "base64"),
        ('{"event":"media","streamSid":"MZ3","media":{"payload":"UklGRg=="}}', 31924, "WAV"),
    ],
)
def test_what_twilio_objects_to(message: str | bytes, code: int, reason: str) -> None:
    objection = read(message, "MZ3")
    assert isinstance(objection, Objection)
    assert objection.code == code
    assert reason in objection.reason


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
)


@given(
    st.one_of(
        st.text(),
        st.binary(),
        st.fixed_dictionaries(
            {"event": st.sampled_from(["media", "mark", "clear"]), "streamSid": st.just("MZ3")},
            optional={"media": json_values, "mark": json_values},
        ).map(json.dumps),
    )
)
def test_nothing_the_hotline_sends_can_break_the_reading(message: str | bytes) -> None:
    assert isinstance(read(message, "MZ3"), Media | Mark | Clear | Objection)
