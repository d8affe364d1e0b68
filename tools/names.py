"""Names as people say and spell them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

from tools.references import MatchKind
from tools.spelling import pieces, plain

_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir"))
_LEAD_IN = re.compile(r"^(?:(?:my|the) )?(?:sur|last |family )?name(?: is|'s|:)? |^it(?:'s| is) ")
# Letters that sound alike inside a name; vowels and "h" carry little.
_SOUNDS = str.maketrans("ckqgjszxfvpbdtmny", "kkkkksssffppttnni")

# Spellings of one English sound each; a last "e" is silent after a consonant.
_SPELLINGS = (
    ("ph", "f"),
    ("ck|q(?=u)|c(?![eihy])", "k"),
    ("c(?=[eiy])", "s"),
    ("x", "ks"),
    ("wh", "w"),
    ("y", "i"),
    ("z", "s"),
    ("(?<=[^aeiou])e$", ""),
)


def letters(name: str) -> str:
    """A name without case, accents, spaces, apostrophes: "O'Neíll" -> "oneill"."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in folded if c.isalnum())


def surname(said: str, on_booking: Iterable[str]) -> MatchKind:
    """Is what was said, in full or letter by letter, one of the surnames of a booking?

    A full name ending in the surname counts. Near means: worth asking to spell it. On the
    telephone nobody hears a spelling, so "Okafore" is "Okafor" and "Philips" is "Fillips".
    """
    readings = _readings(said)
    known = {letters(name) for name in on_booking}
    if readings & known or {as_heard(one) for one in readings} & {as_heard(one) for one in known}:
        return MatchKind.EXACT
    if any(similar(one, other) for one in readings for other in known):
        return MatchKind.NEAR
    return MatchKind.NONE


def similar(one: str, other: str) -> bool:
    """Do two names (by their letters) differ by a slip or sound alike?"""
    if min(len(one), len(other)) < 3:
        return False
    if edits(one, other) <= (1 if len(other) < 8 else 2):
        return True
    return len(_sound(other)) > 2 and _sound(one) == _sound(other)


def as_heard(name: str) -> str:
    """A name's letters without what only its spelling has: doubled and silent letters, and
    letters written for one sound. Vowels stay, so "Miller" is not "Muller"."""
    heard = name
    for written, sound in _SPELLINGS:
        heard = re.sub(written, sound, heard)
    return "".join(letter for letter, _ in groupby(heard))


def edits(one: str, other: str) -> int:
    """Letters to change, add, drop or swap with the next to turn one into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def is_title(word: str) -> bool:
    """ "Mrs", "Dr." and the like, which are no part of a name."""
    return word.casefold().rstrip(".") in _TITLES


def spelled_out(said: str) -> str:
    """The name that was spelled letter by letter, or "" if it was not."""
    found = pieces(plain(said))
    letter_of = [
        next((c for c in piece.options if len(c) == 1 and c.isalpha()), "") if piece else ""
        for piece in found
    ]
    return "".join(letter_of).lower() if len(found) > 1 and all(letter_of) else ""


def _readings(said: str) -> set[str]:
    text = _LEAD_IN.sub("", said.strip().casefold().rstrip(".!?"))
    parts = [part for part in re.split(r"[\s,.]+", text) if part and part not in _TITLES]
    suffixes = {letters("".join(parts[at:])) for at in range(len(parts))}
    return {one for one in (*suffixes, spelled_out(text)) if len(one) > 1}


def _sound(name: str) -> str:
    """First letter and consonant classes: "smyth" and "smith" share it."""
    plain_name = name.replace("ph", "f")
    skeleton = re.sub(r"[aeiouyhw]", "", plain_name.translate(_SOUNDS))
    first = plain_name[:1].translate(_SOUNDS)
    return first + "".join(c for c, _ in groupby(skeleton))
