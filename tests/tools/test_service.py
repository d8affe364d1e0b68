"""Names, check-in, documents, claims, status, questions, people: each branch on a database."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.tools.counter import NOW, Counter, caller, house
from tools.contract import Order
from tools.models import (
    Booking,
    CheckIn,
    Effect,
    HandOff,
    Passenger,
    Seat,
    SentMessage,
    ServiceRequest,
)

pytestmark: list[Any] = []  # the category comes with the database: see conftest

NAME = "NameCorrectionAgent"
CHECK_IN = "Webcheckin_And_Boarding_Pass_Agent"
ETICKET = "Eticket_Sender_Agent"
CLAIM = "SpecialClaimAgent"
STATUS = "ObservabilityAgent"
ENQUIRY = "Enquiry_Tool"
HUMAN = "Connect_To_Human_Tool"


def known_as(reference: str, surname: str) -> dict[str, str]:
    return {"booking_reference": reference, "surname": surname}


def test_a_slip_in_a_name_is_mended_at_once(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(NAME, **known_as("EHX307", "Miller"), corrected_name="John")
            assert (told["status"], told["name"]) == ("ok", "John Miller")
            assert "J O H N" in told["say"]
            person = await of.one(Passenger, Passenger.surname == "Miller")
            assert (person.given_name, person.corrections) == ("John", 1)
            booking = await of.one(Booking, Booking.reference == "EHX307")
            assert booking.version == 2

    asyncio.run(main())


def test_a_new_legal_name_is_a_request_with_papers(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            asked = {**known_as("XTN666", "Marchetti"), "corrected_name": "Sofia Bergman"}
            told = await myra.ask(NAME, **asked, reason="wedding")
            assert told["status"] == "ok"
            assert len(told["papers"]) == 2
            request = await of.one(ServiceRequest, ServiceRequest.number == told["number"])
            assert (request.kind, request.details) == (
                "legal name",
                "Sofia Marchetti to Sofia Bergman; wedding",
            )
            again = await myra.ask(NAME, **asked, reason="wedding")
            assert again["number"] == told["number"]
            assert (await of.one(Passenger, Passenger.id == request.passenger_id)).surname == (
                "Marchetti"
            )

    asyncio.run(main())


@pytest.mark.parametrize(
    ("reference", "surname", "name", "more", "following"),
    [
        ("CYM427", "Okafor", "Maria Schmidt", {}, "offer_person"),
        ("CYM427", "Okafor", None, {}, "ask_name"),
        ("CYM427", "Okafor", "Xylophone", {}, "ask_name"),
        ("QRT580", "Nair", "Prya Nair", {}, "ask_passenger"),
        ("VDR034", "Vance", "Dorien Vance", {}, "offer_person"),
        ("UWG518", "Novak", "Vanda Novak", {}, "offer_person"),
    ],
)
def test_names_that_are_not_simply_mended(
    url: str,
    reference: str,
    surname: str,
    name: str | None,
    more: dict[str, str],
    following: str,
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(NAME, **known_as(reference, surname), corrected_name=name, **more)
            assert (told["status"], told.get("next")) == ("refused", following)
            assert await of.all(Passenger, Passenger.corrections > 0) == []

    asyncio.run(main())


def test_a_name_mended_and_changed_back_is_two_corrections_and_then_a_person(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = known_as("EHX307", "Miller")
            for name in ("John", "Jonh"):
                assert (await myra.ask(NAME, **given, corrected_name=name))["status"] == "ok"
            third = await myra.ask(NAME, **given, corrected_name="John")
            assert third["next"] == "offer_person"

    asyncio.run(main())


def test_check_in_gives_a_seat_and_sends_the_pass(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(CHECK_IN, **known_as("BCP613", "Lindqvist"), seat="window")
            assert told["status"] == "ok"
            place = await of.one(CheckIn, CheckIn.seat_label == told["seats"]["Peter"])
            seat = await of.one(Seat, Seat.id == place.seat_id)
            assert (seat.taken, seat.place, seat.exit_row) == (True, "window", False)
            (mail,) = of.mail.sent
            assert (mail["channel"], mail["to"]) == ("email", "peter.lindqvist@example.com")
            assert [one.name for one in mail["files"]] == [f"boarding-pass-BCP613-{seat.label}.pdf"]
            printed = of.papers.boarding_passes[0]
            assert (printed.surname, printed.seat, printed.sequence) == ("Lindqvist", seat.label, 1)
            assert printed.leg.departs - printed.boards == timedelta(minutes=40)
            message = await of.one(SentMessage)
            assert (message.state, message.receipt) == ("sent", "receipt 1")

    asyncio.run(main())


def test_a_seat_can_be_changed_there_and_back(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = known_as("BCP613", "Lindqvist")
            first = (await myra.ask(CHECK_IN, **given))["seats"]["Peter"]
            place = await of.one(CheckIn, CheckIn.seat_label == first)
            taken = await of.one(Seat, Seat.id == place.seat_id)
            free = await of.all(Seat, Seat.taken.is_(False), Seat.flight_id == taken.flight_id)
            other = next(one.label for one in free if one.cabin == "economy" and not one.exit_row)
            for wanted in (other, first, other):
                told = await myra.ask(CHECK_IN, **given, seat=wanted)
                assert told["seats"]["Peter"] == wanted
            assert len(await of.all(CheckIn, CheckIn.seat_label == other)) == 1
            assert (await of.one(Seat, Seat.id == taken.id)).taken is False

    asyncio.run(main())


def test_a_taken_seat_offers_others(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            await myra.ask(CHECK_IN, **known_as("BCP613", "Lindqvist"))
            flight = (await of.all(Seat))[0].flight_id
            taken = (await of.all(Seat, Seat.taken.is_(True), Seat.cabin == "economy"))[0]
            told = await myra.ask(CHECK_IN, booking_reference="BCP613", seat=taken.label)
            assert (told["status"], told["next"]) == ("refused", "ask_seat")
            offered = told["seats"]
            assert len(offered) == 3
            free = await of.all(Seat, Seat.taken.is_(False), Seat.flight_id == flight)
            assert set(offered) <= {one.label for one in free}

    asyncio.run(main())


def test_a_family_sits_together_but_no_child_in_an_exit_row(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = known_as("UNB308", "Mbeki")
            asked = await myra.ask(CHECK_IN, **given, seat="12A")
            assert asked["next"] == "ask_passenger"
            told = await myra.ask(CHECK_IN, **given)
            assert len({label[:-1] for label in told["seats"].values()}) == 1
            assert len(of.papers.boarding_passes) == 3
            free = await of.all(Seat, Seat.taken.is_(False), Seat.exit_row.is_(True))
            refused = await myra.ask(CHECK_IN, **given, passenger="Lily", seat=free[0].label)
            assert "exit row" in refused["say"]

    asyncio.run(main())


def test_two_callers_never_get_one_seat(url: str) -> None:
    """Two processes check different people in on one flight, wanting the same seat."""

    async def main() -> None:
        async with (
            house(url) as here,
            house(url) as there,
            caller(here, "a") as ann,
            caller(there, "b") as bob,
        ):
            async with here.database.writing() as session:
                one = await session.get_one(Booking, (await _id(here, "BCP613")))
                other = await session.get_one(Booking, (await _id(here, "UNB308")))
                await session.refresh(one, ["segments"])
                await session.refresh(other, ["segments"])
                other.segments[0].flight_id = one.segments[0].flight_id
            calls = [
                (ann, ann.start(CHECK_IN, **known_as("BCP613", "Lindqvist"), seat="9D")),
                (
                    bob,
                    bob.start(
                        CHECK_IN, **known_as("UNB308", "Mbeki"), seat="9D", passenger="Grace"
                    ),
                ),
            ]
            answers = [dict((await one.result(call)).response) for one, call in calls]
            assert sorted(one["status"] for one in answers) == ["ok", "refused"]
            assert len(await here.all(CheckIn, CheckIn.seat_label == "9D")) == 1

    asyncio.run(main())


async def _id(of: Any, reference: str) -> int:
    return int((await of.one(Booking, Booking.reference == reference)).id)


@pytest.mark.parametrize(
    ("reference", "surname", "word"),
    [
        ("CYM427", "Okafor", "Check-in opens on Thursday, March twelfth at 9:30 AM"),
        ("EKP281", "Kramer", "closed"),
        ("UWG518", "Novak", "flown"),
        ("UQM432", "Ulrich", "cancelled"),
        ("MPE772", "Pellegrini", "hotel"),
    ],
)
def test_check_in_outside_its_window(url: str, reference: str, surname: str, word: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(CHECK_IN, **known_as(reference, surname))
            assert told["status"] == "refused"
            assert word in told["say"]
            assert of.mail.sent == []

    asyncio.run(main())


def test_an_eticket_goes_to_the_contact_on_the_booking_once(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = known_as("CYM427", "Okafor")
            calls = [myra.start(ETICKET, **given, channel="email") for _ in range(3)]
            answers = [dict((await myra.result(one)).response) for one in calls]
            assert {one["say"] for one in answers} == {
                "The e-ticket is on its way to the address beginning with a, at example dot com."
            }
            assert [one["to"] for one in of.mail.sent] == ["ada.okafor@example.com"]
            assert of.papers.etickets[0].passengers[0].name == "Ada Okafor"
            sms = await myra.ask(ETICKET, **given, channel="sms")
            assert "ending in zero one" in sms["say"]
            assert of.mail.sent[1]["to"] == "+14155550101"
            assert len(await of.all(Effect)) == 2

    asyncio.run(main())


@pytest.mark.parametrize(
    ("reference", "surname", "channel", "following"),
    [
        ("EZH667", "Harrington", "sms", "ask_channel"),
        ("CFQ684", "Fischer", "email", "ask_channel"),
        ("EPT465", "Epstein", "email", "offer_person"),
        ("EPT465", "Epstein", None, "offer_person"),
        ("UQM432", "Ulrich", "email", None),
    ],
)
def test_nothing_is_sent_elsewhere(
    url: str, reference: str, surname: str, channel: str | None, following: str | None
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(ETICKET, **known_as(reference, surname), channel=channel)
            assert (told["status"], told.get("next")) == ("refused", following)
            assert of.mail.sent == []
            assert await of.all(SentMessage) == []

    asyncio.run(main())


def test_a_message_that_failed_may_be_asked_for_again(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            of.mail.broken = True
            told = await myra.ask(ETICKET, **known_as("CYM427", "Okafor"))
            assert (told["status"], told["next"]) == ("error", "offer_try_again")
            of.mail.broken = False
            told = await myra.ask(ETICKET, **known_as("CYM427", "Okafor"))
            assert told["status"] == "ok"
            states = [one.state for one in await of.all(SentMessage)]
            assert sorted(states) == ["failed", "sent"]
            assert len(of.mail.sent) == 1

    asyncio.run(main())


def test_after_a_change_the_new_ticket_is_sent(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            given = known_as("EHX307", "Miller")
            await myra.ask(ETICKET, **given)
            await myra.ask(NAME, **given, corrected_name="John")
            await myra.ask(ETICKET, **given)
            names = [one.passengers[0].name for one in of.papers.etickets]
            assert names == ["Jonh Miller", "John Miller"]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("kind", "reference", "surname", "details"),
    [
        ("wheelchair", "CYM427", "Okafor", None),
        ("meal", "CYM427", "Okafor", "vegan"),
        ("medical", "CYM427", "Okafor", "oxygen on board"),
        ("baggage", "UWG518", "Novak", "a red suitcase did not arrive"),
        ("delay", "XMA752", "Xavier", "missed my connection"),
        ("delay", "WUX746", "Wexler", "a night in a hotel"),
    ],
)
def test_claims_get_a_number_to_quote(
    url: str, kind: str, reference: str, surname: str, details: str | None
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            asked = {**known_as(reference, surname), "kind": kind, "details": details}
            told = await myra.ask(CLAIM, **asked)
            assert told["status"] == "ok"
            assert (await myra.ask(CLAIM, **asked))["number"] == told["number"]
            request = await of.one(ServiceRequest, ServiceRequest.number == told["number"])
            assert (request.kind, request.details) == (kind, details or "")
            heard = await myra.ask(STATUS, booking_reference=reference, kind="request")
            assert heard["matters"][0]["number"] == told["number"]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("kind", "reference", "surname", "details", "following"),
    [
        ("meal", "CYM427", "Okafor", None, "ask_details"),
        (None, "CYM427", "Okafor", None, "ask_details"),
        ("spaceship", "CYM427", "Okafor", None, "ask_details"),
        ("wheelchair", "QRT580", "Nair", None, "ask_passenger"),
        ("wheelchair", "UWG518", "Novak", None, "offer_person"),
        ("wheelchair", "UQM432", "Ulrich", None, None),
        ("delay", "CYM427", "Okafor", "late", "offer_person"),
        ("baggage", "MPE772", "Pellegrini", "lost", "offer_person"),
    ],
)
def test_claims_that_need_more_or_cannot_be(
    url: str,
    kind: str | None,
    reference: str,
    surname: str,
    details: str | None,
    following: str | None,
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            before = len(await of.all(ServiceRequest))
            told = await myra.ask(CLAIM, **known_as(reference, surname), kind=kind, details=details)
            assert (told["status"], told.get("next")) == ("refused", following)
            assert len(await of.all(ServiceRequest)) == before

    asyncio.run(main())


@pytest.mark.parametrize(
    ("reference", "surname", "words"),
    [
        ("UQM432", "Ulrich", "waits for approval"),
        ("YHC948", "Hakimi", "has been approved"),
        ("RLZ749", "Zeller", "is being processed"),
        ("CDS625", "Dos Santos", "has been sent to your bank"),
        ("YMV797", "Marchand", "has been paid"),
        ("RYX104", "Hendricks", "was rejected. The reason: the fare is not refundable."),
        ("DRW603", "O'Neill", "wheelchair request, number four two zero one one eight, is in"),
        ("KCE154", "Chen", "name change request"),
        ("JGY957", "Joshi", "is done."),
        ("CHD373", "Christensen", "is being processed"),
    ],
)
def test_where_refunds_and_requests_stand(
    url: str, reference: str, surname: str, words: str
) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(STATUS, **known_as(reference, surname))
            assert told["status"] == "ok"
            assert words in told["say"]

    asyncio.run(main())


def test_nothing_to_tell_and_late_matters(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(STATUS, **known_as("CYM427", "Okafor"), kind="refund")
            assert told["say"] == "I see no refund on this booking."
            of.clock.advance(days=30)
            told = await myra.ask(STATUS, **known_as("YHC948", "Hakimi"))
            assert "It is late" in told["say"]

    asyncio.run(main())


def test_questions_are_answered_with_the_article_named(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            told = await myra.ask(ENQUIRY, question="how many bags")
            assert (told["status"], told["article"]) == ("ok", "baggage")
            told = await myra.ask(ENQUIRY, question="the meaning of life")
            assert told["next"] == "offer_person"
            told = await myra.ask(ENQUIRY)
            assert told["next"] == "ask_question"

    asyncio.run(main())


async def _hand_off(myra: Counter, **args: Any) -> Any:
    return await myra.result(myra.start(HUMAN, **args))


def test_a_caller_is_transferred_once_with_a_summary(url: str) -> None:
    async def main() -> None:
        async with (
            house(url, transfer_number="+14155550199") as of,
            caller(of, number="+14155550150") as myra,
        ):
            await myra.ask(NAME, **known_as("EHX307", "Miller"), corrected_name="John")
            first = await _hand_off(myra, reason="a question of taxes", details="wants an invoice")
            again = await _hand_off(myra, reason="a question of taxes", details="wants an invoice")
            assert first.order is Order.TRANSFER
            assert first.order_detail["to"] == "+14155550199"
            summary = first.order_detail["summary"]
            assert "a question of taxes" in summary
            assert "wants an invoice" in summary
            assert "EHX307" in summary
            assert "John Miller" in summary
            assert again.order is Order.TRANSFER
            hand_off = await of.one(HandOff)
            assert hand_off.way == "transfer"
            assert hand_off.number == first.order_detail["hand_off"]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("door", "number", "settings", "hours_later", "details", "back_to"),
    [
        ("phone", "+14155550150", {}, 0, None, "+14155550150"),
        ("phone", "+14155550150", {"transfer_number": "+14155550199"}, 14, None, "+14155550150"),
        ("browser", "", {"transfer_number": "+14155550199"}, 0, "on 415 555 0160", "4155550160"),
    ],
)
def test_where_nobody_can_be_reached_a_call_back_is_arranged(
    url: str,
    door: str,
    number: str,
    settings: dict[str, str],
    hours_later: int,
    details: str | None,
    back_to: str,
) -> None:
    async def main() -> None:
        async with house(url, **settings) as of, caller(of, door=door, number=number) as myra:
            of.clock.now = NOW + timedelta(hours=hours_later)
            told = await _hand_off(myra, reason="anything", details=details)
            assert told.order is None
            assert told.response["way"] == "call back"
            assert (await of.one(HandOff)).call_back_to == back_to

    asyncio.run(main())


def test_a_call_back_needs_a_number(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of, door="browser") as myra:
            told = await _hand_off(myra, reason="anything")
            assert (told.status, told.response["next"]) == ("refused", "ask_details")
            assert await of.all(HandOff) == []
            # A booking that the caller was verified for has one.
            await myra.ask("Flight_Booking_Details_Agent", **known_as("CYM427", "Okafor"))
            told = await _hand_off(myra, reason="anything")
            assert told.response["way"] == "call back"

    asyncio.run(main())


def test_the_call_ends_after_the_goodbye(url: str) -> None:
    async def main() -> None:
        async with house(url) as of, caller(of) as myra:
            result = await myra.result(myra.start("End_Call_Tool", reason="all done"))
            assert result.order is Order.HANG_UP
            assert result.order_detail == {"reason": "all done"}

    asyncio.run(main())
