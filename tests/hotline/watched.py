"""A simulated call with the hotline's own observers on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from conversation.events import CallerWords
from conversation.gemini.counters import ModelCounters
from conversation.gemini.settings import GeminiSettings
from conversation.line import Ending, Line, LineInfo
from conversation.runtime import Conversation
from conversation.settings import TalkSettings
from hotline.observing.collector import HouseCollector, Sources
from hotline.observing.observation import Observation
from hotline.observing.tracing import Tracing
from media.speech import LevelDetector
from telephony.door import open_door
from telephony.settings import PhoneSettings
from tests.simulators.call import PROMPTS, Facts, Scene
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tests.virtual_time import run

# The time of day, in ns, when every simulated call begins.
BEGAN = 1_800_000_000_000_000_000
INFO = LineInfo(
    id="CA" + "0123456789abcdef" * 2, door="phone", caller="+4915112345678", input_rate=8000
)


@dataclass(slots=True)
class Watched:
    """What was seen of a call: ``values`` are the samples of a scrape after it, by name and
    labels, ``during`` what a look at the running calls showed at the moments asked for."""

    observation: Observation
    sources: Sources
    during: list[dict[str, object]] = field(default_factory=list)

    def look(self) -> None:
        board = self.sources.board
        self.during.extend(state.shown(board.clock()) for state in board)

    @property
    def scrape(self) -> str:
        return generate_latest(self.observation.registry).decode()

    def value(self, name: str, **labels: str) -> float:
        """A sample of the scrape; it must be there."""
        for family in text_string_to_metric_families(self.scrape):
            for sample in family.samples:
                if sample.name == f"voicebot_{name}" and sample.labels == labels:
                    return sample.value
        raise AssertionError(f"no voicebot_{name}{labels} in the scrape")


async def never(line: Line) -> Ending:
    raise AssertionError(line)


def observed(
    *, tools: tuple[str, ...] = ("look_up",), draining: bool = False, tracing: Tracing | None = None
) -> Watched:
    """Eyes on no call yet. For a running loop's clock, call it within one."""
    clock = asyncio.get_running_loop().time
    door = open_door(PhoneSettings(), never, clock)
    if draining:
        door.live.stop_accepting()
    seen = Observation(
        tools,
        GeminiSettings(),
        clock=clock,
        wall=lambda: BEGAN,
        draining=lambda: not door.live.accepting,
        tracing=tracing,
    )
    sources = Sources(
        door=door,
        model=ModelCounters(),
        board=seen.board,
        instruments=seen.instruments,
        lost=lambda: {"call_record": 0, "journal": 0},
        spans=lambda: seen.spans,
        version="1.2.3",
    )
    seen.registry.register(HouseCollector(sources))
    return Watched(seen, sources)


def talk(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
    """A greeting, a question and its answer, and a question over the answer."""
    model.when("text", "Greet", reply(1, 1000, "Hello."))
    line.speaks(3.0, 1.5)
    model.at(4.6, [(0.0, CallerWords("where is my booking"))])
    model.at(6.0, reply(2, 6000, "It is a long story.", first=1000))
    line.speaks(8.0, 1.0)
    model.at(10.0, reply(3, 1000, "Yes?", first=2000))


def watch(
    scene: Scene,
    *,
    seconds: float = 30.0,
    info: LineInfo = INFO,
    looks: tuple[float, ...] = (),
    desk: Callable[[], ScriptedDesk] = ScriptedDesk,
    draining: bool = False,
    tracing: Tracing | None = None,
    closes: str = "stopped",
) -> Watched:
    """Hold a call whose line closes after ``seconds`` for this reason if it has not ended by
    then, look at it at these moments, and keep what was seen."""

    async def main() -> Watched:
        seen = observed(draining=draining, tracing=tracing)
        line, model, tools = SimulatedLine(info), ScriptedModel(), desk()
        scene(line, model, tools)
        loop = asyncio.get_running_loop()
        loop.call_at(seconds, line._close, closes)
        for at in looks:
            loop.call_at(
                at, lambda: seen.during.extend(s.shown(loop.time()) for s in seen.sources.board)
            )
        conversation = Conversation(
            line,
            model,
            tools,
            settings=TalkSettings(),
            detector=LevelDetector(),
            recorder=Facts(),
            prompts=PROMPTS,
            observers=seen.observation.observers(info),
        )
        await conversation.run()
        return seen

    return run(main())
