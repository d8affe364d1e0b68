"""Signatures: known vectors, every pitfall, and nobody let in by any of the candidates."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.signature import SignatureCheck

pytestmark = pytest.mark.pure

PUBLIC = "https://hotline.example"
FIELDS = [("CallSid", "CA1"), ("From", "+14155550100"), ("StirVerstat", "TN-Validation-Passed-A")]


def sign(
    url: str, fields: list[tuple[str, str]], key: str = "12345", algorithm: str = "sha1"
) -> str:
    """Twilio's recipe, written down independently of its library."""
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), algorithm)).decode()


def check(public: str = PUBLIC, **tokens: str) -> SignatureCheck:
    return SignatureCheck(public, tokens or {"current": "12345"}, {"webhooks_key1": "shared"})


def test_known_vectors() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    webhook = check("https://mycompany.com").webhook(
        "/myapp.php",
        "foo=1&bar=2",
        fields.items(),
        {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    )
    assert webhook.ok
    assert webhook.url == "https://mycompany.com/myapp.php?foo=1&bar=2"
    stream = check("https://example.com").stream(
        "/ws", {"x-twilio-signature": "HXrgvHt0qTHu33oSxSjpOvWtO60="}
    )
    assert stream.ok
    assert stream.url == "wss://example.com/ws"


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        (PUBLIC, "https://hotline.example/twilio/voice"),
        (PUBLIC, "https://hotline.example:443/twilio/voice"),
        (PUBLIC + ":443", "https://hotline.example/twilio/voice"),
        (PUBLIC + ":8443", "https://hotline.example:8443/twilio/voice"),
        (PUBLIC + "/prefix", "https://hotline.example/prefix/twilio/voice"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]:443/twilio/voice"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/twilio/voice"),
    ],
)
def test_a_webhook_is_known_by_the_public_url_however_its_port_is_written(
    public: str, signed: str
) -> None:
    headers = {"x-twilio-signature": sign(signed, FIELDS)}
    verdict = check(public).webhook("/twilio/voice", "", FIELDS, headers)
    assert verdict.ok
    assert verdict.url == signed
    assert verdict.all_fields


@pytest.mark.parametrize(
    "signed",
    [
        "wss://hotline.example/twilio/media",
        "wss://hotline.example:443/twilio/media",
        "wss://hotline.example/twilio/media/",
        "https://hotline.example/twilio/media",
    ],
)
def test_a_stream_is_known_by_its_wss_url(signed: str) -> None:
    verdict = check().stream("/twilio/media", {"x-twilio-signature": sign(signed, [])})
    assert verdict.ok
    assert verdict.url == signed


@pytest.mark.parametrize(
    "signed",
    [
        "http://hotline.example/twilio/voice",
        "https://hotline.example:80/twilio/voice",
        "https://hotline.example:8443/twilio/voice",
        "https://evil.example/twilio/voice",
        "https://hotline.example/twilio/voice?attempt=1",
        "https://hotline.example/twilio/after",
    ],
)
def test_another_url_is_not_ours(signed: str) -> None:
    headers = {"x-twilio-signature": sign(signed, FIELDS)}
    assert not check().webhook("/twilio/voice", "", FIELDS, headers).ok


@pytest.mark.parametrize("given_signature", ["", "x", "é", "A" * 10_000])
def test_a_missing_or_wrong_signature_is_refused_with_a_reason(given_signature: str) -> None:
    headers = {"x-twilio-signature": given_signature} if given_signature else {}
    for verdict in (
        check().webhook("/twilio/voice", "", FIELDS, headers),
        check().stream("/twilio/media", headers),
    ):
        assert not verdict.ok
        assert verdict.reason


def test_the_old_token_counts_while_tokens_are_rotated() -> None:
    headers = {"x-twilio-signature": sign(PUBLIC + "/v", FIELDS, "old")}
    both = check(current="new", previous="old")
    assert both.webhook("/v", "", FIELDS, headers).secret == "previous"
    assert not check(current="new").webhook("/v", "", FIELDS, headers).ok


@pytest.mark.parametrize(
    ("algorithm", "digest"), [("HMAC_SHA1", "sha1"), ("HMAC_SHA256", "sha256")]
)
def test_a_shared_key_signs_by_the_algorithm_it_names(algorithm: str, digest: str) -> None:
    headers = {
        "x-twilio-signature": sign(PUBLIC + "/v", FIELDS, "shared", digest),
        "x-twilio-webhooks-signature-settings": f"key=webhooks_key1, algorithm={algorithm}",
    }
    verdict = check().webhook("/v", "", FIELDS, headers)
    assert verdict.ok
    assert verdict.secret == "webhooks_key1"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("key=other,algorithm=HMAC_SHA256", "unknown shared key"),
        ("key=webhooks_key1,algorithm=HMAC_MD5", "unknown signature algorithm"),
        ("key=webhooks_key1", "no candidate matches"),
        (",,=,", "no candidate matches"),
    ],
)
def test_other_settings_of_a_signature_are_refused_by_name(settings: str, reason: str) -> None:
    headers = {
        "x-twilio-signature": sign(PUBLIC + "/v", FIELDS, "shared", "sha256"),
        "x-twilio-webhooks-signature-settings": settings,
    }
    verdict = check().webhook("/v", "", FIELDS, headers)
    assert not verdict.ok
    assert verdict.reason == reason


def test_fields_added_after_signing_are_borne_but_not_believed() -> None:
    early = [pair for pair in FIELDS if pair[0] != "StirVerstat"]
    headers = {"x-twilio-signature": sign(PUBLIC + "/v", early)}
    verdict = check().webhook("/v", "", FIELDS, headers)
    assert verdict.ok
    assert not verdict.all_fields
    assert not check().webhook("/v", "", [*FIELDS, ("Extra", "1")], headers).ok


def test_repeated_and_empty_fields_count() -> None:
    fields = [("A", "2"), ("A", "1"), ("B", "")]
    headers = {"x-twilio-signature": sign(PUBLIC + "/v", fields)}
    assert check().webhook("/v", "", fields, headers).ok
    assert not check().webhook("/v", "", [("A", "1"), ("B", "")], headers).ok


def test_secrets_do_not_show() -> None:
    headers = {"x-twilio-signature": "wrong"}
    verdict = check().webhook("/v", "", FIELDS, headers)
    assert "12345" not in repr(check()) + repr(verdict)
    assert "shared" not in repr(check())


@given(st.text(), st.text(), st.text())
def test_whatever_is_sent_gets_a_verdict(signature: str, settings: str, value: str) -> None:
    headers = {"x-twilio-signature": signature, "x-twilio-webhooks-signature-settings": settings}
    encodable = value.encode("utf-8", "replace").decode()
    assert not check().webhook("/v", "", [("A", encodable)], headers).ok


def test_the_recipe_here_is_the_published_one() -> None:
    digest = hmac.new(b"12345", b"https://h/v" + b"AxBy", hashlib.sha1).digest()
    assert sign("https://h/v", [("B", "y"), ("A", "x")]) == base64.b64encode(digest).decode()
