"""Whatever a page sends is either understood or refused by name; nothing else comes of it."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio import Audio
from media.g711 import pcm_to_ulaw
from web_demo.server.messages import (
    CALLER,
    HEADER,
    IN_RATE,
    MAX_FRAME_BYTES,
    MAX_TEXT_BYTES,
    MULAW,
    MYRA,
    PCM16,
    BargedIn,
    LineChosen,
    NotUnderstood,
    Quality,
    TakeEnded,
    Typed,
    frame,
    parse_batch,
    parse_frame,
    parse_text,
)

pytestmark = pytest.mark.pure

NUMBERS = st.integers(1, 2**32 - 1)
SAMPLES = st.binary(max_size=40).map(lambda half: half + half)


def callers(seq: int, stamp: int, pcm: bytes, codec: int = PCM16, kind: int = CALLER) -> bytes:
    return HEADER.pack(kind, codec, 0, 0, seq, stamp) + pcm


@given(NUMBERS, NUMBERS, SAMPLES)
def test_a_callers_frame_is_read_as_written(seq: int, stamp: int, pcm: bytes) -> None:
    one = parse_frame(callers(seq, stamp, pcm))
    assert (one.seq, one.stamp, one.audio) == (seq, stamp, Audio(pcm, IN_RATE))


@given(SAMPLES)
def test_mu_law_keeps_its_own_rate(pcm: bytes) -> None:
    ulaw = pcm_to_ulaw(pcm)
    one = parse_frame(callers(1, 0, ulaw, MULAW))
    assert (one.audio.rate, one.audio.samples) == (8000, len(ulaw))


@given(NUMBERS, NUMBERS, NUMBERS, st.integers(0, 7), SAMPLES)
def test_myras_frame_says_where_it_belongs(
    take: int, seq: int, position: int, flags: int, pcm: bytes
) -> None:
    data = frame(pcm, take=take, seq=seq, position=position, flags=flags)
    assert HEADER.unpack_from(data) == (MYRA, PCM16, flags, take, seq, position)
    assert data[HEADER.size :] == pcm


@given(st.binary(max_size=MAX_FRAME_BYTES + 50))
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    try:
        one = parse_frame(data)
    except NotUnderstood:
        return
    assert one.seq > 0
    assert one.audio.rate in {8000, IN_RATE}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        callers(1, 0, b"")[:-1],
        callers(0, 0, b"\0\0"),
        callers(1, 0, b"\0"),
        callers(1, 0, b"\0\0", codec=2),
        callers(1, 0, b"\0\0", kind=MYRA),
        callers(1, 0, bytes(MAX_FRAME_BYTES)),
    ],
)
def test_a_frame_that_cannot_be_is_refused(data: bytes) -> None:
    with pytest.raises(NotUnderstood):
        parse_frame(data)


@given(st.lists(st.tuples(NUMBERS, SAMPLES), max_size=8))
def test_a_batch_is_its_frames_in_order(sent: list[tuple[int, bytes]]) -> None:
    frames = [callers(seq, 0, pcm) for seq, pcm in sent]
    body = b"".join(len(one).to_bytes(4, "little") + one for one in frames)
    assert [(one.seq, one.audio.pcm) for one in parse_batch(body)] == sent


@given(st.binary(max_size=60))
def test_a_batch_of_rubbish_is_refused(body: bytes) -> None:
    try:
        frames = parse_batch(body)
    except NotUnderstood:
        return
    assert all(one.seq for one in frames)


def test_a_batch_that_breaks_off_is_refused() -> None:
    body = len(callers(1, 0, b"\0\0")).to_bytes(4, "little") + callers(1, 0, b"\0\0")
    for cut in range(1, len(body)):
        with pytest.raises(NotUnderstood):
            parse_batch(body[:cut])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
TYPES = st.sampled_from(
    [
        "hello",
        "mark",
        "started",
        "ended",
        "barge_in",
        "duck",
        "unduck",
        "text",
        "dtmf",
        "mute",
        "line",
        "ack",
        "ping",
        "quality",
        "bye",
    ]
)
FIELDS = st.sampled_from(
    [
        "proto",
        "line",
        "vad",
        "aec",
        "resume",
        "name",
        "take",
        "at",
        "received",
        "played",
        "dropped",
        "underruns",
        "reason",
        "onset_ms",
        "id",
        "text",
        "digit",
        "on",
        "mode",
        "loss",
        "jitter_ms",
        "seq",
        "n",
        "session",
        "secret",
    ]
)


@given(TYPES, st.dictionaries(FIELDS, JSON, max_size=8))
def test_any_json_is_a_message_or_refused(kind: str, fields: dict[str, Any]) -> None:
    try:
        message = parse_text(json.dumps({**fields, "type": kind}))
    except NotUnderstood:
        return
    assert message.type == kind


@given(st.text(max_size=300))
def test_any_text_is_a_message_or_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        "{}",
        '{"type": "sing"}',
        '{"type": "hello"}',
        '{"type": "ack", "seq": -1}',
        '{"type": "ack", "seq": true}',
        '{"type": "ack", "seq": 1.5}',
        '{"type": "dtmf", "digit": "12"}',
        '{"type": "dtmf", "digit": "x"}',
        '{"type": "line", "mode": "fax"}',
        '{"type": "line", "mode": "pstn", "loss": 40}',
        '{"type": "barge_in", "take": 1, "played": 5, "reason": "boredom"}',
        '{"type": "text", "id": "a", "text": "' + "x" * 5000 + '"}',
        '{"type": "bye"' + " " * MAX_TEXT_BYTES + "}",
        "[" * 10_000,
    ],
)
def test_a_message_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_text(text)


def test_a_refusal_repeats_nothing_of_what_was_said() -> None:
    """It goes to the log."""
    with pytest.raises(NotUnderstood) as refused:
        parse_text('{"type": "dtmf", "digit": "4111 1111 1111 1111"}')
    assert "4111" not in str(refused.value)


def test_what_a_page_says_is_read() -> None:
    assert parse_text('{"type":"barge_in","take":3,"played":4800,"reason":"voice"}') == BargedIn(
        type="barge_in", take=3, played=4800, reason="voice"
    )
    assert parse_text('{"type":"line","mode":"pstn","loss":3,"jitter_ms":60}') == LineChosen(
        type="line", mode="pstn", loss=3, jitter_ms=60
    )
    assert parse_text('{"type":"text","id":"t1","text":"Grüße"}') == Typed(
        type="text", id="t1", text="Grüße"
    )
    ended = parse_text(
        '{"type":"ended","take":1,"at":2,"received":9,"played":8,"dropped":1,"underruns":0}'
    )
    assert ended == TakeEnded(
        type="ended", take=1, at=2.0, received=9, played=8, dropped=1, underruns=0
    )


def test_a_message_may_say_more_than_is_known() -> None:
    assert parse_text('{"type": "bye", "mood": "merry"}').type == "bye"


@given(st.dictionaries(st.text(max_size=60), JSON, max_size=50))
def test_reported_figures_are_few_finite_and_short(told: dict[str, Any]) -> None:
    try:
        message = parse_text(json.dumps({**told, "type": "quality"}, allow_nan=False))
    except (ValueError, NotUnderstood):
        return
    assert isinstance(message, Quality)
    figures = message.figures
    assert len(figures) <= 40
    for name, value in figures.items():
        assert len(name) <= 40
        assert len(value) <= 40 if isinstance(value, str) else math.isfinite(value)
    orjson.dumps(figures)


def test_typed_words_and_counts_are_what_a_database_takes() -> None:
    typed = parse_text(json.dumps({"type": "text", "id": "a", "text": "my \0flight"}))
    assert isinstance(typed, Typed)
    assert typed.text == "my flight"
    ended = {"type": "ended", "take": 1, "at": 1, "received": 0, "played": 0, "underruns": 0}
    with pytest.raises(NotUnderstood):
        parse_text(json.dumps({**ended, "dropped": 2**31}))


def test_a_refusal_repeats_nothing_of_an_unknown_message() -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse_text(json.dumps({"type": "ada@example.com"}))
    assert "ada" not in str(refused.value)
