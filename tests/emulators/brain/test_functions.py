"""Declared functions fitted, and their responses read."""

from __future__ import annotations

from typing import Any

import pytest

from emulators.gemini.brain.declared import functions_of
from emulators.gemini.brain.outcomes import outcome_of
from tests.emulators.brain.talk import TEXT, Talk, declaration

pytestmark = pytest.mark.pure

KNOWN = {"booking_reference": "CYM427", "surname": "Okafor", "kind": "delay", "action": "quote"}


def test_arguments_take_the_declared_names() -> None:
    declared = declaration("F", {"pnr": TEXT, "lastName": TEXT})
    assert functions_of([declared])["F"].arguments(KNOWN) == {"pnr": "CYM427", "lastName": "Okafor"}


def test_values_take_the_declared_spelling_or_stay_away() -> None:
    kinds = {"type": "STRING", "enum": ["FLIGHT_DELAY", "BAGGAGE"]}
    mood = {"type": "STRING", "enum": ["happy"]}
    declared = declaration("F", {"claim_type": kinds, "action": mood})
    assert functions_of([declared])["F"].arguments(KNOWN) == {"claim_type": "FLIGHT_DELAY"}


def test_without_a_schema_everything_known_goes() -> None:
    assert functions_of([{"name": "F"}])["F"].arguments(KNOWN) == KNOWN


@pytest.mark.parametrize("key", ["parametersJsonSchema", "parameters_json_schema"])
def test_json_schemas_are_read_too(key: str) -> None:
    declared = {"name": "F", key: {"properties": {"reference": TEXT}, "required": ["reference"]}}
    function = functions_of([declared])["F"]
    assert function.arguments(KNOWN) == {"reference": "CYM427"}
    assert function.required() == ("booking_reference",)


def test_other_parameter_names_reach_the_call() -> None:
    talk = Talk([declaration("Flight_Booking_Details_Agent", {"bookingId": TEXT}, ["bookingId"])])
    assert talk.say("C Y M 4 2 7").call.args == {"bookingId": "CYM427"}


@pytest.mark.parametrize(
    ("response", "status", "say"),
    [
        ({"status": "ok", "say": "Done."}, "ok", "Done."),
        ({"output": {"status": "refused", "say": "No."}}, "refused", "No."),
        ({"result": "It is fine."}, "ok", "It is fine."),
        ({"error": "It broke."}, "error", "It broke."),
        ({}, "error", ""),
        ({"status": "ok", "say": None}, "ok", ""),
        ({"say": ["rubbish"], "output": 3.5}, "error", ""),
    ],
)
def test_responses(response: dict[str, Any], status: str, say: str) -> None:
    outcome = outcome_of(response)
    assert (outcome.status, outcome.say) == (status, say)


def test_what_comes_next_has_one_name() -> None:
    assert outcome_of({"say": "x", "next": ["ask_new_date"]}).next == "ask_date"
    assert outcome_of({"say": "x", "next": "offer_try_again"}).next == "offer_try_again"


def test_a_function_that_was_not_declared_is_never_called() -> None:
    talk = Talk([declaration("Connect_To_Human_Tool", {"reason": TEXT})])
    talk.say("Please cancel my booking C Y M 4 2 7")
    assert talk.calls == []
    assert "can't do" in talk.said
    assert talk.say("yes please").call.name == "Connect_To_Human_Tool"


def test_with_nothing_declared_myra_still_talks() -> None:
    talk = Talk([])
    assert "Myra" in talk.say("[Greet the caller]").said
    for line in ("cancel my flight", "talk to a human", "bla", "ble", "bli", "blu", "goodbye"):
        assert talk.say(line).said
    assert talk.calls == []
