"""What was done before, in this call or ahead of it, is neither done twice nor told wrongly."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.tools.counter import caller, house
from tools.models import Booking, Flight, HandOff, Refund, Segment, ServiceRequest

pytestmark: list[Any] = []  # the category comes with the database: see conftest

CANCEL = "Booking_Cancellation_Agent"
CHANGE = "DateChangeAgent"
CLAIM = "SpecialClaimAgent"
NAME = "NameCorrectionAgent"
HUMAN = "Connect_To_Human_Tool"
REYES = {"booking_reference": "BKX931", "surname": "Reyes"}


def test_a_quote_used_before_a_later_change_does_not_tell_the_old_date(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            used = []
            for day in ("2026-03-20", "2026-03-21"):
                quote = await myra.ask(CHANGE, **REYES, action="quote", new_date=day)
                used.append(quote["quote_id"])
                done = await myra.ask(CHANGE, **REYES, action="confirm", quote_id=used[-1])
                assert done["new_date"] == day
            old = await myra.ask(CHANGE, **REYES, action="confirm", quote_id=used[0])
            assert old["status"] == "refused"
            assert "new_date" not in old
            again = await myra.ask(CHANGE, **REYES, action="confirm", quote_id=used[1])
            assert (again["new_date"], again["already_done"]) == ("2026-03-21", True)

    asyncio.run(main())


def test_a_new_legal_name_asked_for_in_other_words_is_one_request(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            given = {"booking_reference": "XTN666", "surname": "Marchetti"}
            numbers = set()
            for conversation, name in enumerate(("Sofia Bergman", "Sofia Bergmann")):
                async with caller(of, f"c{conversation}") as myra:
                    for reason in ("wedding", "I got married"):
                        told = await myra.ask(NAME, **given, corrected_name=name, reason=reason)
                        assert told["status"] == "ok"
                        numbers.add(told["number"])
            assert len(numbers) == 1
            assert len(await of.all(ServiceRequest, ServiceRequest.number.in_(numbers))) == 1

    asyncio.run(main())


def test_more_about_the_same_bag_goes_with_the_same_claim(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {"booking_reference": "UWG518", "surname": "Novak", "kind": "baggage"}
            first = await myra.ask(CLAIM, **given, details="my suitcase is lost")
            more = await myra.ask(CLAIM, **given, details="a blue one")
            assert more["number"] == first["number"]
            kept = await of.one(ServiceRequest, ServiceRequest.number == first["number"])
            assert kept.details == "my suitcase is lost\na blue one"
            of.clock.advance(days=1)
            later = await myra.ask(CLAIM, **given, details="another bag")
            assert later["number"] != first["number"]

    asyncio.run(main())


def test_a_trip_flown_in_part_is_not_paid_back_in_full_by_itself(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            booking = await of.one(Booking, Booking.reference == "BKX931")
            out, back = await of.all(Segment, Segment.booking_id == booking.id)
            async with of.database.writing() as session:
                await session.execute(
                    update(Flight).where(Flight.id == back.flight_id).values(status="cancelled")
                )
            of.clock.now = out.flight.departs_at + timedelta(hours=9)
            told = await myra.ask(CANCEL, **REYES, action="quote")
            assert (told["status"], told["next"]) == ("refused", "offer_person")
            assert await of.all(Refund, Refund.booking_id == booking.id) == []

    asyncio.run(main())


@pytest.mark.parametrize(
    ("details", "number"),
    [
        ("moved from 2026-03-14 to 2026-03-20, call +1 (415) 555-0160", "+14155550160"),
        ("paid $1,123.00 on 12/03/2026 at 10:20 - 11:45; 415-555-0160.", "4155550160"),
        ("booked 2026-03-14 10:20, ticket 270 1234567 0001234567", ""),
        ("flight CT218 on 2026-03-14, request 123456 and 234567", ""),
        ("call 020 7946 0958 after five", "02079460958"),
    ],
)
def test_a_day_or_a_sum_is_no_telephone_number(url: str, details: str, number: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of, door="browser") as myra:
            told = await myra.ask(HUMAN, reason="a question", details=details)
            assert told["status"] == ("ok" if number else "refused")
            assert [one.call_back_to for one in await of.all(HandOff)] == [number] * bool(number)

    asyncio.run(main())
