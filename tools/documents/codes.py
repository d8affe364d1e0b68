"""Draws a two-dimensional bar code, module by module, so that it prints sharp at any size.

A QR code: one of the symbologies that Resolution 792 allows for passes shown on a telephone.
"""

from __future__ import annotations

import segno

from tools.documents.paper import INK, WHITE, Paper

# The margin that ISO/IEC 18004 asks for around the symbol.
_QUIET_MODULES = 4


def draw_code(paper: Paper, at: tuple[float, float], side: float, text: str) -> None:
    """Draw ``text`` in a square of ``side`` mm, its quiet margin included."""
    rows = modules(text)
    module = side / (len(rows) + 2 * _QUIET_MODULES)
    paper.box(at, (side, side), fill=WHITE)
    x, y = at[0] + _QUIET_MODULES * module, at[1] + _QUIET_MODULES * module
    for row, line in enumerate(rows):
        for column, length in _runs(line):
            place = (x + column * module, y + row * module)
            # A hair taller, or renderers show white seams between the rows.
            paper.box(place, (length * module, module * 1.02), fill=INK)


def modules(text: str) -> tuple[bytes, ...]:
    """The symbol as rows of 0 and 1, error correction M (15 percent may be damaged)."""
    return tuple(bytes(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix)


def _runs(line: bytes) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many follow one another."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(line):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs
