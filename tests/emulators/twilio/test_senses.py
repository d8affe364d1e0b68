"""The caller's mouth and ear, and the line between them and Twilio."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.twilio.hearing import PAUSE_SECONDS, Hearing
from emulators.twilio.loudness import AUDIBLE_DB, FRAME_SECONDS, IDLE, frame_peak_db
from emulators.twilio.mouth import Mouth, room, utterance
from emulators.twilio.network import LineQuality, Loss, Path
from emulators.twilio.replies import reply_since
from media.audio import Audio
from media.framing import join
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.levels import peak_db, rms_db
from media.tones import comfort_noise, tone

pytestmark = pytest.mark.pure

LOUD = pcm_to_ulaw(tone((500,), 20, 8000).pcm)


@given(st.binary(min_size=1, max_size=160))
def test_loudness_without_decoding_is_the_decoded_peak(ulaw: bytes) -> None:
    assert frame_peak_db(ulaw) == pytest.approx(peak_db(Audio(ulaw_to_pcm(ulaw), 8000)))


def hear(hearing: Hearing, start: float, frames: int) -> None:
    for number in range(frames):
        hearing.hear(start + number * FRAME_SECONDS, LOUD)


def test_a_stretch_survives_short_pauses_and_ends_with_long_ones() -> None:
    hearing = Hearing()
    hear(hearing, 1.0, 10)
    hear(hearing, 1.5, 10)
    hear(hearing, 1.7 + PAUSE_SECONDS + 0.05, 5)
    assert [(round(s.start, 2), round(s.end, 2)) for s in hearing.stretches] == [
        (1.0, 1.7),
        (2.15, 2.25),
    ]
    assert hearing.speaking(2.3)
    assert not hearing.speaking(2.7)


def test_a_clear_ends_a_stretch_at_once() -> None:
    hearing = Hearing()
    hear(hearing, 1.0, 5)
    hearing.cut()
    assert not hearing.speaking(1.1)
    hear(hearing, 1.2, 5)
    assert len(hearing.stretches) == 2


def test_the_onset_is_found_within_the_frame() -> None:
    hearing = Hearing()
    hearing.hear(2.0, IDLE[:120] + LOUD[40:80])
    assert hearing.stretches[0].start == pytest.approx(2.0 + 120 / 8000, abs=1e-3)


def test_the_hiss_of_a_line_is_not_speech() -> None:
    hearing = Hearing()
    hearing.hear(0.0, pcm_to_ulaw(comfort_noise(20, level_db=AUDIBLE_DB - 20).pcm))
    assert hearing.stretches == []


def test_a_reply_counts_from_the_end_of_the_callers_words() -> None:
    hearing = Hearing()
    hear(hearing, 1.0, 10)
    hear(hearing, 3.0, 10)
    greeting = reply_since(hearing.stretches, None)
    assert greeting is not None
    assert greeting.latency is None
    reply = reply_since(hearing.stretches, 2.0)
    assert reply is not None
    assert reply.latency == pytest.approx(1.0, abs=0.01)
    assert reply_since(hearing.stretches, 2.0, before=2.5) is None
    over = reply_since(hearing.stretches, 0.5 + 0.55)  # Myra was still heard 0.15 s later
    assert over is not None
    assert over.start == pytest.approx(3.0, abs=0.01)


def test_an_utterance_knows_its_words_and_its_level() -> None:
    words = tone((700,), 500, 24_000, level_db=-30)
    sound = join([Audio.silence(200, 24_000), words, Audio.silence(300, 24_000)], 24_000)
    ready = utterance(sound, "hello", level_db=-20)
    assert ready.begins == pytest.approx(0.2, abs=0.021)
    assert ready.ends == pytest.approx(0.7, abs=0.021)
    assert len(ready.ulaw) == 8000
    spoken = Audio(ulaw_to_pcm(ready.ulaw[2000:5200]), 8000)
    assert rms_db(spoken) == pytest.approx(-20, abs=0.5)


def test_utterances_follow_each_other_and_are_whole() -> None:
    mouth = Mouth()
    first = mouth.say(utterance(tone((700,), 50, 8000)))
    second = mouth.say(utterance(tone((900,), 30, 8000)))
    frames = [mouth.frame(5 + number * FRAME_SECONDS) for number in range(7)]
    assert b"".join(frames[:3])[:400] == first.utterance.ulaw
    assert b"".join(frames[3:5])[:240] == second.utterance.ulaw
    assert all(len(frame) == 160 for frame in frames)
    assert frames[5:] == [IDLE, IDLE]
    assert (first.start, second.start) == (5, 5 + 3 * FRAME_SECONDS)
    assert first.over
    assert second.over
    assert not mouth.speaking


def test_nothing_said_is_over_at_once() -> None:
    mouth = Mouth()
    spoken = mouth.say(utterance(Audio(b"", 8000)))
    assert mouth.frame(1.0) == IDLE
    assert spoken.over


def test_a_noisy_room_is_heard_between_words_and_under_them() -> None:
    mouth = Mouth(room(-40.0))
    levels = {round(frame_peak_db(mouth.frame(0.0))) for _ in range(50)}
    assert min(levels) > -40
    quiet = utterance(Audio.silence(100, 8000), noise_db=-40.0)
    assert rms_db(Audio(ulaw_to_pcm(quiet.ulaw), 8000)) == pytest.approx(-40, abs=1.5)


@given(
    st.floats(0, 300), st.floats(0, 200), st.lists(st.floats(0, 0.1), max_size=50), st.integers(0)
)
def test_a_path_is_late_but_in_order_and_repeatable(
    delay: float, jitter: float, gaps: list[float], seed: int
) -> None:
    quality = LineQuality(delay, jitter, seed=seed)
    path, twin = Path(quality, "out"), Path(quality, "out")
    now, latest = 0.0, 0.0
    for gap in gaps:
        now += gap
        arrival = path.arrival(now)
        assert arrival == twin.arrival(now)
        assert arrival >= max(latest, now + delay / 1000)
        assert arrival <= max(latest, now + (delay + jitter) / 1000 + 1e-9)
        latest = arrival


def test_loss_strikes_its_share() -> None:
    loss = Loss(LineQuality(loss=0.1), "out")
    strikes = sum(loss.strikes() for _ in range(5000))
    assert 400 < strikes < 600
    assert loss.lost == strikes
    assert not Loss(LineQuality(), "out").strikes()


@pytest.mark.parametrize(
    "wrong", [{"delay_ms": -1.0}, {"jitter_ms": -1.0}, {"loss": 1.0}, {"delay_ms": 1600.0}]
)
def test_an_impossible_line_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not negative|share|at most"):
        LineQuality(**wrong)
