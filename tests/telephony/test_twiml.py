"""TwiML: each answer is the document that Twilio expects."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from telephony import twiml

pytestmark = pytest.mark.pure


def read(document: str) -> ET.Element:
    assert document.startswith("<?xml"), "nothing stands before the declaration"
    return ET.fromstring(document)  # noqa: S314


def test_a_call_is_connected_and_nothing_follows() -> None:
    response = read(
        twiml.connect(
            "wss://h/twilio/media",
            "https://h/twilio/after?attempt=1",
            {"token": "t&<\"'", "caller": "+14155550100"},
            status_url="https://h/twilio/stream-status",
        )
    )
    (connect,) = response
    assert connect.attrib == {"action": "https://h/twilio/after?attempt=1"}
    (stream,) = connect
    assert stream.attrib == {
        "url": "wss://h/twilio/media",
        "statusCallback": "https://h/twilio/stream-status",
    }
    parameters = {p.attrib["name"]: p.attrib["value"] for p in stream}
    assert parameters == {"token": "t&<\"'", "caller": "+14155550100"}


def test_an_apology_comes_before_the_stream() -> None:
    response = read(twiml.connect("wss://h/m", "/a", {}, say="Sorry.", language="en-GB"))
    assert [verb.tag for verb in response] == ["Say", "Connect"]
    assert response[0].attrib == {"language": "en-GB"}


def test_a_transfer_rings_briefs_and_reports() -> None:
    response = read(
        twiml.transfer(
            "+14155550199", "/done", briefing_url="/brief", caller_id="+14155550111", seconds=20
        )
    )
    (dial,) = response
    assert dial.attrib == {
        "answerOnBridge": "true",
        "action": "/done",
        "timeout": "20",
        "callerId": "+14155550111",
    }
    (number,) = dial
    assert (number.tag, number.text, number.attrib) == ("Number", "+14155550199", {"url": "/brief"})


def test_a_transfer_to_a_sip_address_uses_its_noun() -> None:
    (dial,) = read(twiml.transfer("sip:desk@pbx.example", "/done"))
    assert [(noun.tag, noun.text) for noun in dial] == [("Sip", "sip:desk@pbx.example")]
    assert "callerId" not in dial.attrib


def test_the_short_answers() -> None:
    assert [verb.tag for verb in read(twiml.hang_up())] == ["Hangup"]
    assert [verb.tag for verb in read(twiml.hang_up("Bye."))] == ["Say", "Hangup"]
    (reject,) = read(twiml.busy())
    assert (reject.tag, reject.attrib) == ("Reject", {"reason": "busy"})
    assert list(read(twiml.nothing())) == []
    assert [verb.text for verb in read(twiml.briefing("A & B"))] == ["A & B"]
    assert list(read(twiml.briefing(""))) == []
