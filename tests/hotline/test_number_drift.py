"""Numbers and SIP domains compared: the pure part."""

from __future__ import annotations

import dataclasses
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from hotline.numbers.applied import NotTelephonyOutput, read
from hotline.numbers.command import shown
from hotline.numbers.drift import Difference, Entry, Finding, Kind, State, compare

pytestmark = pytest.mark.pure

URL = "https://voice.example.com"
MAIN = Entry(
    Kind.NUMBER,
    "PN1",
    "+14155550100",
    {"phone_number": "+14155550100", "voice_url": f"{URL}/twilio/voice", "voice_method": "POST"},
    "main",
)
SIP = Entry(
    Kind.SIP_DOMAIN,
    "SD1",
    "example.sip.twilio.com",
    {"voice_url": f"{URL}/twilio/voice", "secure": "true"},
    "example.sip.twilio.com",
)


def there(entry: Entry, **changes: str) -> Entry:
    """The same in the account, with some settings changed."""
    return dataclasses.replace(entry, label="", values={**entry.values, **changes})


def found(applied: list[Entry], account: list[Entry]) -> list[Finding]:
    return list(compare(applied, account, URL))


def test_the_same_on_both_sides_is_no_drift() -> None:
    findings = found([MAIN, SIP], [there(SIP), there(MAIN, trunk_sid="")])
    assert [finding.state for finding in findings] == [State.SAME, State.SAME]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("voice_url", "https://demo.twilio.com/welcome"),
        ("voice_url", f"{URL}/twilio/voice/"),
        ("voice_url", ""),
        ("voice_method", "GET"),
        ("voice_application_sid", "AP1"),
        ("trunk_sid", "TK1"),
    ],
)
def test_a_setting_that_differs_is_named_with_both_values(setting: str, value: str) -> None:
    (finding,) = found([MAIN], [there(MAIN, **{setting: value})])
    assert finding.state is State.CHANGED
    assert finding.differences == (Difference(setting, MAIN.values.get(setting, ""), value),)


def test_a_number_that_is_not_there_is_gone() -> None:
    (finding,) = found([MAIN], [])
    assert (finding.state, finding.label, finding.sid) == (State.GONE, "main", "PN1")


def test_a_number_bought_again_differs_by_its_sid() -> None:
    (finding,) = found([MAIN], [dataclasses.replace(there(MAIN), sid="PN2")])
    assert finding.differences == (Difference("sid", "PN1", "PN2"),)


def test_a_number_and_a_domain_are_never_taken_for_each_other() -> None:
    odd = dataclasses.replace(there(SIP), sid="PN1", name=MAIN.name)
    states = [finding.state for finding in found([MAIN], [odd])]
    assert states == [State.GONE, State.STRANGER]


@pytest.mark.parametrize(
    ("url", "state"),
    [
        (f"{URL}/twilio/voice", State.STRANGER),
        (URL, State.STRANGER),
        ("https://voice.example.com.evil.example/", State.OTHER),
        ("https://elsewhere.example.com/twilio/voice", State.OTHER),
        ("", State.OTHER),
    ],
)
def test_what_terraform_does_not_know_counts_if_it_rings_here(url: str, state: State) -> None:
    (finding,) = found([], [there(MAIN, voice_url=url)])
    assert finding.state is state
    assert finding.state.is_drift == (state is State.STRANGER)


_entries = st.builds(
    Entry,
    st.sampled_from(Kind),
    st.sampled_from(["1", "2", "3", "4"]),
    st.sampled_from(["a", "b", "c", "d"]),
    st.dictionaries(st.sampled_from(["voice_url", "secure"]), st.sampled_from(["", "x", URL])),
    st.sampled_from(["", "l"]),
)
_sides = st.lists(_entries, max_size=5, unique_by=lambda entry: (entry.kind, entry.sid))


@given(_sides, _sides)
def test_every_entry_of_both_sides_is_accounted_for_once(
    applied: list[Entry], account: list[Entry]
) -> None:
    findings = found(applied, account)
    known, rest = findings[: len(applied)], findings[len(applied) :]
    met = [finding for finding in known if finding.state is not State.GONE]
    assert all(finding.state in (State.STRANGER, State.OTHER) for finding in rest)
    assert sorted((f.kind, f.sid) for f in [*met, *rest]) == sorted(
        (entry.kind, entry.sid) for entry in account
    )


@given(_sides)
def test_an_entry_compared_with_itself_never_differs(entries: list[Entry]) -> None:
    assert all(finding.state is State.SAME for finding in found(entries, entries))


def output(**changes: object) -> bytes:
    whole: dict[str, object] = {
        "numbers": {"sensitive": False, "type": ["map"], "value": {}},
        "sip_domains": {"value": {}},
        "public_base_url": {"value": URL},
        "application_sid": {"value": "AP1"},
    }
    return json.dumps({**whole, **changes}).encode()


def test_terraforms_output_is_read_by_label() -> None:
    number = {"sid": "PN1", "phone_number": "+14155550100", "voice_url": None}
    domain = {"sid": "SD1", "domain_name": "x.sip.twilio.com", "secure": True}
    applied = read(
        output(numbers={"value": {"main": number}}, sip_domains={"value": {"x": domain}})
    )
    assert applied.public_url == URL
    assert [(one.label, one.kind, one.sid, one.name) for one in applied.entries] == [
        ("main", Kind.NUMBER, "PN1", "+14155550100"),
        ("x", Kind.SIP_DOMAIN, "SD1", "x.sip.twilio.com"),
    ]
    assert applied.entries[0].values["voice_url"] == ""
    assert applied.entries[1].values["secure"] == "true"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "Invalid JSON"),
        (b"{}", "numbers: Field required"),
        (b"[]", "object"),
        (output(numbers={"value": {"main": {"sid": "PN1"}}}), "main.phone_number"),
        (output(numbers={"value": {"main": {"phone_number": "+1"}}}), "main.sid"),
        (output(public_base_url={}), "public_base_url.value"),
        (b'{"numbers": "+14155550100"}', "numbers"),
    ],
)
def test_any_other_file_is_refused_by_what_it_lacks(text: bytes, says: str) -> None:
    with pytest.raises(NotTelephonyOutput, match=says) as refused:
        read(text)
    assert "4155550100" not in str(refused.value)


def test_the_table_masks_numbers_and_takes_no_markup_from_the_account() -> None:
    changed = there(MAIN, phone_number="+14155550199", voice_url="https://x/[bold]")
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(shown(found([MAIN], [changed])))
    text = console.export_text()
    assert "+14*******00" in text
    assert "415555" not in text
    assert "https://x/[bold]" in text
