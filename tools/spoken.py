"""Facts as a person says them: numbers, money, dates, times, codes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence


def words(text: str) -> tuple[str, ...]:
    """A list of words, written as one text."""
    return tuple(text.split())


ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = words("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = words(
    "January February March April May June July August September October November December"
)
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
# ISO 4217 code -> one unit, several, one hundredth, several hundredths.
_CURRENCIES = {
    "USD": ("dollar", "dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
}


def number(value: int) -> str:
    """1245 -> "one thousand two hundred and forty-five"."""
    if value < 0:
        return "minus " + number(-value)
    if value < 20:
        return ONES[value]
    if value < 100:
        rest = f"-{ONES[value % 10]}" if value % 10 else ""
        return TENS[value // 10] + rest
    if value < 1000:
        rest = f" and {number(value % 100)}" if value % 100 else ""
        return f"{ONES[value // 100]} hundred{rest}"
    thousands = f"{number(value // 1000)} thousand"
    left = value % 1000
    joint = " and " if left < 100 else " "
    return thousands + (joint + number(left) if left else "")


def ordinal(value: int) -> str:
    """21 -> "twenty-first"."""
    words = number(value)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    if last in _IRREGULAR:
        return words[:cut] + _IRREGULAR[last]
    return words[:cut] + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def money(minor: int, currency: str) -> str:
    """Minor units -> "two hundred and forty dollars and fifty cents"."""
    one, several, cent, cents = _CURRENCIES.get(currency, (currency, currency, "cent", "cents"))
    whole, part = divmod(abs(minor), 100)
    words = []
    if whole or not part:
        words.append(f"{number(whole)} {one if whole == 1 else several}")
    if part:
        words.append(f"{number(part)} {cent if part == 1 else cents}")
    return ("minus " if minor < 0 else "") + " and ".join(words)


def date(day: dt.date, today: dt.date | None = None) -> str:
    """As "Friday, March fourteenth", with the year where it is not that of ``today``."""
    year = f", {day.year}" if today is not None and day.year != today.year else ""
    return f"{DAYS[day.weekday()]}, {MONTHS[day.month - 1]} {ordinal(day.day)}{year}"


def time(at: dt.time | dt.datetime) -> str:
    """As "7:05 AM", "noon", "midnight"."""
    if at.minute == 0 and at.hour in (0, 12):
        return "noon" if at.hour else "midnight"
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'AM' if at.hour < 12 else 'PM'}"


def spelled(code: str) -> str:
    """Character by character: "CT456" -> "C T four five six"; "A" stays a capital letter."""
    said = (ONES[int(c)] if c.isdigit() else c.upper() for c in code if c.isalnum())
    return " ".join(said)


def ending(reference: str) -> str:
    """All that is ever read back of a reference: its last three characters, spelled."""
    return spelled(reference[-3:])


def sentence(text: str) -> str:
    """With a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def listing(parts: Sequence[str], joint: str = "and") -> str:
    """As "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


def counted(count: int, one: str, several: str = "") -> str:
    """As "one night", "three nights"."""
    return f"{number(count)} {one if count == 1 else several or one + 's'}"


def masked_email(address: str) -> str:
    """As "the address beginning with d at example dot com": enough to know it by, no more."""
    name, _, domain = address.partition("@")
    return f"the address beginning with {name[:1]}, at {domain.replace('.', ' dot ')}"


def masked_phone(phone: str) -> str:
    """As "the number ending in four two"."""
    return f"the number ending in {spelled(phone[-2:])}"
