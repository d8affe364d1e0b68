"""The newest good handle is used, a bad one is given up, and answers follow the memory."""

from __future__ import annotations

import pytest
from google.genai import types

from conversation.gemini.calls import Calls, Due
from conversation.gemini.close_codes import AFRESH, AGAIN
from conversation.gemini.outbox import ToolAnswer
from conversation.gemini.rotation import FUTILE_RESUMPTIONS, Rotation
from tools.contract import When

pytestmark = pytest.mark.pure


def update(handle: str | None, resumable: bool = True) -> types.LiveServerSessionResumptionUpdate:
    return types.LiveServerSessionResumptionUpdate(new_handle=handle, resumable=resumable)


def remembering() -> Rotation:
    rotation = Rotation()
    rotation.begin(resume=False)
    rotation.opened()
    rotation.heard(update("one"))
    return rotation


def test_the_newest_resumable_handle_is_kept() -> None:
    rotation = remembering()
    assert rotation.heard(update("two"))
    assert not rotation.heard(update(None, resumable=False))
    assert not rotation.heard(update("three", resumable=False))
    assert rotation.begin(resume=True) == "two"


def test_a_fresh_session_forgets_the_handle_for_good() -> None:
    rotation = remembering()
    assert rotation.begin(resume=False) is None
    assert rotation.begin(resume=True) is None


def test_a_handle_the_service_does_not_know_is_given_up_at_once() -> None:
    rotation = remembering()
    rotation.begin(resume=True)
    rotation.lost(1008, AFRESH)
    assert rotation.begin(resume=True) is None


def test_resuming_in_vain_ends_in_a_fresh_session() -> None:
    rotation = remembering()
    for _ in range(FUTILE_RESUMPTIONS):
        assert rotation.begin(resume=True) == "one"
        rotation.lost(1011, AGAIN)
    assert rotation.begin(resume=True) is None


def test_a_resumed_session_that_ends_before_it_says_anything_was_in_vain() -> None:
    rotation = remembering()
    for _ in range(FUTILE_RESUMPTIONS):
        assert rotation.begin(resume=True)
        rotation.opened()
        rotation.lost(1006, AGAIN)
    assert rotation.begin(resume=True) is None


def test_a_session_that_spoke_and_a_network_that_failed_do_not_count_against_the_handle() -> None:
    rotation = remembering()
    for code in (0, 429, 503, 1006) * 2:
        assert rotation.begin(resume=True) == "one"
        rotation.lost(code, AGAIN)
    for _ in range(2 * FUTILE_RESUMPTIONS):
        assert rotation.begin(resume=True) == "one"
        rotation.opened()
        rotation.proved()
        rotation.lost(1011, AGAIN)


def answer(call_id: str, when: When = When.IDLE) -> ToolAnswer:
    return ToolAnswer(call_id, "look", {}, when)


def test_a_call_is_answered_once_and_only_if_it_was_made() -> None:
    calls = Calls()
    calls.requested("a", "look")
    assert calls.due(answer("b")) is Due.DROP
    assert calls.due(answer("a")) is Due.SEND
    calls.given(answer("a"))
    assert calls.due(answer("a")) is Due.DROP


def test_a_resumed_session_gets_again_what_it_was_given_after_its_handle() -> None:
    calls = Calls()
    calls.requested("a", "look")
    calls.requested("b", "look")
    calls.given(answer("a"))
    calls.handle_given()
    calls.given(answer("b"))
    assert calls.resumed() == (answer("b"),)
    assert calls.due(answer("b")) is Due.SEND
    assert calls.due(answer("a")) is Due.DROP


def test_a_result_whose_call_was_forgotten_is_told_in_words() -> None:
    for afresh in (True, False):
        calls = Calls()
        calls.requested("a", "look")
        calls.requested("s", "look")
        if afresh:
            calls.started_afresh()
        else:
            assert calls.resumed() == ()
        assert calls.due(answer("s", When.SILENT)) is Due.DROP
        assert calls.due(answer("a")) is Due.TELL
        calls.given(answer("a"))
        assert calls.due(answer("a")) is Due.DROP


def test_a_forgotten_call_that_the_model_makes_anew_is_answered_there() -> None:
    calls = Calls()
    calls.requested("a", "look")
    calls.requested("o", "other")
    calls.started_afresh()
    calls.requested("a2", "look")
    assert calls.due(answer("a")) is Due.DROP
    assert calls.due(answer("a2")) is Due.SEND
    assert calls.due(ToolAnswer("o", "other", {}, When.IDLE)) is Due.TELL
