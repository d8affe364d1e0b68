"""The recording's times against what the simulated line really played."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.as_heard import AsHeard, CallerAsHeard, MyraAsHeard, Sound
from conversation.events import CallerAudio
from media.audio import Audio
from media.wav import Side
from tests.simulators.call import PROMPTS, Call, Scene, call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply

pytestmark = pytest.mark.pure

SILENCE = Audio.silence(20, 8000)
# What is heard lies within this of the truth, in seconds.
CLOSE = 0.06


def sounds_of(done: Call) -> list[Sound]:
    heard = AsHeard(PROMPTS)
    sounds: list[Sound] = []
    settled = 0.0
    for now, event, actions in done.decisions.all:
        told = heard.decided(now, event, actions)
        assert all(sound.at >= settled - 1e-6 for sound in told), "laid down before what is settled"
        settled = max(settled, heard.settled(now))
        sounds += told
    return sounds


def numbers(sounds: list[Sound]) -> dict[int, float]:
    """When each 10 ms of the numbered replies is heard, by its number; the last time counts."""
    found = {}
    for sound in sounds:
        size = 2 * sound.audio.rate // 100
        pcm = sound.audio.pcm
        for start in range(0, len(pcm) - size // 2, size):
            number = int.from_bytes(pcm[start : start + 2], "little", signed=True)
            found[number] = sound.at + start / 2 / sound.audio.rate
    return found


def myra(done: Call) -> dict[int, float]:
    return numbers([sound for sound in sounds_of(done) if sound.side is Side.MYRA])


def truth(done: Call) -> dict[int, float]:
    played = [
        Sound(Side.MYRA, s.start, s.audio.slice_ms(0, s.played_ms), False)
        for s in done.line.heard()
    ]
    return numbers(played)


def barges_in(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
    model.when("text", "Greet", reply(1, 6000, "Hello."))
    line.speaks(3.0, 1.0)
    model.at(6.0, reply(2, 3000, "Yes?", first=1000, pace=1.0))


def coughs(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
    model.when("text", "Greet", reply(1, 6000, "Hello."))
    line.speaks(3.0, 0.2)


@pytest.mark.parametrize("scene", [barges_in, coughs])
@pytest.mark.parametrize(("forward", "back", "lag"), [(0.04, 0.04, 0.0), (0.1, 0.06, 0.12)])
def test_myras_sound_lies_where_it_was_heard(
    scene: Scene, forward: float, back: float, lag: float
) -> None:
    done = call(scene, seconds=12, forward=forward, back=back, start_lag=lag)
    recorded, heard = myra(done), truth(done)
    assert len(recorded) > 200
    both = recorded.keys() & heard.keys()
    assert max(abs(recorded[n] - heard[n]) for n in both) < CLOSE
    # What is recorded and was not heard, or the other way round: the edge of a cut.
    assert len(recorded.keys() ^ heard.keys()) * 0.01 <= CLOSE


def test_lost_marks_leave_the_arithmetic() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 2000, "Hello."))

    done = call(scene, seconds=12, loses_marks=True)
    recorded, heard = myra(done), truth(done)
    assert recorded.keys() == heard.keys()
    assert max(abs(recorded[n] - heard[n]) for n in recorded) < CLOSE


def test_the_callers_sound_lies_where_it_was_said_without_a_gap() -> None:
    done = call(barges_in, seconds=9)
    frames = [sound for sound in sounds_of(done) if sound.side is Side.CALLER]
    assert all(sound.joins for sound in frames[1:])
    heard = [now for now, event, _ in done.decisions.all if isinstance(event, CallerAudio)]
    assert frames[-1].at + 0.02 == pytest.approx(heard[-1] - 0.04, abs=0.03)
    loud = [sound.at for sound in frames if any(sound.audio.pcm)]
    assert loud[0] == pytest.approx(3.0, abs=0.03)
    assert loud[-1] == pytest.approx(4.0, abs=0.04)


def test_a_burst_after_a_stall_is_not_late_for_ever() -> None:
    """The door fills a stall with silence, then the stalled sound arrives as well."""
    caller = CallerAsHeard()
    for index in range(50):
        caller.said(SILENCE, 0.0, 0.02 * (index + 1))
    for _ in range(25):
        assert caller.said(SILENCE, 1.0, 1.0) is not None
    told = [caller.said(SILENCE, 0.0, 1.0 + 0.02 * (index + 1)) for index in range(50)]
    assert 23 <= sum(one is None for one in told) <= 26
    last = told[-1]
    assert last is not None
    assert last.at + 0.02 == pytest.approx(2.0, abs=0.022)


def test_a_stall_in_the_middle_of_speech_tears_nothing_apart() -> None:
    """This process was busy for 300 ms: all the frames of that time come at once."""
    caller = CallerAsHeard()
    told = [caller.said(SILENCE, 1.0, 0.02 * (index + 1)) for index in range(50)]
    told += [caller.said(SILENCE, 1.0, 1.3) for _ in range(15)]
    told += [caller.said(SILENCE, 0.0, 1.3 + 0.02 * (index + 1)) for index in range(50)]
    frames = [one for one in told if one is not None]
    assert len(frames) == len(told)
    assert all(one.joins for one in frames[1:])
    assert frames[-1].at + 0.02 == pytest.approx(2.3)


def test_a_slow_clock_is_followed_in_the_pauses() -> None:
    """A caller's second that takes 1.001 of ours: 600 ms in ten minutes."""
    caller = CallerAsHeard()
    off = []
    for index in range(30_000):
        speech = 1.0 if index % 200 < 150 else 0.0
        ended = 0.02 * (index + 1) * 1.001
        one = caller.said(SILENCE, speech, ended)
        assert one is not None
        assert one.joins or speech == 0.0 or index == 0
        off.append(abs(one.at + 0.02 - ended))
    assert max(off) < CLOSE


def test_a_long_pause_stays_a_pause() -> None:
    caller = CallerAsHeard()
    caller.said(SILENCE, 1.0, 1.0)
    later = caller.said(SILENCE, 1.0, 3.0)
    assert later is not None
    assert (later.at, later.joins) == (pytest.approx(2.98), False)


@pytest.mark.parametrize("first", [0, 4, 8])
def test_marks_held_up_together_move_nothing(first: int) -> None:
    """This process was busy for a while: three marks are seen only when the third came."""
    line, piece = MyraAsHeard(), Audio.silence(100, 8000)
    for index in range(12):
        line.sent(f"m{index}", piece, 1.0)
    sounds: list[Sound] = []
    for index in range(12):
        seen = max(index, first + 2) if index >= first else index
        sounds += line.returned(f"m{index}", 1.1 + 0.1 * seen)
    assert [round(sound.at, 3) for sound in sounds] == [round(1 + 0.1 * i, 3) for i in range(12)]


def test_a_pause_of_the_models_own_is_kept() -> None:
    """It spoke slower than sound: the line ran empty before the next piece was sent, and the
    mark that tells was still on its way."""
    line, piece = MyraAsHeard(), Audio.silence(100, 8000)
    line.measured(0.1)
    sounds: list[Sound] = []
    for index in range(3):
        line.sent(f"a{index}", piece, 1.0)
    for index in range(2):
        sounds += line.returned(f"a{index}", 1.2 + 0.1 * index)
    for index in range(3):
        line.sent(f"b{index}", piece, 1.39)
    sounds += line.returned("a2", 1.4)
    for index in range(3):
        sounds += line.returned(f"b{index}", 1.59 + 0.1 * index)
    assert [round(one.at, 3) for one in sounds if not one.joins] == [1.05, 1.44]


delays = st.floats(0.0, 0.03)


@settings(max_examples=60)
@given(jitter=st.lists(delays, min_size=12, max_size=12), lag=st.floats(0, 0.2))
def test_late_marks_move_nothing_far(jitter: list[float], lag: float) -> None:
    """Marks of a reply that plays without a break come late by up to 30 ms each."""
    line, piece = MyraAsHeard(), Audio.silence(100, 8000)
    line.measured(0.1)
    for index in range(12):
        line.sent(f"m{index}", piece, 1.0)
    start = 1.05 + lag
    sounds: list[Sound] = []
    for index, late in enumerate(jitter):
        sounds += line.returned(f"m{index}", start + 0.1 * (index + 1) + 0.05 + late)
    assert len(sounds) == 12
    assert all(sound.joins for sound in sounds[1:])
    assert all(abs(s.at - start - 0.1 * i) < 0.031 for i, s in enumerate(sounds))
