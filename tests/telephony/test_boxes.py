"""Inbox and outbox: order, bounds, and what a clear does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.events import Keypress, LineAudio, LineClosed, PlaybackMark
from media.audio import Audio
from telephony.inbox import Inbox
from telephony.messages import Outgoing, PlayClear, PlayMark, PlayMedia
from telephony.outbox import Outbox

pytestmark = pytest.mark.pure


def frame(value: int = 0) -> LineAudio:
    return LineAudio(Audio(bytes([value, 0]) * 320, 16000))


def all_of(inbox: Inbox) -> list[object]:
    return list(iter(inbox.take, None))


def test_the_oldest_sound_goes_and_nothing_else() -> None:
    inbox = Inbox(max_audio_ms=60, max_others=10)
    dropped = sum(
        inbox.put(event)
        for event in (
            Keypress("1"),
            frame(1),
            PlaybackMark("m"),
            frame(2),
            frame(3),
            frame(4),
            LineClosed("x"),
        )
    )
    assert dropped == 1
    assert all_of(inbox) == [
        Keypress("1"),
        PlaybackMark("m"),
        frame(2),
        frame(3),
        frame(4),
        LineClosed("x"),
    ]


def test_nothing_comes_after_the_closing() -> None:
    inbox = Inbox(60, 10)
    inbox.put(LineClosed("first"))
    assert inbox.put(LineClosed("second")) == 0
    inbox.put(frame())
    assert all_of(inbox) == [LineClosed("first")]
    assert inbox.closed


def test_unread_keys_and_marks_are_bounded() -> None:
    inbox = Inbox(60, 3)
    for _ in range(3):
        inbox.put(Keypress("1"))
    assert not inbox.overrun
    inbox.put(Keypress("1"))
    assert inbox.overrun


events = st.one_of(
    st.builds(lambda n: LineAudio(Audio(bytes(2 * n), 16000)), st.integers(1, 3000)),
    st.sampled_from([Keypress("1"), PlaybackMark("m")]),
)


@given(st.lists(st.tuples(events, st.booleans()), max_size=200))
def test_sound_stays_bounded_and_the_rest_complete(steps: list[tuple[object, bool]]) -> None:
    inbox, put, taken = Inbox(200, 1000), 0, 0
    for event, read in steps:
        assert isinstance(event, LineAudio | Keypress | PlaybackMark)
        inbox.put(event)
        put += not isinstance(event, LineAudio)
        if read and (got := inbox.take()):
            taken += not isinstance(got, LineAudio)
    rest = all_of(inbox)
    sound = [event for event in rest if isinstance(event, LineAudio)]
    assert sum(event.audio.ms for event in sound) <= 200.001
    assert taken + len(rest) - len(sound) == put


def test_a_clear_overtakes_drops_sound_and_keeps_marks() -> None:
    outbox = Outbox(1000, 100)
    for message in (PlayMedia(b"a"), PlayMark("1"), PlayMedia(b"b"), PlayMark("2")):
        outbox.put(message)
    outbox.clear()
    outbox.clear()
    outbox.put(PlayMedia(b"c"))
    assert list(iter(outbox.take, None)) == [
        PlayClear(),
        PlayMark("1"),
        PlayMark("2"),
        PlayMedia(b"c"),
    ]


def test_the_outbox_says_when_it_is_full() -> None:
    outbox = Outbox(max_audio=10, max_messages=3)
    outbox.put(PlayMedia(bytes(10)))
    assert not outbox.full
    outbox.put(PlayMedia(b"x"))
    assert outbox.full
    outbox.clear()
    assert not outbox.full
    for _ in range(3):
        outbox.put(PlayMark("m"))
    assert outbox.full
    outbox.drop()
    assert len(outbox) == 0


orders = st.one_of(
    st.builds(PlayMedia, st.binary(min_size=1, max_size=9)),
    st.builds(PlayMark, st.text(max_size=3)),
    st.sampled_from(["clear", "take"]),
)


@given(st.lists(orders, max_size=100))
def test_whatever_the_order_marks_are_kept_and_sound_is_counted(
    steps: list[PlayMedia | PlayMark | str],
) -> None:
    outbox, written = Outbox(10**6, 10**6), list[Outgoing]()
    cleared = False
    for step in steps:
        if step == "clear":
            outbox.clear()
            cleared = True
            assert outbox.audio_bytes == 0
        elif step == "take":
            written += filter(None, [outbox.take()])
        elif not isinstance(step, str):
            outbox.put(step)
    written += iter(outbox.take, None)
    assert outbox.audio_bytes == 0
    assert [m for m in written if isinstance(m, PlayMark)] == [
        step for step in steps if isinstance(step, PlayMark)
    ]
    assert (PlayClear() in written) is cleared
