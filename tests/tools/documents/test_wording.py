from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.tools.documents.samples import FLIGHT
from tools.documents import wording

pytestmark = pytest.mark.pure


def test_money_and_counts() -> None:
    assert wording.money(123800, "USD") == "USD 1,238.00"
    assert wording.money(5, "GBP") == "GBP 0.05"
    assert [wording.bags(n) for n in range(3)] == [
        "no checked bag",
        "1 checked bag",
        "2 checked bags",
    ]


def test_durations_reckon_with_the_zones() -> None:
    assert wording.duration(FLIGHT) == "6 h 55 min"
    assert wording.days_later(FLIGHT) == "+1 day"
    westward = replace(FLIGHT, departs=FLIGHT.arrives, arrives=FLIGHT.departs)
    assert wording.days_later(westward) == "-1 day"
    same_day = replace(FLIGHT, arrives=FLIGHT.departs + dt.timedelta(hours=2))
    assert wording.days_later(same_day) == ""


def test_clock_at_noon_and_midnight() -> None:
    midnight = dt.datetime(2026, 1, 1)
    hours = [wording.clock(midnight + dt.timedelta(hours=h, minutes=5)) for h in (0, 9, 12, 23)]
    assert hours == ["12:05 AM", "9:05 AM", "12:05 PM", "11:05 PM"]
