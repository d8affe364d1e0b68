"""Messages as the service writes them, read by the SDK's types, become events in order."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from google.genai import types
from hypothesis import given
from hypothesis import strategies as st

from conversation.events import (
    CallerWords,
    GenerationFinished,
    ModelAudio,
    ModelEvent,
    ModelInterrupted,
    ModelLeaving,
    ModelWords,
    ToolCallRequested,
    ToolCallsCancelled,
    TurnFinished,
    UsageReported,
)
from conversation.gemini.counters import ModelCounters
from conversation.gemini.replies import LATE_SECONDS, Replies
from conversation.gemini.translate import UNNAMED, Translation
from media.audio import Audio

pytestmark = pytest.mark.pure


def message(**fields: Any) -> types.LiveServerMessage:
    return types.LiveServerMessage.model_validate(fields)


def content(**fields: Any) -> types.LiveServerMessage:
    return message(serverContent=fields)


def sound(pcm: bytes, mime: str = "audio/pcm;rate=24000") -> types.LiveServerMessage:
    data = base64.b64encode(pcm).decode()
    return content(modelTurn={"parts": [{"inlineData": {"mimeType": mime, "data": data}}]})


def read(
    translation: Translation, *messages: types.LiveServerMessage, now: float = 0.0
) -> list[ModelEvent]:
    return [event for one in messages for event in translation.read(one, now)]


@pytest.fixture
def translation() -> Translation:
    return Translation(Replies())


def test_one_message_with_every_field_is_read_whole_and_in_order(translation: Translation) -> None:
    read(translation, sound(b"\0\0"))
    events = read(
        translation,
        message(
            serverContent={
                "interrupted": True,
                "inputTranscription": {"text": "no wait"},
                "outputTranscription": {"text": "Sure"},
                "generationComplete": True,
                "turnComplete": True,
            },
            toolCallCancellation={"ids": ["a"]},
            toolCall={"functionCalls": [{"id": "b", "name": "look", "args": {"x": 1}}]},
            usageMetadata={"promptTokenCount": 3, "responseTokenCount": 4, "totalTokenCount": 7},
            goAway={"timeLeft": "50s"},
        ),
    )
    assert [type(event) for event in events] == [
        ModelInterrupted,
        ToolCallsCancelled,
        CallerWords,
        ModelWords,
        ToolCallRequested,
        GenerationFinished,
        TurnFinished,
        UsageReported,
        ModelLeaving,
    ]
    assert events[0] == ModelInterrupted(1)
    assert events[3] == ModelWords(2, "Sure")
    assert events[8] == ModelLeaving(50.0)


def test_tokens_are_counted_by_direction_and_modality() -> None:
    counters = ModelCounters()
    report = {
        "promptTokenCount": 30,
        "promptTokensDetails": [
            {"modality": "AUDIO", "tokenCount": 20},
            {"modality": "TEXT", "tokenCount": 4},
        ],
        "responseTokenCount": 5,
        "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}],
        "totalTokenCount": 35,
    }
    translation = Translation(Replies(), counters)
    read(translation, message(usageMetadata=report), message(usageMetadata=report))
    assert counters.tokens == {
        ("input", "audio"): 40,
        ("input", "text"): 8,
        ("input", "unknown"): 12,
        ("output", "audio"): 10,
    }


def test_replies_are_numbered_from_one_and_a_new_one_begins_after_an_end(
    translation: Translation,
) -> None:
    events = read(
        translation,
        sound(b"\0\0"),
        content(generationComplete=True),
        content(turnComplete=True),
        sound(b"\0\0"),
    )
    assert [getattr(event, "response", None) for event in events] == [1, 1, 1, 2]


def test_late_sound_and_words_of_an_interrupted_reply_are_left_out() -> None:
    counters = ModelCounters()
    translation = Translation(Replies(), counters)
    read(translation, sound(b"\0\0"), content(interrupted=True))
    late = content(outputTranscription={"text": "never spoken"})
    assert read(translation, sound(b"\1\0"), late) == []
    fresh = read(translation, content(turnComplete=True), sound(b"\2\0"))
    assert fresh == [TurnFinished(1), ModelAudio(2, Audio(b"\2\0", 24000))]
    assert counters.late_sound == 1


def test_a_reply_long_after_an_interruption_is_a_new_one_though_no_turn_ended(
    translation: Translation,
) -> None:
    read(translation, sound(b"\0\0"), content(interrupted=True), now=10.0)
    assert read(translation, sound(b"\0\0"), now=10.0 + LATE_SECONDS / 2) == []
    (event,) = read(translation, sound(b"\0\0"), now=10.0 + LATE_SECONDS)
    assert isinstance(event, ModelAudio)
    assert event.response == 2


def test_an_interruption_without_the_turns_end_does_not_kill_the_next_reply(
    translation: Translation,
) -> None:
    read(translation, sound(b"\0\0"), content(interrupted=True))
    events = read(
        translation, content(inputTranscription={"text": "tomorrow"}), content(), sound(b"\0\0")
    )
    assert isinstance(events[-1], ModelAudio)
    assert events[-1].response == 2


def test_numbers_go_on_over_sessions() -> None:
    replies = Replies()
    read(Translation(replies), sound(b"\0\0"))
    replies.session_over()
    (event,) = read(Translation(replies), sound(b"\0\0"))
    assert isinstance(event, ModelAudio)
    assert event.response == 2


@given(st.lists(st.integers(0, 7), min_size=1, max_size=20))
def test_sound_cut_at_odd_bytes_arrives_whole(cuts: list[int]) -> None:
    translation = Translation(Replies())
    whole = bytes(range(sum(cuts)))
    events: list[ModelEvent] = []
    at = 0
    for cut in cuts:
        events += read(translation, sound(whole[at : at + cut]))
        at += cut
    got = b"".join(event.audio.pcm for event in events if isinstance(event, ModelAudio))
    assert got == whole[: len(whole) // 2 * 2]


def test_the_rate_is_the_one_declared_and_24_kHz_else(translation: Translation) -> None:
    events = read(translation, sound(b"\0\0", "audio/pcm;rate=16000"), sound(b"\0\0", "audio/pcm"))
    assert [e.audio.rate for e in events if isinstance(e, ModelAudio)] == [16000, 24000]


def test_sound_that_is_no_pcm_and_a_rate_of_nought_are_left_out() -> None:
    counters = ModelCounters()
    translation = Translation(Replies(), counters)
    foreign = (sound(b"\0\0", "audio/opus"), sound(b"\0\0", "audio/pcm;rate=0"))
    assert read(translation, *foreign) == []
    assert counters.foreign_sound == 2


def test_half_a_sample_never_moves_into_another_reply(translation: Translation) -> None:
    read(translation, sound(b"\1\2\3"), content(turnComplete=True))
    (event,) = read(translation, sound(b"\4\5"))
    assert event == ModelAudio(2, Audio(b"\4\5", 24000))


def test_a_sentence_the_service_hears_twice_is_told_once() -> None:
    counters = ModelCounters()
    translation = Translation(Replies(), counters)
    heard = content(inputTranscription={"text": " What time do I fly?"})
    short = content(inputTranscription={"text": " no"})
    events = read(translation, heard, heard, content(turnComplete=True), heard)
    assert [type(event) for event in events] == [CallerWords, TurnFinished, CallerWords]
    assert len(read(translation, content(turnComplete=True), short, short)) == 3
    assert counters.repeated_words == 1


def test_a_turn_without_sound_or_call_is_counted_and_still_ends() -> None:
    counters = ModelCounters()
    translation = Translation(Replies(), counters)
    silent = content(turnComplete=True, turnCompleteReason="MALFORMED_FUNCTION_CALL")
    call = message(toolCall={"functionCalls": [{"id": "a", "name": "look"}]})
    assert read(translation, silent) == [TurnFinished(1)]
    read(translation, call, content(turnComplete=True))
    read(translation, sound(b"\0\0"), content(turnComplete=True))
    assert counters.silent_turns == 1
    assert counters.turn_ends == {"MALFORMED_FUNCTION_CALL": 1}


def test_an_interruption_of_nothing_is_counted_and_not_told() -> None:
    counters = ModelCounters()
    assert read(Translation(Replies(), counters), content(interrupted=True)) == []
    assert counters.phantom_interruptions == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"setupComplete": {}},
        {"serverContent": {}},
        {"serverContent": {"modelTurn": {"parts": [{"text": "thinking", "thought": True}]}}},
        {"serverContent": {"interimInputTranscription": {"text": "wha"}}},
        {"serverContent": {"waitingForInput": True}},
        {"serverContent": {"groundingMetadata": {}}},
        {"voiceActivity": {"voiceActivityType": "ACTIVITY_START"}},
        {"sessionResumptionUpdate": {"newHandle": "h", "resumable": True}},
        {"toolCall": {}},
        {"toolCallCancellation": {}},
    ],
)
def test_what_means_nothing_to_a_conversation_is_left_out(fields: dict[str, Any]) -> None:
    assert read(Translation(Replies()), message(**fields)) == []


@pytest.mark.parametrize(("time_left", "seconds"), [("50s", 50.0), ("9.5s", 9.5), ("soon", 0.0)])
def test_a_leaving_session_says_how_long_it_stays(time_left: str, seconds: float) -> None:
    (event,) = read(Translation(Replies()), message(goAway={"timeLeft": time_left}))
    assert event == ModelLeaving(seconds)


def test_a_call_without_an_id_gets_one_of_ours(translation: Translation) -> None:
    events = read(translation, message(toolCall={"functionCalls": [{"name": "a"}, {"name": "b"}]}))
    ids = [event.call.id for event in events if isinstance(event, ToolCallRequested)]
    assert len(set(ids)) == 2
    assert all(one.startswith(UNNAMED) for one in ids)
    back = Translation(Replies(), conversation="CA1-2")
    events = read(back, message(toolCall={"functionCalls": [{"name": "a"}]}))
    (other,) = [event.call.id for event in events if isinstance(event, ToolCallRequested)]
    assert other not in ids, "one diary is kept for all conversations of a call"
