"""Utterances in a normal form."""

from __future__ import annotations

import re
from difflib import get_close_matches


def words(text: str) -> tuple[str, ...]:
    """The words of a text, for tables of many."""
    return tuple(text.split())


# What the recogniser writes for words of this trade.
_MISHEARD = {
    "etiquette": "eticket",
    "etiquettes": "etickets",
    "e ticket": "eticket",
    "e tickets": "etickets",
    "e mail": "email",
    "check in": "checkin",
    "checking in": "checkin",
    "counsel": "cancel",
    "council": "cancel",
    "reshedule": "reschedule",
    "checkin clothes": "checkin close",
    "check in clothes": "checkin close",
    "boarding past": "boarding pass",
    "good bye": "goodbye",
    "by by": "goodbye",
    "bye bye": "goodbye",
    "wheel chair": "wheelchair",
    "suit case": "suitcase",
    "miss spelled": "misspelled",
    "miss spelt": "misspelled",
    "gonna": "going to",
    "wanna": "want to",
}
_MISHEARD_PATTERN = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _MISHEARD), key=len, reverse=True)) + r")\b"
)
_KEYWORDS = words(
    "cancel cancellation reschedule rebook baggage luggage suitcase boarding eticket "
    "itinerary confirmation representative operator supervisor booking reservation "
    "reference goodbye allowance wheelchair vegetarian compensation refund passport "
    "misspelled correction"
)
_LIKENESS = 0.84


def normal(text: str) -> str:
    """Lower case, words and digits only, the trade's words as the rules expect them."""
    text = text.lower().replace("\u2019", "'").replace("o'clock", "oclock")
    text = re.sub(r"[^a-z0-9' ]+", " ", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = _MISHEARD_PATTERN.sub(lambda match: _MISHEARD[match[0]], text)
    return " ".join(_mended(word) for word in text.split(" "))


def _mended(word: str) -> str:
    """A word nearly like one of the trade's is taken for it: "bagage", "reservacion"."""
    if len(word) < 6 or word in _KEYWORDS or word.rstrip("s") in _KEYWORDS:
        return word
    near = get_close_matches(word, _KEYWORDS, 1, _LIKENESS)
    return near[0] if near and abs(len(near[0]) - len(word)) <= 2 else word
