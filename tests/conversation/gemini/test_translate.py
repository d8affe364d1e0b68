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
from conversation.gemini.translate import UNNAMED, Replies, Translation

pytestmark = pytest.mark.pure


def message(**fields: Any) -> types.LiveServerMessage:
    return types.LiveServerMessage.model_validate(fields)


def content(**fields: Any) -> types.LiveServerMessage:
    return message(serverContent=fields)


def sound(pcm: bytes, mime: str = "audio/pcm;rate=24000") -> types.LiveServerMessage:
    data = base64.b64encode(pcm).decode()
    return content(modelTurn={"parts": [{"inlineData": {"mimeType": mime, "data": data}}]})


def read(translation: Translation, *messages: types.LiveServerMessage) -> list[ModelEvent]:
    return [event for one in messages for event in translation.read(one)]


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


def test_late_sound_of_an_interrupted_reply_keeps_its_dead_number(
    translation: Translation,
) -> None:
    read(translation, sound(b"\0\0"), content(interrupted=True))
    late = read(translation, sound(b"\1\0"))
    fresh = read(translation, content(turnComplete=True), sound(b"\2\0"))
    assert isinstance(late[0], ModelAudio)
    assert late[0].response == 1
    assert isinstance(fresh[-1], ModelAudio)
    assert fresh[-1].response == 2


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
    replies.turn_over()
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


def test_the_newest_resumable_handle_is_kept(translation: Translation) -> None:
    read(
        translation,
        message(sessionResumptionUpdate={"newHandle": "one", "resumable": True}),
        message(sessionResumptionUpdate={}),
    )
    assert translation.handle == "one"
    read(translation, message(sessionResumptionUpdate={"newHandle": "two", "resumable": True}))
    assert translation.handle == "two"


def test_a_call_without_an_id_gets_one_of_ours(translation: Translation) -> None:
    events = read(translation, message(toolCall={"functionCalls": [{"name": "a"}, {"name": "b"}]}))
    ids = [event.call.id for event in events if isinstance(event, ToolCallRequested)]
    assert len(set(ids)) == 2
    assert all(one.startswith(UNNAMED) for one in ids)
