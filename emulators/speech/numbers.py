"""Numbers as a person says them."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a text, for tables of many."""
    return tuple(text.split())


ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = words("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def cardinal(value: int) -> str:
    """45 -> "forty-five"; negative values begin with "minus"."""
    if value < 0:
        return "minus " + cardinal(-value)
    for size, name in _SCALES:
        if value >= size:
            rest = f" {cardinal(value % size)}" if value % size else ""
            return f"{cardinal(value // size)} {name}{rest}"
    if value < 20:
        return ONES[value]
    unit = f"-{ONES[value % 10]}" if value % 10 else ""
    return TENS[value // 10] + unit


def ordinal(value: int) -> str:
    """21 -> "twenty-first"."""
    words = cardinal(value)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    if last in _IRREGULAR:
        return words[:cut] + _IRREGULAR[last]
    return words[:cut] + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def year(value: int) -> str:
    """2026 -> "twenty twenty-six"."""
    century, rest = divmod(value, 100)
    if not 1000 < value < 10_000 or 2000 <= value < 2010 or (not century % 10 and not rest):
        return cardinal(value)
    if not rest:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def digits(text: str) -> str:
    """Each digit of a text by itself: "427" -> "four two seven"."""
    return " ".join(ONES[int(c)] for c in text if c.isascii() and c.isdigit())


def letters(text: str) -> str:
    """A code as it is spelled: "CYM427" -> "C Y M four two seven".

    "A" is written "ay", which a voice would otherwise take for the article.
    """
    said = (ONES[int(c)] if c.isdigit() else {"A": "ay"}.get(c.upper(), c.upper()) for c in text)
    return " ".join(word for word in said if word.isascii() and word.isalnum())
