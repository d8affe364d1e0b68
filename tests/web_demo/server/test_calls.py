"""The calls over HTTP, as the page asks for them, from a real database and real files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from conversation.file_names import file_stem
from media.stereo_file import Codec, stereo_header
from tools.call_archive import CallArchive
from tools.call_records import CallStore
from tools.database import Database
from tools.migrations import upgrade
from web_demo.server.calls import CallsSeam, calls_routes

pytestmark = pytest.mark.socket

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
CALL = "CA0123456789abcdef"
WORDS = "Where is my flight?"


async def keep(store: CallStore, name: str = CALL, door: str = "phone") -> None:
    await store.opened(name, door=door, caller="+14155550101", model="m", at=AT)
    await store.turn(
        name, index=1, speaker="caller", text=WORDS, heard=WORDS, started=1.0, ended=2.0,
        interrupted=False, latency={},
    )  # fmt: skip
    await store.turn(
        name, index=2, speaker="myra", text="It leaves at ten, from", heard="It leaves",
        started=3.0, ended=4.0, interrupted=True, latency={"first_audio": 600.0}, response=1,
        sound={"generated": 3000.0, "sent": 2000.0, "heard": 1000.0, "dropped": 2000.0},
    )  # fmt: skip
    await store.reply(name, response=1, bar={"first_token": 400.0}, chunks=12, samples=48000)
    await store.tool_used(
        name, call_id="t1", name="Look", args={"surname": "Okafor", "booking_reference": "CYM427"},
        status="ok", response={"say": "Mr Okafor leaves at ten."}, started=2.1, ended=2.6,
    )  # fmt: skip


Ask = Callable[..., Awaitable[httpx2.Response]]


def asking(tmp_path: Path, work: Callable[[CallStore, Ask], Awaitable[None]]) -> None:
    """``work`` on a fresh database, with files in ``tmp_path``; CA-running is under way."""

    async def main() -> None:
        url = f"sqlite:///{tmp_path / 'calls.db'}"
        await upgrade(url)
        database = Database(url)
        seam = CallsSeam(CallArchive(database), lambda: ["CA-running"], tmp_path, tmp_path)
        app = Starlette(routes=calls_routes(seam))
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://hotline")
        async with client:
            await work(CallStore(database), client.get)
        await database.close()

    asyncio.run(main())


def record(folder: Path, name: str, codec: Codec = Codec.PCM16, rate: int = 8000) -> bytes:
    """A second: the caller loud in its first half, Myra in its second."""
    half = rate // 2
    pcm = b"\x00\x40\x00\x00" * half + b"\x00\x00\x00\x20" * half
    data = stereo_header(rate, rate, codec) + codec.encoded(pcm)
    (folder / f"{file_stem(name)}.wav").write_bytes(data)
    return data


def test_the_list_and_one_call_have_the_protocols_fields(tmp_path: Path) -> None:
    async def work(store: CallStore, ask: Ask) -> None:
        await keep(store)
        await store.opened("CA-running", door="browser", caller="", model="m", at=AT)
        answer = (await ask("/demo/api/calls")).json()
        assert answer["next"] is None
        assert [call["running"] for call in answer["calls"]] == [False, True]
        (call,) = [call for call in answer["calls"] if call["id"] == CALL]
        assert call == {
            "id": CALL, "door": "phone", "caller": "0101", "model": "m",
            "opened_at": "2026-03-04T15:00:00+00:00", "closed_at": None, "running": False,
            "reason": "", "seconds": 0.0, "turns": 2, "tools": 1, "interruptions": 1,
            "reply_p50_ms": 600.0, "recording": False, "first_words": WORDS,
        }  # fmt: skip
        detail = (await ask(f"/demo/api/calls/{CALL}")).json()
        assert call.items() <= detail.items()
        assert [turn["latency"] for turn in detail["transcript"]] == [{}, {"first_token": 400.0}]
        assert detail["transcript"][1]["heard"] == "It leaves"
        assert detail["tool_calls"][0]["args"]["booking_reference"] == "***427"
        assert "Okafor" not in str(detail["tool_calls"])
        assert detail["audit"] == [{
            "take": 1, "response": 1, "chunks_sent": 12, "samples_sent": 16000,
            "samples_received": 16000, "samples_played": 8000, "samples_dropped": 16000,
            "underruns": 0, "verdict": "interrupted",
        }]  # fmt: skip

    asking(tmp_path, work)


def test_a_browsers_own_account_is_the_audit(tmp_path: Path) -> None:
    async def work(store: CallStore, ask: Ask) -> None:
        await keep(store, door="browser")
        figures: dict[str, Any] = {
            "response": 1, "kind": "reply", "rate": 24000, "chunks_sent": 2, "dropped": 0,
            "underruns": 1, "ended": True, "cleared": False,
        }  # fmt: skip
        await store.take(CALL, take=1, samples_sent=960, received=960, played=960, **figures)
        await store.take(CALL, take=2, samples_sent=960, received=480, played=480, **figures)
        await store.quality(CALL, at=5, figures={"rtt_ms": 20, "layer": "worker"})
        await store.quality(CALL, at=10, figures={"rtt_ms": 40, "layer": "http"})
        detail = (await ask(f"/demo/api/calls/{CALL}")).json()
        assert [line["verdict"] for line in detail["audit"]] == ["complete", "lost in transit"]
        quality = detail["quality"]
        assert (quality["rtt_ms"], quality["rtt_ms_max"], quality["layer"]) == (30, 40, "http")
        table = await ask(f"/demo/api/calls/{CALL}/audit.csv")
        assert table.headers["content-type"].startswith("text/csv")
        assert table.headers["x-content-type-options"] == "nosniff"
        assert table.text.splitlines()[2] == "2,1,2,960,480,480,0,1,lost in transit"

    asking(tmp_path, work)


@pytest.mark.parametrize("codec", list(Codec))
def test_a_recording_is_served_in_ranges_with_its_outline(tmp_path: Path, codec: Codec) -> None:
    async def work(store: CallStore, ask: Ask) -> None:
        await keep(store)
        data = record(tmp_path, CALL, codec)
        where = f"/demo/api/calls/{CALL}/recording.wav"
        whole = await ask(where)
        assert whole.content == data
        assert whole.headers["content-type"] == "audio/wav"
        assert whole.headers["cross-origin-resource-policy"] == "same-origin"
        part = await ask(where, headers={"Range": "bytes=100-199"})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes 100-199/{len(data)}"
        assert part.content == data[100:200]
        last = await ask(where, headers={"Range": "bytes=-10"})
        assert last.content == data[-10:]
        beyond = await ask(where, headers={"Range": f"bytes={len(data)}-"})
        assert beyond.status_code == 416
        for _ in range(2):  # the second one is remembered
            peaks = (await ask(f"/demo/api/calls/{CALL}/peaks?points=50")).json()
            assert peaks["seconds"] == 1.0
            assert peaks["caller"] == [pytest.approx(0.5, abs=0.02)] * 25 + [0.0] * 25
            assert peaks["myra"] == [0.0] * 25 + [pytest.approx(0.25, abs=0.02)] * 25
        record(tmp_path, CALL, codec, 16000)
        longer = (await ask(f"/demo/api/calls/{CALL}/peaks?points=50")).json()
        assert len(longer["caller"]) == 50
        assert (await ask("/demo/api/calls")).json()["calls"][0]["recording"] is True

    asking(tmp_path, work)


def test_the_event_log_has_no_personal_arguments(tmp_path: Path) -> None:
    async def work(store: CallStore, ask: Ask) -> None:
        lines = [
            b'{"journal":1,"setting":{}}',
            b'[1.0,{"k":"Keypress","digit":"7"}]',
            b'[1.2,["A",160,8000,0.5,-20.0],[["S",160,8000]]]',
            b'[2.0,{"k":"ToolCallRequested","call":{"id":"t","name":"Look","args":'
            b'{"surname":"Okafor","booking_reference":"CYM427"}}}]',
            b'[2.5,{"k":"ToolFinished","result":{"call_id":"t","response":{"say":"CYM427 is on '
            b'time."},"order_detail":{}}}]',
        ]
        journal = tmp_path / f"20260304T150000000000_{CALL}.jsonl"
        journal.write_bytes(b"\n".join(lines) + b'\n[3.0,{"k":"Tool')
        (tmp_path / f"20260304T150000000000_x_{CALL}.jsonl").write_bytes(b"another's\n")
        log = await ask(f"/demo/api/calls/{CALL}/events.jsonl")
        told = log.content.splitlines()
        assert told[2] == lines[2]
        assert len(told) == 6
        for secret in ("Okafor", "CYM427", '"7"', "another"):
            assert secret not in log.text
        assert "***427" in log.text

    asking(tmp_path, work)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/demo/api/calls/nobody", 404, "no such call"),
        ("/demo/api/calls/nobody/audit.csv", 404, "no such call"),
        ("/demo/api/calls/nobody/events.jsonl", 404, "no event log"),
        ("/demo/api/calls/nobody/recording.wav", 404, "no recording"),
        ("/demo/api/calls/..%2F..%2Fcalls/recording.wav", 404, ""),
        ("/demo/api/calls/nobody/peaks?points=7", 400, "from 50 to"),
        ("/demo/api/calls/nobody/peaks?points=000001000999999999", 400, "from 50 to"),
        ("/demo/api/calls?limit=x", 400, "limit is a number"),
        ("/demo/api/calls?limit=201", 400, "limit is a number"),
        ("/demo/api/calls?before=zzz", 400, "before"),
    ],
)
def test_what_cannot_be_met_is_told(tmp_path: Path, path: str, status: int, says: str) -> None:
    async def work(store: CallStore, ask: Ask) -> None:
        answer = await ask(path)
        assert answer.status_code == status
        assert says in answer.text

    asking(tmp_path, work)


def test_a_database_that_is_away_is_told_as_such(tmp_path: Path) -> None:
    async def main() -> None:
        database = Database("postgresql://nobody@127.0.0.1:9/none", wait_seconds=1)
        seam = CallsSeam(CallArchive(database), list)
        app = Starlette(routes=calls_routes(seam))
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://hotline") as client:
            answer = await client.get("/demo/api/calls")
        assert answer.status_code == 503
        assert "try again" in answer.json()["error"]
        await database.close()

    asyncio.run(main())


def test_a_null_character_is_nobodys_call(tmp_path: Path) -> None:
    async def work(store: CallStore, ask: Ask) -> None:
        await keep(store)
        for path in ("/calls/CA%00", "/calls/CA%00/recording.wav", "/calls?search=%00"):
            assert (await ask(path)).status_code == 404

    asking(tmp_path, work)
