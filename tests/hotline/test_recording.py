"""Facts reach the database by one writer, also after the database was away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from conversation.records import CallClosed, CallOpened, Fact, TakePlayed, ToolUsed, TurnTaken
from hotline.recording import DatabaseRecorder
from tools.call_records import CallStore
from tools.database import Database
from tools.migrations import upgrade

pytestmark = pytest.mark.socket

FACTS: tuple[Fact, ...] = (
    CallOpened("CA1", "phone", "+14155550123", "gemini-3.8-live"),
    TurnTaken(0, "myra", "Hello there.", "Hello", 0.5, 1.0, interrupted=True, latency={"a": 1.0}),
    TurnTaken(1, "caller", "Hi.", "Hi.", 1.0, 1.4),
    ToolUsed("t1", "Look", {"x": 1}, "ok", {"say": "found"}, 1.5, 1.6),
    CallClosed("goodbye", 9.5, 100, 20),
)


def test_a_calls_facts_are_kept(tmp_path: Path) -> None:
    seen: list[Fact] = []

    async def main() -> None:
        url = f"sqlite:///{tmp_path / 'calls.db'}"
        await upgrade(url)
        database = Database(url)
        recorder = DatabaseRecorder(CallStore(database), lambda _, fact: seen.append(fact))
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(recorder.run())
            for fact in FACTS:
                recorder.record("CA1", fact)
            await recorder.settle(10)
            writer.cancel()
        store = CallStore(database)
        call = await store.call("CA1")
        assert call is not None
        assert (call.caller, call.reason, call.seconds) == ("0123", "goodbye", 9.5)
        assert [line.heard for line in await store.transcript("CA1")] == ["Hello", "Hi."]
        assert [used.name for used in await store.tools_used("CA1")] == ["Look"]
        await database.close()

    asyncio.run(main())
    assert tuple(seen) == FACTS


def test_a_fact_that_no_database_takes_costs_no_other_call_its_record(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        url = f"sqlite:///{tmp_path / 'calls.db'}"
        await upgrade(url)
        database = Database(url)
        recorder = DatabaseRecorder(CallStore(database))
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(recorder.run())
            recorder.record("CA1", FACTS[0])
            recorder.record("CA1", TakePlayed(1, 1, "reply", 24000, 1, 2**70))
            recorder.record("CA1", FACTS[1])
            await recorder.settle(10)
            writer.cancel()
        assert [one.text for one in await CallStore(database).transcript("CA1")] == ["Hello there."]
        assert recorder.dropped == 1
        await database.close()

    asyncio.run(main())
    refused = [one for one in caplog.records if one.message == "call record refused"]
    assert [(one.call, one.fact) for one in refused] == [("CA1", "TakePlayed")]  # type: ignore[attr-defined]
