"""The date in an utterance, as a short phrase: "next friday", "12 june", "2026-06-12".

It stays relative where the caller was: what "next Friday" means today is for the booking
system to say.
"""

from __future__ import annotations

import re

from emulators.gemini.brain.wording import words

_MONTHS = words(
    "january february march april may june july august september october november december"
)
_SHORT = words("jan feb mar apr jun jul aug sept sep oct nov dec")
_MONTH = f"({'|'.join((*_MONTHS, *_SHORT))})"
_WEEKDAY = "(monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_UNITS = words("first second third fourth fifth sixth seventh eighth ninth")
_CARDINALS = words("one two three four five six seven eight nine")
_TEENS = words(
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth "
    "eighteenth nineteenth"
)
_TEEN_CARDINALS = words(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_DAYS = {
    **{word: n for n, word in enumerate(_UNITS, 1)},
    **{word: n for n, word in enumerate(_CARDINALS, 1)},
    **{word: n for n, word in enumerate(_TEENS, 10)},
    **{word: n for n, word in enumerate(_TEEN_CARDINALS, 10)},
    "twentieth": 20,
    "twenty": 20,
    "thirtieth": 30,
    "thirty": 30,
    "thirty first": 31,
    "thirty one": 31,
    **{f"twenty {word}": 20 + n for n, word in enumerate(_UNITS, 1)},
    **{f"twenty {word}": 20 + n for n, word in enumerate(_CARDINALS, 1)},
}
_DAY = r"(\d{1,2}(?:st|nd|rd|th)?|" + "|".join(sorted(_DAYS, key=len, reverse=True)) + ")"
_ORDINAL = r"(\d{1,2}(?:st|nd|rd|th)|" + "|".join(
    sorted((d for d in _DAYS if re.search("(st|nd|rd|th)$", d)), key=len, reverse=True)
) + ")"  # fmt: skip
_COUNT = r"(\d+|a|an|one|two|three|four|five|six|seven|ten)"

_ISO = re.compile(r"\b(20\d\d)[- ](\d\d)[- ](\d\d)\b")
_DAY_MONTH = re.compile(rf"\b(?:the )?{_DAY}(?: of)? {_MONTH}\b(?: (20\d\d))?")
_MONTH_DAY = re.compile(rf"\b{_MONTH} (?:the )?{_DAY}\b(?: (20\d\d))?")
_NAMED = re.compile(
    rf"\b(?:(the day after tomorrow|day after tomorrow|tomorrow|today|tonight)|"
    rf"((?:next|this|coming|following) )?{_WEEKDAY}( week)?|((?:next|the following) week)|"
    rf"(in {_COUNT} (?:days?|weeks?)(?: time)?)|"
    rf"({_COUNT} (?:days?|weeks?) (?:later|earlier|after|before)))\b"
)
_DAY_ONLY = re.compile(rf"\b(?:the|to|on) (?:the )?{_ORDINAL}\b")


def date_in(utterance: str) -> str:
    """The last date of an utterance in normal form, or "": a correction comes last."""
    found = [
        *((m.start(), "-".join(m.groups())) for m in _ISO.finditer(utterance)),
        *((m.start(), _day_month(m[1], m[2], m[3])) for m in _DAY_MONTH.finditer(utterance)),
        *((m.start(), _day_month(m[2], m[1], m[3])) for m in _MONTH_DAY.finditer(utterance)),
        *((m.start(), m[0].removeprefix("the ")) for m in _NAMED.finditer(utterance)),
    ] or [(m.start(), f"the {_nth(m[1])}") for m in _DAY_ONLY.finditer(utterance)]
    return max(found)[1] if found else ""


def _day_month(day: str, month: str, in_year: str | None) -> str:
    full = next(m for m in _MONTHS if m.startswith(month[:3]))
    return f"{_number(day)} {full}" + (f" {in_year}" if in_year else "")


def _number(day: str) -> int:
    return _DAYS[day] if day in _DAYS else int(re.sub(r"\D", "", day))


def _nth(day: str) -> str:
    number = _number(day)
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
