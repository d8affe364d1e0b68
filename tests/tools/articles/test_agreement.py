"""The articles promise what the tools do: figures are taken from the tools, not typed again."""

from __future__ import annotations

from pathlib import Path

import pytest

import tools.articles
from tools import fare_rules, name_rules, papers, seats
from tools.articles.reading import Article, read_folder
from tools.desk import cancellation, special_claim
from tools.models import FareRule
from tools.seed import inventory
from tools.spoken import counted, money, number

pytestmark = pytest.mark.pure

ARTICLES = {one.name: one for one in read_folder(Path(tools.articles.__file__).parent / "library")}
FARES: dict[str, FareRule] = {one.code: one for one in inventory.fares()}


def passage(name: str, heading: str) -> str:
    article: Article = ARTICLES[name]
    (found,) = [one.text for one in article.sections if one.heading.startswith(heading)]
    return found


def cost(fee: int | None) -> str:
    assert fee is not None
    return money(fee, "USD")


def test_fees() -> None:
    cancel = passage("cancellations-and-refunds", "What does it cost to cancel")
    assert cost(FARES["STANDARD"].cancel_fee) in cancel
    assert FARES["FLEX"].cancel_fee == 0
    assert FARES["SAVER"].cancel_fee is FARES["BASIC"].cancel_fee is None
    change = passage("date-changes", "What does it cost to change")
    assert cost(FARES["STANDARD"].change_fee) in change
    assert cost(FARES["SAVER"].change_fee).removesuffix(" dollars") in change
    assert FARES["FLEX"].change_fee == 0
    assert FARES["BASIC"].change_fee is None


def test_taxes_that_come_back() -> None:
    said = passage("cancellations-and-refunds", "What comes back")
    assert f"{number(FARES['SAVER'].taxes_percent)} percent" in said
    assert f"{number(FARES['HOTEL_SAVER'].taxes_percent)} percent" in said


def test_cut_offs() -> None:
    flight = counted(FARES["STANDARD"].cut_off_hours, "hour")
    hotel = counted(FARES["HOTEL_FLEX"].cut_off_hours, "hour")
    for article in ("cancellations-and-refunds", "date-changes"):
        said = passage(article, "Until when can I")
        assert f"{flight} before departure" in said
        assert f"{hotel} before check-in time" in said
    assert f"{flight} before departure" in passage("name-corrections", "How often")


def test_checked_bags() -> None:
    said = passage("baggage-allowance", "How many bags")
    assert f"Flex fare includes {number(FARES['FLEX'].checked_bags)} checked" in said
    assert f"Standard fare includes {number(FARES['STANDARD'].checked_bags)}" in said
    assert FARES["SAVER"].checked_bags == FARES["BASIC"].checked_bags == 0


def test_free_cancellation_after_booking() -> None:
    said = passage("cancellations-and-refunds", "Can I cancel for free")
    hours = int(fare_rules._FREE_AFTER_BOOKING.total_seconds() // 3600)
    assert f"{number(hours)} hours" in said
    assert f"{number(fare_rules._FREE_IF_AHEAD.days)} days" in said


def test_refunds_and_claims() -> None:
    refund = passage("cancellations-and-refunds", "How long does a refund")
    assert counted(cancellation._REFUND_DAYS, "day") in refund
    days = special_claim._DAYS
    assert counted(days["delay"], "day") in passage("delays-and-compensation", "How do I claim")
    assert counted(days["baggage"], "day") in passage("lost-baggage", "My suitcase was damaged")
    assert counted(days["medical"], "day") in passage("medical-needs", "How do I announce")
    assert counted(days["wheelchair"], "day") in passage("special-assistance", "How do I ask")


def test_times() -> None:
    said = passage("check-in-times", "When does online check-in")
    assert said.startswith(
        "Online check-in opens forty-eight hours before departure and closes one"
    )
    boarding = passage("check-in-times", "When does boarding begin")
    minutes = int(papers.BOARDING.total_seconds() // 60)
    assert f"{number(minutes)} minutes" in boarding
    assert fare_rules.HOTEL_ARRIVAL.hour == 15
    assert "3 PM" in passage("hotel-stays", "What time is check-in")


def test_names_and_seats() -> None:
    said = passage("name-corrections", "Can I correct")
    assert counted(name_rules.MOST_LETTERS, "letter") in said
    assert name_rules.MOST_CORRECTIONS == 2
    assert "twice" in passage("name-corrections", "How often")
    rows = " and ".join(map(number, seats.EXIT_ROWS))
    assert f"rows {rows}" in passage("seats", "Who may sit in an exit row")
    last = seats.BUSINESS_ROWS[-1]
    assert f"rows one to {number(last)}" in passage("seats", "Can I upgrade")
