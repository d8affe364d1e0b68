"""The demonstration's airports, fares, timetable and hotels. Pure data and dates."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tools.models import Airport, Base, FareRule, Flight, FlightCabin, Hotel, HotelNight

DAYS_BACK, DAYS_AHEAD = 4, 75
ECONOMY, BUSINESS = "economy", "business"

_AIRPORTS = (
    ("SFO", "San Francisco", "San Francisco International", "US", "America/Los_Angeles"),
    ("LAX", "Los Angeles", "Los Angeles International", "US", "America/Los_Angeles"),
    ("SEA", "Seattle", "Seattle-Tacoma International", "US", "America/Los_Angeles"),
    ("DEN", "Denver", "Denver International", "US", "America/Denver"),
    ("AUS", "Austin", "Austin-Bergstrom International", "US", "America/Chicago"),
    ("ORD", "Chicago", "O'Hare International", "US", "America/Chicago"),
    ("JFK", "New York", "John F. Kennedy International", "US", "America/New_York"),
    ("BOS", "Boston", "Logan International", "US", "America/New_York"),
    ("MIA", "Miami", "Miami International", "US", "America/New_York"),
    ("LHR", "London", "Heathrow", "GB", "Europe/London"),
    ("CDG", "Paris", "Charles de Gaulle", "FR", "Europe/Paris"),
)

# code, name, fee to cancel, fee to change (minor units per person; None: not allowed),
# taxes in percent, cut-off in hours, checked bags
_FARES = (
    ("FLEX", "Flex", 0, 0, 12, 2, 2),
    ("STANDARD", "Standard", 9000, 5000, 12, 2, 1),
    ("SAVER", "Saver", None, 7500, 12, 2, 0),
    ("BASIC", "Basic", None, None, 12, 2, 0),
    ("HOTEL_FLEX", "Flexible rate", 0, 0, 10, 24, 0),
    ("HOTEL_SAVER", "Saver rate", None, None, 10, 24, 0),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A daily flight. ``leaves`` by the clock of its origin; ``price`` in minor units."""

    number: str
    origin: str
    destination: str
    leaves: dt.time
    minutes: int
    price: int


TIMETABLE = (
    Line("CT218", "SFO", "SEA", dt.time(9, 30), 125, 14900),
    Line("CT219", "SEA", "SFO", dt.time(17, 15), 130, 15400),
    Line("CT456", "JFK", "ORD", dt.time(8, 5), 165, 18900),
    Line("CT457", "ORD", "JFK", dt.time(18, 40), 135, 17900),
    Line("CT731", "BOS", "MIA", dt.time(10, 20), 205, 21900),
    Line("CT732", "MIA", "BOS", dt.time(15, 45), 200, 20900),
    Line("CT902", "JFK", "LHR", dt.time(19, 0), 415, 58900),
    Line("CT903", "LHR", "JFK", dt.time(11, 25), 475, 61900),
    Line("CT1045", "LAX", "DEN", dt.time(7, 10), 140, 12900),
    Line("CT1046", "DEN", "LAX", dt.time(12, 55), 150, 13400),
    Line("CT610", "ORD", "CDG", dt.time(17, 50), 500, 64900),
    Line("CT611", "CDG", "ORD", dt.time(12, 15), 555, 66900),
    Line("CT388", "AUS", "SFO", dt.time(6, 45), 230, 19900),
    Line("CT389", "SFO", "AUS", dt.time(13, 35), 220, 20400),
)
BY_NUMBER = {line.number: line for line in TIMETABLE}
# A flight that is full far ahead, so that "no seats that day" can be heard.
ALWAYS_FULL = "CT389"

# name, city, address, time zone, room types with their price for a night
HOTELS = (
    ("Harbor House Boston", "Boston", "12 Atlantic Avenue", "America/New_York"),
    ("The Larkspur", "San Francisco", "480 Sutter Street", "America/Los_Angeles"),
    ("Hotel Aldine", "London", "27 Bloomsbury Way", "Europe/London"),
)
ROOMS = {"double room": 18500, "suite": 34000}


def airports() -> Iterator[Airport]:
    for code, city, name, country, timezone in _AIRPORTS:
        yield Airport(code=code, city=city, name=name, country=country, timezone=timezone)


def fares() -> Iterator[FareRule]:
    for code, name, cancel, change, taxes, cut_off, bags in _FARES:
        yield FareRule(
            code=code,
            name=name,
            cancel_fee=cancel,
            change_fee=change,
            taxes_percent=taxes,
            cut_off_hours=cut_off,
            checked_bags=bags,
        )


def zone_of(airport: str) -> ZoneInfo:
    return ZoneInfo(next(zone for code, *_, zone in _AIRPORTS if code == airport))


def flights(today: dt.date) -> Iterator[Flight]:
    """Every flight of the timetable, from a few days back to ten weeks ahead."""
    for line in TIMETABLE:
        for offset in range(-DAYS_BACK, DAYS_AHEAD + 1):
            day = today + dt.timedelta(days=offset)
            leaves = dt.datetime.combine(day, line.leaves, zone_of(line.origin))
            left = 0 if line.number == ALWAYS_FULL and offset < 30 else _spread(line, day, 60)
            yield flight(line, leaves, left, fare_of(line, day))


def flight(line: Line, leaves: dt.datetime, left: int, price: int) -> Flight:
    return Flight(
        number=line.number,
        origin_code=line.origin,
        destination_code=line.destination,
        departs_at=leaves.astimezone(dt.UTC),
        arrives_at=leaves.astimezone(dt.UTC) + dt.timedelta(minutes=line.minutes),
        cabins=[
            FlightCabin(cabin=BUSINESS, seats_left=left // 6, price=price * 3),
            FlightCabin(cabin=ECONOMY, seats_left=left, price=price),
        ],
    )


def fare_of(line: Line, day: dt.date) -> int:
    """The price on a day: the line's own, dearer at the end of the week. Minor units."""
    weekend = 3500 if day.weekday() >= 4 else 0
    return line.price + weekend + 500 * (_spread(line, day, 9) % 5)


def _spread(line: Line, day: dt.date, most: int) -> int:
    """A number from 4 to ``most`` + 3 that is always the same for a flight."""
    return 4 + zlib.crc32(f"{line.number} {day.isoformat()}".encode()) % most


def hotels(today: dt.date) -> Iterator[Base]:
    """The hotels, and their rooms night by night."""
    for number, (name, city, address, timezone) in enumerate(HOTELS, 1):
        yield Hotel(id=number, name=name, city=city, address=address, timezone=timezone)
        for offset in range(-DAYS_BACK, DAYS_AHEAD + 1):
            night = today + dt.timedelta(days=offset)
            for room, price in ROOMS.items():
                yield HotelNight(
                    hotel_id=number,
                    room=room,
                    night=night,
                    rooms_left=3 + (number + offset) % 5,
                    price=price + (3000 if night.weekday() in (4, 5) else 0),
                )
