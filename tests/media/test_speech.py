from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.audio import Audio
from media.speech import GateShape, LevelDetector, Speech, SpeechGate
from tests.signals import sine

pytestmark = pytest.mark.pure

SHAPE = GateShape(speech_ms=60, lapse_ms=40, hangover_ms=200)


def decisions(answers: list[float], *, level: float = -20, ms: float = 20) -> list[str]:
    """What a gate says to these probabilities, one for each frame; a dot is nothing."""
    gate = SpeechGate(SHAPE)
    return [gate.hear(p, level, ms) or "." for p in answers]


def test_speech_starts_after_its_minimum_and_stops_after_the_hangover() -> None:
    said = decisions([0, 0.9, 0.9, 0.9, 0.9, *[0.0] * 12])
    assert said[3] is Speech.STARTED
    assert said[14] is Speech.STOPPED
    assert [s for s in said if s != "."] == [Speech.STARTED, Speech.STOPPED]


def test_a_click_is_no_speech() -> None:
    assert set(decisions([0.9, 0.9, 0, 0, 0] * 20)) == {"."}


def test_a_short_lapse_does_not_start_the_count_anew() -> None:
    assert decisions([0.9, 0.9, 0, 0, 0.9])[4] is Speech.STARTED


def test_weak_syllables_keep_speech_going_but_do_not_start_it() -> None:
    assert set(decisions([0.4] * 50)) == {"."}
    said = decisions([0.9] * 3 + [0.4] * 50)
    assert [s for s in said if s != "."] == [Speech.STARTED]


def test_what_is_too_soft_does_not_start() -> None:
    assert set(decisions([1.0] * 50, level=-50.1)) == {"."}
    assert Speech.STARTED in decisions([1.0] * 50, level=-50)


def test_it_counts_speech_and_quiet() -> None:
    gate = SpeechGate(SHAPE)
    for probability in (0.9, 0.9, 0.9, 0.1, 0.9, 0.1, 0.1):
        gate.hear(probability, -20, 20)
    assert (gate.speaking, gate.spoken_ms, gate.quiet_ms) == (True, 80, 40)
    for _ in range(8):
        gate.hear(0, -20, 20)
    assert (gate.speaking, gate.spoken_ms) == (False, 0)
    gate.hear(0.9, -20, 20)
    gate.reset()
    assert (gate.speaking, gate.spoken_ms, gate.quiet_ms) == (False, 0, 0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-90, 0), st.floats(0, 100)), max_size=80))
def test_starts_and_stops_take_turns(heard: list[tuple[float, float, float]]) -> None:
    gate = SpeechGate(SHAPE)
    said = []
    for answer in heard:
        decision = gate.hear(*answer)
        if decision:
            said.append(decision)
            assert gate.speaking is (decision is Speech.STARTED)
    assert said[0::2] == [Speech.STARTED] * len(said[0::2])
    assert said[1::2] == [Speech.STOPPED] * len(said[1::2])


def test_an_impossible_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="opens at or above where it closes"):
        GateShape(on=0.3, off=0.5)
    with pytest.raises(ValueError, match="not negative"):
        GateShape(hangover_ms=-1)


def test_a_level_detector_hears_tones() -> None:
    ear = LevelDetector(-40)
    assert ear.hear(sine(1000, 20, 8000, -20)) == 1
    assert ear.hear(Audio(b"", 8000)) == 1
    assert ear.hear(sine(1000, 20, 8000, -40)) == pytest.approx(0.5, abs=0.01)
    assert ear.hear(sine(1000, 20, 8000, -60)) == 0
    ear.hear(sine(1000, 20, 8000, -20))
    ear.reset()
    assert ear.hear(Audio(b"", 8000)) == 0
