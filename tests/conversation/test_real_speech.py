"""Human voices over telephone sound, with the detector of the product: the two-stage barge-in and
the echo guard on something else than tones."""

from __future__ import annotations

import functools

import pytest

from conversation.events import GenerationFinished, ModelAudio
from conversation.settings import TalkSettings
from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.levels import fade_in, fade_out
from media.speech import SileroModel
from media.tones import comfort_noise
from tests.signals import recording, spoken_at
from tests.simulators.call import Call, call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, Timed

pytestmark = pytest.mark.speech


@functools.cache
def engine() -> SileroModel:
    return SileroModel()


def telephone(audio: Audio) -> Audio:
    return Audio(ulaw_to_pcm(pcm_to_ulaw(audio.pcm)), audio.rate)


def myra(seconds: float) -> list[Timed]:
    """Another human voice in Myra's place, generated four times faster than it plays."""
    voice = spoken_at(recording("two_cities", 8000), -20.0).slice_ms(0, 1000 * seconds)
    chunks = [voice.slice_ms(at, at + 100) for at in range(0, round(voice.ms), 100)]
    script: list[Timed] = [(0.025 * i, ModelAudio(1, chunk)) for i, chunk in enumerate(chunks)]
    return [*script, (0.025 * len(chunks), GenerationFinished(1))]


def held(
    caller: list[tuple[float, Audio]], *, echo_db: float | None = None, seconds: float = 20.0
) -> Call:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", myra(seconds))
        for at, audio in caller:
            line.says(at, audio)

    return call(
        scene,
        seconds=seconds + 4,
        settings=TalkSettings(),
        detector=engine().detector(8000),
        echo_db=echo_db,
    )


@pytest.mark.parametrize("level", [-20.0, -26.0, -32.0])
@pytest.mark.parametrize("at", [4.0, 9.3])
def test_a_caller_who_speaks_is_let_speak(level: float, at: float) -> None:
    """From the first sound to the clear, one way of the line included."""
    said = telephone(spoken_at(recording("beckett", 8000), level).slice_ms(300, 2300))
    done = held([(at, said)])
    assert done.line.clears[0] - at <= 0.35
    assert done.facts.turns("myra")[0].interrupted


def test_her_own_voice_coming_back_does_not_stop_her() -> None:
    assert held([], echo_db=-20.0).line.clears == []


def test_and_the_caller_is_heard_through_it() -> None:
    said = telephone(spoken_at(recording("beckett", 8000), -20.0).slice_ms(300, 2300))
    done = held([(6.0, said)], echo_db=-20.0)
    assert 6.0 < done.line.clears[0] <= 6.6
    assert done.facts.turns("myra")[0].interrupted


def test_noise_over_her_own_voice_coming_back_makes_her_pause_at_most() -> None:
    """The noise makes the echo loud enough, and the echo makes the noise speech."""
    hiss = telephone(fade_out(fade_in(comfort_noise(700, 8000, -30.0), 200.0), 200.0))
    done = held([(6.0, hiss), (8.5, hiss), (11.0, hiss)], echo_db=-20.0)
    assert done.line.clears
    assert not any(turn.interrupted for turn in done.facts.turns("myra"))


def test_a_snatch_of_speech_makes_her_pause_and_go_on() -> None:
    said = telephone(spoken_at(recording("beckett", 8000), -22.0).slice_ms(300, 560))
    done = held([(6.0, said)], seconds=14.0)
    assert len(done.line.clears) == 1
    assert not done.facts.turns("myra")[0].interrupted
    gaps = [b.start - a.end for a, b in zip(done.line.heard(), done.line.heard()[1:], strict=False)]
    assert 0.3 < max(gaps) <= 0.7
