"""Whole calls to a tiny hotline over real sockets: the walk, the line, and every bad end."""

from __future__ import annotations

import asyncio
import itertools
from base64 import b64decode
from collections.abc import Awaitable, Callable

import pytest
from twilio.request_validator import RequestValidator

from emulators.twilio import wire
from emulators.twilio.caller import Caller, Sip
from emulators.twilio.mouth import utterance
from emulators.twilio.network import LineQuality
from emulators.twilio.phone_call import CallOver, NotInTime, PhoneCall
from emulators.twilio.proxy import Proxy
from emulators.twilio.signing import Signer
from emulators.twilio.stream import EndedBy
from emulators.twilio.switchboard import CallSetup
from emulators.twilio.walk import Transfer
from media.g711 import pcm_to_ulaw
from media.tones import tone
from tests.emulators.twilio.tiny_hotline import (
    GREETING,
    REPLY,
    Conversation,
    Talk,
    TinyHotline,
    converse,
    serving,
)

pytestmark = pytest.mark.socket

WORD = utterance(tone((300,), 200, 8000), "word")
QUIET = 0.1
STREAM = '<Response><Connect><Stream url="{stream}"/></Connect></Response>'

Act = Callable[[PhoneCall], Awaitable[None]]


def hold(hotline: TinyHotline, act: Act, setup: CallSetup | None = None) -> PhoneCall:
    """The call after it is over."""

    async def main() -> PhoneCall:
        async with asyncio.timeout(30), serving(hotline):
            async with PhoneCall(hotline.url, setup) as call:
                await act(call)
            return call

    return asyncio.run(main())


async def until_over(call: PhoneCall) -> None:
    await call.wait_over(10)


async def listen(call: PhoneCall) -> None:
    await call.wait_reply(quiet=QUIET)


def test_a_conversation_with_a_barge_in_and_a_goodbye() -> None:
    hotline = TinyHotline(converse)
    replies = []

    async def act(call: PhoneCall) -> None:
        replies.append(await call.wait_reply(quiet=QUIET))
        await call.said(call.say(WORD))
        await call.wait_sound()
        await call.said(call.say(WORD))  # over her reply
        replies.append(await call.wait_reply(quiet=QUIET))
        await call.press("4#")
        assert await call.wait_over(5) is EndedBy.HOTLINE

    call = hold(hotline, act)
    assert call.journal.failures == []
    assert call.after == "goodbye"
    stream = call.streams[0]
    played = b"".join(
        bytes(stream.playout.heard[at : at + run.count])
        for run in stream.playout.runs
        for at in [round((run.at - stream.playout.origin) * 8000)]
    )
    assert played.startswith(GREETING)
    assert played.endswith(REPLY)
    cleared = stream.playout.clears[0]
    assert cleared.dropped > 0
    assert len(played) + cleared.dropped == stream.playout.received
    assert replies[0].latency is None
    assert replies[1].latency == pytest.approx(0.22, abs=0.08)  # 200 ms endpointing, a frame

    events = [message["event"] for message in hotline.messages]
    assert events[:2] == ["connected", "start"]
    numbers = [m["sequenceNumber"] for m in hotline.messages if "sequenceNumber" in m]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    media = [m["media"] for m in hotline.messages if m["event"] == "media"]
    assert [m["chunk"] for m in media] == [str(n) for n in range(1, len(media) + 1)]
    stamps = [int(m["timestamp"]) for m in media]
    assert 100 < stamps[0] < 175
    assert all(abs(stamp - stamps[0] - 20 * n) <= 3 for n, stamp in enumerate(stamps))
    assert all(len(b64decode(m["payload"])) == 160 for m in media)
    assert [m["dtmf"]["digit"] for m in hotline.messages if m["event"] == "dtmf"] == ["4", "#"]
    start = hotline.messages[1]
    assert start["start"]["customParameters"] == {"token": "a&b"}
    assert start["start"]["callSid"] == hotline.forms[0][1]["CallSid"]
    path, form, _ = hotline.forms[-1]
    assert (path, form["CallStatus"]) == ("/after", "in-progress")


def test_the_caller_hangs_up() -> None:
    hotline = TinyHotline(converse)
    call = hold(hotline, listen)
    assert call.ended_by is EndedBy.CALLER
    assert call.journal.failures == []
    assert hotline.messages[-1]["event"] == "stop"
    assert hotline.forms[-1][1]["CallStatus"] == "completed"


def test_the_clock_neither_drifts_nor_lags() -> None:
    async def act(call: PhoneCall) -> None:
        stream = await call.started()
        await call.until(lambda: len(stream.sent) > 60, 5)

    call = hold(TinyHotline(converse, twiml=STREAM), act, CallSetup(keep_wire=True))
    stream = call.streams[0]
    media = [frame for frame in stream.sent if frame.event == "media"]
    late = [
        frame.at - stream.playout.origin - (7 + number) * 0.02 for number, frame in enumerate(media)
    ]
    assert min(late) >= -0.001, "a frame goes out when it is complete, not before"
    assert sorted(late)[len(late) // 2] < 0.01, "lateness does not add up"
    assert {frame.event for frame in stream.received} == {"media", "mark"}


def test_delay_and_loss_are_those_of_the_line() -> None:
    setup = CallSetup(quality=LineQuality(delay_ms=60, jitter_ms=20, loss=0.2))

    async def act(call: PhoneCall) -> None:
        await listen(call)
        await call.said(call.say(WORD))
        reply = await call.wait_reply(quiet=QUIET)
        assert reply.latency is not None
        assert 0.2 + 0.12 < reply.latency < 0.2 + 0.16 + 0.2

    hotline = TinyHotline(converse, twiml=STREAM)
    call = hold(hotline, act, setup)
    assert call.journal.failures == []
    there, back = call.streams[0].lost_frames
    assert there > 0
    assert back > 0
    stamps = [int(m["media"]["timestamp"]) for m in hotline.messages if m["event"] == "media"]
    assert max(b - a for a, b in itertools.pairwise(stamps)) > 30, "loss is a jump"


def test_everything_is_signed() -> None:
    hotline = TinyHotline(
        converse,
        twiml=STREAM.replace("<Stream ", '<Stream statusCallback="{stream}" '),
    )
    hotline.twiml = hotline.twiml.replace('Callback="{stream}"', 'Callback="{status}"')

    async def main() -> PhoneCall:
        async with asyncio.timeout(20), serving(hotline):
            status = hotline.url.replace("/voice", "/status")
            hotline.twiml = hotline.twiml.replace("{status}", status)
            setup = CallSetup(signer=Signer("secret"), status_callback=status)
            async with PhoneCall(hotline.url, setup) as call:
                await listen(call)
            return call

    call = asyncio.run(main())
    assert call.journal.failures == []
    validator = RequestValidator("secret")
    base = hotline.url.removesuffix("/voice")
    for path, form, headers in hotline.forms:
        assert validator.validate(base + path, form, headers["x-twilio-signature"]), path
    url = base.replace("http", "ws") + "/media"
    assert validator.validate(url, {}, hotline.upgrades[0]["x-twilio-signature"])
    told = [form for path, form, _ in hotline.forms if path == "/status"]
    assert [form.get("StreamEvent") for form in told] == ["stream-started", "stream-stopped", None]
    assert told[0]["StreamSid"] == call.streams[0].messages.stream_sid
    assert told[-1]["CallStatus"] == "completed"


def test_behind_a_proxy_the_public_address_is_signed() -> None:
    public = "https://hotline.example"
    hotline = TinyHotline(converse, twiml=STREAM.replace("{stream}", "wss://hotline.example/media"))

    async def main() -> PhoneCall:
        async with asyncio.timeout(20), serving(hotline):
            setup = CallSetup(
                signer=Signer("secret"), proxy=Proxy(hotline.url.removesuffix("/voice"))
            )
            async with PhoneCall(f"{public}/voice", setup) as call:
                await listen(call)
            return call

    assert asyncio.run(main()).journal.failures == []
    validator = RequestValidator("secret")
    _, form, headers = hotline.forms[0]
    assert headers["host"] == "hotline.example"
    assert headers["x-forwarded-proto"] == "https"
    assert validator.validate(f"{public}/voice", form, headers["x-twilio-signature"])
    upgrade = hotline.upgrades[0]
    assert upgrade["host"] == "hotline.example"
    assert upgrade["x-forwarded-proto"] == "https"
    signature = upgrade["x-twilio-signature"]
    assert validator.compute_signature("wss://hotline.example/media", {}) == signature


def test_a_transfer_and_its_outcome() -> None:
    async def let_go(conversation: Conversation) -> None:
        await conversation.until("start")
        await conversation.speak(GREETING, "g")
        while conversation.hotline.messages[-1]["event"] != "mark":
            await conversation.receive()

    after = '<Response><Dial action="/dialled"><Number>+15550100</Number></Dial></Response>'
    hotline = TinyHotline(let_go, after=after.replace("/dialled", "/after"))

    async def act(call: PhoneCall) -> None:
        await call.until(lambda: call.after == "transfer", 5)
        hotline.after = "<Response><Say>Nobody is here.</Say></Response>"
        await until_over(call)

    call = hold(hotline, act, CallSetup(transfer=Transfer("no-answer", 0.2)))
    assert call.journal.failures == []
    assert call.after == "transfer"
    assert hotline.forms[-1][1]["DialCallStatus"] == "no-answer"
    assert call.ended_by is EndedBy.HOTLINE


def test_a_second_stream_after_the_first() -> None:
    hotline = TinyHotline(converse)

    async def act(call: PhoneCall) -> None:
        await listen(call)
        hotline.after = STREAM.replace(
            "{stream}", hotline.url.replace("http", "ws").replace("voice", "media")
        )
        await call.press("#")
        await call.until(
            lambda: len(call.streams) == 2 and bool(call.streams[1].hearing.stretches), 5
        )

    call = hold(hotline, act)
    assert call.journal.failures == []
    first, second = (stream.messages.stream_sid for stream in call.streams)
    assert first != second
    assert len(call.ear.stretches) == 2


def test_a_sip_caller() -> None:
    hotline = TinyHotline(converse, twiml="<Response><Reject/></Response>")
    caller = Caller("sip:a@pbx.example", "sip:b@c.sip.twilio.com", sip=Sip())
    call = hold(hotline, until_over, CallSetup(caller=caller))
    assert hotline.forms[0][1]["From"] == "sip:a@pbx.example"
    assert call.streams == []


async def raw(conversation: Conversation, *messages: str | bytes) -> None:
    await conversation.until("start")
    for message in messages:
        if isinstance(message, bytes):
            await conversation.socket.send_bytes(message)
        else:
            await conversation.socket.send_text(message.replace("SID", conversation.sid))


def sends(*messages: str | bytes) -> Talk:
    return lambda conversation: raw(conversation, *messages)


async def crash(conversation: Conversation) -> None:
    await conversation.until("start")
    await conversation.socket.close(1011)


@pytest.mark.parametrize(
    ("hotline", "codes"),
    [
        (TinyHotline(converse, status=500), [11200]),
        (TinyHotline(converse, twiml="<Response>"), [12100]),
        (TinyHotline(converse, twiml="<Response/>", content_type="text/plain"), [12300]),
        (
            TinyHotline(converse, twiml=STREAM.replace("{stream}", "wss://127.0.0.1:9/?a=1")),
            [31920, 31902],
        ),
        (TinyHotline(converse, twiml=STREAM.replace("/>", ' track="both_tracks"/>')), [31941]),
        (TinyHotline(converse, twiml=STREAM.replace("{stream}", "{stream}/nowhere")), [31920]),
        (TinyHotline(converse, twiml=STREAM.replace("{stream}", "ws://127.0.0.1:9/x")), [31902]),
        (TinyHotline(crash), [31921]),
        (TinyHotline(sends(b"\x00\x01")), [31950]),
        (TinyHotline(sends("hello")), [31951]),
        (TinyHotline(sends('{"event":"clear","streamSid":"SID","reason":"x"}')), [31951]),
        (TinyHotline(sends('{"event":"clear","streamSid":"MZ0"}')), [31951]),
        (TinyHotline(sends('{"event":"ping","streamSid":"SID"}')), [31951]),
    ],
)
def test_what_a_hotline_can_do_wrong_is_recorded_under_twilios_code(
    hotline: TinyHotline, codes: list[int]
) -> None:
    call = hold(hotline, until_over)
    found = [objection.code for objection in call.journal.objections]
    assert found == codes
    assert call.journal.failures


def test_a_stream_that_fails_is_told_and_the_call_goes_on() -> None:
    twiml = STREAM.replace("{stream}", "ws://127.0.0.1:9/x").replace(
        "</Connect>", "</Connect><Say>Sorry.</Say>"
    )
    call = hold(TinyHotline(converse, twiml=twiml), until_over)
    assert [
        event.detail["text"] for event in call.journal.events if event.kind == "twilio says"
    ] == ["Sorry."]


def test_nobody_listens_at_the_number() -> None:
    async def main() -> PhoneCall:
        async with PhoneCall("http://127.0.0.1:9/voice") as call:
            await call.wait_over(5)
        return call

    call = asyncio.run(main())
    assert call.ended_by is EndedBy.FAILURE
    assert [objection.code for objection in call.journal.objections] == [11205]


def test_endless_redirects_come_to_an_end() -> None:
    call = hold(TinyHotline(converse, twiml="<Response><Redirect/></Response>"), until_over)
    assert [objection.code for objection in call.journal.objections] == [11215]


def test_a_hotline_that_does_not_read_loses_the_callers_audio(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twilio discards it instead of waiting, and the line's clock goes on."""
    monkeypatch.setattr(wire, "CONGESTED", 0)

    async def act(call: PhoneCall) -> None:
        await call.until(lambda: call.journal.objected[31930] > 8, 5)

    call = hold(TinyHotline(converse), act)
    assert [objection.code for objection in call.journal.objections] == [31930]
    assert len(call.streams[0].said) // 160 > 10


def test_a_long_line_is_not_taken_for_a_hotline_that_does_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire, "CONGESTED", 5)

    async def act(call: PhoneCall) -> None:
        stream = await call.started()
        await call.until(lambda: len(stream.said) // 160 > 30, 5)

    call = hold(TinyHotline(converse), act, CallSetup(quality=LineQuality(delay_ms=300)))
    assert call.journal.objections == []


def test_waiting_for_what_does_not_come() -> None:
    async def silent(conversation: Conversation) -> None:
        await conversation.until("stop")

    async def act(call: PhoneCall) -> None:
        with pytest.raises(NotInTime):
            await call.wait_reply(within=0.3)
        with pytest.raises(ValueError, match="no telephone has the keys x"):
            await call.press("1x")
        await call.hang_up()
        with pytest.raises(CallOver):
            await call.wait_reply(within=0.3)

    hold(TinyHotline(silent), act)


def test_marks_come_back_in_order_through_a_clear() -> None:
    async def many(conversation: Conversation) -> None:
        await conversation.until("start")
        burst = pcm_to_ulaw(tone((500,), 500, 8000).pcm)
        await conversation.speak(burst, "a")
        await conversation.send("clear")
        await conversation.speak(burst, "b")
        while conversation.pending:
            await conversation.receive()

    hotline = TinyHotline(many)
    call = hold(hotline, until_over)
    assert call.journal.failures == []
    back = [m["mark"]["name"] for m in hotline.messages if m["event"] == "mark"]
    assert back == [f"{take}:{at}" for take in "ab" for at in range(800, 4001, 800)]
