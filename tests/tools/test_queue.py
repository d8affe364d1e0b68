"""The desk: every call in the background, every id answered once, no change lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, cast

import pytest

from tests.tools.stand_ins import ListedDiary, call, desk_of, elapse, running, take
from tests.virtual_time import run
from tools.contract import Order, Status, When
from tools.database import DatabaseUnavailable
from tools.declare import Arguments, Deed, Tool, tool
from tools.outcome import Next, Outcome, done, refused
from tools.settings import ToolSettings

pytestmark = pytest.mark.pure


class Seconds(Arguments):
    seconds: float = 0.0


@tool("look", "reads", seconds=4)
async def look(args: Seconds, deed: Deed) -> Outcome:
    await elapse(args.seconds)
    return done("seen", took=args.seconds)


class Needy(Arguments):
    count: int


def writer(made: list[str], name: str = "change", seconds: float = 4) -> Tool:
    @tool(name, "writes", writes=True, seconds=seconds)
    async def change(args: Seconds, deed: Deed) -> Outcome:
        await elapse(args.seconds)
        made.append(deed.call_id)
        return done("changed")

    return change


def test_results_come_in_order_of_completion_while_others_still_work() -> None:
    async def main() -> None:
        desk = desk_of(look)
        async with running(desk):
            desk.start(call("slow", "look", seconds=2))
            desk.start(call("quick", "look", seconds=1))
            results = await take(desk, 2)
            assert [one.call_id for one in results] == ["quick", "slow"]
            assert asyncio.get_running_loop().time() == pytest.approx(2, abs=0.01)

    run(main())


def test_a_result_carries_urgency_order_and_facts() -> None:
    @tool("end", "ends", when=When.NOW)
    async def end(args: Arguments, deed: Deed) -> Outcome:
        return Outcome(
            Status.OK, "Goodbye.", Next.OFFER_PERSON, {"number": "1"}, Order.HANG_UP, {"why": "x"}
        )

    async def main() -> None:
        desk = desk_of(end)
        async with running(desk):
            desk.start(call("a", "end"))
            (result,) = await take(desk, 1)
        assert (result.when, result.order, result.order_detail) == (
            When.NOW,
            Order.HANG_UP,
            {"why": "x"},
        )
        assert result.response == {
            "status": "ok",
            "say": "Goodbye.",
            "next": "offer_person",
            "number": "1",
        }

    run(main())


def test_a_hanging_reader_is_cancelled_at_its_deadline() -> None:
    ended: list[str] = []

    @tool("hang", "hangs", seconds=3)
    async def hang(args: Arguments, deed: Deed) -> Outcome:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")
        return done("never")

    async def main() -> None:
        desk = desk_of(hang)
        async with running(desk):
            desk.start(call("a", "hang"))
            (result,) = await take(desk, 1)
            assert result.status is Status.TIMEOUT
            assert asyncio.get_running_loop().time() == pytest.approx(3, abs=0.01)
        assert ended == ["cancelled"]

    run(main())


def test_a_slow_change_is_answered_in_time_and_runs_on() -> None:
    async def main() -> None:
        made: list[str] = []
        diary = ListedDiary()
        desk = desk_of(writer(made), diary=diary)
        async with running(desk):
            desk.start(call("a", "change", seconds=6))
            (result,) = await take(desk, 1)
            assert result.status is Status.TIMEOUT
            assert made == []
        assert made == ["a"]  # it finished after the hang-up
        assert diary.entries == [("begin", "a"), ("end ok", "a")]

    run(main())


def test_a_change_made_is_not_taken_for_lost_because_the_diary_is_slow() -> None:
    class SlowDiary(ListedDiary):
        async def end(self, deed: Deed, status: Status) -> None:
            await elapse(12)
            await super().end(deed, status)

    async def main() -> None:
        diary = SlowDiary()
        desk = desk_of(writer([], seconds=60), diary=diary)
        async with running(desk):
            desk.start(call("a", "change"))
            (result,) = await take(desk, 1)
            assert result.status is Status.OK
        assert diary.entries == [("begin", "a"), ("end ok", "a")]

    run(main())


def test_a_change_is_cut_off_at_last_and_written_down() -> None:
    async def main() -> None:
        diary = ListedDiary()
        made: list[str] = []
        settings = ToolSettings(write_seconds=10)
        desk = desk_of(writer(made), diary=diary, settings=settings)
        async with running(desk):
            desk.start(call("a", "change", seconds=60))
            (result,) = await take(desk, 1)
            assert result.status is Status.TIMEOUT
            await asyncio.wait_for(_until(lambda: len(diary.entries) == 2), 20)
        assert made == []
        assert diary.entries == [("begin", "a"), ("unfinished", "a")]

    run(main())


async def _until(condition: Any) -> None:
    while not condition():
        await elapse(0.1)


def test_hang_up_stops_readers_and_lets_changes_finish() -> None:
    async def main() -> None:
        made: list[str] = []
        diary = ListedDiary()
        desk = desk_of(look, writer(made), diary=diary)
        async with running(desk):
            desk.start(call("r", "look", seconds=3))
            desk.start(call("w", "change", seconds=3))
            await asyncio.sleep(0)
        results = [one async for one in desk.results()]
        assert {one.call_id: one.status for one in results} == {
            "r": Status.CANCELLED,
            "w": Status.OK,
        }
        assert made == ["w"]
        assert asyncio.get_running_loop().time() == pytest.approx(3, abs=0.01)

    run(main())


def test_a_change_that_outlives_the_hang_up_is_written_down_as_unfinished() -> None:
    async def main() -> None:
        made: list[str] = []
        diary = ListedDiary()
        desk = desk_of(
            writer(made, seconds=60), diary=diary, settings=ToolSettings(finish_seconds=5)
        )
        async with running(desk):
            desk.start(call("w", "change", seconds=50))
            await asyncio.sleep(0)
        results = [one async for one in desk.results()]
        assert [one.status for one in results] == [Status.CANCELLED]
        assert made == []
        assert diary.entries == [("begin", "w"), ("unfinished", "w")]
        assert asyncio.get_running_loop().time() == pytest.approx(5, abs=0.01)

    run(main())


def test_a_change_accepted_just_before_the_hang_up_is_made() -> None:
    async def main() -> None:
        made: list[str] = []
        desk = desk_of(look, writer(made))
        async with asyncio.TaskGroup() as group:
            running_desk = group.create_task(desk.run())
            await asyncio.sleep(0)
            desk.start(call("w", "change"))
            desk.start(call("r", "look"))
            running_desk.cancel()
        results = [one async for one in desk.results()]
        assert made == ["w"]
        assert {one.call_id: one.status for one in results} == {
            "r": Status.CANCELLED,
            "w": Status.OK,
        }

    run(main())


def test_cancel_stops_readers_only() -> None:
    async def main() -> None:
        made: list[str] = []
        desk = desk_of(look, writer(made))
        async with running(desk):
            desk.start(call("r", "look", seconds=2))
            desk.start(call("w", "change", seconds=2))
            desk.start(call("early", "look", seconds=2))
            desk.cancel("early")  # before its work began
            await elapse(1)
            desk.cancel("r")
            desk.cancel("w")
            desk.cancel("nobody")
            results = await take(desk, 3)
        assert {one.call_id: one.status for one in results} == {
            "early": Status.CANCELLED,
            "r": Status.CANCELLED,
            "w": Status.OK,
        }
        assert made == ["w"]

    run(main())


def test_a_tool_that_throws_is_an_error_the_model_can_speak_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @tool("throw", "throws")
    async def throw(args: Arguments, deed: Deed) -> Outcome:
        raise KeyError("secret of the traveller")

    async def main() -> None:
        desk = desk_of(throw)
        async with running(desk):
            desk.start(call("a", "throw"))
            (result,) = await take(desk, 1)
        assert result.status is Status.ERROR
        assert "secret" not in str(result.response)
        assert result.response["next"] == "offer_person"

    with caplog.at_level(logging.ERROR):
        run(main())
    (record,) = caplog.records
    assert (record.message, vars(record)["call_id"]) == ("tool failed", "a")
    assert "test_queue.py" in vars(record)["where"]
    assert "secret" not in str(vars(record))


class _Rubbish:
    pass


@pytest.mark.parametrize(
    "rubbish",
    [None, "text", {"status": "ok"}, done("x", what=_Rubbish()), done("x", much="y" * 9000)],
    ids=["none", "text", "dict", "not json", "too long"],
)
def test_rubbish_never_reaches_the_model(rubbish: Any, caplog: pytest.LogCaptureFixture) -> None:
    @tool("rubbish", "answers rubbish")
    async def answer(args: Arguments, deed: Deed) -> Outcome:
        return cast("Outcome", rubbish)

    async def main() -> None:
        desk = desk_of(answer)
        async with running(desk):
            desk.start(call("a", "rubbish"))
            (result,) = await take(desk, 1)
        assert result.status is Status.ERROR

    run(main())
    assert [one.message for one in caplog.records] == ["tool failed"]


def test_unknown_tools_and_missing_arguments_are_answered_at_once() -> None:
    @tool("needy", "needs")
    async def needy(args: Needy, deed: Deed) -> Outcome:
        return done("never")

    async def main() -> None:
        desk = desk_of(needy)
        desk.start(call("a", "nobody"))
        desk.start(call("b", "needy"))
        desk.start(call("c", "needy", count="many"))
        results = await take(desk, 3)
        assert [one.status for one in results] == [
            Status.ERROR,
            Status.REFUSED,
            Status.REFUSED,
        ]

    run(main())


def test_an_id_that_comes_twice_is_answered_once() -> None:
    async def main() -> None:
        desk = desk_of(look)
        async with running(desk):
            desk.start(call("a", "look"))
            desk.start(call("a", "look"))
            desk.start(call("b", "look", seconds=1))
            results = await take(desk, 2)
        assert [one.call_id for one in results] == ["a", "b"]
        assert [one async for one in desk.results()] == []

    run(main())


def test_too_many_calls_are_refused_and_the_others_go_on() -> None:
    async def main() -> None:
        desk = desk_of(look, settings=ToolSettings(calls_at_once=2))
        async with running(desk):
            for number in range(4):
                desk.start(call(str(number), "look", seconds=1))
            results = await take(desk, 4)
            statuses = {one.call_id: one.status for one in results}
            assert statuses == {
                "0": Status.OK,
                "1": Status.OK,
                "2": Status.ERROR,
                "3": Status.ERROR,
            }
            desk.start(call("later", "look"))
            (later,) = await take(desk, 1)
            assert later.status is Status.OK

    run(main())


def test_nothing_begins_after_the_hang_up() -> None:
    async def main() -> None:
        made: list[str] = []
        desk = desk_of(writer(made))
        async with running(desk):
            await asyncio.sleep(0)
        desk.start(call("late", "change"))
        assert made == []

    run(main())


def test_a_database_that_comes_back_in_time_is_not_noticed() -> None:
    tries: list[float] = []

    @tool("fetch", "reads from a database", seconds=4)
    async def fetch(args: Arguments, deed: Deed) -> Outcome:
        tries.append(asyncio.get_running_loop().time())
        if len(tries) < 4:
            raise DatabaseUnavailable("away")
        return done("found")

    async def main() -> None:
        desk = desk_of(fetch)
        async with running(desk):
            desk.start(call("a", "fetch"))
            (result,) = await take(desk, 1)
        assert result.status is Status.OK
        assert len(tries) == 4

    run(main())


@pytest.mark.parametrize("writes", [False, True])
def test_a_database_that_stays_away_is_said_within_the_deadline(writes: bool) -> None:
    @tool("fetch", "needs a database", seconds=4, writes=writes)
    async def fetch(args: Arguments, deed: Deed) -> Outcome:
        raise DatabaseUnavailable("away")

    async def main() -> None:
        diary = ListedDiary()
        desk = desk_of(fetch, diary=diary)
        async with running(desk):
            desk.start(call("a", "fetch"))
            (result,) = await take(desk, 1)
            assert result.status is Status.ERROR
            assert result.response["next"] == "offer_try_again"
            assert asyncio.get_running_loop().time() <= 4.01
        assert diary.entries == ([("begin", "a"), ("end error", "a")] if writes else [])

    run(main())


def test_nothing_is_changed_that_cannot_be_written_down_first() -> None:
    class AwayDiary(ListedDiary):
        async def begin(self, deed: Deed, arguments: Mapping[str, Any]) -> None:
            raise DatabaseUnavailable("away")

    async def main() -> None:
        made: list[str] = []
        desk = desk_of(writer(made), diary=AwayDiary())
        async with running(desk):
            desk.start(call("a", "change"))
            (result,) = await take(desk, 1)
        assert result.status is Status.ERROR
        assert made == []

    run(main())


def test_a_promised_change_that_is_refused_later_is_left_to_people() -> None:
    @tool("change", "writes", writes=True, seconds=2)
    async def change(args: Arguments, deed: Deed) -> Outcome:
        await elapse(3)
        return refused("not any more")

    async def main() -> None:
        diary = ListedDiary()
        desk = desk_of(change, diary=diary)
        async with running(desk):
            desk.start(call("a", "change"))
            (result,) = await take(desk, 1)
            assert result.status is Status.TIMEOUT
        assert diary.entries == [("begin", "a"), ("unfinished", "a")]

    run(main())


def test_hundreds_of_calls_are_each_answered_once() -> None:
    async def main() -> None:
        made: list[str] = []
        desk = desk_of(look, writer(made), settings=ToolSettings(calls_at_once=256))
        async with running(desk):
            for number in range(250):
                name = ("look", "change", "nobody")[number % 3]
                desk.start(call(str(number), name, seconds=number % 7 / 2))
                if number % 5 == 0:
                    desk.cancel(str(number))
            results = await take(desk, 250)
        assert sorted(int(one.call_id) for one in results) == list(range(250))
        assert len(made) == len(range(1, 250, 3))

    run(main())
