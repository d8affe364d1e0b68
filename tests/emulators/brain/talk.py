"""A conversation by text with Myra's mind, with functions declared as the hotline does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulators.gemini.brain import make_mind
from emulators.gemini.steps import Call, Say, Step

GREET = "[The call is connected. Greet the caller.]"
TEXT = {"type": "string"}
QUOTING = {"action": {"type": "string", "enum": ["quote", "confirm"]}, "quote_id": TEXT}
BOOKING = {"booking_reference": TEXT, "surname": TEXT}


def declaration(
    name: str, parameters: Mapping[str, Any], required: Sequence[str] = ()
) -> dict[str, Any]:
    schema = {"type": "object", "properties": dict(parameters), "required": list(required)}
    return {"name": name, "description": name, "parameters": schema}


KINDS = {"type": "string", "enum": ["wheelchair", "meal", "medical", "baggage", "delay"]}
CHANNELS = {"type": "string", "enum": ["email", "sms"]}
DECLARATIONS = (
    declaration("Flight_Booking_Details_Agent", BOOKING, ["booking_reference"]),
    declaration("Booking_Cancellation_Agent", {**BOOKING, **QUOTING}, ["booking_reference"]),
    declaration("DateChangeAgent", {**BOOKING, **QUOTING, "new_date": TEXT}, ["booking_reference"]),
    declaration("NameCorrectionAgent", {**BOOKING, "passenger": TEXT, "corrected_name": TEXT}),
    declaration("Webcheckin_And_Boarding_Pass_Agent", {**BOOKING, "seat": TEXT}),
    declaration("Eticket_Sender_Agent", {**BOOKING, "channel": CHANNELS}),
    declaration("SpecialClaimAgent", {**BOOKING, "kind": KINDS, "details": TEXT}),
    declaration("ObservabilityAgent", BOOKING),
    declaration("Enquiry_Tool", {"question": TEXT}, ["question"]),
    declaration("Connect_To_Human_Tool", {"reason": TEXT}),
    declaration("End_Call_Tool", {"reason": TEXT}),
)


class Talk:
    """Says lines, answers calls, and keeps what came back."""

    def __init__(self, declarations: Sequence[Mapping[str, Any]] = DECLARATIONS) -> None:
        self.mind = make_mind(declarations, "You are Myra.")
        self.calls: list[Call] = []
        self.said = ""

    def say(self, *utterances: str) -> Talk:
        """The caller says these, one after the other."""
        for utterance in utterances:
            self._perform(self.mind.hear(utterance))
        return self

    def answer(self, say: str, following: str = "", *, of: Call | None = None, **data: Any) -> Talk:
        """The last call (or ``of``) is answered."""
        call = of or self.call
        response = {
            "status": "ok",
            "say": say,
            **({"next": following} if following else {}),
            **data,
        }
        self._perform(self.mind.result(call.id, call.name, response))
        return self

    @property
    def call(self) -> Call:
        return self.calls[-1]

    def _perform(self, steps: Sequence[Step]) -> None:
        self.said = " ".join(step.text for step in steps if isinstance(step, Say))
        self.calls += [step for step in steps if isinstance(step, Call)]
