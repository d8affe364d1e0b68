"""Dates, times, money as printed. Pure."""

from __future__ import annotations

import datetime as dt

from tools.seams import FlightLeg
from tools.spoken import DAYS, MONTHS


def day(value: dt.date) -> str:
    """As "1 December 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def weekday(value: dt.date) -> str:
    """As "Tuesday, 1 December 2026"."""
    return f"{DAYS[value.weekday()]}, {day(value)}"


def short_day(value: dt.date) -> str:
    """As "1 Dec 2026"."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def clock(at: dt.datetime) -> str:
    """As "8:05 AM"."""
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'AM' if at.hour < 12 else 'PM'}"


def money(minor: int, currency: str) -> str:
    """Minor units as "USD 1,245.00"."""
    return f"{currency} {minor // 100:,}.{minor % 100:02d}"


def bags(count: int) -> str:
    if count == 0:
        return "no checked bag"
    return "1 checked bag" if count == 1 else f"{count} checked bags"


def nights(count: int) -> str:
    return "1 night" if count == 1 else f"{count} nights"


def flight_number(number: str) -> str:
    """As "CT 456"."""
    return f"{number[:2]} {number[2:].strip()}"


def duration(leg: FlightLeg) -> str:
    """As "2 h 45 min"; empty where the times carry no zones to reckon with."""
    if leg.departs.tzinfo is None or leg.arrives.tzinfo is None:
        return ""
    hours, minutes = divmod(int((leg.arrives - leg.departs).total_seconds()) // 60, 60)
    return f"{hours} h {minutes:02d} min"


def days_later(leg: FlightLeg) -> str:
    """As "+1 day" where it lands on another day than it leaves, by the calendars there."""
    later = (leg.arrives.date() - leg.departs.date()).days
    if later == 0:
        return ""
    return f"{later:+d} day" if abs(later) == 1 else f"{later:+d} days"
