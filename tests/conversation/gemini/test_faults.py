"""What the service can do to a session, over real sockets with the unmodified SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversation.events import ModelAudio, ModelLost, ModelReady
from tests.conversation.gemini.fake_live import Caller
from tests.conversation.gemini.talking import Talk, closes, frame, open_and_wait, play

pytestmark = pytest.mark.socket


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
