"""Dates as people say them. Pure: today is an argument.

"next Tuesday" is the Tuesday of next week, "Tuesday" the nearest one to come; whatever is
understood is said back in full with the quote, so that a misunderstanding is heard.
"""

from __future__ import annotations

import datetime as dt
import re

from tools.spoken import DAYS, MONTHS, ONES, TENS, ordinal

_DAYS = {name.lower(): number for number, name in enumerate(DAYS)}
_DAYS |= {name[:3]: number for name, number in list(_DAYS.items())}
_DAYS |= {"tues": 1, "thur": 3, "thurs": 3}
_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTHS |= {name[:3]: number for name, number in list(_MONTHS.items())} | {"sept": 9}
_ORDINALS = {ordinal(number): number for number in range(1, 32)}
_NUMBERS = {name: number for number, name in enumerate(ONES)} | {"a": 1, "an": 1}
_NUMBERS |= {name: number * 10 for number, name in enumerate(TENS) if number > 1}


def read_date(said: str, today: dt.date, near: dt.date | None = None) -> dt.date | None:
    """The day that was said, or None where none can be made out.

    ``near`` is the date it replaces: "the 14th" is the one closest to it that is still to
    come, "a week later" counts from it. A day without a year that has been is next year's.
    """
    text = _plain(said)
    for reading in (_iso, _numeric, _with_month, _relative, _weekday, _day_of_month):
        found = reading(text, today, near)
        if found is not None:
            return found if _fits_weekday(found, text) else None
    return None


def _fits_weekday(day: dt.date, text: str) -> bool:
    """A "Friday the 14th" of a month whose 14th is no Friday is a question, not a date."""
    named = {number for name, number in _DAYS.items() if re.search(rf"\b{name}\b", text)}
    return not named or day.weekday() in named


def _plain(said: str) -> str:
    text = re.sub(r"[^a-z0-9/ -]", " ", said.lower())
    # Written-out ordinals become digits, the longer ones first ("twenty-first" before "first").
    for words in sorted(_ORDINALS, key=len, reverse=True):
        text = re.sub(rf"\b{words.replace('-', '[- ]')}\b", f"{_ORDINALS[words]}th", text)
    return re.sub(r"\s+", " ", text).strip()


def _iso(text: str, today: dt.date, near: dt.date | None) -> dt.date | None:
    match = re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", text)
    return _date(*map(int, match.groups())) if match else None


def _numeric(text: str, today: dt.date, near: dt.date | None) -> dt.date | None:
    """Month first, as the house's travellers write it, unless only day first makes a date."""
    match = re.search(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\b", text)
    if not match:
        return None
    one, two = int(match[1]), int(match[2])
    for month, day in ((one, two), (two, one)):
        if match[3]:
            found = _date(2000 + int(match[3]) % 100, month, day)
        else:
            found = _coming(month, day, today)
        if found:
            return found
    return None


def _with_month(text: str, today: dt.date, near: dt.date | None) -> dt.date | None:
    names = "|".join(sorted(_MONTHS, key=len, reverse=True))
    match = re.search(
        rf"\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?(?: day)?(?: of)? )?(?P<month>{names})\b"
        rf"(?: the)?(?: (?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?: (?P<year>20\d\d)\b)?",
        text,
    )
    if not match:
        return None
    day = match["before"] or match["after"]
    number = int(day) if day else _spoken_number(text[match.end() :])
    if not number:
        return None
    month = _MONTHS[match["month"]]
    return (
        _date(int(match["year"]), month, number) if match["year"] else _coming(month, number, today)
    )


def _relative(text: str, today: dt.date, near: dt.date | None) -> dt.date | None:
    if "day after tomorrow" in text:
        return today + dt.timedelta(days=2)
    if "tomorrow" in text:
        return today + dt.timedelta(days=1)
    if re.search(r"\b(today|tonight)\b", text):
        return today
    text = text.replace("a fortnight", "2 weeks")
    match = re.search(
        r"\b(in )?([a-z]+|\d+)( more)? (days?|weeks?)( later| earlier| before)?", text
    )
    if match:
        count = int(match[2]) if match[2].isdigit() else _NUMBERS.get(match[2])
        if count is not None and (match[1] or match[5] or "from now" in text):
            days = count * (7 if match[4].startswith("week") else 1)
            later = (match[5] or "").strip()
            start = near if later and near else today
            return start + dt.timedelta(days=-days if later in ("earlier", "before") else days)
    if re.search(r"\bnext day\b", text):
        return (near or today) + dt.timedelta(days=1)
    return None


def _weekday(text: str, today: dt.date, near: dt.date | None) -> dt.date | None:
    names = "|".join(sorted(_DAYS, key=len, reverse=True))
    match = re.search(rf"\b(next |the following )?({names})\b( week| after next)?", text)
    if not match or re.search(r"\b\d{1,2}(?:st|nd|rd|th)\b", text):
        return None
    wanted, which = _DAYS[match[2]], (match[1] or "").strip()
    if which == "next" or "next week" in text:
        monday = today + dt.timedelta(days=7 - today.weekday())
        return monday + dt.timedelta(days=wanted)
    start = near if which == "the following" and near else today
    found = start + dt.timedelta(days=(wanted - start.weekday() - 1) % 7 + 1)
    return found + dt.timedelta(days=7) if match[3] else found


def _day_of_month(text: str, today: dt.date, near: dt.date | None) -> dt.date | None:
    match = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)\b", text) or re.fullmatch(
        r"(?:the |on the )?(\d{1,2})", text
    )
    if not match:
        return None
    anchor = near if near and near > today else today
    candidates = [_date(year, month, int(match[1])) for year, month in _months_around(anchor)]
    coming = [one for one in candidates if one is not None and one >= today]
    return min(coming, key=lambda one: abs(one - anchor), default=None)


def _months_around(day: dt.date) -> list[tuple[int, int]]:
    count = day.year * 12 + day.month - 1
    return [(one // 12, one % 12 + 1) for one in range(count - 2, count + 3)]


def _spoken_number(text: str) -> int:
    """The number at the start of a text in words: "fourteen", "twenty one"; 0 for none."""
    words = text.replace("-", " ").split()
    first = _NUMBERS.get(words[0], 0) if words else 0
    if first >= 20 and len(words) > 1 and 0 < _NUMBERS.get(words[1], 0) < 10:
        return first + _NUMBERS[words[1]]
    return first if words and words[0] not in ("a", "an") else 0


def _coming(month: int, day: int, today: dt.date) -> dt.date | None:
    """The next such day, today included; the 29th of February waits for its year."""
    for year in range(today.year, today.year + 5):
        found = _date(year, month, day)
        if found is not None and found >= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
