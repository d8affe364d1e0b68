"""Was all that Myra said heard? Every take gets one word for it, and the right one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.records import Fact, TakePlayed
from web_demo.server.audit import Takes, Verdict, judged, suspicious, verdict
from web_demo.server.messages import parse_text
from web_demo.server.reports import Reports

pytestmark = pytest.mark.pure

RATE = 24000
counts = st.integers(0, 10 * RATE)


def take(sent: int, received: int, played: int, **more: bool) -> TakePlayed:
    fields = {"ended": True, **more}
    return TakePlayed(
        1, 1, "reply", RATE, 3, sent, received, played, max(0, received - played), **fields
    )


@pytest.mark.parametrize(
    ("one", "text", "said"),
    [
        (take(100, 100, 100), "", Verdict.COMPLETE),
        (take(48000, 48000, 48000), "It leaves at ten.", Verdict.COMPLETE),
        (take(48000, 48000, 48000), "It leaves at", Verdict.SUSPICIOUS),
        (take(48000, 48000, 48000), "x" * 51 + ".", Verdict.SUSPICIOUS),
        (take(100, 80, 80), "", Verdict.LOST),
        (take(100, 100, 60), "", Verdict.UNPLAYED),
        (take(100, 100, 60, cleared=True), "", Verdict.INTERRUPTED),
        (take(100, 0, 0, ended=False), "", Verdict.OPEN_ENDED),
        (take(100, 0, 0, ended=False, cleared=True), "", Verdict.INTERRUPTED),
        (take(100, 100, 100, cleared=True), "", Verdict.COMPLETE),
        (take(48000, 48000, 48000, cleared=True), "It leaves at", Verdict.INTERRUPTED),
        (take(0, 0, 0), "", Verdict.COMPLETE),
    ],
)
def test_the_verdict(one: TakePlayed, text: str, said: Verdict) -> None:
    assert verdict(one, text, one.samples_sent / RATE) is said


@given(sent=counts, received=counts, played=counts, ended=st.booleans(), cleared=st.booleans())
def test_complete_means_that_every_sample_was_played(
    sent: int, received: int, played: int, ended: bool, cleared: bool
) -> None:
    received, played = min(sent, received), min(sent, received, played)
    found = verdict(take(sent, received, played, ended=ended, cleared=cleared))
    assert (found is Verdict.COMPLETE) == (ended and played == sent and (sent > 0 or not cleared))
    if played < sent:
        assert found is not Verdict.SUSPICIOUS
    if found in {Verdict.LOST, Verdict.UNPLAYED}:
        assert not cleared


@given(text=st.text(max_size=300), seconds=st.floats(0, 60))
def test_more_text_is_never_less_suspicious(text: str, seconds: float) -> None:
    if text.strip() and suspicious(text.strip() + ".", seconds):
        assert suspicious("x" + text.strip() + ".", seconds)
    assert not suspicious("", seconds)


def test_a_quotation_may_close_a_sentence() -> None:
    assert not suspicious('She said "yes."', 5)
    assert not suspicious("Are you there?)", 5)
    assert suspicious("Are you, ", 5)


def test_a_reply_in_several_takes_is_judged_by_all_of_its_sound_at_its_last() -> None:
    text = "x" * 60 + "."
    first = TakePlayed(1, 7, "reply", RATE, 9, 2 * RATE, 2 * RATE, RATE, RATE, 0, True, True)
    rest = TakePlayed(2, 7, "resumed", RATE, 5, RATE, RATE, RATE, 0, 0, True)
    prompt = TakePlayed(3, 0, "prompt", RATE, 1, RATE, RATE, RATE, 0, 0, True)
    found = judged([prompt, rest, first], {7: text})
    assert [one.verdict for one in found] == [
        Verdict.INTERRUPTED,
        Verdict.COMPLETE,
        Verdict.COMPLETE,
    ]
    assert [one.take.take for one in found] == [1, 2, 3]
    assert judged([rest], {7: text})[0].verdict is Verdict.SUSPICIOUS


steps = st.lists(
    st.tuples(st.sampled_from(["announce", "sent", "clear", "end"]), st.integers(1, 5)),
    max_size=40,
)


@given(steps)
def test_every_take_is_accounted_for_exactly_once(done: list[tuple[str, int]]) -> None:
    takes, announced, sent = Takes(RATE), 0, dict.fromkeys(range(60), 0)
    found: list[TakePlayed] = []
    for what, number in done:
        if what == "announce":
            announced += 1
            takes.announced(announced, announced, "reply")
        elif what == "sent" and announced:
            takes.sent(announced, number)
            if announced not in [one.take for one in found]:
                sent[announced] += number
        elif what == "clear":
            takes.cleared()
        elif what == "end":
            one = takes.ended(number, received=1, played=1, dropped=0, underruns=0)
            found += [one] if one else []
    found += takes.over()
    assert sorted(one.take for one in found) == list(range(1, announced + 1))
    assert {one.take: one.samples_sent for one in found} == {
        number: sent[number] for number in range(1, announced + 1)
    }


def test_a_take_that_the_page_stopped_was_interrupted() -> None:
    kept: list[Fact] = []
    reports = Reports(kept.append)
    reports.takes.announced(1, 1, "reply")
    reports.takes.sent(1, 960)
    barged_in = {"type": "barge_in", "take": 1, "played": 480, "reason": "button"}
    ended = {"type": "ended", "take": 1, "at": 1.0, "received": 960, "played": 480, "dropped": 480}
    for message in (barged_in, {**ended, "underruns": 0}):
        reports.told(parse_text(json.dumps(message)), 1.0)
    [take] = kept
    assert isinstance(take, TakePlayed)
    assert verdict(take) is Verdict.INTERRUPTED
