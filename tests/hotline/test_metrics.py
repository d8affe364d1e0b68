"""What a call leaves in the metrics, and that nothing of a caller does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conversation.actions import SendAudio, StartTimer
from conversation.events import (
    CallerAudio,
    LineClosed,
    ModelLeaving,
    ModelLost,
    ModelReady,
    ToolCallRequested,
)
from conversation.line import After, Ending
from hotline.observing.labels import (
    Channel,
    Loss,
    Outcome,
    channel_of,
    closed_by_line,
    let_go,
    loss_of,
)
from media.audio import Audio
from telephony.counters import Count
from tests.hotline.watched import INFO, Watched, observed, talk, watch
from tests.simulators.desk import ScriptedDesk, Work
from tests.simulators.line import SimulatedLine
from tests.simulators.model import ScriptedModel, reply
from tests.virtual_time import run
from tools.contract import Order, Status, ToolCall
from web_demo.server import browser_line

pytestmark = pytest.mark.pure


def asks(name: str, call_id: str = "c1") -> ToolCallRequested:
    return ToolCallRequested(ToolCall(call_id, name, {"reference": "ABC123"}))


def test_turns_replies_and_interruptions() -> None:
    seen = watch(talk, seconds=15)
    assert seen.value("turns_total", channel="phone", speaker="myra") == 3
    assert seen.value("turns_total", channel="phone", speaker="caller") == 2
    assert seen.value("interruptions_total", channel="phone") == 1
    assert seen.value("first_audio_latency_seconds_count", channel="phone") == 2
    waited = seen.value("first_audio_latency_seconds_sum", channel="phone")
    # From the end of speech at the far end, which the line's delay of 0.04 s brings here late.
    assert waited == pytest.approx((6.0 - 4.54) + (10.0 - 9.04), abs=0.1)
    assert seen.value("reply_stage_seconds_count", stage="heard") == 2
    assert seen.value("greeting_latency_seconds_count", channel="phone") == 1
    assert seen.value("greeting_latency_seconds_sum", channel="phone") == pytest.approx(
        0.2, abs=0.05
    )


def test_a_barge_in_is_timed_from_its_first_sound() -> None:
    seen = watch(talk, seconds=15)
    assert seen.value("barge_in_stop_seconds_count", channel="phone") == 1
    assert 0.02 <= seen.value("barge_in_stop_seconds_sum", channel="phone") <= 0.3


def test_frames_come_every_twenty_ms() -> None:
    seen = watch(talk, seconds=15)
    labels = {"channel": "phone", "direction": "in"}
    count = seen.value("audio_frame_gap_seconds_count", **labels)
    assert count == pytest.approx(15 / 0.02, rel=0.02)
    assert seen.value("audio_frame_gap_seconds_sum", **labels) / count == pytest.approx(0.02, 0.02)


def nothing(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None: ...


@pytest.mark.parametrize(
    ("closes", "door", "outcome"),
    [
        ("stopped", "phone", "caller_hangup"),
        ("call_over", "phone", "caller_hangup"),
        ("disconnected", "phone", "error"),
        ("disconnected", "browser", "caller_hangup"),
        ("stalled", "phone", "error"),
        ("superseded", "phone", "error"),
    ],
)
def test_how_a_line_closes_is_how_its_call_ended(closes: str, door: str, outcome: str) -> None:
    seen = watch(nothing, seconds=2, closes=closes, info=replace(INFO, door=door))
    assert seen.value("calls_total", channel=door, outcome=outcome) == 1
    labels = {"channel": door, "outcome": outcome}
    assert seen.value("call_duration_seconds_sum", **labels) == pytest.approx(2.0, abs=0.1)
    assert seen.value("active_calls", channel=door) == 0
    assert len(seen.sources.board) == 0


@pytest.mark.parametrize(
    ("order", "outcome"), [(Order.HANG_UP, "completed"), (Order.TRANSFER, "transferred")]
)
def test_a_call_that_myra_ends(order: Order, outcome: str) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.at(1.0, [(0.0, asks("look_up"))])
        model.when("answer", "c1", reply(1, 800, "Goodbye."))

    seen = watch(scene, seconds=30, desk=lambda: ScriptedDesk(look_up=Work(order=order)))
    assert seen.value("calls_total", channel="phone", outcome=outcome) == 1


def test_a_call_cut_off_by_the_drain_is_not_an_error() -> None:
    assert let_go(Ending(After.FAILED), draining=True) is Outcome.DRAINED
    assert let_go(Ending(After.FAILED), draining=False) is Outcome.ERROR
    assert let_go(Ending(After.GOODBYE), draining=True) is Outcome.COMPLETED


def test_a_browsers_end_is_an_error_only_where_something_failed() -> None:
    ends = {
        browser_line.LEFT: Outcome.CALLER_HANGUP,
        browser_line.DISCONNECTED: Outcome.CALLER_HANGUP,
        browser_line.CANCELLED: Outcome.DRAINED,
        browser_line.STALLED: Outcome.ERROR,
    }
    for reason, outcome in ends.items():
        assert closed_by_line(LineClosed(reason), Channel.BROWSER) is outcome


@pytest.mark.parametrize(("draining", "outcome"), [(True, "drained"), (False, "error")])
def test_a_call_that_fails_is_the_drains_doing_only_while_draining(
    draining: bool, outcome: str
) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.at(1.0, [(0.0, ModelLost(403, "permission denied", retry=False))])

    seen = watch(scene, seconds=20, draining=draining)
    assert seen.value("calls_total", channel="phone", outcome=outcome) == 1
    assert seen.value("live_losses_total", cause="refused") == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (Status.OK, "ok"),
        (Status.REFUSED, "denied"),
        (Status.ERROR, "error"),
        (Status.TIMEOUT, "timeout"),
        (Status.CANCELLED, "cancelled"),
    ],
)
def test_tools_by_outcome(status: Status, outcome: str) -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.at(1.0, [(0.0, asks("look_up"))])

    seen = watch(scene, seconds=5, desk=lambda: ScriptedDesk(look_up=Work(0.4, status=status)))
    assert seen.value("tool_calls_total", tool="look_up", outcome=outcome) == 1
    assert seen.value("tool_duration_seconds_sum", tool="look_up") == pytest.approx(0.4, abs=0.01)


def test_a_tool_that_does_not_exist_gets_no_series_of_its_own() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.at(1.0, [(0.0, asks("call_me_on_4915112345678"))])

    invented = {"call_me_on_4915112345678": Work(status=Status.ERROR)}
    seen = watch(scene, seconds=5, desk=lambda: ScriptedDesk(**invented))
    assert seen.value("tool_calls_total", tool="unknown", outcome="error") == 1
    assert "call_me_on" not in seen.scrape


def test_sessions_that_are_lost_and_renewed() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        model.when("text", "Greet", reply(1, 500, "Hello."))
        model.at(2.0, [(0.0, ModelLeaving(50.0))])
        model.at(2.5, [(0.0, ModelReady(resumed=True))])
        model.at(4.0, [(0.0, ModelLost(1011, "RESOURCE_EXHAUSTED: no quota left", retry=True))])
        model.at(5.0, [(0.0, ModelReady(resumed=True))])

    seen = watch(scene, seconds=6, looks=(3.0, 4.1, 5.5))
    assert seen.value("live_losses_total", cause="quota") == 1
    assert seen.value("live_reconnects_total", reason="goaway") == 1
    assert seen.value("live_reconnects_total", reason="error") == 1
    assert seen.value("live_reconnects_total", reason="deadline") == 0
    assert [look["doing"] for look in seen.during] == ["listening", "connecting", "listening"]
    assert seen.during[-1]["reconnects"] == 2


def test_a_model_that_keeps_silent_is_renewed_by_the_deadline() -> None:
    seen = watch(nothing, seconds=15)
    assert seen.value("live_reconnects_total", reason="deadline") == 1


@pytest.mark.parametrize(
    ("lost", "cause"),
    [
        (ModelLost(429, "", retry=True), Loss.QUOTA),
        (ModelLost(1011, "Quota exceeded for metric", retry=True), Loss.QUOTA),
        (ModelLost(0, "not reached", retry=True), Loss.NETWORK),
        (ModelLost(1006, "", retry=True), Loss.NETWORK),
        (ModelLost(403, "permission", retry=False), Loss.REFUSED),
        (ModelLost(1011, "internal", retry=True), Loss.SERVICE),
        (ModelLost(503, "", retry=True), Loss.NETWORK),
    ],
)
def test_what_a_lost_session_is_blamed_on(lost: ModelLost, cause: Loss) -> None:
    assert loss_of(lost) is cause


def test_dead_air_that_had_to_be_filled() -> None:
    seen = watch(nothing, seconds=12)
    assert seen.value("prompts_total", prompt="one_moment") == 1


def counted() -> Watched:
    async def scene() -> Watched:
        seen = observed(draining=True)
        door, model = seen.sources.door, seen.sources.model
        door.counters.add(Count.WEBHOOK_BAD_SIGNATURE, 3)
        door.counters.add(Count.CALLS_REFUSED_FULL, 2)
        door.counters.add(Count.TOKEN_REUSED)
        door.counters.add(Count.FRAMES_OUT, 7)
        model.closed(1011)
        model.closed(4999)
        model.charged("output", 10, {"audio": 8})
        return seen

    return run(scene())


def test_what_others_count_is_read_at_the_scrape() -> None:
    seen = counted()
    assert seen.value("webhook_rejected_total", reason="bad_signature") == 3
    assert seen.value("webhook_rejected_total", reason="capacity") == 2
    assert seen.value("calls_total", channel="phone", outcome="rejected") == 2
    assert seen.value("stream_rejected_total", reason="replay") == 1
    assert seen.value("audio_frames_total", channel="phone", direction="out") == 7
    assert seen.value("live_closes_total", code="1011") == 1
    assert seen.value("live_closes_total", code="other") == 1
    assert seen.value("model_tokens_total", direction="output", modality="audio") == 8
    assert seen.value("model_tokens_total", direction="output", modality="unknown") == 2
    assert seen.value("draining") == 1
    assert seen.value("capacity_calls") == 100
    assert seen.value("database_up") == 1


def test_every_series_is_known_beforehand() -> None:
    """A call adds no series but those of channels and outcomes, and none names anybody."""

    def series(seen: Watched) -> set[tuple[str, str]]:
        return {
            (sample.name, str(sorted(sample.labels.items())))
            for family in text_string_to_metric_families(seen.scrape)
            for sample in family.samples
        }

    async def none() -> Watched:
        return observed()

    before, called = run(none()), watch(talk, seconds=15)
    new = {name for name, _ in series(called) - series(before)}
    assert {name.rpartition("_")[0] for name in new} == {
        "voicebot_call_duration_seconds",
        "voicebot_audio_frame_gap_seconds",
    }
    for part in (INFO.id, INFO.caller, INFO.caller[-6:], "my booking", "long story"):
        assert part not in called.scrape
    assert len(series(called)) < 600


def test_a_door_of_another_name_does_not_become_a_label() -> None:
    assert channel_of("phone") == "phone"
    assert channel_of("browser") == "browser"
    assert channel_of("CA123") == "other"


def test_what_a_running_call_does_is_seen() -> None:
    def scene(line: SimulatedLine, model: ScriptedModel, desk: ScriptedDesk) -> None:
        talk(line, model, desk)
        model.at(12.5, [(0.0, asks("look_up"))])

    desk = {"look_up": Work(2.0)}
    looks = (0.1, 1.0, 2.5, 4.0, 7.0, 13.0)
    seen = watch(scene, seconds=20, looks=looks, desk=lambda: ScriptedDesk(**desk))
    assert [look["doing"] for look in seen.during] == [
        "connecting",
        "speaking",
        "listening",
        "hearing",
        "speaking",
        "tool",
    ]
    last = seen.during[-1]
    assert last["call"] == INFO.id[-6:]
    assert last["caller"] == "78"
    assert (last["turns"], last["tools"], last["channel"]) == (2, ["look_up"], "phone")
    assert last["reply_ms"] == pytest.approx(960, abs=60)


def test_a_frame_moves_its_gap_and_nothing_else() -> None:
    async def scene() -> None:
        seen = observed()
        (watcher,) = seen.observation.observers(INFO)
        before = seen.scrape
        frame = CallerAudio(Audio.silence(20, 8000), 0.0, -90.0)
        watcher.decided(0.02, frame, (SendAudio(frame.audio), StartTimer("dead_air", 4.0)))
        watcher.decided(0.04, frame, (SendAudio(frame.audio),))
        changed = set(seen.scrape.splitlines()) ^ set(before.splitlines())
        assert changed
        assert all(line.startswith("voicebot_audio_frame_gap_seconds") for line in changed)

    run(scene())
