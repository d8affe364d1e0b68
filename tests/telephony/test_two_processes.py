"""Two processes of one hotline: a call's webhooks and streams reach either of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from conversation.line import After, Ending, Line
from tests.telephony.listener import Listener
from tests.telephony.peer import dialled, parameters_of, permit
from tests.telephony.server import (
    ACCOUNT,
    Hotline,
    hotline,
    listen,
    new_call,
    signed_settings,
    stream_signature,
)
from tests.telephony.test_webhooks import LIVE, PERSON, tags, verbs

pytestmark = pytest.mark.socket


class Shared:
    """What the processes share; ``works`` off: the storage is away."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[int, Ending]] = {}
        self.works = True

    async def keep(self, call_sid: str, attempt: int, ending: Ending) -> bool:
        if self.works:
            self.kept[call_sid] = (attempt, ending)
        return self.works

    async def recall(self, call_sid: str, attempt: int | None = None) -> Ending | None:
        which, ending = self.kept.get(call_sid, (0, None))
        return ending if self.works and attempt in (None, which) else None


@contextlib.asynccontextmanager
async def two(
    shared: Shared, converse: Callable[[Line], Awaitable[Ending]] = listen
) -> AsyncIterator[tuple[Hotline, Hotline]]:
    settings = signed_settings(transfer_number=PERSON, account_sid="")
    async with hotline(settings, converse) as a, hotline(settings, converse) as b:
        a.door.endings = b.door.endings = shared
        # Nothing is asked of Twilio: what is known is what decides.
        a.door.control = b.door.control = None
        yield a, b


async def held(up: Hotline, call: str, parameters: dict[str, str]) -> None:
    """A whole stream, until the hotline closes it."""
    async with dialled(up, call, stream_signature()) as peer:
        await peer.start(parameters)
        await peer.closed()


def letting_go(ending: Ending) -> Callable[[Line], Awaitable[Ending]]:
    async def converse(line: Line) -> Ending:
        line.hang_up(ending)
        await listen(line)
        return ending

    return converse


def test_a_token_of_one_process_opens_a_stream_at_the_other() -> None:
    async def main() -> None:
        listener = Listener()
        async with two(Shared(), listener.converse) as (a, b):
            call = new_call()
            parameters = await permit(a, call)
            async with dialled(b, call, stream_signature()) as peer:
                await peer.start(parameters)
                await listener.until(lambda: call in listener.lines)
                assert listener.lines[call].info.caller == "+14155550100"
                assert (b.count("streams_opened"), a.count("streams_opened")) == (1, 0)
                await peer.hang_up()
            await listener.closed(call)
            async with dialled(b, call, stream_signature()) as again:
                await again.start(parameters)
                assert await again.closed() == 1008
            assert b.count("token_reused") == 1

    asyncio.run(main())


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (Ending(After.GOODBYE), ["Hangup"]),
        (Ending(After.TRANSFER), ["Dial"]),
        (Ending(After.FAILED), ["Say", "Connect"]),
    ],
)
def test_how_one_process_let_go_decides_at_the_other(ending: Ending, expected: list[str]) -> None:
    async def main() -> None:
        async with two(Shared(), letting_go(ending)) as (a, b):
            call = new_call()
            await held(b, call, await permit(a, call))
            assert tags(await a.webhook("/twilio/after?attempt=1", call, **LIVE)) == expected
            assert a.count("endings_recalled") == 1

    asyncio.run(main())


def test_the_person_is_told_by_either_process_what_it_is_about() -> None:
    async def main() -> None:
        ending = Ending(After.TRANSFER, "", {"summary": "A refund is missing."})
        async with two(Shared(), letting_go(ending)) as (a, b):
            call = new_call()
            await held(b, call, await permit(a, call))
            form = {**LIVE, "ParentCallSid": call}
            answer = await a.webhook("/twilio/briefing", new_call(), **form)
            assert verbs(answer)[0].text == "A refund is missing."

    asyncio.run(main())


def test_an_earlier_stream_s_ending_decides_nothing_of_a_later_one() -> None:
    """The transfer failed, Myra took the caller back elsewhere, and that process died: the caller
    gets Myra again, not the person who did not answer."""

    async def main() -> None:
        async with two(Shared(), letting_go(Ending(After.TRANSFER))) as (a, b):
            call = new_call()
            await held(a, call, await permit(a, call))
            form = {**LIVE, "DialCallStatus": "no-answer"}
            back = await b.webhook("/twilio/transferred?attempt=1", call, **form)
            assert parameters_of(back.body)["token"]
            for process in (a, b):
                after = await process.webhook("/twilio/after?attempt=2", call, **LIVE)
                assert tags(after) == ["Say", "Connect"]

    asyncio.run(main())


def test_a_process_that_died_leaves_nothing_and_its_caller_gets_myra_again() -> None:
    async def main() -> None:
        shared = Shared()
        async with two(shared) as (a, b):
            call = new_call()
            async with dialled(b, call, stream_signature()) as peer:
                await peer.start(await permit(a, call))
                await peer.vanish()
            assert call not in shared.kept
            after = await a.webhook("/twilio/after?attempt=1", call, **LIVE)
            assert tags(after) == ["Say", "Connect"]
            over = {**LIVE, "CallStatus": "completed"}
            assert tags(await a.webhook("/twilio/after?attempt=1", call, **over)) == []

    asyncio.run(main())


def test_storage_that_is_away_costs_no_call_and_is_counted() -> None:
    async def main() -> None:
        shared = Shared()
        shared.works = False
        async with two(shared, letting_go(Ending(After.TRANSFER))) as (a, b):
            call = new_call()
            await held(b, call, await permit(a, call))
            assert b.count("endings_not_kept") == 1
            assert tags(await b.webhook("/twilio/after?attempt=1", call, **LIVE)) == ["Dial"]
            assert tags(await a.webhook("/twilio/after?attempt=1", call, **LIVE)) == [
                "Say",
                "Connect",
            ]

    asyncio.run(main())


def test_another_account_s_secret_opens_nothing() -> None:
    async def main() -> None:
        stranger = signed_settings(stream_secret="s" * 32)
        async with hotline(stranger) as a, hotline(signed_settings()) as b:
            call = new_call()
            parameters = await permit(a, call)
            async with dialled(b, call, stream_signature()) as peer:
                await peer.start(parameters, accountSid=ACCOUNT)
                assert await peer.closed() == 1008
            assert b.count("token_wrong") == 1

    asyncio.run(main())
