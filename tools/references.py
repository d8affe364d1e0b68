"""Booking references as people say them: three letters, then three digits. Pure.

Spoken text becomes the references it can be a reading of ("see why em, double four seven",
"C as in Charlie ..."). A reading that is a booking is exact; one that is nearly a booking is
near, and a near one is asked about, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from string import ascii_uppercase, digits

from tools.spelling import Piece, pieces, plain
from tools.spoken import ending, words

LETTERS = 3
REFERENCE = re.compile(r"[A-Z]{3}[0-9]{3}")

_CORRECTIONS = re.compile(
    r"\b(?:no[, ]+(?:wait|sorry)|sorry|i mean|i meant|rather|correction|make that|scratch that)\b"
)
# Groups of characters that a telephone line does not keep apart.
_ALIKE = ("BCDEGPTVZ", "AHJK", "FSX", "MN", "IY", "QU", "LO", "RAI", "LMN", "59", "19", "23", "17")
_KEYPAD = {
    c: str(n)
    for n, group in enumerate(words("ABC DEF GHI JKL MNO PQRS TUV WXYZ"), 2)
    for c in group
}


class MatchKind(StrEnum):
    EXACT = "exact"
    NEAR = "near"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """``reference`` of an exact match only: a near one is nobody's until it is asked about."""

    kind: MatchKind
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What spoken words may stand for.

    ``whole``: readings in the form of a reference. ``partial``: a character short or too many.
    ``keyed``: six digits, as a keypad gives them.
    """

    whole: frozenset[str] = frozenset()
    partial: frozenset[str] = frozenset()
    keyed: frozenset[str] = frozenset()

    def exact(self) -> frozenset[str]:
        """Every reference that was said or keyed, if it exists."""
        return self.whole | frozenset(one for code in self.keyed for one in unkeyed(code))

    def near(self) -> frozenset[str]:
        """Every reference that may have been meant, the exact ones aside."""
        around = {one for said in self.whole | self.partial for one in neighbours(said)}
        return frozenset(around - self.exact())


def match(spoken: str, candidates: Collection[str]) -> Match:
    """Which of the candidates was said. Two different ones said count as near: ask."""
    heard = read(spoken)
    known = heard.exact() & set(candidates)
    if len(known) == 1:
        return Match(MatchKind.EXACT, next(iter(known)))
    if known or heard.near() & set(candidates):
        return Match(MatchKind.NEAR)
    return Match(MatchKind.NONE)


def read(spoken: str) -> Heard:
    """The readings of spoken, typed or keyed text; after a correction, those of its last part."""
    heard = Heard()
    for part in reversed(_CORRECTIONS.split(plain(spoken))):
        heard = _read(part)
        if heard.whole or heard.keyed:
            return heard
    return heard


def keyed(reference: str) -> str:
    """The reference as a telephone keypad spells it: "CYM427" -> "296427"."""
    return "".join(_KEYPAD.get(c, c) for c in reference)


def unkeyed(code: str) -> Iterator[str]:
    """Every reference that a keypad spells so; none unless the code has six digits."""
    if re.fullmatch(r"[2-9]{3}[0-9]{3}", code):
        groups = [[c for c, key in _KEYPAD.items() if key == digit] for digit in code[:LETTERS]]
        for letters in product(*groups):
            yield "".join(letters) + code[LETTERS:]


def neighbours(said: str) -> frozenset[str]:
    """Every reference one character away from what was said, or two that sound alike."""
    found = set(_edits(said))
    if REFERENCE.fullmatch(said):
        found.update(_sound_alikes(said))
    return frozenset(one for one in found if one != said and REFERENCE.fullmatch(one))


def distance(one: str, other: str) -> float:
    """How far apart two references sound: 0.5 for characters that sound alike, else 1."""
    return sum(0.0 if a == b else 0.5 if b in _alike(a) else 1.0 for a, b in zip(one, other))  # noqa: B905


def _edits(said: str) -> Iterator[str]:
    for at in range(len(said) + 1):
        for c in ascii_uppercase + digits:
            yield said[:at] + c + said[at:]
            if at < len(said):
                yield said[:at] + c + said[at + 1 :]
        if at < len(said):
            yield said[:at] + said[at + 1 :]
        if at + 1 < len(said):
            yield said[:at] + said[at + 1] + said[at] + said[at + 2 :]


def _sound_alikes(said: str) -> Iterator[str]:
    for first in range(len(said)):
        for second in range(first + 1, len(said)):
            for a in _alike(said[first]):
                for b in _alike(said[second]):
                    yield said[:first] + a + said[first + 1 : second] + b + said[second + 1 :]


def _alike(character: str) -> str:
    group = {c for group in _ALIKE if character in group for c in group}
    return "".join(sorted(group - {character}))


def _read(part: str) -> Heard:
    found = pieces(part)
    whole: set[str] = set()
    partial: set[str] = set()
    keys: set[str] = set()
    for start in range(len(found)):
        for said, end in _runs(found, start):
            framed = not _sure(found, start - 1) and not _sure(found, end)
            if REFERENCE.fullmatch(said) and framed:
                whole.add(said)
            elif re.fullmatch(r"[0-9]{6}", said) and framed:
                keys.add(said)
            elif 5 <= len(said) <= 7 and re.fullmatch(r"[A-Z]{2,4}[0-9]{2,4}", said) and framed:
                partial.add(said)
    return Heard(frozenset(whole), frozenset(partial), frozenset(keys))


def _sure(found: list[Piece | None], at: int) -> bool:
    piece = found[at] if 0 <= at < len(found) else None
    return piece is not None and piece.sure


def _runs(found: list[Piece | None], start: int) -> Iterator[tuple[str, int]]:
    """Every text of at most 7 characters, letters before digits, that begins at a piece."""
    open_runs = [("", start)]
    while open_runs:
        said, at = open_runs.pop()
        if said:
            yield said, at
        piece = found[at] if at < len(found) else None
        if piece is None or (at == start and "" in piece.options):
            continue
        for option in piece.options:
            longer = said + option
            if len(longer) <= 7 and re.fullmatch(r"[A-Z]{0,4}[0-9]{0,6}", longer):
                open_runs.append((longer, at + 1))


def read_back(reference: str) -> str:
    """All that is ever said of a reference."""
    return f"the booking ending in {ending(reference)}"
