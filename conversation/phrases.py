"""What a few words give away: an order to stop, mere assent, a request to wait, a phrase that
is complete, one that must go on, a reference being spelled."""

from __future__ import annotations

import re
from enum import StrEnum

_WORD = re.compile(r"[a-z0-9']+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_STOP = ("stop", "wait", "hold on", "hang on", "excuse me")
_OBJECTION = (*_STOP, "no", "nope", "sorry", "hey", "listen")
_ASSENT = _set(
    "mhm mm mmm hmm hm uh huh uhuh ah oh ok okay yeah yes yep right sure alright fine good "
    "great i see got it"
)
_HOLD = (
    "hold on", "hang on", "one moment", "a moment", "one second", "a second", "just a sec",
    "one sec", "a minute", "one minute", "bear with me", "let me look", "let me check",
    "let me find", "let me get", "wait a",
)  # fmt: skip

_NATO = _set(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike "
    "november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
)
_DIGITS = _set("zero oh one two three four five six seven eight nine double triple")
_OPEN_ENDS = _set(
    "a an the and or but so because to from for of in on at by with about into my your his her "
    "our their is are was were be been am i we you he she they it if when that which who what "
    "um uh er erm like would could can will want need on this these as than not very"
)
_WHOLE = _set(
    "yes no yeah nope yep okay ok thanks please correct right exactly sure bye goodbye hello hi"
)
# A booking reference has six characters (IATA Resolution 830d's record locator).
_REFERENCE_LENGTH = 6
# One digit or letter alone is a word like any other.
_LEAST_SPELLED = 2
_SPELLING_ASKED = re.compile(
    r"\b(spell|reference|booking (number|code)|letters?|digits?|number|e-?mail|code|"
    r"date of birth|pnr)\b"
)


class Tail(StrEnum):
    """How a turn sounds so far."""

    UNKNOWN = "unknown"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    SPELLING = "spelling"


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def objects(text: str) -> bool:
    """Said over Myra, this means that she should stop."""
    return _has(text, _OBJECTION)


def orders_stop(text: str) -> bool:
    """This means that she should stop, whenever it was said."""
    return _has(text, _STOP)


def _has(text: str, phrases: tuple[str, ...]) -> bool:
    said = " ".join(words_of(text))
    return any(re.search(rf"\b{phrase}\b", said) for phrase in phrases)


def only_assents(text: str) -> bool:
    """Said over Myra, this asks her to go on."""
    said = words_of(text)
    return bool(said) and all(word in _ASSENT for word in said)


def asks_to_hold(text: str) -> bool:
    """The caller wants Myra to wait."""
    said = " ".join(words_of(text))
    return any(phrase in said for phrase in _HOLD)


def asks_for_spelling(text: str) -> bool:
    """Myra's question is answered with letters or digits."""
    last = re.split(r"[.!]\s", text.strip().lower())[-1]
    return bool(_SPELLING_ASKED.search(last))


def tail_of(text: str) -> Tail:
    """How the caller's words so far end."""
    said = words_of(text)
    if not said:
        return Tail.UNKNOWN
    spelled, letters = _spelled_at_end(said)
    if spelled >= _LEAST_SPELLED:
        # Digits alone may be a telephone number or a date, of any length.
        whole = letters and spelled == _REFERENCE_LENGTH
        return Tail.COMPLETE if whole else Tail.SPELLING
    if said[-1] in _OPEN_ENDS or text.rstrip().endswith((",", "-", "…")):
        return Tail.INCOMPLETE
    if said[-1] in _WHOLE or text.rstrip().endswith((".", "?", "!")):
        return Tail.COMPLETE
    return Tail.UNKNOWN


def _spelled_at_end(said: list[str]) -> tuple[int, bool]:
    """How many characters the words at the end spell, and whether letters are among them."""
    count, letters = 0, False
    for word in reversed(said):
        if any(character.isdigit() for character in word):
            count += len(word)
            letters = letters or not word.isdigit()
        elif word in _NATO or (len(word) == 1 and word.isalpha()):
            count, letters = count + 1, True
        elif word in _DIGITS:
            count += word not in {"double", "triple"}
        else:
            break
    return count, letters
