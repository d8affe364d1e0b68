"""Which corrections of a name are slips of spelling and which change the person. Pure.

Airlines let a few letters be mended on a ticket and treat everything else as a new name that
needs papers; a ticket never passes to another person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tools.names import edits, is_title, letters, spelled_out

MOST_LETTERS = 3
"""Letters of a whole name that may be mended as a slip."""
MOST_CORRECTIONS = 2
"""Times a passenger's name may be mended before a person looks at it."""

# What a name consists of: words of letters, joined by an apostrophe or hyphen.
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_INITIAL = re.compile(r"[^\W\d_]\.")


class Verdict(StrEnum):
    SAME = "same"
    SLIP = "slip"
    LEGAL = "legal"
    OTHER_PERSON = "other person"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Correction:
    verdict: Verdict
    given_name: str = ""
    surname: str = ""


def correction(given_name: str, surname: str, said: str) -> Correction:
    """What turning a passenger's name into the one that was said amounts to."""
    words = [_cased(one) for one in _words(said)]
    if not words:
        return Correction(Verdict.UNCLEAR)
    given, family = _split(words, given_name, surname)
    if not given or not family:
        return Correction(Verdict.UNCLEAR)
    return Correction(_verdict((given_name, surname), (given, family)), given, family)


def _verdict(old: tuple[str, str], new: tuple[str, str]) -> Verdict:
    if old == new:
        return Verdict.SAME
    plain_old, plain_new = tuple(map(letters, old)), tuple(map(letters, new))
    if plain_new == plain_old[::-1]:
        return Verdict.SLIP  # given name and surname were swapped
    changed = [edits(one, other) for one, other in zip(plain_old, plain_new, strict=True)]
    slips = [
        count <= MOST_LETTERS and count * 2 <= max(len(one), 2)
        for count, one in zip(changed, plain_old, strict=True)
    ]
    if all(slips) and sum(changed) <= MOST_LETTERS:
        return Verdict.SLIP
    return Verdict.LEGAL if any(slips) else Verdict.OTHER_PERSON


def _words(said: str) -> list[str]:
    """The words of a name in their order, without title; none where something is no name."""
    spelled = spelled_out(said)
    if spelled:
        return [spelled]
    family, comma, given = said.strip().rstrip(",.!?").partition(",")
    words = f"{given} {family}".split() if comma else family.split()
    if len(words) > 1 and is_title(words[0]):
        words = words[1:]
    whole = all(_NAME_WORD.fullmatch(one) or _INITIAL.fullmatch(one) for one in words)
    return words if whole else []


def _split(words: list[str], given_name: str, surname: str) -> tuple[str, str]:
    """Given name and surname. A single word replaces whichever of the two it is nearer to,
    unless it is both, spelled letter by letter in one go."""
    if len(words) == 1:
        return _spelled_in_one(words[0], given_name, surname) or _one_of_two(
            words[0], given_name, surname
        )
    cuts = range(1, len(words))

    def apart(cut: int) -> int:
        given, family = "".join(words[:cut]), "".join(words[cut:])
        return edits(letters(given), letters(given_name)) + edits(letters(family), letters(surname))

    best = min(cuts, key=apart)
    return " ".join(words[:best]), " ".join(words[best:])


def _one_of_two(word: str, given_name: str, surname: str) -> tuple[str, str]:
    to_given = edits(letters(word), letters(given_name)) / max(len(given_name), 1)
    to_surname = edits(letters(word), letters(surname)) / max(len(surname), 1)
    if to_given == to_surname or min(to_given, to_surname) > 0.5:
        return "", ""
    return (word, surname) if to_given < to_surname else (given_name, word)


def _spelled_in_one(word: str, given_name: str, surname: str) -> tuple[str, str] | None:
    """The word cut into given name and surname where that is nearer than either alone."""
    old_given, old_surname, new = letters(given_name), letters(surname), letters(word)
    best = (min(edits(new, old_given), edits(new, old_surname)), -1)
    for cut in range(1, len(new)):
        apart = edits(new[:cut], old_given) + edits(new[cut:], old_surname)
        best = min(best, (apart, cut), key=lambda one: one[0])
    cut = best[1]
    return (_cased(new[:cut]), _cased(new[cut:])) if cut > 0 else None


def _cased(word: str) -> str:
    """As written, if it was written with care; else with capitals where names have them."""
    if word not in (word.lower(), word.upper()):
        return word
    if word.lower() in ("van", "von", "der", "den", "de", "da", "dos", "di", "la"):
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
