"""The text inside a boarding pass's bar code: IATA Resolution 792, format M, one leg. Pure.

Field numbers in comments are the resolution's item numbers; sizes are in characters.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tools.documents.latin import machine_letters

NAME_SIZE = 20
_VERSION = "6"
_FLIGHT = re.compile(r"((?:[A-Z][A-Z0-9]|[0-9][A-Z])[A-Z]?) ?(\d{1,4})([A-Z]?)")
_SEAT = re.compile(r"(\d{1,3})([A-Z])")
_TICKET = re.compile(r"(\d{3})(\d{10})")
_COMPARTMENTS = {"first": "F", "business": "C", "premium economy": "W", "economy": "Y"}


@dataclass(frozen=True, slots=True)
class Leg:
    """One passenger on one flight, checked in. ``date`` is the day of departure, local.

    ``bags`` is the number of pieces that travel free.
    """

    surname: str
    given_name: str
    reference: str
    origin: str
    destination: str
    flight: str
    date: dt.date
    cabin: str
    seat: str
    sequence: int
    ticket_number: str
    bags: int


def encode(leg: Leg) -> str:
    """The bar code's text: printable ASCII, at most 158 characters.

    Raises:
        ValueError: a value does not fit its field; the text names the field, not the value.
    """
    conditional = _once() + _repeated(leg)
    return f"{mandatory(leg)}{len(conditional):02X}{conditional}"


def mandatory(leg: Leg) -> str:
    """The 58 characters that every pass has before the size of what follows."""
    carrier, number, suffix = _parts(_FLIGHT, leg.flight, "flight number")
    row, letter = _parts(_SEAT, leg.seat, "seat")
    if not 0 < leg.sequence <= 9999:
        raise ValueError("the check-in number is one from 1 to 9999")
    return "".join(
        (
            "M1",  # 1 format code, 5 number of legs
            _name(leg.surname, leg.given_name).ljust(NAME_SIZE),  # 11
            "E",  # 253 electronic ticket
            _code(leg.reference, r"[A-Z0-9]{5,7}", "reference").ljust(7),  # 7
            _code(leg.origin, r"[A-Z]{3}", "origin"),  # 26
            _code(leg.destination, r"[A-Z]{3}", "destination"),  # 38
            carrier.ljust(3),  # 42
            number.zfill(4) + (suffix or " "),  # 43
            f"{leg.date.timetuple().tm_yday:03d}",  # 46 day of the year
            _compartment(leg.cabin),  # 71
            row.zfill(3) + letter,  # 104
            f"{leg.sequence:04d} ",  # 107
            "1",  # 117 ticket issued, passenger checked in
        )
    )


def _once() -> str:
    # 8 start of the version, 9 version, 10 size, then: 15 passenger not described,
    # 12 checked in on the web, 14 pass issued on the web, 22 no day of issue, 16 a pass.
    unique = " WW    B"
    return f">{_VERSION}{len(unique):02X}{unique}"


def _repeated(leg: Leg) -> str:
    airline, serial = _parts(_TICKET, leg.ticket_number.replace("-", ""), "ticket number")
    carrier, *_ = _parts(_FLIGHT, leg.flight, "flight number")
    if not 0 <= leg.bags <= 9:
        raise ValueError("the free bags are 0 to 9 pieces")
    fields = "".join(
        (
            airline + serial,  # 142, 143
            " ",  # 18 no selectee indicator
            " ",  # 108 the check of travel documents not stated
            carrier.ljust(3),  # 19 marketing carrier
            " " * 3 + " " * 16,  # 20, 236 no frequent flyer
            " ",  # 89 no industry discount
            f"{leg.bags}PC",  # 118
            "N",  # 254 no fast track
        )
    )
    return f"{len(fields):02X}{fields}"  # 17


def _name(surname: str, given_name: str) -> str:
    """ "SURNAME/GIVEN", the given name cut first where both do not fit."""
    last, first = machine_letters(surname), machine_letters(given_name)
    return f"{last[: NAME_SIZE - 2]}/{first}"[:NAME_SIZE].rstrip()


def _parts(pattern: re.Pattern[str], value: str, field: str) -> tuple[str, ...]:
    found = pattern.fullmatch(value.strip().upper())
    if found is None:
        raise ValueError(f"the {field} is not of the form a boarding pass needs")
    return found.groups()


def _code(value: str, pattern: str, field: str) -> str:
    if re.fullmatch(pattern, value) is None:
        raise ValueError(f"the {field} is not of the form a boarding pass needs")
    return value


def _compartment(cabin: str) -> str:
    try:
        return _COMPARTMENTS[cabin.lower()]
    except KeyError:
        raise ValueError("the cabin is none that a boarding pass knows") from None
