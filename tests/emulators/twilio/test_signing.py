"""Signatures against Twilio's published vectors and its own validator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import (
    RequestValidator,
    get_signature_algorithm,
)

from emulators.twilio.caller import Caller, CallIdentity, Sip
from emulators.twilio.signing import SETTINGS, SIGNATURE, Signer

pytestmark = pytest.mark.pure

FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]


def test_the_published_vectors() -> None:
    signer = Signer("12345")
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signer.headers(url, FIELDS) == {SIGNATURE: "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    assert signer.headers("wss://example.com/ws")[SIGNATURE] == "HXrgvHt0qTHu33oSxSjpOvWtO60="


def test_without_a_token_nothing_is_signed_and_no_token_is_shown() -> None:
    assert Signer().headers("https://h/", FIELDS) == {}
    assert "12345" not in repr(Signer("12345"))


def test_a_shared_key_names_itself_and_its_algorithm() -> None:
    signer = Signer("secret", "webhooks_sharedkey_1", "HMAC_SHA256")
    headers = signer.headers("https://h/", FIELDS)
    algorithm = get_signature_algorithm(headers[SETTINGS])
    assert algorithm == "HMAC_SHA256"
    validator = RequestValidator("secret")
    assert validator.validate("https://h/", dict(FIELDS), headers[SIGNATURE], algorithm)


def test_the_fragment_is_twilios_own() -> None:
    signer = Signer("t")
    assert signer.headers("https://h/v#rc=2", FIELDS) == signer.headers("https://h/v", FIELDS)


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5), max_size=5))
def test_twilios_validator_agrees(fields: dict[str, str]) -> None:
    signature = Signer("t").headers("https://h/v", fields.items())[SIGNATURE]
    assert RequestValidator("t").validate("https://h/v", fields, signature)


def test_the_fields_of_a_call_from_the_telephone_network() -> None:
    fields = dict(CallIdentity(Caller()).fields("ringing"))
    sides = {
        f"{side}{part}"
        for side in ("Caller", "Called", "From", "To")
        for part in ("", "City", "State", "Zip", "Country")
    }
    assert fields.keys() == sides | {
        *("AccountSid", "ApiVersion", "CallSid", "CallStatus", "CallToken", "Direction"),
        "StirVerstat",
    }
    assert fields["CallSid"].startswith("CA")
    assert len(fields["CallSid"]) == 34
    assert fields["Direction"] == "inbound"


def test_the_fields_of_a_call_by_sip() -> None:
    sip = Sip(username="pbx", headers={"X-Account": "7"})
    caller = Caller("sip:ann@pbx.example", "sip:line@cymbol.sip.twilio.com", sip=sip)
    fields = dict(CallIdentity(caller).fields("ringing"))
    assert fields["From"] == "sip:ann@pbx.example"
    assert fields["SipHeader_X-Account"] == "7"
    assert fields["SipUsername"] == "pbx"
    assert {"SipDomain", "SipDomainSid", "SipCallId", "SipSourceIp"} <= fields.keys()
    assert not {"StirVerstat", "FromCity", "CallToken"} & fields.keys()
