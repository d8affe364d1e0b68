"""Cancelling and changing dates: priced first, done once, money never moved twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.tools.counter import Counter, House, caller, house
from tools.models import (
    Booking,
    CheckIn,
    FlightCabin,
    HotelNight,
    Payment,
    Quote,
    Refund,
    Seat,
    Segment,
    Ticket,
)

pytestmark: list[Any] = []  # the category comes with the database: see conftest

CANCEL = "Booking_Cancellation_Agent"
CHANGE = "DateChangeAgent"


async def booking_of(of: House, reference: str) -> Booking:
    return await of.one(Booking, Booking.reference == reference)


async def seats_sold(of: House) -> int:
    async with of.database.reading() as session:
        return await session.scalar(select(func.sum(FlightCabin.seats_left))) or 0


async def rooms_left(of: House) -> int:
    async with of.database.reading() as session:
        return await session.scalar(select(func.sum(HotelNight.rooms_left))) or 0


@pytest.mark.parametrize(
    ("reference", "surname", "penalty", "refund"),
    [
        ("CYM427", "Okafor", "ninety dollars", None),
        ("BKX931", "Reyes", "zero dollars", None),
        ("DMU083", "Brandt", "zero dollars", None),
        ("WUX746", "Wexler", "zero dollars", None),
        ("MPE772", "Pellegrini", "zero dollars", None),
        ("LWH933", "Walsh", "zero pounds", None),
    ],
)
def test_what_cancelling_costs_by_the_fare_rules(
    url: str, reference: str, surname: str, penalty: str, refund: str | None
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            quote = await myra.ask(
                CANCEL, booking_reference=reference, surname=surname, action="quote"
            )
            assert (quote["status"], quote["next"]) == ("ok", "confirm_quote")
            assert quote["penalty"] == penalty
            booking = await booking_of(of, reference)
            kept = await of.one(Quote)
            assert kept.penalty + kept.refund == booking.paid
            assert booking.status == "confirmed"  # a quote changes nothing

    asyncio.run(main())


@pytest.mark.parametrize(
    ("reference", "surname"), [("DVN905", "Dunn"), ("QRT580", "Nair"), ("JGU649", "Gutierrez")]
)
def test_only_taxes_come_back_of_a_fare_that_is_not_refundable(
    url: str, reference: str, surname: str
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            quote = await myra.ask(
                CANCEL, booking_reference=reference, surname=surname, action="quote"
            )
            assert "not refundable" in quote["say"]
            kept = await of.one(Quote)
            booking = await booking_of(of, reference)
            percent = {"DVN905": 12, "QRT580": 12, "JGU649": 10}[reference]
            assert kept.refund == booking.paid * percent // 100

    asyncio.run(main())


@pytest.mark.parametrize(
    ("reference", "surname", "word", "following"),
    [
        ("EKP281", "Kramer", "too close", "offer_person"),
        ("RXT657", "Thackeray", "too close", "offer_person"),
        ("FMH888", "Maguire", "too close", "offer_person"),
        ("UWG518", "Novak", "begun", "offer_person"),
        ("MZA047", "Zadeh", "begun", "offer_person"),
        ("UQM432", "Ulrich", "cancelled already", None),
    ],
)
@pytest.mark.parametrize("tool", [CANCEL, CHANGE])
def test_what_cannot_be_cancelled_or_changed_any_more(
    url: str, tool: str, reference: str, surname: str, word: str, following: str | None
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(
                tool,
                booking_reference=reference,
                surname=surname,
                action="quote",
                new_date="in three weeks",
            )
            assert told["status"] == "refused"
            assert word in told["say"]
            assert told.get("next") == following
            assert await of.all(Quote) == []

    asyncio.run(main())


def test_cancelled_only_on_confirmation_of_that_quote(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            seats = await seats_sold(of)
            given = {"booking_reference": "CYM427", "surname": "Okafor"}
            for wrong in (None, "QAAAAAA", ""):
                told = await myra.ask(CANCEL, **given, action="confirm", quote_id=wrong)
                assert (told["status"], told["next"]) == ("refused", "new_quote")
            quote = await myra.ask(CANCEL, **given, action="quote")
            done = await myra.ask(CANCEL, **given, action="confirm", quote_id=quote["quote_id"])
            assert done["status"] == "ok"
            assert done["refund"] == quote["refund"]
            booking = await booking_of(of, "CYM427")
            refund = await of.one(Refund, Refund.booking_id == booking.id)
            assert booking.status == "cancelled"
            assert booking.cancelled_at == of.clock.now
            assert refund.amount == booking.paid - 9000
            assert refund.number == done["number"]
            assert await seats_sold(of) == seats + 1
            tickets = await of.all(Ticket, Ticket.status == "refunded")
            assert any(one.number.startswith("2700001") for one in tickets)

    asyncio.run(main())


def test_a_cancellation_said_twice_is_one(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {"booking_reference": "CYM427", "surname": "Okafor"}
            quote = await myra.ask(CANCEL, **given, action="quote")
            again = await myra.ask(CANCEL, **given, action="quote")
            assert again["quote_id"] == quote["quote_id"]
            confirm = {"action": "confirm", "quote_id": quote["quote_id"]}
            calls = [myra.start(CANCEL, **given, **confirm) for _ in range(4)]
            # Without the surname and spelled differently it is the same request.
            calls.append(myra.start(CANCEL, booking_reference="C Y M 4 2 7", **confirm))
            answers = [dict((await myra.result(one)).response) for one in calls]
            assert {one["status"] for one in answers} == {"ok"}
            assert len({one["number"] for one in answers}) == 1
            booking = await booking_of(of, "CYM427")
            assert len(await of.all(Refund, Refund.booking_id == booking.id)) == 1

    asyncio.run(main())


def test_a_hotel_gives_its_rooms_back(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            rooms = await rooms_left(of)
            given = {"booking_reference": "LWH933", "surname": "Walsh"}
            quote = await myra.ask(CANCEL, **given, action="quote")
            await myra.ask(CANCEL, **given, action="confirm", quote_id=quote["quote_id"])
            assert await rooms_left(of) == rooms + 2 * 4

    asyncio.run(main())


def test_a_quote_expires(url: str) -> None:
    async def main() -> None:
        async with house(url, quote_minutes=15) as of, caller(of) as myra:
            given = {"booking_reference": "CYM427", "surname": "Okafor"}
            quote = await myra.ask(CANCEL, **given, action="quote")
            of.clock.advance(minutes=15)
            told = await myra.ask(CANCEL, **given, action="confirm", quote_id=quote["quote_id"])
            assert (told["status"], told["next"]) == ("refused", "new_quote")
            fresh = await myra.ask(CANCEL, **given, action="quote")
            assert fresh["quote_id"] != quote["quote_id"]

    asyncio.run(main())


def test_a_quote_of_another_call_or_booking_is_none(url: str) -> None:
    async def main() -> None:
        async with house(url) as of:
            async with caller(of, "one") as myra:
                quote = await myra.ask(
                    CANCEL, booking_reference="CYM427", surname="Okafor", action="quote"
                )
            async with caller(of, "two") as myra:
                for reference, surname in (("CYM427", "Okafor"), ("BKX931", "Reyes")):
                    told = await myra.ask(
                        CANCEL,
                        booking_reference=reference,
                        surname=surname,
                        action="confirm",
                        quote_id=quote["quote_id"],
                    )
                    assert told["next"] == "new_quote"

    asyncio.run(main())


def test_a_quote_is_void_once_the_booking_has_changed(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {"booking_reference": "BKX931", "surname": "Reyes"}
            quote = await myra.ask(CANCEL, **given, action="quote")
            change = await myra.ask(CHANGE, **given, action="quote", new_date="2026-03-20")
            await myra.ask(CHANGE, **given, action="confirm", quote_id=change["quote_id"])
            told = await myra.ask(CANCEL, **given, action="confirm", quote_id=quote["quote_id"])
            assert told["next"] == "new_quote"
            assert (await booking_of(of, "BKX931")).status == "confirmed"

    asyncio.run(main())


def test_a_date_is_changed_on_confirmation(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            seats = await seats_sold(of)
            before = await booking_of(of, "CYM427")
            given = {"booking_reference": "CYM427", "surname": "Okafor"}
            quote = await myra.ask(CHANGE, **given, action="quote", new_date="the 20th")
            assert quote["next"] == "confirm_quote"
            assert "Friday, March twentieth" in quote["say"]
            assert quote["penalty"] == "fifty dollars"
            done = await myra.ask(CHANGE, **given, action="confirm", quote_id=quote["quote_id"])
            assert done["new_date"] == "2026-03-20"
            assert done["charged"] == quote["to_pay"]
            booking = await booking_of(of, "CYM427")
            segment = await of.one(Segment, Segment.booking_id == booking.id)
            assert segment.flight.departs_at.date().isoformat() == "2026-03-20"
            payment = await of.one(Payment, Payment.quote_id == quote["quote_id"])
            assert booking.paid == before.paid + payment.amount
            assert await seats_sold(of) == seats
            tickets = await of.all(Ticket, Ticket.number.like("2700001%"))
            assert [one.status for one in tickets] == ["exchanged"]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("said", "following"),
    [
        (None, "ask_date"),
        ("sometime", "ask_date"),
        ("today", "ask_date"),
        ("2026-03-14", "ask_date"),
        ("2025-01-01", "ask_date"),
    ],
)
def test_a_date_that_is_none_is_asked_for(url: str, said: str | None, following: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(
                CHANGE,
                booking_reference="CYM427",
                surname="Okafor",
                action="quote",
                new_date=said,
            )
            assert (told["status"], told["next"]) == ("refused", following)

    asyncio.run(main())


def test_a_full_day_offers_others(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {"booking_reference": "AFS318", "surname": "Foster Stone", "action": "quote"}
            told = await myra.ask(CHANGE, **given, new_date="2026-03-18")
            assert (told["status"], told["next"]) == ("refused", "ask_date")
            assert told["alternatives"] == []
            told = await myra.ask(CHANGE, **given, new_date="2026-04-02")
            assert told["alternatives"] == ["2026-04-03", "2026-04-04"]
            told = await myra.ask(CHANGE, **given, new_date=told["alternatives"][0])
            assert told["status"] == "ok"

    asyncio.run(main())


def test_the_return_flight_moves_alone_and_keeps_after_the_outbound(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {"booking_reference": "BKX931", "surname": "Reyes", "kind": "return"}
            told = await myra.ask(CHANGE, **given, action="quote", new_date="2026-03-24")
            assert (told["status"], told["next"]) == ("refused", "ask_date")
            assert "other flight" in told["say"]
            quote = await myra.ask(CHANGE, **given, action="quote", new_date="a week later")
            await myra.ask(CHANGE, **given, action="confirm", quote_id=quote["quote_id"])
            booking = await booking_of(of, "BKX931")
            legs = await of.all(Segment, Segment.booking_id == booking.id)
            days = [one.flight.departs_at.date().isoformat() for one in legs]
            assert days == ["2026-03-25", "2026-04-05"]

    asyncio.run(main())


def test_a_fare_that_cannot_be_changed(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            for reference, surname in (("DVN905", "Dunn"), ("JGU649", "Gutierrez")):
                told = await myra.ask(
                    CHANGE,
                    booking_reference=reference,
                    surname=surname,
                    action="quote",
                    new_date="in two weeks",
                )
                assert told["status"] == "refused"
                assert "cannot be changed" in told["say"]

    asyncio.run(main())


def test_a_flight_the_airline_cancelled_moves_for_free(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {"booking_reference": "WUX746", "surname": "Wexler"}
            quote = await myra.ask(CHANGE, **given, action="quote", new_date="2026-03-12")
            assert quote["penalty"] == "zero dollars"
            done = await myra.ask(CHANGE, **given, action="confirm", quote_id=quote["quote_id"])
            assert done["status"] == "ok"

    asyncio.run(main())


def test_a_stay_moves_with_its_nights(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            rooms = await rooms_left(of)
            given = {"booking_reference": "MPE772", "surname": "Pellegrini"}
            quote = await myra.ask(CHANGE, **given, action="quote", new_date="one day later")
            assert "three nights" in quote["say"]
            done = await myra.ask(CHANGE, **given, action="confirm", quote_id=quote["quote_id"])
            assert done["new_date"] == "2026-03-17"
            assert await rooms_left(of) == rooms

    asyncio.run(main())


def test_a_new_date_frees_the_seat_that_was_checked_in(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = {"booking_reference": "VDR034", "surname": "Vance"}
            quote = await myra.ask(CHANGE, **given, action="quote", new_date="2026-03-12")
            await myra.ask(CHANGE, **given, action="confirm", quote_id=quote["quote_id"])
            assert await of.all(CheckIn) == []
            assert (await of.one(Seat, Seat.label == "12A")).taken is False

    asyncio.run(main())


async def _quotes(desks: list[Counter], tool: str, **more: str) -> list[str]:
    return [
        (await one.ask(tool, booking_reference="CYM427", surname="Okafor", action="quote", **more))[
            "quote_id"
        ]
        for one in desks
    ]


def test_two_callers_on_one_booking_move_money_once(url: str) -> None:
    """Two processes (each with a database of its own) cancel and change the same booking."""

    async def main() -> None:
        async with (
            house(url) as here,
            house(url) as there,
            caller(here, "a") as ann,
            caller(there, "b") as bob,
            caller(here, "c") as cid,
            caller(there, "d") as dora,
        ):
            cancels = await _quotes([ann, bob], CANCEL)
            changes = await _quotes([cid, dora], CHANGE, new_date="the 20th")
            asked = [
                (one, one.start(tool, booking_reference="CYM427", action="confirm", quote_id=quote))
                for one, tool, quote in zip(
                    (ann, bob, cid, dora),
                    (CANCEL, CANCEL, CHANGE, CHANGE),
                    cancels + changes,
                    strict=True,
                )
            ]
            answers = [dict((await one.result(call)).response) for one, call in asked]
            assert [one["status"] for one in answers].count("ok") == 1
            assert [one.get("next") for one in answers].count("new_quote") == 3
            booking = await booking_of(here, "CYM427")
            refunds = await here.all(Refund, Refund.booking_id == booking.id)
            paid = await here.all(Payment, Payment.booking_id == booking.id)
            assert len(refunds) + len(paid) - 1 == 1  # the booking's own payment aside
            assert booking.version == 2

    asyncio.run(main())


def test_the_last_seat_is_sold_once(url: str) -> None:
    async def main() -> None:
        async with house(url) as here, house(url) as there:
            async with caller(here, "a") as ann, caller(there, "b") as bob:
                asked = []
                for one, reference, surname in (
                    (ann, "CYM427", "Okafor"),
                    (bob, "EZH667", "Harrington"),
                ):
                    quote = await one.ask(
                        CHANGE,
                        booking_reference=reference,
                        surname=surname,
                        action="quote",
                        new_date="2026-03-20",
                    )
                    asked.append((one, reference, quote["quote_id"]))
                await _leave_one_seat(here, asked[0][2])
                calls = [
                    (
                        one,
                        one.start(
                            CHANGE, booking_reference=reference, action="confirm", quote_id=quote
                        ),
                    )
                    for one, reference, quote in asked
                ]
                answers = [dict((await one.result(call)).response) for one, call in calls]
            assert sorted(one["status"] for one in answers) == ["ok", "refused"]
            assert "last place" in next(one["say"] for one in answers if one["status"] != "ok")

    asyncio.run(main())


async def _leave_one_seat(of: House, quote_id: str) -> None:
    async with of.database.writing() as session:
        quote = await session.get_one(Quote, quote_id)
        cabin = await session.get_one(FlightCabin, (quote.details["flight"], "economy"))
        cabin.seats_left = 1


def test_prices_hold_for_the_time_that_was_promised(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            await myra.ask(CANCEL, booking_reference="CYM427", surname="Okafor", action="quote")
            quote = await of.one(Quote)
            minutes = of.shop.settings.quote_minutes
            assert quote.expires_at - quote.made_at == timedelta(minutes=minutes)

    asyncio.run(main())
