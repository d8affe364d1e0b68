"""TwiML as Twilio takes it, and what it objects to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from emulators.twilio import twiml
from emulators.twilio.verbs import (
    Connect,
    Dial,
    Document,
    Hangup,
    Pause,
    Play,
    Redirect,
    Reject,
    Say,
    Stream,
    Unplayed,
)

pytestmark = pytest.mark.pure

BASE = "https://hotline.example/twilio/voice"


def read(body: str, base: str = BASE) -> tuple[list[object], list[int]]:
    document = twiml.read(f"<Response>{body}</Response>".encode(), base)
    return list(document.verbs), [objection.code for objection in document.objections]


def test_the_sdks_own_document() -> None:
    response = VoiceResponse()
    connect = response.connect(action="/twilio/after")
    stream = connect.stream(url="wss://hotline.example/media", name="s", status_callback=BASE)
    stream.parameter(name="token", value='a<b&"c"')
    response.say("One  moment,\n please.")
    document = twiml.read(str(response).encode(), BASE)
    assert document.objections == ()
    assert document.verbs == (
        Connect(
            Stream("wss://hotline.example/media", {"token": 'a<b&"c"'}, "s", BASE),
            "https://hotline.example/twilio/after",
        ),
        Say("One moment, please."),
    )


def test_every_verb_that_is_acted_out() -> None:
    verbs, codes = read(
        "<Pause/><Pause length='3'/><Play digits='12'/><Play>a.mp3</Play>"
        "<Dial callerId='+1' action='dialled' method='get'><Number>+2</Number><Sip>sip:a@b</Sip>"
        "</Dial><Dial>+3</Dial><Redirect>/again</Redirect><Reject reason='busy'/><Hangup/>"
        "<Gather/>"
    )
    assert codes == []
    assert verbs == [
        Pause(1.0),
        Pause(3.0),
        Play(digits="12"),
        Play("https://hotline.example/twilio/a.mp3"),
        Dial(("number +2", "sip sip:a@b"), "https://hotline.example/twilio/dialled", "GET", "+1"),
        Dial(("number +3",)),
        Redirect("https://hotline.example/again"),
        Reject("busy"),
        Hangup(),
        Unplayed("Gather"),
    ]


@pytest.mark.parametrize(
    ("url", "base", "expected", "code"),
    [
        ("wss://h/ws", BASE, "wss://h/ws", None),
        ("/ws", BASE, "wss://hotline.example/ws", None),
        ("ws://h/ws", BASE, None, 31922),
        ("https://h/ws", BASE, None, 31922),
        ("ws://127.0.0.1:8080/ws", "http://127.0.0.1:8080/v", "ws://127.0.0.1:8080/ws", None),
        ("/ws", "http://localhost:8080/v", "ws://localhost:8080/ws", None),
        ("wss://h/ws?token=1", BASE, "wss://h/ws", 31920),
        ("", BASE, None, 12200),
    ],
)
def test_where_a_stream_may_go(url: str, base: str, expected: str | None, code: int | None) -> None:
    verbs, codes = read(f'<Connect><Stream url="{url}"/></Connect>', base)
    assert isinstance(verbs[0], Connect)
    assert (verbs[0].stream.url if verbs[0].stream else None) == expected
    assert codes == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Hello/>", 12200),
        ("<Stream url='wss://h'/>", 12200),
        ("<Say voise='x'>a</Say>", 12200),
        ("<Connect/>", 12200),
        ("<Connect><Number>1</Number></Connect>", 12200),
        ("<Connect><Stream url='wss://h' track='both_tracks'/></Connect>", 31941),
        ("<Connect><Stream url='wss://h' statusCallback='/s'/></Connect>", 12200),
        ("<Connect><Stream url='wss://h'><Parameter value='x'/></Stream></Connect>", 12200),
        ("<Connect method='PUT'><Stream url='wss://h'/></Connect>", 12200),
        ("<Dial/>", 12200),
        ("<Dial>1<Numbr>1</Numbr></Dial>", 12200),
        ("<Pause length='x'/>", 12200),
        ("<Play/>", 12200),
        ("<Reject reason='rude'/>", 12200),
        ("<Redirect>http://[</Redirect>", 12100),
    ],
)
def test_what_twilio_objects_to(body: str, code: int) -> None:
    assert read(body)[1] == [code]


def test_a_parameter_must_be_shorter_than_500_characters() -> None:
    stream = "<Connect><Stream url='wss://h'><Parameter name='n' value='{}'/></Stream></Connect>"
    assert read(stream.format("v" * 498))[1] == []
    verbs, codes = read(stream.format("v" * 499))
    assert codes == [12200]
    assert isinstance(verbs[0], Connect)
    assert verbs[0].stream is not None
    assert verbs[0].stream.parameters == {}


@pytest.mark.parametrize(
    "text",
    ["<Response>", " \n<?xml version='1.0'?><Response/>", "<Answer/>", "hello", "<!DOCTYPE x>"],
)
def test_no_twiml_at_all(text: str) -> None:
    document = twiml.read(text.encode(), BASE)
    assert document.verbs == ()
    assert [objection.code for objection in document.objections] == [12100]


def test_an_empty_answer_ends_the_call_without_objection() -> None:
    assert twiml.read(b" \n", BASE) == Document(())


@given(st.binary(max_size=200))
def test_no_answer_breaks_the_reading(body: bytes) -> None:
    twiml.read(body, BASE)
    twiml.read(b"<Response>" + body + b"</Response>", BASE)
