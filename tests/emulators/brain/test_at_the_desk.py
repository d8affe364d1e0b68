"""Myra's mind with the real tools and the demonstration bookings, by text."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulators.gemini.brain import make_mind
from emulators.gemini.steps import Mind, Say, Step
from tests.tools.counter import NOW, Counter, caller, house
from tools.database import Database
from tools.migrations import upgrade
from tools.seed import seed
from tools.shop import TOOLS

pytestmark = pytest.mark.socket

DECLARATIONS = [
    {"name": d.name, "description": d.description, "parameters": dict(d.parameters)}
    for d in TOOLS.declarations
]


@dataclass(frozen=True)
class Script:
    """What the caller says; which tool must have been asked last with status ok, and heard."""

    name: str
    lines: Sequence[str]
    tool: str
    heard: str


SCRIPTS = (
    Script(
        "details",
        ["When does my flight leave?", "C Y M four two seven", "Okafor"],
        "Flight_Booking_Details_Agent",
        "Ada Okafor",
    ),
    Script(
        "cancel",
        ["Cancel my trip, B K X nine three one", "It's Reyes", "yes please"],
        "Booking_Cancellation_Agent",
        "is cancelled",
    ),
    Script(
        "change",
        [
            *("I want to change the date", "C Y M four two seven", "Okafor", "next Friday"),
            *("no, Saturday I meant", "go ahead"),
        ],
        "DateChangeAgent",
        "your new date is Saturday",
    ),
    Script(
        "name",
        [
            *("My name is spelled wrong", "E H X three zero seven", "Miller"),
            "John Miller, J O H N",
        ],
        "NameCorrectionAgent",
        "John Miller",
    ),
    Script(
        "check in",
        ["Check me in please, window seat", "B C P six one three", "Lindqvist"],
        "Webcheckin_And_Boarding_Pass_Agent",
        "checked in",
    ),
    Script(
        "ticket",
        ["Please send me my ticket by text message", "C Y M four two seven", "Okafor"],
        "Eticket_Sender_Agent",
        "on its way",
    ),
    Script(
        "claim",
        [
            *("My suitcase never arrived in Boston", "Q R T five eight zero", "Nair"),
            "Priya Nair",
        ],
        "SpecialClaimAgent",
        "recorded",
    ),
    Script(
        "refund",
        ["Where is my refund?", "Y H C nine four eight", "Hakimi"],
        "ObservabilityAgent",
        "approved",
    ),
    Script("enquiry", ["How many bags can I take?"], "Enquiry_Tool", "kilograms"),
    Script(
        "person",
        ["Let me talk to a human", "you can reach me at 415 555 0177"],
        "Connect_To_Human_Tool",
        "colleague",
    ),
    Script("goodbye", ["That's all, thank you, goodbye"], "End_Call_Tool", "Goodbye"),
    Script(
        "keyed and misheard",
        ["I need a wheelchair", "[The caller keyed 296427#]", "Okay for", "O K A F O R"],
        "SpecialClaimAgent",
        "recorded",
    ),
)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "seeded.db"

    async def main() -> None:
        url = f"sqlite:///{path}"
        await upgrade(url)
        database = Database(url)
        await seed(database, NOW)
        await database.close()

    asyncio.run(main())
    return path


class Conversation:
    """Performs Myra's steps at the desk and hands the results back to her."""

    def __init__(self, mind: Mind, desk: Counter) -> None:
        self.mind, self.desk = mind, desk
        self.said: list[str] = []
        self.done: list[str] = []

    async def perform(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if isinstance(step, Say):
                self.said.append(step.text)
                continue
            response = await self.desk.ask(step.name, **step.args)
            if response["status"] == "ok":
                self.done.append(step.name)
            await self.perform(self.mind.result(step.id, step.name, response))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.name)
def test_every_tool_is_reached_by_conversation(
    script: Script, seeded: Path, tmp_path: Path
) -> None:
    copy = shutil.copy(seeded, tmp_path / "hotline.db")

    async def main() -> Conversation:
        async with house(f"sqlite:///{copy}") as of, caller(of) as desk:
            talk = Conversation(make_mind(DECLARATIONS, ""), desk)
            for line in ("[The call is connected. Greet the caller.]", *script.lines):
                await talk.perform(talk.mind.hear(line))
            return talk

    talk = asyncio.run(main())
    assert talk.done[-1] == script.tool, talk.said
    assert script.heard in " ".join(talk.said)
    assert not any(line.startswith("I'm sorry, I didn't catch") for line in talk.said)
