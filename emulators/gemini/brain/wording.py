"""Utterances in a normal form, and the stage directions that come between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


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
_STAGE = re.compile(r"\[([^\[\]]*)\]")


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


class Cue(StrEnum):
    """What a stage direction asks for."""

    GREET = "greet"
    KEYS = "keys"
    SILENCE = "silence"
    GOODBYE = "goodbye"
    CONTINUE = "continue"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Direction:
    """A bracketed text of the hotline, never spoken. ``keys`` holds what the caller keyed."""

    cue: Cue
    keys: str = ""


_CUES = (
    (Cue.GOODBYE, r"\bgood ?-?bye\b|\bend the call\b"),
    (Cue.GREET, r"\bgreet\b"),
    (Cue.SILENCE, r"\bnothing\b|\bsilent\b|\bsilence\b|\bquiet\b|\bstill there\b"),
    (Cue.CONTINUE, r"\bcontinue\b|\bcarry on\b|\bgo on\b|\bresume\b"),
)


def split_stage(text: str) -> tuple[list[Direction], str]:
    """The stage directions in a text, and what remains as speech."""
    directions = [_direction(match[1]) for match in _STAGE.finditer(text)]
    return directions, re.sub(r"\s+", " ", _STAGE.sub(" ", text)).strip()


def _direction(text: str) -> Direction:
    keyed = re.search(r"\b(?:keyed|pressed)\b[^0-9*#]{0,20}([0-9*#][0-9*# ]*)", text)
    if keyed:
        return Direction(Cue.KEYS, keyed[1].replace(" ", ""))
    for cue, pattern in _CUES:
        if re.search(pattern, text, re.IGNORECASE):
            return Direction(cue)
    return Direction(Cue.NOTE)
