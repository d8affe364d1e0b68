"""The way of sound between wire and conversation, by real signals."""

from __future__ import annotations

import pytest

from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.levels import rms_db
from telephony.sound import MAX_PAYLOAD, CallerSound, ReplySound
from tests.conformance.check_line import tone

pytestmark = pytest.mark.pure


def heard(payloads: list[bytes]) -> Audio:
    return Audio(ulaw_to_pcm(b"".join(payloads)), 8000)


def test_frames_of_any_size_give_the_same_sound() -> None:
    ulaw = pcm_to_ulaw(tone(500, rate=8000).pcm)
    whole = CallerSound(16000).audio(ulaw).pcm
    cut = CallerSound(16000)
    pieces, at = b"", 0
    for size in (1, 160, 7, 319, 160, 80):
        pieces += cut.audio(ulaw[at : at + size]).pcm
        at += size
    pieces += cut.audio(ulaw[at:]).pcm
    assert pieces == whole


@pytest.mark.parametrize("rate", [8000, 16000])
def test_every_frame_gives_a_whole_frame_at_once(rate: int) -> None:
    """So that two frames of 20 ms make a chunk of 40 ms, not three."""
    sound = CallerSound(rate)
    ulaw = pcm_to_ulaw(tone(100, rate=8000).pcm)
    assert [sound.audio(ulaw[at : at + 160]).ms for at in range(0, 800, 160)] == [20.0] * 5


def test_the_telephone_s_own_rate_is_a_choice() -> None:
    ulaw = pcm_to_ulaw(tone(100, rate=8000).pcm)
    audio = CallerSound(8000).audio(ulaw)
    assert (audio.rate, audio.pcm) == (8000, ulaw_to_pcm(ulaw))


def test_silence_is_silent_and_as_long_as_asked() -> None:
    sound = CallerSound(16000)
    frames = list(sound.silence(130))
    assert rms_db(Audio(b"".join(frame.pcm for frame in frames), 16000)) < -90
    assert sum(frame.ms for frame in frames) == pytest.approx(130)
    assert max(frame.ms for frame in frames) <= 20


def test_a_reply_in_pieces_ends_whole() -> None:
    sound, reply = ReplySound(), tone(700)
    payloads: list[bytes] = []
    for at in range(0, len(reply.pcm), 1922):
        piece = Audio(reply.pcm[at : at + 1922], reply.rate)
        payloads += sound.payloads(piece, last=False, fade_in_ms=0)
    payloads += sound.payloads(Audio(b"", reply.rate), last=True, fade_in_ms=0)
    assert heard(payloads).ms == pytest.approx(700, abs=0.2)
    assert abs(rms_db(heard(payloads).slice_ms(500)) - rms_db(reply)) < 0.5


def test_payloads_are_never_empty_nor_longer_than_a_second() -> None:
    payloads = list(ReplySound().payloads(tone(3500), last=True, fade_in_ms=0))
    assert [len(payload) for payload in payloads] == [MAX_PAYLOAD] * 3 + [MAX_PAYLOAD // 2]
    assert list(ReplySound().payloads(Audio(b"", 24000), last=True, fade_in_ms=0)) == []
    assert list(ReplySound().payloads(Audio(b"\1\0", 24000), last=False, fade_in_ms=0)) == []


def test_a_reset_forgets_the_tail() -> None:
    sound = ReplySound()
    list(sound.payloads(tone(100, hz=3000), last=False, fade_in_ms=0))
    sound.reset()
    quiet = list(sound.payloads(Audio.silence(100, 24000), last=True, fade_in_ms=0))
    assert set(b"".join(quiet)) <= {0xFF, 0x7F}


def test_an_empty_piece_of_another_rate_changes_nothing() -> None:
    sound = ReplySound()
    first = list(sound.payloads(tone(50), last=False, fade_in_ms=0))
    between = list(sound.payloads(Audio(b"", 8000), last=False, fade_in_ms=0))
    rest = list(sound.payloads(tone(50), last=True, fade_in_ms=0))
    assert between == []
    assert heard([*first, *rest]).ms == pytest.approx(100, abs=0.2)


def test_a_changed_rate_loses_nothing() -> None:
    sound = ReplySound()
    payloads = list(sound.payloads(tone(50), last=False, fade_in_ms=0))
    payloads += sound.payloads(tone(50, rate=16000), last=True, fade_in_ms=0)
    assert heard(payloads).ms == pytest.approx(100, abs=0.3)


def test_a_resumed_stretch_starts_softly() -> None:
    payloads = list(ReplySound().payloads(tone(100, hz=1000), last=True, fade_in_ms=20))
    sound = heard(payloads)
    assert rms_db(sound.slice_ms(0, 4)) < rms_db(sound.slice_ms(40, 60)) - 15
