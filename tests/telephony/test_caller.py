"""Who calls: numbers, SIP addresses, withheld ones; attested or not; and masked in logs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.caller import CallerId, Kind, e164, is_attested, mask, parse_caller

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "caller"),
    [
        ("+14155550100", CallerId(Kind.PHONE, "+14155550100")),
        ("+1 (415) 555-0100", CallerId(Kind.PHONE, "+14155550100")),
        ("sip:alice@pbx.example", CallerId(Kind.SIP, "", "alice")),
        (
            "sip:+14155550100@pbx.example;user=phone",
            CallerId(Kind.SIP, "+14155550100", "+14155550100"),
        ),
        ("SIPS:%2B14155550100@h", CallerId(Kind.SIP, "+14155550100", "+14155550100")),
        ("sip:ali%00%0Ace@h", CallerId(Kind.SIP, "", "alice")),
        ("sip:alice:secret@h", CallerId(Kind.SIP, "", "alice")),
        ("sip:pbx.example", CallerId(Kind.WITHHELD)),
        ("sip:anonymous@anonymous.invalid", CallerId(Kind.WITHHELD)),
        ("client:tester", CallerId(Kind.CLIENT, "", "tester")),
        ("anonymous", CallerId(Kind.WITHHELD)),
        ("Restricted", CallerId(Kind.WITHHELD)),
        ("+266696687", CallerId(Kind.WITHHELD)),
        ("", CallerId(Kind.WITHHELD)),
        ("4155550100", CallerId(Kind.OTHER, "", "4155550100")),
        ("+0123456789", CallerId(Kind.OTHER, "", "+0123456789")),
    ],
)
def test_callers_are_told_apart(text: str, caller: CallerId) -> None:
    assert parse_caller(text) == caller


def test_only_full_attestation_of_a_phone_number_counts() -> None:
    phone, sip = parse_caller("+14155550100"), parse_caller("sip:+14155550100@h")
    assert is_attested(phone, "TN-Validation-Passed-A")
    assert not is_attested(sip, "TN-Validation-Passed-A")
    for other in ("", "TN-Validation-Passed-B", "TN-Validation-Passed-A-Diverted", "A"):
        assert not is_attested(phone, other)


def test_a_log_shows_the_ends_only() -> None:
    assert mask("+14155550109") == "+14*******09"
    assert mask("1001") == "****"
    assert mask("") == ""


@given(st.text())
def test_any_text_is_a_caller_of_some_kind(text: str) -> None:
    caller = parse_caller(text)
    assert caller.number == e164(caller.number)
    assert len(caller.name) <= 128
    if len(text) > 7:
        assert mask(text) != text or set(text[3:-2]) == {"*"}
