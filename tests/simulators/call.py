"""A whole conversation on virtual time, over a simulated line. Its journal is replayed, and must
come out the same, every time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from conversation.actions import Action
from conversation.core import Setting
from conversation.events import Event
from conversation.journal import JournalFolder
from conversation.line import Ending, LineInfo
from conversation.records import Fact, ToolUsed, TurnTaken
from conversation.replay import replay
from conversation.runtime import Conversation
from conversation.settings import TalkSettings
from media.audio import Audio
from media.speech import LevelDetector, SpeechDetector
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import INFO, SimulatedLine
from tests.simulators.model import ScriptedModel
from tests.virtual_time import run

PROMPTS = {
    name: Audio(b"\x00\x08" * 8 * ms, 8000)
    for name, ms in {
        "one_moment": 800,
        "still_working": 1000,
        "apology": 2000,
        "goodbye": 1000,
    }.items()
}


@dataclass(slots=True)
class Decisions:
    """An observer that keeps everything."""

    all: list[tuple[float, Event, Sequence[Action]]] = field(default_factory=list)
    setting: Setting | None = None

    def began(self, setting: Setting) -> None:
        self.setting = setting

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> None:
        self.all.append((now, event, actions))

    def ended(self) -> None: ...

    def actions(self, kind: type) -> list[tuple[float, Action]]:
        return [(now, a) for now, _, actions in self.all for a in actions if isinstance(a, kind)]


@dataclass(slots=True)
class Facts:
    """A recorder that keeps everything."""

    all: list[Fact] = field(default_factory=list)

    def record(self, conversation: str, fact: Fact) -> None:
        self.all.append(fact)

    def turns(self, speaker: str = "") -> list[TurnTaken]:
        return [f for f in self.all if isinstance(f, TurnTaken) and speaker in f.speaker]

    def tools(self) -> list[ToolUsed]:
        return [f for f in self.all if isinstance(f, ToolUsed)]


@dataclass(slots=True)
class Call:
    """How a call went."""

    line: SimulatedLine
    model: ScriptedModel
    desk: ScriptedDesk
    decisions: Decisions
    facts: Facts
    ending: Ending
    conversation: Conversation

    def actions(self, kind: type) -> list[tuple[float, Action]]:
        return self.decisions.actions(kind)


Scene = Callable[[SimulatedLine, ScriptedModel, ScriptedDesk], None]


def call(
    scene: Scene,
    *,
    seconds: float = 30.0,
    settings: TalkSettings | None = None,
    info: LineInfo = INFO,
    ready: float | None = 0.2,
    desk: Callable[[], ScriptedDesk] = ScriptedDesk,
    prompts: dict[str, Audio] | None = None,
    detector: SpeechDetector | None = None,
    meanwhile: Callable[[Conversation], None] | None = None,
    **physics: float | bool | None,
) -> Call:
    """Hold a call in which ``scene`` sets up who does what; the caller hangs up after
    ``seconds`` if it has not ended by then."""

    async def main() -> Call:
        line = SimulatedLine(info, **physics)  # type: ignore[arg-type]
        model, tools, decisions, facts = ScriptedModel(ready), desk(), Decisions(), Facts()
        scene(line, model, tools)
        line.hangs_up(seconds)
        with tempfile.TemporaryDirectory() as folder, JournalFolder(Path(folder)) as journals:
            journal = journals.open(info.id)
            conversation = Conversation(
                line,
                model,
                tools,
                settings=settings or TalkSettings(),
                detector=detector or LevelDetector(),
                recorder=facts,
                prompts=PROMPTS if prompts is None else prompts,
                observers=(decisions, journal),
            )
            if meanwhile:
                meanwhile(conversation)
            ending = await conversation.run()
            journals.__exit__(None, None, None)
            report = replay(journal.path)
        assert report.complete
        assert report.exact, report.differences[:3]
        assert report.events == len(decisions.all)
        return Call(line, model, tools, decisions, facts, ending, conversation)

    return run(main())
