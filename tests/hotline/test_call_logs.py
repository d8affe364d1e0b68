"""A call's worth of log lines: each names its call and its trace, none names a person."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest

from conversation.events import CallerWords, ModelLost, ModelReady, ToolCallRequested
from conversation.line import Ending, Line
from conversation.runtime import Conversation
from conversation.settings import TalkSettings
from hotline.logs import ROOMS, on_call, set_up, with_trace
from media.speech import LevelDetector
from tests.conformance.check_line import tone
from tests.simulators.call import PROMPTS, Facts
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.model import ScriptedModel, reply
from tests.telephony.peer import dialled, permit
from tests.telephony.server import TOKEN, hotline, signed_settings, stream_signature
from tools.contract import Order, ToolCall

pytestmark = pytest.mark.socket

NUMBER = "+4915112345678"
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for room in ROOMS:
        logging.getLogger(room).setLevel(logging.NOTSET)


def conversation(line: Line) -> Conversation:
    """Greets, loses its session, looks something up and ends the call."""
    began = asyncio.get_running_loop().time()
    model = ScriptedModel(None)
    model.at(began, [(0.0, ModelReady(resumed=False))])
    model.when("text", "Greet", reply(1, 60, "Hello, Mister Mustermann."))
    model.at(began + 0.1, [(0.0, CallerWords("my number is 4915112345678"))])
    model.at(began + 0.1, [(0.0, ModelLost(1011, "internal", retry=True))])
    model.when("renew", "", [(0.0, ModelReady(resumed=True))])
    args = {"surname": "Mustermann"}
    model.at(began + 0.6, [(0.0, ToolCallRequested(ToolCall("c1", "end", args)))])
    model.when("answer", "c1", reply(2, 60, "Goodbye, Mister Mustermann."))
    return Conversation(
        line,
        model,
        ScriptedDesk(end=Work(0.01, {"name": "Mustermann"}, order=Order.HANG_UP)),
        settings=TalkSettings(hang_up_tail_ms=50, goodbye_listen_seconds=0.1),
        detector=LevelDetector(),
        recorder=Facts(),
        prompts=PROMPTS,
    )


def lines_of_a_call(call: str) -> tuple[list[dict[str, object]], str]:
    """Every record of one call, from its webhook to its end, as production writes it."""
    stream = io.StringIO()
    set_up("json", "debug", stream, project="cymbol-travels")

    async def converse(line: Line) -> Ending:
        with on_call(line.info.id):
            logging.getLogger("tools.queue").warning("made within the call")
            return await conversation(line).run()

    async def main() -> None:
        async with hotline(signed_settings(), converse) as up:
            granted = await permit(up, call, From=NUMBER)
            async with dialled(up, call, stream_signature()) as peer:
                await peer.start(granted)
                await peer.speak(tone(40))
                await peer.send("media", media={"payload": "bm8gbXVsYXc=", "secret": "payload"})
                await peer.socket.wait_closed()

    with with_trace(lambda name: TRACE if name == call else ""):
        asyncio.run(main())
    text = stream.getvalue()
    return [json.loads(line) for line in text.splitlines()], text


def test_each_line_of_a_call_names_the_call_and_its_trace() -> None:
    call = "CA" + "ab" * 16
    lines, text = lines_of_a_call(call)
    messages = [line["message"] for line in lines]
    for expected in ("line opened", "made within the call", "hanging up", "line closed"):
        assert expected in messages
    ours = [line for line in lines if line["logger"] != "asyncio"]
    unnamed = {line["message"] for line in ours if line.get("call") != call}
    # What comes before anybody knows which call it will be.
    assert unnamed <= {"stream's signature matches", "webhook's signature matches"}
    named = [line for line in ours if line.get("call") == call]
    assert {line.get("trace") for line in named} == {TRACE}
    whole = f"projects/cymbol-travels/traces/{TRACE}"
    assert {line.get("logging.googleapis.com/trace") for line in named} == {whole}
    for part in (NUMBER, NUMBER[1:], NUMBER[-4:], TOKEN * 2, "Mustermann", "bm8gbXVs", "payload"):
        assert part not in text, part


def test_a_line_that_belongs_to_no_call_names_none() -> None:
    stream = io.StringIO()
    set_up("json", "info", stream)
    with with_trace(lambda _: TRACE):
        logging.getLogger("hotline.running").info("serving")
        with on_call("CA1"):
            logging.getLogger("hotline.running").info("within")
        logging.getLogger("hotline.running").info("after")
    first, second, third = (json.loads(line) for line in stream.getvalue().splitlines())
    assert "call" not in first
    assert "trace" not in first
    assert (second["call"], second["trace"]) == ("CA1", TRACE)
    assert "call" not in third


def test_what_a_task_of_the_call_logs_names_it_too() -> None:
    stream = io.StringIO()
    set_up("text", "info", stream)

    async def later(call: str, ready: asyncio.Event) -> None:
        await ready.wait()
        logging.getLogger("conversation").info("later", extra={"of": call})

    async def main() -> None:
        ready = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for call in ("CA1", "CA2"):
                with on_call(call):
                    tasks.create_task(later(call, ready))
            ready.set()

    asyncio.run(main())
    assert "later of=CA1 call=CA1" in stream.getvalue()
    assert "later of=CA2 call=CA2" in stream.getvalue()
