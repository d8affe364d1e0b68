"""What one session did not finish, the next takes up: sound, texts, results, instruction."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError

from conversation.events import ModelAudio, ModelLost, ModelReady, ToolCallRequested
from conversation.gemini.outbox import Order, Text
from conversation.gemini.sending import Sender
from tests.conversation.gemini.fake_live import Caller
from tests.conversation.gemini.talking import Talk, closes, frame, open_and_wait, play
from tools.contract import When

pytestmark = pytest.mark.socket


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
