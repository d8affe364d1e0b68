"""Scripts acted out, reported, recorded and shown, on calls to the tiny hotline."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from rich.console import Console

from emulators.twilio.command import call as command
from emulators.twilio.live_view import LiveView
from emulators.twilio.placing import Placing, place
from emulators.twilio.report import Report
from emulators.twilio.script import read_script
from emulators.twilio.speech import ToneSpeaker, make_ready
from media.levels import rms_db
from media.wav import read_wav
from tests.emulators.twilio.tiny_hotline import Conversation, TinyHotline, converse, serving

pytestmark = pytest.mark.socket


class Ears:
    """Hears how many milliseconds of tone there were, and says so."""

    def transcribe(self, samples: NDArray[np.float32]) -> str:
        loud = np.count_nonzero(np.abs(samples) > 0.05) / 16
        return "a long tone" if loud > 300 else "a short tone"


def act(
    script: str,
    hotline: TinyHotline | None = None,
    *,
    console: Console | None = None,
    record: Path | None = None,
    seconds: float = 20.0,
) -> Report:
    async def main() -> Report:
        read = read_script(script)
        ready = make_ready(read.speeches(), ToneSpeaker(), read.noise_db)
        async with asyncio.timeout(30), serving(hotline or TinyHotline(converse)) as served:
            placing = Placing(
                served.url,
                read,
                ready,
                ears=Ears(),
                watch=LiveView(console).watch if console else None,
                record=record,
                seconds=seconds,
            )
            return await place(placing)

    return asyncio.run(main())


SCRIPT = """
steps:
  - wait: greeting
    quiet: 0.1
  - expect: {reply_within: 1.0, says: long tone, never_says: short}
  - say: hello there
  - expect: {reply_within: 1.0}
  - interrupt: {after: 0.1, say: stop}
  - expect: {silent_within: 0.3}
  - wait: reply
    quiet: 0.1
  - expect: {reply_within: 0.01, says: short, hung_up_by_hotline: false}
  - press: "#"
  - expect: {hung_up_by_hotline: true, after: goodbye, within: 5}
"""


def test_a_script_is_acted_and_what_is_unmet_is_told(tmp_path: Path) -> None:
    record = tmp_path / "call.wav"
    shown = io.StringIO()
    report = act(SCRIPT, console=Console(file=shown, width=120), record=record)
    assert [failure.split(":")[0] for failure in report.failures] == ["script line 12"] * 2
    assert "reply_within 0.01: it took 0.2" in report.failures[0]
    assert "says /short/: Myra said" in report.failures[1]
    assert not report.ok

    assert report.ended_by == "hotline"
    assert [turn.said for turn in report.turns] == ["hello there", "stop"]
    assert all(150 < ms < 500 for ms in report.reply_ms)
    assert len(report.reply_ms) == 2
    assert report.greeting_ms is not None
    assert report.counts["clears"] == 1
    assert report.counts["marksCleared"] > 0
    assert report.counts["marks"] == report.counts["marksPlayed"] + report.counts["marksCleared"]
    assert report.keys == "#"
    who = [line["who"] for line in json.loads(json.dumps(report.as_json()))["transcript"]]
    assert who == ["myra", "caller", "myra", "caller", "myra"]

    caller, myra = read_wav(record.read_bytes())
    assert caller.rate == 8000
    assert caller.ms == pytest.approx(1000 * report.seconds, abs=300)
    begins, ends = report.turns[0].at * 1000, report.turns[0].at * 1000 + 300
    assert rms_db(caller.slice_ms(begins, ends)) > -30
    assert rms_db(myra.slice_ms(begins, ends)) < -80
    assert rms_db(myra.slice_ms(100, 500)) > -30

    lines = shown.getvalue()
    for said in ("dialling", "caller  hello there", "Myra speaks, 0.2", "clear: ", "key #"):
        assert said in lines
    assert "Myra    a long tone" in lines
    assert "script line 12" in lines


def test_a_script_cut_short_says_where() -> None:
    async def leave(conversation: Conversation) -> None:
        await conversation.until("start")

    report = act(
        """
steps:
  - say: hello
  - wait: reply
  - say: never said
  - expect: {reply_within: 1}
  - expect: {hung_up_by_hotline: false}
""",
        TinyHotline(leave),
    )
    assert [failure.split(":")[0] for failure in report.failures] == [
        "script line 3",
        "script line 7",
        "nothing was heard from the hotline",
    ]


def test_a_call_that_does_not_end_is_ended() -> None:
    report = act("steps:\n  - silence: 9", seconds=0.5)
    assert report.failures == ("the call was not over after 0.5 s",)
    assert report.ended_by == "caller"


def invoke(*arguments: str, hotline: TinyHotline | None = None) -> Result:
    async def main() -> Result:
        async with asyncio.timeout(30), serving(hotline or TinyHotline(converse)) as served:
            line = [served.url, "--voice", "tones", "--no-words", *arguments]
            return await asyncio.to_thread(CliRunner().invoke, command, line)

    return asyncio.run(main())


def test_the_command_places_a_call(tmp_path: Path) -> None:
    record = tmp_path / "call.wav"
    result = invoke("--say", "hello", "--json", "--record", str(record))
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["ok"]
    assert report["endedBy"] == "caller"
    assert report["turns"][0]["said"] == "hello"
    assert "the call went well" in result.stderr
    assert len(read_wav(record.read_bytes())) == 2


def test_the_command_fails_when_the_call_does() -> None:
    result = invoke("--sip", "--json", hotline=TinyHotline(converse, status=404))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["objections"][0]["code"] == 11200
    assert "HTTP 404" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--loss", "2"], "loss is a share"),
        (["--script", "{script}"], "line 1"),
        (["--script", "{script}", "--say", "x"], "either --script"),
        (["--say", " "], "nothing to say"),
    ],
)
def test_the_command_explains_what_it_cannot_do(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    script = tmp_path / "call.yaml"
    script.write_text("step: []")
    line = [argument.replace("{script}", str(script)) for argument in arguments]
    result = CliRunner().invoke(command, ["--no-words", "--voice", "tones", *line])
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
