"""The script's grammar, and what it says of mistakes."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.twilio.fields import ScriptError
from emulators.twilio.script import load_script, read_script
from emulators.twilio.speech import EngineSpeaker, ToneSpeaker, make_ready
from emulators.twilio.steps import (
    Expect,
    HangUp,
    Interrupt,
    Press,
    Say,
    Silence,
    Speech,
    WaitReply,
)
from media.tones import tone
from media.wav import write_wav

pytestmark = pytest.mark.pure

WHOLE = """
voice: bf_emma
level_db: -25
noise_db: -55
steps:
  - wait: greeting
  - say: "Hello."
  - say: Again
    voice: am_michael
    level_db: -18
  - wait: reply
    times: 2
    quiet: 1.5
    within: 9
  - wait: 0.5
  - silence: 2
  - press: "427#"
  - wav: cough.wav
  - interrupt: {after: 1.2, say: "Stop."}
  - expect: {silent_within: 0.4, reply_within: 3.0}
  - expect: {says: "ref(erence)?", never_says: sorry}
  - hang_up:
  - expect: {after: goodbye, hung_up_by_hotline: false, within: 5}
"""


def test_the_whole_grammar(tmp_path: Path) -> None:
    (tmp_path / "cough.wav").write_bytes(write_wav(tone((90,), 50, 8000)))
    path = tmp_path / "call.yaml"
    path.write_text(WHOLE)
    script = load_script(path)
    emma = ("bf_emma", -25.0)
    assert script.noise_db == -55
    assert script.needs_ears
    assert script.steps == (
        WaitReply(6, greeting=True),
        Say(7, Speech("Hello.", None, *emma)),
        Say(8, Speech("Again", None, "am_michael", -18.0)),
        WaitReply(11, times=2, quiet=1.5, within=9),
        Silence(15, 0.5),
        Silence(16, 2),
        Press(17, "427#"),
        Say(18, Speech("", tmp_path / "cough.wav", "", -25.0)),
        Interrupt(19, 1.2, Speech("Stop.", None, *emma)),
        Expect(20, silent_within=0.4, reply_within=3.0),
        Expect(21, says="ref(erence)?", never_says="sorry"),
        HangUp(22),
        Expect(23, after="goodbye", hung_up_by_hotline=False, within=5),
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("steps:\n  - say: [a", 2, "no YAML"),
        ("say: hello", 1, "a script knows no say"),
        ("steps: hello", 1, "a list"),
        ("steps: []", 1, "a list"),
        ("voice: x", 1, "a list"),
        ("steps:\n  - hello", 2, "written as name: value"),
        ("steps:\n  - say: a\n    press: '1'", 2, "a step is one of"),
        ("steps:\n  - sya: a", 2, "found sya"),
        ("steps:\n  - say: a\n  - say: b\n    volume: 3", 4, "knows no volume"),
        ("steps:\n  - say: ''", 2, "nothing to say"),
        ("steps:\n  - say: 12", 2, "put it in quotes"),
        ("steps:\n  - say: a\n    say: b", 3, "there twice"),
        ("steps:\n  - press: 427", 2, "put it in quotes"),
        ("steps:\n  - press: '4x7'", 2, "not '4x7'"),
        ("steps:\n  - wait: answer", 2, "wait is for"),
        ("steps:\n  - wait: -1", 2, "a number from 0"),
        ("steps:\n  - wait: 2\n    quiet: 1", 3, "knows no quiet"),
        ("steps:\n  - wait: reply\n    times: 0", 3, "from 1 to 20"),
        ("steps:\n  - wav: none.wav", 2, "there is no file"),
        ("steps:\n  - interrupt: {after: 1}", 2, "nothing to say"),
        ("steps:\n  - interrupt: stop", 2, "written as name: value"),
        ("steps:\n  - expect: {}", 2, "expect needs one of"),
        ("steps:\n  - expect: {says: '('}", 2, "no regular expression"),
        ("steps:\n  - expect: {after: dinner}", 2, "transfer or goodbye"),
        ("steps:\n  - expect: {hung_up_by_hotline: 1}", 2, "true or false"),
        ("steps:\n  - expect: {reply_within: soon}", 2, "a number from"),
        ("steps:\n  - say: !!python/name:os.system a", 2, "cannot be read"),
        ("steps:\n  - ? [a]\n    : b", 2, "no word"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read_script(text, "call.yaml")
    assert f"call.yaml, line {line}: " in str(caught.value)
    assert reason in str(caught.value)


def test_an_empty_and_a_missing_script_are_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="is empty"):
        read_script("")
    with pytest.raises(ScriptError, match="cannot be read"):
        load_script(tmp_path / "none.yaml")


@given(st.text(alphabet="steps: -{}[]'\"say,wait\n1#&*!?|>", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    with contextlib.suppress(ScriptError):
        read_script(text)


class Engine:
    """A speech engine's voice: a second of full-scale square wave for each word."""

    def speak(self, text: str):  # type: ignore[no-untyped-def] # noqa: ANN201
        for word in text.split():
            yield word, np.full(2400, 30000, np.int16)


def test_everything_is_ready_before_dialling() -> None:
    opened: list[str] = []

    def open_voice(name: str) -> Engine:
        opened.append(name)
        return Engine()

    speeches = [Speech("one two"), Speech("one two"), Speech("one", voice="other", level_db=-30)]
    ready = make_ready(speeches, EngineSpeaker(open_voice, "usual"), None)
    assert opened == ["usual", "other"]
    assert len(ready) == 2
    assert ready[speeches[0]].seconds == pytest.approx(0.2)
    assert ready[speeches[0]].text == "one two"


def test_recordings_come_from_files_and_a_bad_one_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.wav", tmp_path / "bad.wav"
    good.write_bytes(write_wav(tone((440,), 100, 16_000)))
    bad.write_bytes(b"RIFF")
    speech = Speech(wav=good)
    ready = make_ready([speech], ToneSpeaker(), None)[speech]
    assert ready.text == "[good.wav]"
    assert len(ready.ulaw) == 800
    with pytest.raises(ScriptError, match=r"bad\.wav"):
        make_ready([Speech(wav=bad)], ToneSpeaker(), None)


def test_an_unknown_voice_is_named() -> None:
    def open_voice(name: str) -> Engine:
        raise ValueError(f"no voice is called {name}")

    with pytest.raises(ScriptError, match="no voice is called usual"):
        make_ready([Speech("hello")], EngineSpeaker(open_voice, "usual"), None)
