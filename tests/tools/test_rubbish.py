"""Arguments no sane model would send: refused or harmless, on both databases."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.tools.counter import caller, house
from tools.contract import Status
from tools.models import Passenger, ServiceRequest, Undertaking
from tools.shop import TOOLS

pytestmark: list[Any] = []  # the category comes with the database: see conftest

CLAIM = "SpecialClaimAgent"
OKAFOR = {"booking_reference": "CYM427", "surname": "Okafor"}
RUBBISH: list[Any] = [
    "\x00",
    "CYM427\x00",
    "a\x00b",
    "\ud800",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{GRINNING FACE}",
    "'; drop table bookings; --",
    '" OR passages MATCH "x',
    "x" * 100_000,
    -1,
    10**30,
    float("nan"),
    True,
    [],
    ["CYM427"],
    {"a": {"b": None}},
]


@pytest.mark.parametrize("name", [one.declaration.name for one in TOOLS])
def test_rubbish_is_answered_and_breaks_nothing(
    url: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with house(url) as of:
            tool = next(one for one in TOOLS if one.declaration.name == name)
            fields = list(tool.declaration.parameters["properties"])
            for at, rubbish in enumerate(RUBBISH):
                async with caller(of, f"c{at}") as myra:
                    for field in fields:
                        sane = {**OKAFOR, "kind": "wheelchair", "corrected_name": "Ada Okafor"}
                        told = await myra.result(
                            myra.start(name, **{**sane, field: rubbish, "more": rubbish})
                        )
                        assert told.status in (Status.OK, Status.REFUSED), (field, rubbish)

    asyncio.run(main())
    assert "tool failed" not in caplog.text


def test_what_is_kept_of_a_change_are_its_valid_arguments(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {**OKAFOR, "kind": "meal", "details": "no\x00 nuts", "more": "y" * 100_000}
            told = await myra.ask(CLAIM, **given)
            request = await of.one(ServiceRequest, ServiceRequest.number == told["number"])
            assert request.details == "no nuts"
            kept = await of.one(Undertaking)
            assert kept.arguments == {**OKAFOR, "kind": "meal", "details": "no nuts"}
            assert (await of.one(Passenger, Passenger.surname == "Okafor")).corrections == 0

    asyncio.run(main())
