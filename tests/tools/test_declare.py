"""One declaration: what the model is told, and the call as it is validated."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from google.genai import types
from pydantic import Field

from tools.contract import When
from tools.declare import Arguments, Deed, effect_key, spoken, tool
from tools.outcome import Next, Outcome, done
from tools.registry import Registry
from tools.shop import TOOLS

pytestmark = pytest.mark.pure


class Sample(Arguments):
    reference: str = spoken("the reference", "Which reference?", Next.ASK_REFERENCE)
    action: Literal["quote", "confirm"] = spoken("what to do", "What?", Next.NEW_QUOTE)
    count: int | None = Field(default=None, description="how many")


@tool("sample", "a sample", when=When.SILENT, writes=True, seconds=3)
async def sample(args: Sample, deed: Deed) -> Outcome:
    return done("ok")


def test_type_hints_become_a_plain_schema() -> None:
    declared = sample.declaration
    assert (declared.when, declared.writes, declared.seconds) == (When.SILENT, True, 3)
    assert declared.parameters == {
        "type": "object",
        "properties": {
            "reference": {"type": "string", "description": "the reference"},
            "action": {
                "type": "string",
                "description": "what to do",
                "enum": ["quote", "confirm"],
            },
            "count": {"type": "integer", "description": "how many"},
        },
        "required": ["reference", "action"],
    }


@pytest.mark.parametrize("declared", TOOLS.declarations, ids=lambda one: str(one.name))
def test_every_tool_can_be_declared_to_gemini(declared: Any) -> None:
    made = types.FunctionDeclaration(
        name=declared.name,
        description=declared.description,
        parameters=types.Schema.model_validate(_upper(declared.parameters)),
    )
    assert made.name == declared.name
    assert declared.description.endswith(".")
    assert all(part.get("description") for part in declared.parameters["properties"].values())


def _upper(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: value.upper() if key == "type" and isinstance(value, str) else _upper(value)
            for key, value in schema.items()
        }
    return schema


def test_the_ten_tools_and_the_end_are_on_the_desk() -> None:
    assert {one.name for one in TOOLS.declarations} == {
        "Flight_Booking_Details_Agent",
        "Booking_Cancellation_Agent",
        "DateChangeAgent",
        "NameCorrectionAgent",
        "Webcheckin_And_Boarding_Pass_Agent",
        "Eticket_Sender_Agent",
        "SpecialClaimAgent",
        "ObservabilityAgent",
        "Enquiry_Tool",
        "Connect_To_Human_Tool",
        "End_Call_Tool",
    }


def test_arguments_are_validated_and_what_is_too_much_is_ignored() -> None:
    read = sample.read({"reference": " x ", "action": "quote", "count": "3", "made_up": 1})
    assert read == Sample(reference="x", action="quote", count=3)
    numeric = sample.read({"reference": 427, "action": "quote", "count": None})
    assert isinstance(numeric, Sample)
    assert numeric.reference == "427"


@pytest.mark.parametrize(
    ("args", "say", "following"),
    [
        ({}, "Which reference?", Next.ASK_REFERENCE),
        ({"reference": "", "action": "quote"}, "Which reference?", Next.ASK_REFERENCE),
        ({"reference": "x", "action": "burn"}, "What?", Next.NEW_QUOTE),
        ({"reference": ["x"], "action": "quote"}, "Which reference?", Next.ASK_REFERENCE),
        (
            {"reference": "x", "action": "quote", "count": "lots"},
            "I did not quite get that. Could you say it again?",
            None,
        ),
    ],
)
def test_what_is_missing_is_asked_for(
    args: dict[str, Any], say: str, following: Next | None
) -> None:
    answer = sample.read(args)
    assert isinstance(answer, Outcome)
    assert (answer.say, answer.next) == (say, following)


def test_equal_requests_have_one_key() -> None:
    def key(conversation: str = "c", name: str = "sample", **args: Any) -> str:
        return effect_key(conversation, name, Sample.model_validate({"action": "quote"} | args))

    first = key(reference="CYM427")
    assert key(reference="c y m-427") == first
    others = {
        key(reference="BKX931"),
        key(reference="CYM427", count=1),
        key(reference="CYM427", action="confirm"),
        key("d", reference="CYM427"),
        key(name="other", reference="CYM427"),
    }
    assert len(others | {first}) == 6
    assert key(reference="Mary  Ann") == key(reference="mary, ann.")
    names = ("Mary Ann", "Mary-Ann", "Maryann")
    assert len({key(reference=one) for one in names}) == len(names)
    assert key(reference="O'Neill") == key(reference="o\u2019neill") != key(reference="ONeill")


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="sample"):
        Registry((sample, sample))


def test_a_tool_takes_arguments_first() -> None:
    async def wrong(deed: Deed) -> Outcome:
        return done("ok")

    with pytest.raises(TypeError, match="wrong"):
        tool("wrong", "wrong")(wrong)  # type: ignore[arg-type, type-var]
