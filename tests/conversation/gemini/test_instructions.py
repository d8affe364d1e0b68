"""Every declared tool has its trigger, no other is named, and nothing is said twice."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from conversation import directions
from conversation.gemini.instructions import (
    BRACKETS,
    CARE,
    FLOW,
    GREETING,
    NEVERS,
    SAYING,
    SPEAKING,
    TRIGGERS,
    instruction,
)
from emulators.gemini.brain.mind import make_mind
from emulators.gemini.steps import Say
from tools.shop import TOOLS

pytestmark = pytest.mark.pure

TODAY = dt.date(2026, 12, 8)
NAMES = [declaration.name for declaration in TOOLS.declarations]
SECTIONS = (SPEAKING, FLOW, CARE, SAYING, BRACKETS, NEVERS)


def told(**more: str) -> str:
    return instruction(NAMES, today=TODAY, **more)


def test_every_declared_tool_has_its_trigger() -> None:
    text = told()
    for name in NAMES:
        assert f"- {name}: {TRIGGERS[name]}." in text


@pytest.mark.parametrize("missing", sorted(TRIGGERS))
def test_a_tool_that_is_not_declared_is_not_named(missing: str) -> None:
    text = instruction([name for name in TRIGGERS if name != missing], today=TODAY)
    assert missing not in text
    assert "Which tool when" not in instruction([], today=TODAY)


def test_nothing_is_said_twice_and_every_never_is_one() -> None:
    rules = [rule for section in SECTIONS for rule in section.rules]
    assert len(set(rules)) == len(rules)
    assert all(rule.startswith("Never ") for rule in NEVERS.rules)
    assert len(told().split()) < 1200


@pytest.mark.parametrize(
    "what",
    [
        "the last three characters",
        'action "quote"',
        'Only after a clear yes to that quote call it with action "confirm"',
        "Nothing of a booking is said before a tool has released it",
        "Never claim to be a human being. If the caller sincerely asks, say truthfully",
        "Never bring up what you are made of",
        "Never ask permission to look something up",
        "never read it out",
    ],
)
def test_what_must_hold_is_said(what: str) -> None:
    assert what in told()


def test_no_rule_takes_back_another() -> None:
    """Leave is never asked for a look-up, always for what costs; and a goodbye follows its call."""
    text = told()
    assert len(re.findall(r"Shall I go ahead", text)) == 1
    assert "May I" not in text
    assert TRIGGERS["End_Call_Tool"].index("call it") < TRIGGERS["End_Call_Tool"].index("then say")
    assert "human" not in text.replace("Never claim to be a human being", "")


def test_the_facts_of_the_call_are_told() -> None:
    text = told(caller="calls by telephone.", returning="transfer_failed")
    assert "Today is Tuesday, 8 December 2026." in text
    assert "The caller calls by telephone." in text
    assert "do not greet again" in text
    assert "do not greet again" not in told()


def test_directions_look_as_the_instructions_describe_them() -> None:
    said = [directions.opening(""), directions.keyed("427"), directions.carry_on("hi", None)]
    assert all(one.startswith("[") and one.endswith("]") for one in said)
    assert directions.keyed("427") in BRACKETS.rules[0]


def test_the_greeting_is_found_where_the_emulator_looks_for_it() -> None:
    steps = make_mind([], told()).hear(directions.opening(""))
    assert GREETING in [step.text for step in steps if isinstance(step, Say)]
