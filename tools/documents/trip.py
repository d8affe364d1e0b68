"""A flight and a hotel stay as cards on a page."""

from __future__ import annotations

from tools.documents.paper import DEEP, LAGOON, LINE, MUTED, WHITE, Align, Paper, plane
from tools.documents.wording import (
    bags,
    clock,
    days_later,
    duration,
    flight_number,
    nights,
    weekday,
)
from tools.seams import FlightLeg, HotelStay

LEG_HEIGHT = 31.5
STAY_HEIGHT = 40.0
_HEAD = 9.0


def draw_leg(paper: Paper, at: tuple[float, float], width: float, leg: FlightLeg) -> None:
    x, y = at
    _card(paper, at, (width, LEG_HEIGHT))
    number = paper.text((x + 5, y + 6.2), flight_number(leg.number), 10.5, bold=True, colour=WHITE)
    date = weekday(leg.departs.date())
    paper.text((x + 9 + number, y + 6.2), date, 9.5, colour=WHITE)
    offer = f"{leg.cabin.capitalize()}  ·  {bags(leg.bags)}"
    paper.text((x + width - 5, y + 6.2), offer, 9.5, colour=WHITE, align=Align.RIGHT)
    _end(paper, (x + 5, y), Align.LEFT, (clock(leg.departs), leg.origin_code, leg.origin))
    right = (clock(leg.arrives), leg.destination_code, leg.destination)
    _end(paper, (x + width - 5, y), Align.RIGHT, right)
    left_of_time = x + width - 7 - paper.wide(clock(leg.arrives), 16, bold=True)
    later = (left_of_time, y + 19.4)
    paper.text(later, days_later(leg), 8.5, bold=True, colour=LAGOON, align=Align.RIGHT)
    _path(paper, (x + width / 2, y + 19), duration(leg))


def draw_stay(paper: Paper, at: tuple[float, float], width: float, stay: HotelStay) -> None:
    x, y = at
    _card(paper, at, (width, STAY_HEIGHT))
    inner = width - 10
    paper.text((x + 5, y + 6.2), stay.hotel, 10.5, bold=True, colour=WHITE, fit=inner)
    place = f"{stay.address}, {stay.city}"
    paper.text((x + 5, y + 15.4), place, 10, colour=MUTED, fit=inner)
    count = (stay.leaves_on - stay.arrives_on).days
    columns = (
        ("CHECK-IN", weekday(stay.arrives_on), 0.0),
        ("CHECK-OUT", weekday(stay.leaves_on), 0.45),
    )
    for label, value, share in columns:
        left = x + 5 + inner * share
        paper.text((left, y + 22.2), label, 7, colour=MUTED)
        paper.text((left, y + 27.4), value, 10.5, bold=True, fit=inner * 0.43)
    paper.text((x + width - 5, y + 27.4), nights(count), 10.5, bold=True, align=Align.RIGHT)
    rooms = stay.room if stay.rooms == 1 else f"{stay.rooms} × {stay.room}"
    offer = f"{rooms[:1].upper()}{rooms[1:]}  ·  {stay.board}"
    paper.text((x + 5, y + 35.4), offer, 10, fit=inner)


def _card(paper: Paper, at: tuple[float, float], size: tuple[float, float]) -> None:
    paper.box(at, size, fill=WHITE, edge=LINE)
    paper.box(at, (size[0], _HEAD), fill=DEEP)


def _end(paper: Paper, at: tuple[float, float], align: Align, words: tuple[str, str, str]) -> None:
    """One end of a flight: the time, the airport's code, its city."""
    (x, y), (time, code, city) = at, words
    paper.text((x, y + 19.4), time, 16, bold=True, align=align)
    if align is Align.LEFT:
        wide = paper.text((x, y + 27), code, 11, bold=True, colour=LAGOON)
        paper.text((x + wide + 2.5, y + 27), city, 10, colour=MUTED, fit=62)
    else:
        wide = paper.text((x, y + 27), code, 11, bold=True, colour=LAGOON, align=align)
        paper.text((x - wide - 2.5, y + 27), city, 10, colour=MUTED, align=align, fit=62)


def _path(paper: Paper, middle: tuple[float, float], note: str) -> None:
    x, y = middle
    for side in (-1, 1):
        paper.rule((x + side * 5.5, y), (x + side * 30, y), LAGOON, 0.35)
        paper.dot((x + side * 30, y), 0.8, LAGOON)
    plane(paper, middle, 7, LAGOON)
    paper.text((x, y + 6.4), note, 8.5, colour=MUTED, align=Align.CENTRE)
