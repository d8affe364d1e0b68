"""Tickets and passes to draw."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from dataclasses import replace
from zoneinfo import ZoneInfo

from tools.documents.bcbp import Leg
from tools.seams import BoardingPass, Eticket, FlightLeg, HotelStay, TicketedPassenger

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")

FLIGHT = FlightLeg(
    number="CT902",
    origin_code="JFK",
    origin="New York",
    destination_code="LHR",
    destination="London",
    departs=dt.datetime(2026, 12, 20, 19, 0, tzinfo=NEW_YORK),
    arrives=dt.datetime(2026, 12, 21, 6, 55, tzinfo=LONDON),
    cabin="economy",
    bags=1,
)
STAY = HotelStay(
    hotel="Hotel Aldine",
    address="27 Bloomsbury Way",
    city="London",
    room="double room",
    rooms=1,
    board="breakfast included",
    arrives_on=dt.date(2026, 12, 21),
    leaves_on=dt.date(2026, 12, 24),
)
TICKET = Eticket(
    reference="LHW264",
    issued_on=dt.date(2026, 11, 23),
    passengers=(TicketedPassenger("Helen Whitaker", "2700004010148"),),
    legs=(FLIGHT,),
    stay=None,
    fare="Standard",
    conditions=("Changes cost USD 50.00 per passenger and flight.",),
    paid=123800,
    currency="USD",
)
VOUCHER = replace(TICKET, legs=(), stay=STAY, passengers=(TicketedPassenger("Helen Whitaker", ""),))
PASS = BoardingPass(
    reference="LHW264",
    surname="Whitaker",
    given_name="Helen",
    leg=FLIGHT,
    seat="14C",
    sequence=23,
    boards=dt.datetime(2026, 12, 20, 18, 15, tzinfo=NEW_YORK),
    gate="B12",
    ticket_number="2700004010148",
)
CODED = Leg(
    surname="Whitaker",
    given_name="Helen",
    reference="LHW264",
    origin="JFK",
    destination="LHR",
    flight="CT902",
    date=dt.date(2026, 12, 20),
    cabin="economy",
    seat="14C",
    sequence=23,
    ticket_number="2700004010148",
    bags=1,
)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def rectangles(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Every filled rectangle of the first page: x, y, width, height in points, y upwards."""
    stream = re.search(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    assert stream is not None
    drawn = zlib.decompress(stream.group(1)).decode("latin-1")
    number = r"(-?\d+(?:\.\d+)?)"
    return [
        (float(x), float(y), float(w), float(h))
        for x, y, w, h in re.findall(rf"{number} {number} {number} {number} re f", drawn)
    ]
