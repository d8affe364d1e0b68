"""What the service can do to a session, over real sockets with the unmodified SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from websockets.exceptions import ConnectionClosedError

from conversation.events import ModelAudio, ModelEvent, ModelLost, ModelReady, ToolCallRequested
from conversation.gemini.client import open_client
from conversation.gemini.config import Setup
from conversation.gemini.counters import ModelCounters
from conversation.gemini.live import GeminiModel
from conversation.gemini.outbox import Order, Text
from conversation.gemini.sending import Sender
from media.audio import Audio
from tests.conversation.gemini.fake_live import Act, Caller, FakeLive, fake_live
from tools.contract import When

pytestmark = pytest.mark.socket

E = TypeVar("E")


class Talk:
    """A model, its events, and what it counted."""

    def __init__(self, fake: FakeLive, *, local_turns: bool = False) -> None:
        self.fake = fake
        self.counters = ModelCounters()
        setup = Setup("Be Myra.", [], local_turns=local_turns)
        client = open_client(fake.settings)
        self.model = GeminiModel(client, fake.settings, setup, counters=self.counters)
        self._events = self.model.events()

    async def next(self, kind: type[E]) -> E:
        async for event in self._events:
            if isinstance(event, kind):
                return event
            assert not isinstance(event, ModelLost), event
        raise AssertionError("the model's events ended")

    async def lost_then_renewed(self, *, resume: bool = True, summary: str = "") -> ModelReady:
        assert (await self.next(ModelLost)).retry
        self.model.renew(resume=resume, summary=summary)
        return await self.next(ModelReady)

    async def next_event(self) -> ModelEvent:
        return await anext(self._events)


@asynccontextmanager
async def talking(fake: FakeLive, *, local_turns: bool = False) -> AsyncIterator[Talk]:
    talk = Talk(fake, local_turns=local_turns)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(talk.model.run())
        try:
            yield talk
        finally:
            running.cancel()


Case = Callable[[Talk], Awaitable[None]]


def play(folder: Path, case: Case, *acts: Act, local_turns: bool = False, **more: Any) -> FakeLive:
    async def main() -> FakeLive:
        async with fake_live(folder, *acts, **more) as fake:
            async with talking(fake, local_turns=local_turns) as talk:
                await case(talk)
            return fake

    return asyncio.run(main())


def frame(value: int) -> Audio:
    return Audio(value.to_bytes(2, "little") * 640, 16000)


async def open_and_wait(caller: Caller) -> None:
    await caller.confirm()
    await caller.hang_on()


def closes(code: int, reason: str = "") -> Act:
    """Confirms, gives a handle, says something, and closes."""

    async def act(caller: Caller) -> None:
        await caller.confirm()
        await caller.give_handle("the handle")
        await caller.sound()
        await caller.socket.close(code, reason)

    return act


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1008, 1012])
def test_a_session_the_service_closes_is_resumed(tmp_path: Path, code: int) -> None:
    async def case(talk: Talk) -> None:
        assert (await talk.next(ModelReady)).resumed is False
        await talk.next(ModelAudio)
        assert (await talk.lost_then_renewed()).resumed is True
        assert talk.counters.closes == {code: 1}

    fake = play(tmp_path, case, closes(code), open_and_wait)
    assert "handle" not in fake.callers[0].setup["sessionResumption"]
    assert fake.callers[1].setup["sessionResumption"]["handle"] == "the handle"


def test_an_unknown_handle_leads_to_a_fresh_session_that_is_told_the_summary(
    tmp_path: Path,
) -> None:
    async def not_found(caller: Caller) -> None:
        await caller.socket.close(1008, "BidiGenerateContent session not found")

    async def case(talk: Talk) -> None:
        await talk.next(ModelAudio)
        assert (await talk.next(ModelLost)).retry
        talk.model.renew(resume=True, summary="old summary")
        assert (await talk.lost_then_renewed(summary="They want a refund.")).resumed is False
        talk.model.note("They heard half of it.")
        talk.model.send_text("end")
        assert await talk.next(ModelAudio)

    async def last(caller: Caller) -> None:
        await caller.confirm()
        await caller.hear_text()
        await caller.sound()
        await caller.hang_on()

    fake = play(tmp_path, case, closes(1011), not_found, last)
    told = fake.callers[2].setup["systemInstruction"]["parts"][0]["text"]
    assert told.startswith("Be Myra.")
    assert told.endswith("They want a refund.")
    assert "old summary" not in told
    note = fake.callers[2].got[0]["contextUpdate"]["systemInstruction"]["parts"][0]["text"]
    assert note.startswith(told)
    assert note.endswith("They heard half of it.")


def test_what_can_never_work_is_not_tried_again(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        lost = await talk.next(ModelLost)
        assert (lost.code, lost.retry) == (1008, False)
        assert "not found for API version" in lost.reason

    async def refuse(caller: Caller) -> None:
        await caller.socket.close(1008, "models/x is not found for API version v1beta, or")

    play(tmp_path, case, refuse)


@pytest.mark.parametrize(
    ("status", "retry"), [(401, False), (404, False), (429, True), (503, True)]
)
def test_a_refused_upgrade_is_told_by_its_status(tmp_path: Path, status: int, retry: bool) -> None:
    async def case(talk: Talk) -> None:
        lost = await talk.next(ModelLost)
        assert (lost.code, lost.retry) == (status, retry)
        talk.model.renew(resume=True, summary="")
        assert await talk.next(ModelReady)

    play(tmp_path, case, open_and_wait, statuses=(status,))


def test_a_broken_connection_and_a_silent_service_are_losses_too(tmp_path: Path) -> None:
    async def drop(caller: Caller) -> None:
        await caller.confirm()
        caller.socket.transport.abort()

    async def never(caller: Caller) -> None:
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        await talk.next(ModelReady)
        lost = await talk.next(ModelLost)
        assert (lost.code, lost.retry) == (1006, True)
        talk.model.renew(resume=True, summary="")
        lost = await talk.next(ModelLost)
        assert (lost.code, lost.retry) == (0, True)
        assert "0.3 s" in lost.reason

    play(tmp_path, case, drop, never, connect_seconds=0.3)


def test_nobody_at_the_address_and_a_distrusted_certificate(tmp_path: Path) -> None:
    async def case(talk: Talk) -> None:
        lost = await talk.next(ModelLost)
        assert (lost.code, lost.retry) == (0, True)

    play(tmp_path, case, base_url="https://127.0.0.1:9")

    async def distrusting(talk: Talk) -> None:
        lost = await talk.next(ModelLost)
        assert (lost.code, lost.retry) == (1015, False)
        assert "certificate" in lost.reason

    play(tmp_path, distrusting, ca_file=None)


def test_messages_nobody_can_read_do_not_end_a_session(tmp_path: Path) -> None:
    async def act(caller: Caller) -> None:
        await caller.say({"somethingNew": {"a": 1}})
        await caller.confirm()
        await caller.say({"somethingNew": {"a": 1}})
        await caller.socket.send(b"no json")
        await caller.socket.send(b"")
        await caller.say({"serverContent": {"turnComplete": True}})
        await caller.sound(b"\7\0")
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        await talk.next(ModelReady)
        assert (await talk.next(ModelAudio)).audio.pcm == b"\7\0"
        assert talk.counters.unreadable == 2

    play(tmp_path, case, act)


def test_a_frame_of_more_than_a_mebibyte_is_taken(tmp_path: Path) -> None:
    async def act(caller: Caller) -> None:
        await caller.confirm()
        await caller.sound(bytes(1 << 20))
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        assert len((await talk.next(ModelAudio)).audio.pcm) == 1 << 20

    play(tmp_path, case, act)


def test_the_first_words_wait_for_the_session_and_come_first(tmp_path: Path) -> None:
    opening = asyncio.Event()

    async def act(caller: Caller) -> None:
        await opening.wait()
        await caller.confirm()
        for value in range(1, 26):
            assert (await caller.hear_sound())[::1280] == bytes([value])
        assert await caller.hear_text() == "after them"
        await caller.sound()
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        for value in range(1, 26):
            talk.model.send_audio(frame(value))
        talk.model.send_text("after them")
        opening.set()
        await talk.next(ModelAudio)
        assert talk.counters.audio_dropped_ms == 0

    play(tmp_path, case, act)


def test_words_a_lost_session_never_answered_are_heard_by_the_next(tmp_path: Path) -> None:
    async def dies(caller: Caller) -> None:
        await caller.confirm()
        await caller.hear_sound()
        await caller.sound()
        for _ in range(2):
            await caller.hear_sound()
        caller.socket.transport.abort()

    async def lives(caller: Caller) -> None:
        await caller.confirm()
        heard = [(await caller.hear_sound())[0] for _ in range(3)]
        assert heard == [2, 3, 4]
        await caller.sound()
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        await talk.next(ModelReady)
        talk.model.send_audio(frame(1))
        await talk.next(ModelAudio)
        talk.model.send_audio(frame(2))
        talk.model.send_audio(frame(3))
        assert (await talk.next(ModelLost)).retry
        talk.model.send_audio(frame(4))
        talk.model.renew(resume=True, summary="")
        assert (await talk.next(ModelAudio)).response == 2

    play(tmp_path, case, dies, lives)


def test_a_renewal_closes_the_old_socket_before_the_new_one_opens(tmp_path: Path) -> None:
    seen: list[str] = []

    async def first(caller: Caller) -> None:
        await caller.confirm()
        await caller.give_handle("h")
        await caller.sound()
        await caller.hang_on()
        seen.append(f"closed {caller.closed_with}")

    async def second(caller: Caller) -> None:
        seen.append(f"open {caller.setup['sessionResumption']['handle']}")
        await open_and_wait(caller)

    async def case(talk: Talk) -> None:
        await talk.next(ModelAudio)
        talk.model.renew(resume=True, summary="")
        assert (await talk.next(ModelReady)).resumed

    play(tmp_path, case, first, second)
    assert seen == ["closed 1000", "open h"]


def test_a_result_whose_call_the_next_session_forgot_is_told_in_words(tmp_path: Path) -> None:
    async def calls(caller: Caller) -> None:
        await caller.confirm()
        await caller.say({"toolCall": {"functionCalls": [{"id": "a", "name": "look"}]}})
        await caller.socket.close(1011, "Internal error encountered.")

    async def forgot(caller: Caller) -> None:
        await caller.confirm()
        told = await caller.hear_text()
        assert "look" in told
        assert "gate 4" in told
        await caller.sound()
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        call = (await talk.next(ToolCallRequested)).call
        await talk.next(ModelLost)
        talk.model.answer_tool(call.id, call.name, {"say": "gate 4"}, When.IDLE)
        talk.model.renew(resume=True, summary="")
        await talk.next(ModelAudio)
        assert talk.counters.told_answers == 1

    play(tmp_path, case, calls, forgot)


def test_an_answer_given_after_the_handle_is_given_again(tmp_path: Path) -> None:
    async def calls(caller: Caller) -> None:
        await caller.confirm()
        await caller.say({"toolCall": {"functionCalls": [{"id": "a", "name": "look"}]}})
        await caller.give_handle("while it is pending")
        await caller.sound()
        await answer(caller)
        await caller.socket.close(1011)

    async def answer(caller: Caller) -> None:
        (given,) = (await caller.hear())["tool_response"]["functionResponses"]
        assert (given["id"], given["response"]) == ("a", {"say": "gate 4"})

    async def remembers(caller: Caller) -> None:
        await caller.confirm()
        await answer(caller)
        await caller.sound()
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        call = (await talk.next(ToolCallRequested)).call
        await talk.next(ModelAudio)
        talk.model.answer_tool(call.id, call.name, {"say": "gate 4"}, When.IDLE)
        assert (await talk.lost_then_renewed()).resumed
        await talk.next(ModelAudio)

    play(tmp_path, case, calls, remembers)


def test_a_resumed_session_keeps_the_instruction_it_began_with(tmp_path: Path) -> None:
    async def refuse(caller: Caller) -> None:
        await caller.socket.close(1011)

    async def case(talk: Talk) -> None:
        assert (await talk.next(ModelLost)).retry
        talk.model.renew(resume=True, summary="They want a refund.")
        await talk.next(ModelAudio)
        assert (await talk.lost_then_renewed(summary="They got it.")).resumed

    fake = play(tmp_path, case, refuse, closes(1011), open_and_wait)
    instructions = [caller.setup["systemInstruction"] for caller in fake.callers]
    assert instructions[1] == instructions[2]
    assert "They want a refund." in str(instructions[1])


def test_what_a_closing_socket_refused_goes_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, refusals = Sender.send, [ConnectionClosedError(None, None)]

    async def closed_once(self: Sender, order: Order) -> None:
        if isinstance(order, Text) and refusals:
            raise refusals.pop()
        await send(self, order)

    monkeypatch.setattr(Sender, "send", closed_once)

    async def last(caller: Caller) -> None:
        await caller.confirm()
        assert await caller.hear_text() == "[The caller keyed 4]"
        await caller.sound()
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        talk.model.send_text("[The caller keyed 4]")
        await talk.next(ModelReady)
        await talk.lost_then_renewed()
        await talk.next(ModelAudio)

    play(tmp_path, case, open_and_wait, last)


def test_a_text_goes_out_in_marked_activity_where_turns_are_ours(tmp_path: Path) -> None:
    async def act(caller: Caller) -> None:
        await caller.confirm()
        kinds = [next(iter((await caller.hear())["realtime_input"])) for _ in range(6)]
        assert kinds == ["activityStart", "text", "activityEnd", "activityStart", "text", "audio"]
        await caller.sound()
        await caller.hang_on()

    async def case(talk: Talk) -> None:
        await talk.next(ModelReady)
        talk.model.send_text("[Greet.]")
        talk.model.begin_activity()
        talk.model.send_text("[The caller keyed 4]")
        talk.model.send_audio(frame(1))
        await talk.next(ModelAudio)

    fake = play(tmp_path, case, act, local_turns=True)
    detection = fake.callers[0].setup["realtimeInputConfig"]["automatic_activity_detection"]
    assert detection == {"disabled": True}


def test_an_end_of_the_call_closes_the_socket_properly(tmp_path: Path) -> None:
    ended: list[int | None] = []

    async def act(caller: Caller) -> None:
        await open_and_wait(caller)
        ended.append(caller.closed_with)

    async def case(talk: Talk) -> None:
        await talk.next(ModelReady)

    play(tmp_path, case, act)
    assert ended == [1000]
