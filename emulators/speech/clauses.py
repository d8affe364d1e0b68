"""Text in pieces that a voice speaks one after the other, so that the first is soon heard."""

from __future__ import annotations

import re
from collections.abc import Iterator

FIRST = 34  # characters of the first piece: about two seconds of speech
LONGEST = 110
SHORTEST = 14

# A place to breathe: punctuation before a space, except after a title or a single initial.
_BREATH = re.compile(r"(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<=[.!?;:,–—])\s+")
_JOINT = re.compile(r"\s(?=(?:and|or|but|so|which|because|if|to|for|with|on|at|from|in)\s)")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s*$")
_CLAUSE_END = re.compile(r"[,;:–—]\s*$")

PAUSE_SENTENCE_MS = 300
PAUSE_CLAUSE_MS = 130
PAUSE_NONE_MS = 30


def clauses(text: str) -> list[str]:
    """The text cut at its breaths; joined again the pieces are the text.

    The first piece is short, the others gather small clauses into one breath of up to
    ``LONGEST`` characters and end with their sentence.
    """
    pieces: list[str] = []
    for breath in _breaths(text):
        if pieces and _belongs(pieces, breath):
            pieces[-1] += breath
        else:
            pieces.append(breath)
    return pieces


def pause_after(piece: str) -> int:
    """Milliseconds of silence that naturally follow a piece."""
    if _SENTENCE_END.search(piece):
        return PAUSE_SENTENCE_MS
    return PAUSE_CLAUSE_MS if _CLAUSE_END.search(piece) else PAUSE_NONE_MS


def _belongs(pieces: list[str], breath: str) -> bool:
    last = pieces[-1]
    joined = len(last) + len(breath.strip())
    if len(last.strip()) < SHORTEST or len(breath.strip()) < SHORTEST:
        return joined <= (FIRST if len(pieces) == 1 else LONGEST)
    return len(pieces) > 1 and not _SENTENCE_END.search(last) and joined <= LONGEST


def _breaths(text: str) -> Iterator[str]:
    start = 0
    cuts = [match.end() for match in _BREATH.finditer(text)] + [len(text)]
    for number, cut in enumerate(cuts):
        piece = text[start:cut]
        if piece.strip():
            yield from _short_enough(piece, FIRST if number == 0 else LONGEST)
            start = cut


def _short_enough(piece: str, longest: int) -> Iterator[str]:
    """A piece without punctuation to cut at is cut before a word that joins two parts."""
    while len(piece) > longest + SHORTEST:
        joints = [m.end() for m in _JOINT.finditer(piece) if SHORTEST <= m.end() <= longest]
        if not joints:
            break
        yield piece[: joints[-1]]
        piece, longest = piece[joints[-1] :], LONGEST
    yield piece
