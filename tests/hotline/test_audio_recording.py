"""What is written of a call's sound, and what a slow or full disk does to it: not to the call."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from conversation.as_heard import Sound
from conversation.core import Setting
from conversation.events import CallerAudio
from hotline.audio_recording import CallRecording, RecordingFolder, _Batch, _File
from media.audio import Audio
from media.g711 import ulaw_to_pcm
from media.stereo_file import Codec, peaks_of, read_header
from media.wav import Side
from tests.simulators.call import PROMPTS, Call, call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import INFO, SimulatedLine
from tests.simulators.model import ScriptedModel, reply

pytestmark = pytest.mark.socket

TONE = Audio((np.sin(np.arange(320) * 0.25) * 8000).astype("<i2").tobytes(), 16000)


def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
    model.when("text", "Greet", reply(1, 3000, "Hello."))
    line.speaks(4.0, 1.0)
    model.at(6.5, reply(2, 1000, "Yes.", first=1000))


def replayed(done: Call, recording: CallRecording) -> None:
    assert isinstance(done.decisions.setting, Setting)
    recording.began(done.decisions.setting)
    for now, event, actions in done.decisions.all:
        recording.decided(now, event, actions)
    recording.ended()


def sides(path: Path) -> tuple[np.ndarray, np.ndarray, int]:
    data = path.read_bytes()
    what = read_header(data[:256], len(data))
    raw = data[what.start :]
    pcm = raw if what.codec is Codec.PCM16 else ulaw_to_pcm(raw)
    frames = np.frombuffer(pcm, "<i2").reshape(-1, 2)
    assert len(frames) == what.frames
    return frames[:, 0], frames[:, 1], what.rate


def loud(side: np.ndarray, rate: int) -> tuple[float, float]:
    """The first and the last moment with sound, in seconds."""
    at = np.flatnonzero(np.abs(side) > 1000)
    return float(at[0]) / rate, float(at[-1]) / rate


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("codec", list(Codec))
def test_a_call_is_written_on_one_axis(tmp_path: Path, rate: int, codec: Codec) -> None:
    done = call(scene, seconds=9)
    with RecordingFolder(tmp_path, rate=rate, codec=codec) as folder:
        replayed(done, folder.open(INFO.id, PROMPTS))
    caller, myra, found = sides(tmp_path / f"{INFO.id}.wav")
    assert found == rate
    assert len(caller) / rate == pytest.approx(9.0, abs=0.1)
    assert loud(caller, rate) == pytest.approx((4.0, 5.0), abs=0.04)
    stretches = done.line.heard()
    truth = stretches[0].start, max(stretch.end for stretch in stretches)
    assert loud(myra, rate) == pytest.approx(truth, abs=0.06)
    first, last = (turn.started for turn in done.facts.turns("myra"))
    assert loud(myra, rate)[0] == pytest.approx(first, abs=0.03), "the transcript's axis"
    assert loud(myra[: round(last * rate)], rate)[1] < last - 0.5
    assert not (tmp_path / f"{INFO.id}.incomplete").exists()


def test_two_calls_of_one_id_do_not_overwrite_each_other(tmp_path: Path) -> None:
    done = call(scene, seconds=9)
    with RecordingFolder(tmp_path) as folder:
        for _ in range(2):
            replayed(done, folder.open(INFO.id, PROMPTS))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"{INFO.id}.wav", f"{INFO.id}.2.wav"}


def batch(at: float, *, settled: float, missing: bool = False, over: bool = False) -> _Batch:
    sound = Sound(Side.CALLER, at, TONE, at > 0)
    return _Batch(1, "CA1", (sound,), settled, missing, over)


def test_what_a_crash_leaves_behind_can_be_played(tmp_path: Path) -> None:
    """The header promises what is there, after every flush and also when the last one broke."""
    folder = RecordingFolder(tmp_path)
    with folder:
        for index in range(10):
            folder.add(batch(index * 0.02, settled=index * 0.02))
    path = tmp_path / "CA1.wav"
    caller, _, rate = sides(path)
    assert len(caller) / rate == pytest.approx(0.18)
    with path.open("ab") as file:  # sound was written, the header not yet
        file.write(bytes(400))
    data = path.read_bytes()
    assert read_header(data[:256], len(data)).frames == len(caller)
    short = data[:1001]
    assert read_header(short[:256], len(short)).frames == (1001 - 44) // 4


class _Slow(RecordingFolder):
    """Its disk does nothing until it is let."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, waiting=2)
        self.may = threading.Event()
        self.busy = threading.Event()

    def _begun(self, batch: _Batch) -> _File:
        self.busy.set()
        assert self.may.wait(10)
        return super()._begun(batch)


def test_a_slow_disk_drops_counts_and_marks_and_holds_nobody_up(tmp_path: Path) -> None:
    folder = _Slow(tmp_path)
    with folder:
        recording = folder.open("CA1", {})
        for index in range(1, 500):
            recording.decided(index * 0.02, CallerAudio(TONE, 0.9, -12.0), ())
            if index == 60:
                assert folder.busy.wait(10)
        assert folder.dropped > 0
        folder.may.set()
        while folder._queue.qsize():
            threading.Event().wait(0.001)
        recording.ended()
    assert (tmp_path / "CA1.incomplete").exists()
    caller, _, rate = sides(tmp_path / "CA1.wav")
    assert len(caller) / rate == pytest.approx(9.98, abs=0.05)


def test_a_folder_that_takes_nothing_is_counted_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with RecordingFolder(tmp_path / "gone") as folder:
        (tmp_path / "gone").rmdir()
        (tmp_path / "gone").write_text("a file in its place")
        folder.add(batch(0.0, settled=0.1))
        folder.add(batch(0.02, settled=0.2, over=True))
    assert folder.failed == 1
    assert "recording not written" in caplog.text


def test_the_outline_of_a_long_recording_is_found_in_pieces(tmp_path: Path) -> None:
    """Longer than what is read at once, and with a click in one stretch only."""
    from media.stereo_file import stereo_header

    frames = np.zeros((700_000, 2), "<i2")
    frames[650_000, 1] = -32768
    path = tmp_path / "long.wav"
    path.write_bytes(stereo_header(len(frames), 8000, Codec.PCM16) + frames.tobytes())
    peaks = peaks_of(path, 100)
    assert peaks.seconds == 87.5
    assert [index for index, top in enumerate(peaks.myra) if top] == [92]
    assert peaks.myra[92] == 1.0
    assert max(peaks.caller) == 0.0
    assert len(peaks_of(path, 8000).myra) == 8000
