"""When the caller speaks, by every setting; probabilities are written into the sound itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulators.gemini.activity import (
    LONGEST_MS,
    PRE_ROLL_MS,
    TAIL_MS,
    WINDOW_MS,
    Activity,
    ActivityDetector,
    Ended,
    Started,
)
from emulators.gemini.setup import Vad
from media.audio import Audio

pytestmark = pytest.mark.pure

SPEECH, MURMUR, QUIET = 10_000, 4_000, 0


def probability(audio: Audio) -> float:
    """A window's loudest sample, of ten thousand."""
    return float(np.abs(np.frombuffer(audio.pcm, "<i2").astype(int)).max()) / 10_000


def sound(*parts: tuple[int, float]) -> bytes:
    """Square waves of these amplitudes and milliseconds, at 16 kHz."""
    return b"".join(
        np.resize(np.array([level, -level], "<i2"), round(16 * ms)).tobytes() for level, ms in parts
    )


def heard(pcm: bytes, vad: Vad, chunk: int = 1280) -> list[Activity]:
    detector = ActivityDetector(vad, probability)
    return [
        event
        for at in range(0, len(pcm), chunk)
        for event in detector.hear(pcm[at : at + chunk], 16_000)
    ]


def test_speech_is_cut_out_with_a_little_before_and_after() -> None:
    pcm = sound((QUIET, 960), (SPEECH, 640), (QUIET, 960))
    started, ended = heard(pcm, Vad(silence_ms=480))
    assert isinstance(started, Started)
    assert isinstance(ended, Ended)
    assert started.offset_ms == 960 + 64
    assert ended.offset_ms == 960 + 640 + 480
    assert ended.speech_ms == 640
    assert abs(ended.audio.ms - (PRE_ROLL_MS + 640 + TAIL_MS)) <= 2 * WINDOW_MS


@pytest.mark.parametrize("silence_ms", [100, 500, 800, 1200])
def test_the_silence_asked_for_ends_a_turn_and_a_shorter_one_does_not(silence_ms: int) -> None:
    pause = silence_ms - 2 * WINDOW_MS
    pcm = sound((SPEECH, 320), (QUIET, pause), (SPEECH, 320), (QUIET, silence_ms + 64))
    assert [type(event) for event in heard(pcm, Vad(silence_ms=silence_ms))] == [Started, Ended]


def test_a_low_start_sensitivity_wants_more() -> None:
    short = sound((SPEECH, 60), (QUIET, 500))
    faint = sound((6_000, 500), (QUIET, 500))
    for pcm in (short, faint):
        assert heard(pcm, Vad(start="HIGH", silence_ms=200))
        assert not heard(pcm, Vad(start="LOW", silence_ms=200))


def test_a_low_end_sensitivity_keeps_a_turn_open_on_a_murmur() -> None:
    pcm = sound((SPEECH, 320), (MURMUR, 800))
    assert len(heard(pcm, Vad(end="HIGH", silence_ms=400))) == 2
    assert len(heard(pcm, Vad(end="LOW", silence_ms=400))) == 1


def test_prefix_padding_is_speech_needed_and_audio_kept() -> None:
    pcm = sound((QUIET, 960), (SPEECH, 480), (QUIET, 500))
    started, ended = heard(pcm, Vad(prefix_padding_ms=448, silence_ms=200))
    assert started.offset_ms == 960 + 448
    assert isinstance(ended, Ended)
    assert ended.audio.ms >= 448 + 480
    assert not heard(sound((SPEECH, 320), (QUIET, 500)), Vad(prefix_padding_ms=448))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([SPEECH, QUIET]), st.integers(10, 900)), min_size=1, max_size=8
    ),
    st.integers(1, 5000),
)
def test_how_the_audio_is_cut_changes_nothing(parts: list[tuple[int, int]], chunk: int) -> None:
    pcm = sound(*parts)
    assert heard(pcm, Vad(silence_ms=300), chunk) == heard(pcm, Vad(silence_ms=300), len(pcm))


def test_other_rates_are_heard_at_their_own_speed() -> None:
    pcm = sound((QUIET, 320), (SPEECH, 640), (QUIET, 960))
    detector = ActivityDetector(Vad(silence_ms=400), probability)
    ended = detector.hear(pcm, 8_000)[-1]  # half the rate: the same bytes last twice as long
    assert isinstance(ended, Ended)
    assert abs(ended.speech_ms - 2 * 640) <= 2 * WINDOW_MS


def test_the_end_of_the_stream_closes_what_is_open() -> None:
    detector = ActivityDetector(Vad(silence_ms=60_000), probability)
    assert len(detector.hear(sound((SPEECH, 320)), 16_000)) == 1
    assert [type(event) for event in detector.end()] == [Ended]
    assert detector.end() == []


def test_marked_activity_is_taken_whole_and_the_rest_discarded() -> None:
    detector = ActivityDetector(Vad(manual=True), probability)
    assert detector.hear(sound((SPEECH, 3200)), 16_000) == []
    assert [type(event) for event in detector.begin()] == [Started]
    assert detector.begin() == []
    pcm = sound((QUIET, 100), (MURMUR, 100), (SPEECH, 105))
    assert detector.hear(pcm, 16_000) == []
    (ended,) = detector.end()
    assert isinstance(ended, Ended)
    assert ended.audio == Audio(pcm, 16_000)


@pytest.mark.parametrize("manual", [True, False])
def test_nobody_speaks_for_ever(manual: bool) -> None:
    detector = ActivityDetector(Vad(manual=manual), probability)
    detector.begin() if manual else None
    events = detector.hear(sound((SPEECH, LONGEST_MS + 1000)), 16_000)
    ended = [event for event in events if isinstance(event, Ended)]
    assert len(ended) == 1
    assert ended[0].audio.ms <= LONGEST_MS + PRE_ROLL_MS
