"""The async shell: what it promises when things go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from conversation.actions import HangUp
from conversation.events import Keypress, LineClosed, LineEvent, ModelAudio, ModelEvent, TimerFired
from conversation.inbox import Inbox
from conversation.line import After, Ending
from conversation.runtime import Conversation
from conversation.settings import TalkSettings
from conversation.timers import Timers
from media.speech import LevelDetector
from tests.simulators.call import Decisions, Facts, call
from tests.simulators.desk import ScriptedDesk
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tests.virtual_time import run

pytestmark = pytest.mark.pure


def conversation(line: SimulatedLine, model: ScriptedModel) -> tuple[Conversation, Decisions]:
    seen = Decisions()
    held = Conversation(
        line,
        model,
        ScriptedDesk(),
        settings=TalkSettings(),
        detector=LevelDetector(),
        recorder=Facts(),
        observers=[seen],
    )
    return held, seen


def test_a_full_inbox_holds_pumps_back_but_not_what_must_not_be_lost() -> None:
    async def main() -> list[str]:
        inbox = Inbox(2)
        await inbox.put(Keypress("1"))
        await inbox.put(Keypress("2"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await inbox.put(Keypress("3"))
        inbox.put_now(TimerFired("resume"))
        inbox.put_now(LineClosed("gone"))
        got = [await inbox.get()]
        async with asyncio.timeout(1):
            await inbox.put(Keypress("4"))
        got += [await inbox.get() for _ in range(4)]
        assert inbox.deepest == 4 + 0
        return [type(event).__name__ for event in got]

    assert run(main()) == ["Keypress", "Keypress", "TimerFired", "LineClosed", "Keypress"]


def test_a_timer_started_again_moves_and_a_stopped_one_never_fires() -> None:
    async def main() -> list[tuple[float, str]]:
        loop = asyncio.get_running_loop()
        fired: list[tuple[float, str]] = []
        timers = Timers(lambda timer: fired.append((round(loop.time(), 3), timer.name)))
        timers.start("a", 1.0)
        timers.start("b", 2.0)
        timers.start("a", 3.0)
        timers.stop("b")
        timers.start("c", 9.0)
        done = asyncio.Event()
        loop.call_later(5, done.set)
        await done.wait()
        timers.stop_all()
        return fired

    assert run(main()) == [(3.0, "a")]


class BrokenModel(ScriptedModel):
    async def events(self) -> AsyncIterator[ModelEvent]:
        raise RuntimeError("the reader broke")
        yield


def test_a_failure_inside_lets_the_line_go_as_failed_and_is_raised() -> None:
    async def main() -> list[Ending]:
        line = SimulatedLine()
        held, _ = conversation(line, BrokenModel())
        with pytest.raises(ExceptionGroup) as raised:
            await held.run()
        assert raised.group_contains(RuntimeError, match="the reader broke")
        return line.endings

    assert [ending.after for ending in run(main())] == [After.FAILED]


def test_being_cancelled_lets_the_line_go() -> None:
    async def main() -> list[Ending]:
        line = SimulatedLine()
        held, _ = conversation(line, ScriptedModel())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3):
                await held.run()
        return line.endings

    assert [ending.after for ending in run(main())] == [After.FAILED]


class MuteLine(SimulatedLine):
    """Never says that it has closed."""

    def hang_up(self, ending: Ending) -> None:
        self.endings.append(ending)


def test_a_line_that_does_not_say_that_it_closed_is_left_after_a_while() -> None:
    async def main() -> tuple[Ending, float]:
        line, model = MuteLine(), ScriptedModel()
        held, _ = conversation(line, model)
        held.end("drain")
        ending = await held.run()
        return ending, asyncio.get_running_loop().time()

    ending, at = run(main())
    assert ending.reason == "drain"
    assert at < 15


class AbruptLine(SimulatedLine):
    """Its events end without a LineClosed."""

    async def events(self) -> AsyncIterator[LineEvent]:
        yield Keypress("1")


def test_a_line_whose_events_end_is_closed() -> None:
    async def main() -> Ending:
        held, _ = conversation(AbruptLine(), ScriptedModel())
        return await held.run()

    assert "without saying so" in run(main()).reason


def test_asked_to_end_before_it_began_the_call_still_says_goodbye() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "has to end", reply(1, 1000, "Goodbye."))

    done = call(scene, meanwhile=lambda conversation: conversation.end("drain"))
    assert done.line.numbers() == list(range(2000, 2100))
    assert len(done.actions(HangUp)) == 1


def test_the_models_sound_reaches_the_core_with_its_levels() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 100, "Hi."))

    done = call(scene, seconds=1)
    levels = [e.levels for _, e, _ in done.decisions.all if isinstance(e, ModelAudio)]
    assert [len(some) for some in levels] == [5]
    assert all(-25 < level < -23 for level in levels[0])


def test_what_the_caller_says_before_a_session_is_open_is_handed_to_the_model() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        line.speaks(0.2, 1.0)

    done = call(scene, seconds=4, ready=3.0)
    spoken = sum(audio.ms for audio in done.model.of("audio") if any(audio.pcm))
    assert spoken == pytest.approx(1000, abs=20)
