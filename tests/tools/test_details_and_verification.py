"""Who may hear of a booking, on both databases."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.tools.counter import Counter, caller, house
from tools.access import Access
from tools.declare import Tool
from tools.models import Verification, VerificationTry
from tools.shop import TOOLS

pytestmark: list[Any] = []  # the category comes with the database: see conftest

DETAILS = "Flight_Booking_Details_Agent"
OPEN_TO_ALL = {"Enquiry_Tool", "Connect_To_Human_Tool", "End_Call_Tool"}


def test_reference_and_surname_open_a_booking_once_for_the_call(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            asked = await myra.ask(DETAILS, booking_reference="C Y M 4 2 7")
            assert (asked["status"], asked["next"]) == ("refused", "ask_surname")
            told = await myra.ask(DETAILS, booking_reference="cym 427", surname="It's Okafor.")
            assert told["status"] == "ok"
            assert told["passengers"] == ["Ada Okafor"]
            again = await myra.ask(DETAILS, booking_reference="Charlie Yankee Mike 427")
            assert again["status"] == "ok"
            (right,) = await of.all(Verification)
            assert right.way == "surname"

    asyncio.run(main())


def test_another_conversation_is_not_verified(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            async with caller(of, "first") as myra:
                await myra.ask(DETAILS, booking_reference="CYM427", surname="Okafor")
            async with caller(of, "second") as myra:
                asked = await myra.ask(DETAILS, booking_reference="CYM427")
                assert asked["next"] == "ask_surname"

    asyncio.run(main())


@pytest.mark.parametrize(
    ("door", "number", "attested", "known"),
    [
        ("phone", "+14155550101", True, True),
        ("phone", "+14155550101", False, False),
        ("phone", "+14155550102", True, False),
        ("phone", "", True, False),
        ("browser", "+14155550101", True, False),
    ],
)
def test_the_own_phone_counts_only_where_the_network_vouches_for_it(
    url: str, door: str, number: str, attested: bool, known: bool
) -> None:
    async def main() -> None:
        async with (
            house(url) as of,
            caller(of, door=door, number=number, attested=attested) as myra,
        ):
            told = await myra.ask(DETAILS, booking_reference="CYM427")
            assert told["status"] == ("ok" if known else "refused")

    asyncio.run(main())


def test_a_booking_without_a_phone_is_nobodys_own(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of, number="", attested=True) as myra:
            told = await myra.ask(DETAILS, booking_reference="EPT465")
            assert told["next"] == "ask_surname"

    asyncio.run(main())


def test_three_wrong_tries_end_with_a_person_for_every_booking(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            first = await myra.ask(DETAILS, booking_reference="MPE772", surname="Pellegrini")
            assert first["status"] == "ok"
            for surname in ("Smith", "Jones"):
                told = await myra.ask(DETAILS, booking_reference="CYM427", surname=surname)
                assert told["next"] == "ask_surname"
            third = await myra.ask(DETAILS, booking_reference="ZZZ999")
            assert third["next"] == "offer_person"
            right = await myra.ask(DETAILS, booking_reference="CYM427", surname="Okafor")
            assert (right["status"], right["next"]) == ("refused", "offer_person")
            earlier = await myra.ask(DETAILS, booking_reference="MPE772")
            assert earlier["status"] == "ok"

    asyncio.run(main())


def test_wrong_tries_at_once_are_counted_one_by_one(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            calls = [
                myra.start(DETAILS, booking_reference="CYM427", surname=name)
                for name in ("Smith", "Jones", "Brown", "Green", "White")
            ]
            results = [await myra.result(one) for one in calls]
            wrong = await of.all(VerificationTry, VerificationTry.outcome == "wrong surname")
            assert len(wrong) == 3
            nexts = [one.response["next"] for one in results]
            assert sorted(nexts) == ["ask_surname"] * 2 + ["offer_person"] * 3

    asyncio.run(main())


def test_many_calls_cannot_try_one_booking_all_day(url: str) -> None:
    async def main() -> None:
        async with house(url, booking_tries=4) as of:
            for number in range(4):
                async with caller(of, f"c{number}") as myra:
                    await myra.ask(DETAILS, booking_reference="CYM427", surname="Smith")
            async with caller(of, "c9") as myra:
                told = await myra.ask(DETAILS, booking_reference="CYM427", surname="Okafor")
                assert told["next"] == "offer_person"
            of.clock.advance(days=1, minutes=1)
            async with caller(of, "c10") as myra:
                told = await myra.ask(DETAILS, booking_reference="CYM427", surname="Okafor")
                assert told["status"] == "ok"

    asyncio.run(main())


def test_a_near_reference_asks_and_tells_nothing(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(DETAILS, booking_reference="C Y N 427", surname="Okafor")
            assert told["next"] == "ask_reference"
            assert "passengers" not in told
            assert "CYM" not in str(told)
            right = await myra.ask(DETAILS, booking_reference="C Y M 427", surname="Okafor")
            assert right["status"] == "ok"

    asyncio.run(main())


def test_near_tries_have_an_end_too(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            nexts = [
                (await myra.ask(DETAILS, booking_reference=f"C Y M 42{digit}"))["next"]
                for digit in "1234"
            ]
            assert nexts == ["ask_reference"] * 3 + ["offer_person"]

    asyncio.run(main())


def test_a_nearly_right_surname_is_to_be_spelled(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(DETAILS, booking_reference="CYM427", surname="Okafo")
            assert told["next"] == "ask_surname"
            assert "passengers" not in told
            told = await myra.ask(DETAILS, booking_reference="CYM427", surname="O K A F O R")
            assert told["status"] == "ok"

    asyncio.run(main())


def test_a_keyed_reference_opens_with_the_surname(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(DETAILS, booking_reference="296427", surname="Okafor")
            assert told["reference_ending"] == "427"

    asyncio.run(main())


def test_only_the_last_three_characters_are_read_back(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(DETAILS, booking_reference="CYM427", surname="Okafor")
            assert "four two seven" in told["say"]
            assert "CYM" not in str(told)

    asyncio.run(main())


def _arguments(tool: Tool) -> dict[str, Any]:
    """Arguments that a verified caller could use: every enumerated value its first, and so on."""
    given: dict[str, Any] = {}
    for name, part in tool.declaration.parameters["properties"].items():
        given[name] = part["enum"][0] if "enum" in part else "next Friday"
    return given | {"booking_reference": "CYM427"}


def test_no_tool_about_a_booking_is_reached_without_verification(url: str) -> None:
    """Walks the registry: whoever is not named here as open to all must refuse strangers."""

    async def refuses(myra: Counter, tool: Tool) -> None:
        args = _arguments(tool)
        for surname in (None, "", "Smith"):
            told = await myra.ask(tool.declaration.name, **args | {"surname": surname})
            assert told["status"] == "refused", tool.declaration.name
            assert set(told) <= {"status", "say", "next", "verified"}
            assert "Okafor" not in str(told)

    async def main() -> None:
        async with house(url, booking_tries=1000) as of:
            guarded = [one for one in TOOLS if one.declaration.name not in OPEN_TO_ALL]
            assert len(guarded) == 8
            for number, tool in enumerate(guarded):
                assert tool.guarded
                assert "booking_reference" in tool.declaration.parameters["required"]
                async with caller(of, f"stranger {number}") as myra:
                    await refuses(myra, tool)

    asyncio.run(main())


@pytest.mark.pure
def test_the_open_tools_take_no_booking() -> None:
    for tool in TOOLS:
        if tool.declaration.name in OPEN_TO_ALL:
            assert "booking_reference" not in tool.declaration.parameters["properties"]


@pytest.mark.pure
def test_access_cannot_be_made_up() -> None:
    with pytest.raises(PermissionError):
        Access(1, "CYM427", object())
