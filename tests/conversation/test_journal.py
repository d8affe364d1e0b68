"""A recorded call comes out the same again; with other settings it shows where it would not."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import orjson
import pytest

from conversation.core import Setting
from conversation.events import (
    CallerAudio,
    CallerStopped,
    CallerTyped,
    CallerWords,
    ConversationBegan,
    ConversationOver,
    EndRequested,
    Event,
    GenerationFinished,
    Keypress,
    LineClosed,
    ModelAudio,
    ModelInterrupted,
    ModelLeaving,
    ModelLost,
    ModelReady,
    ModelWords,
    PlaybackMark,
    TimerFired,
    ToolCallRequested,
    ToolCallsCancelled,
    ToolFinished,
    TurnFinished,
    UsageReported,
)
from conversation.journal import JournalFolder
from conversation.journal_lines import JournalError, event_form, plain, read_event
from conversation.replay import replay
from conversation.settings import TalkSettings
from media.audio import Audio
from tests.simulators.call import Call, call
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import INFO, SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tools.contract import Order, Status, ToolCall, ToolResult, When

pytestmark = pytest.mark.pure

EXAMPLES: list[Event] = [
    CallerAudio(Audio(bytes(320), 8000), 0.125, -61.5),
    Keypress("#"),
    PlaybackMark("r1t1:100"),
    CallerTyped("hällo"),
    CallerStopped("button", "r3t1:400", -20.5),
    LineClosed("gone"),
    ModelReady(True),
    ModelAudio(3, Audio(bytes(480), 24000), (-20.5, -100.0)),
    ModelWords(3, "Grüße"),
    CallerWords(" ja"),
    GenerationFinished(3),
    TurnFinished(3),
    ModelInterrupted(3),
    ToolCallRequested(ToolCall("c1", "look_up", {"ref": "K7", "deep": [1, {"x": None}]})),
    ToolCallsCancelled(("c1", "c2")),
    UsageReported(1, 2, 3),
    ModelLeaving(50.5),
    ModelLost(1011, "internal", True),
    ToolFinished(
        ToolResult("c1", "end", Status.OK, {"a": 1}, When.NOW, True, Order.TRANSFER, {"to": "x"})
    ),
    ToolFinished(ToolResult("c1", "end", Status.TIMEOUT, {})),
    TimerFired("resume"),
    EndRequested("drain"),
    ConversationBegan(),
    ConversationOver(),
]


def test_every_kind_of_event_has_an_example() -> None:
    assert {type(event) for event in EXAMPLES} == set(get_args(Event))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_events_survive_being_written(event: Event) -> None:
    assert read_event(plain(event_form(event))) == event


def recorded(folder: Path, *, masked: bool = False) -> Path:
    """The journal of a lively call."""

    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 5000, "Hello, this is Myra."))
        line.speaks(2.0, 0.2)
        line.speaks(7.5, 1.5)
        model.at(9.0, [(0.0, CallerWords("My name is Johansson, reference K7P2MX"))])
        asked = ToolCallRequested(ToolCall("c1", "look_up", {"reference": "K7P2MX"}))
        model.at(9.5, [(0.0, asked), (0.1, ModelWords(2, "Thank you, Mr Johansson."))])
        model.when("answer", "look_up", reply(2, 2000, " Lisbon.", first=1000))
        line.presses(14.0, "4711#")

    done = call(scene, seconds=18, desk=lambda: ScriptedDesk(look_up=Work(0.5, {"city": "Lisbon"})))
    return written(done, folder, masked=masked)


def written(done: Call, folder: Path, *, masked: bool) -> Path:
    with JournalFolder(folder, masked=masked) as journals:
        journal = journals.open("CA12/../34")
        setting = done.decisions.setting
        assert setting is not None
        journal.began(setting)
        for now, event, actions in done.decisions.all:
            journal.decided(now, event, actions)
        journal.ended()
    return journal.path


def test_a_replay_is_exact_and_complete(tmp_path: Path) -> None:
    report = replay(recorded(tmp_path))
    assert report.exact
    assert report.complete
    assert not report.masked
    assert report.recorded == report.replayed
    assert report.recorded["ClearLine"] == 1


def test_a_journal_has_no_sound_and_no_full_number(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    text = path.read_text()
    assert path.parent == tmp_path
    assert INFO.caller not in text
    assert "+4**********78" in text
    assert '["A",160,8000,' in text
    per_second = len(text) / 18
    assert per_second < 8000


def test_the_same_settings_give_the_same_course(tmp_path: Path) -> None:
    report = replay(recorded(tmp_path), TalkSettings())
    assert report.imagined
    assert report.exact, report.differences


def test_other_settings_show_what_would_have_been_different(tmp_path: Path) -> None:
    """Patient with coughs: the false alarm does not happen, the rest of the call does."""
    report = replay(recorded(tmp_path), TalkSettings(min_speech_ms=400.0, confirm_ms=500.0))
    first = report.differences[0]
    assert first.event == "CallerAudio"
    assert first.now == pytest.approx(2.1, abs=0.05)
    assert first.recorded == [{"k": "ClearLine"}]
    assert first.replayed == []
    assert report.replayed.get("ClearLine", 0) == 0
    assert report.replayed["RunTool"] == report.recorded["RunTool"] == 1
    assert report.replayed["HangUp"] == 1


def test_other_turn_taking_shows_what_the_model_would_have_been_told(tmp_path: Path) -> None:
    report = replay(recorded(tmp_path), TalkSettings(turn_taking="local"))
    assert report.replayed["BeginActivity"] == report.replayed["EndActivity"] == 1


def test_a_changed_decision_is_found(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    lines = path.read_bytes().splitlines()
    index = next(i for i, line in enumerate(lines) if b"ClearLine" in line)
    lines[index] = lines[index].replace(b'{"k":"ClearLine"}', b'{"k":"BeginActivity"}')
    path.write_bytes(b"\n".join(lines) + b"\n")
    report = replay(path)
    assert [d.line for d in report.differences] == [index + 1]


def test_a_masked_journal_keeps_nothing_personal_and_still_replays(tmp_path: Path) -> None:
    path = recorded(tmp_path, masked=True)
    text = path.read_text()
    for secret in ("Johansson", "K7P2MX", "Lisbon", "4711", "Hello"):
        assert secret not in text
    report = replay(path)
    assert report.masked
    assert report.exact, report.differences[:3]


def test_a_journal_cut_off_in_writing_replays_as_far_as_it_goes(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    path.write_bytes(path.read_bytes()[:-700])
    report = replay(path)
    assert report.exact
    assert not report.complete


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a journal"),
        (b'{"journal":99}\n', "not a journal of version"),
        (b"hello\n", "not JSON"),
    ],
)
def test_what_is_no_journal_is_refused_with_a_reason(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=complaint):
        replay(path)


def test_a_damaged_time_or_head_is_one_line(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    lines = path.read_bytes().splitlines()
    damaged = [*lines[:5], b'["soon"' + lines[5][lines[5].index(b",") :], *lines[6:]]
    path.write_bytes(b"\n".join(damaged) + b"\n")
    with pytest.raises(JournalError, match=r":6: a line begins with seconds"):
        replay(path)
    for head in (
        lines[0].replace(b'"confirm_ms":', b'"confirm_ms":"x","was":'),
        b'{"journal":1}',
    ):
        path.write_bytes(b"\n".join([head, *lines[1:]]) + b"\n")
        with pytest.raises(JournalError, match="another version") as error:
            replay(path)
        assert "\n" not in str(error.value)


def test_a_line_of_another_version_is_named(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    lines = path.read_bytes().splitlines()
    lines[5] = orjson.dumps([1.0, {"k": "SomethingElse"}])
    path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(JournalError, match=r":6: .*SomethingElse"):
        replay(path)


def test_a_disk_that_does_not_keep_up_ends_the_journal_and_not_the_call(tmp_path: Path) -> None:
    journals = JournalFolder(tmp_path, waiting=1)
    journal = journals.open("c1")
    journal.began(Setting(INFO))
    for index in range(3):
        journal.decided(float(index), Keypress("1"), [])
    journal.ended()
    assert journals.truncated == 1
    with journals:
        pass
    assert journal.path.read_bytes().count(b"\n") == 2
