"""Written text as a voice should say it: times, money, dates, codes and abbreviations become
words, because the phonemiser drops or misreads them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from emulators.speech.numbers import cardinal, digits, letters, ordinal, words, year

MONTHS = words(
    "January February March April May June July August September October November December"
)
_DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTH = "(?:" + "|".join(f"{m[:3]}(?:{m[3:]}|\\.)?" if m != "May" else m for m in MONTHS) + ")"
_CURRENCIES = {
    "$": ("dollar", "cent"),
    "USD": ("dollar", "cent"),
    "US$": ("dollar", "cent"),
    "€": ("euro", "cent"),
    "EUR": ("euro", "cent"),
    "£": ("pound", "penny"),
    "GBP": ("pound", "penny"),
    "₹": ("rupee", "paisa"),
    "INR": ("rupee", "paisa"),
    "AUD": ("Australian dollar", "cent"),
    "CAD": ("Canadian dollar", "cent"),
    "CHF": ("Swiss franc", "centime"),
    "AED": ("dirham", "fil"),
}
_PLURALS = {"penny": "pence", "paisa": "paise"}
_CURRENCY = "(" + "|".join(sorted(map(re.escape, _CURRENCIES), key=len, reverse=True)) + ")"
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?(?![\d,]*\d)"
_UNITS = {
    "kg": "kilogram",
    "kgs": "kilogram",
    "lb": "pound",
    "lbs": "pound",
    "cm": "centimetre",
    "km": "kilometre",
    "h": "hour",
    "hrs": "hour",
    "hr": "hour",
    "min": "minute",
    "mins": "minute",
    "ml": "millilitre",
    "MB": "megabyte",
}
_WORDS = {
    "Cymbol": "Symbol",
    "cymbol": "symbol",
    "e-ticket": "E ticket",
    "E-ticket": "E ticket",
    "e-tickets": "E tickets",
    "eticket": "E ticket",
    "Wi-Fi": "why fie",
    "Mr.": "Mister",
    "Mrs.": "Missus",
    "Ms.": "Miz",
    "Dr.": "Doctor",
    "e.g.": "for example,",
    "i.e.": "that is,",
    "etc.": "and so on",
    "approx.": "about",
    "&": "and",
    "%": " percent",
    "ID": "I D",
    "OK": "okay",
}
# Capitals that are read as a word.
_WORDLIKE = frozenset({"VISA", "GATE", "SEAT", "NOT", "AND", "THE", "YES", "NO", "PIN", "VIP"})

Replace = Callable[[re.Match[str]], str]


def spoken(text: str) -> str:
    """The text in plain words; what needs no change is left as it is."""
    for pattern, replace in _RULES:
        text = pattern.sub(replace, text)
    return re.sub(r"\s+", " ", text).strip()


def _whole(number: str) -> int:
    return int(number.replace(",", ""))


def _money(currency: str, whole: str, part: str | None) -> str:
    major, minor = _CURRENCIES[currency]
    units, cents = _whole(whole), int((part or "0").ljust(2, "0"))
    said = []
    if units or not cents:
        said.append(_counted(units, major))
    if cents:
        said.append(_counted(cents, minor))
    return " and ".join(said)


def _counted(count: int, unit: str) -> str:
    plural = unit if count == 1 else _PLURALS.get(unit, f"{unit}s")
    return f"{cardinal(count)} {plural}"


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"])
    half = (match["half"] or "").lower()[:1]
    if not half and (hour > 12 or hour == 0 or match["hour"].startswith("0")):
        half = "p" if hour > 12 else "a"
    if (hour, minute, half or "p") == (12, 0, "p"):
        return "twelve noon"
    said = cardinal((hour - 1) % 12 + 1)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif not half:
        said += " o'clock"
    return said + {"a": " ay em", "p": " pee em", "": ""}[half]


def _full_hour(match: re.Match[str]) -> str:
    half = "ay em" if match[2].lower() == "a" else "pee em"
    return f"{cardinal(int(match[1]))} {half}"


def _month(name: str) -> str:
    return next(m for m in MONTHS if m.startswith(name.strip(".").capitalize()[:3]))


def _date(month: str, day: str, in_year: str | None) -> str:
    said = f"{month} {ordinal(int(day))}"
    return f"{said}, {year(int(in_year))}" if in_year else said


def _iso_date(match: re.Match[str]) -> str:
    return _date(MONTHS[int(match[2]) - 1], match[3], match[1])


def _decimal(match: re.Match[str]) -> str:
    return f"{cardinal(_whole(match[1]))} point {digits(match[2])}"


def _measure(match: re.Match[str]) -> str:
    return _counted(int(match[1]), _UNITS[match[2]])


def _seat(match: re.Match[str]) -> str:
    return f"{cardinal(int(match[1]))} {letters(match[2])}"


def _code(match: re.Match[str]) -> str:
    code = match[0]
    return code if code in _WORDLIKE else letters(code)


def _email(match: re.Match[str]) -> str:
    name = re.sub(r"[*•]+", " and so on ", match[1])
    said = f"{name} at {match[2]}"
    return said.replace(".", " dot ").replace("_", " underscore ").replace("-", " dash ")


def _range(match: re.Match[str]) -> str:
    return f"{match[1]} to {match[2]}"


def _weekday(match: re.Match[str]) -> str:
    return next(day for day in _DAYS if day.startswith(match[1]))


def _word(match: re.Match[str]) -> str:
    return _WORDS[match[0]]


def _words_pattern() -> str:
    longest_first = sorted(_WORDS, key=len, reverse=True)
    return r"(?<![\w.])(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)|[%&]"


_CLOCK = (
    r"\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::\d\d)?\s*(?:(?P<half>[aApP])\.?[mM]\b\.?)?"
)

_RULES: tuple[tuple[re.Pattern[str], Replace], ...] = tuple(
    (re.compile(pattern), replace)
    for pattern, replace in (
        (r"[*_`#]{1,3}(?=\S)|(?<=\S)[*_`]{2,3}", lambda m: ""),
        (r"\b([\w.*•-]+)@([\w-]+(?:\.[\w-]+)+)", _email),
        (r"\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b", _iso_date),
        (
            rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b\.?,?(?: (\d{{4}})\b)?",
            lambda m: _date(_month(m[2]), m[1], m[3]),
        ),
        (
            rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}})\b)?",
            lambda m: _date(_month(m[1]), m[2], m[3]),
        ),
        (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b\.?(?=,? )", _weekday),
        (_CLOCK, _time),
        (r"\b(1[0-2]|[1-9])\s*([aApP])\.?[mM]\b\.?", _full_hour),
        (rf"{_CURRENCY}\s?{_AMOUNT}", lambda m: _money(m[1], m[2], m[3])),
        (rf"\b{_AMOUNT}\s?{_CURRENCY}(?!\w)", lambda m: _money(m[3], m[1], m[2])),
        (_words_pattern(), _word),
        (r"(?<=\d)\s?[-–](?=\d)", lambda m: " to "),
        (rf"\b(\d+)\s?({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b", _measure),
        (r"\b(\d{1,2})([A-K])\b", _seat),
        (r"\b(ending(?: in| with)?) ([A-Z0-9]{2,4})\b", lambda m: f"{m[1]} {letters(m[2])}"),
        (r"\b([A-Z]{2}) ?(\d{2,4})\b", lambda m: letters(m[1] + m[2])),
        (r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{3,12}\b", _code),
        (r"\b[A-Z]{2,5}\b", _code),
        (r"\bNo\. ?(?=\d)", lambda m: "number "),
        (r"\bA(?= [A-Z\d]\b)|(?<=\b[A-Z\d] )A\b", lambda m: "ay"),
        (r"\b24/7\b", lambda m: "twenty-four seven"),
        (r"\+?\b\d{7,}\b", lambda m: digits(m[0])),
        (r"\b0\d+\b", lambda m: digits(m[0])),
        (r"\b(\d+)(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1]))),
        (r"\b(\d{1,3}(?:,\d{3})+|\d+)\.(\d+)\b", _decimal),
        (r"\b(\d{1,3}(?:,\d{3})+|\d+)\b", lambda m: cardinal(_whole(m[1]))),
        (r"\d+", lambda m: f" {digits(m[0])} "),
        (r"(?<=\w)/(?=\w)", lambda m: " or "),
        (r"(?<= )[A](?=[ ,.?!]|$)(?! [a-z])", lambda m: "ay"),
    )
)
