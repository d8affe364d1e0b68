"""What every Cymbol Travels document shares: paper, letters, colours, and the mark.

Lengths are millimetres from the top left corner, sizes of letters points. Text stands on its
baseline. Letters that the fonts lack are reduced to their plain form, or refused.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Self

from fpdf import FPDF
from fpdf.fonts import TTFFont

Colour = tuple[int, int, int]

INK: Colour = (27, 39, 54)
DEEP: Colour = (19, 61, 84)
LAGOON: Colour = (20, 120, 128)
BRASS: Colour = (201, 154, 78)
MUTED: Colour = (98, 111, 124)
LINE: Colour = (209, 218, 223)
MIST: Colour = (240, 245, 246)
WHITE: Colour = (255, 255, 255)

_FONTS = Path(__file__).parent / "fonts"
_FAMILY = "NotoSans"
_MM_PER_POINT = 25.4 / 72


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Paper:
    """A document in the making. ``made`` is its date of creation: the same content and date
    give the same bytes.

    With a ``foot`` each page has a band at its top, and at its bottom the foot and its number.
    """

    def __init__(
        self, size: tuple[float, float], title: str, made: dt.date, foot: str = ""
    ) -> None:
        self.width, self.height = size
        self._pdf = _Pages(size, foot)
        self._pdf.add_font(_FAMILY, "", _FONTS / "NotoSans-Regular.ttf")
        self._pdf.add_font(_FAMILY, "B", _FONTS / "NotoSans-Bold.ttf")
        self._pdf.set_margins(0, 0, 0)
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(title)
        self._pdf.set_author("Cymbol Travels")
        self._pdf.set_lang("en-US")
        self._pdf.set_creation_date(dt.datetime.combine(made, dt.time(), dt.UTC))
        font = self._pdf.fonts[_FAMILY.lower()]
        self._known = frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset()
        self.turn()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the font files."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def turn(self) -> None:
        """Begin the next page."""
        self._pdf.add_page()

    def finished(self) -> bytes:
        return bytes(self._pdf.output())

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: float = 10,
        *,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = Align.LEFT,
        fit: float | None = None,
    ) -> float:
        """Write one line and return its width; with ``fit`` it is made to keep that width.

        Raises:
            ValueError: a letter is of a script that the fonts do not have.
        """
        text = self.printable(text)
        if fit is not None:
            text, size = self._fitted(text, size, fit, bold=bold)
        wide = self.wide(text, size, bold=bold)
        x, y = at
        start = {Align.LEFT: x, Align.CENTRE: x - wide / 2, Align.RIGHT: x - wide}[align]
        self._pdf.set_text_color(*colour)
        self._pdf.text(start, y, text)
        return wide

    def wide(self, text: str, size: float, *, bold: bool = False) -> float:
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        return float(self._pdf.get_string_width(text))

    def lines(self, text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
        """The text broken into lines of at most ``width``; too long a word is broken too."""
        found: list[str] = [""]
        for word in self.printable(text).split():
            longer = f"{found[-1]} {word}".strip()
            if self.wide(longer, size, bold=bold) <= width:
                found[-1] = longer
                continue
            pieces = self._broken(word, size, width, bold=bold)
            found.extend(pieces if found[-1] else [])
            found = found if found[-1] else pieces
        return found

    def printable(self, text: str) -> str:
        """The text in letters that the fonts have."""
        return "".join(self._shown(c) for c in unicodedata.normalize("NFC", text))

    def box(
        self,
        at: tuple[float, float],
        size: tuple[float, float],
        *,
        fill: Colour | None = None,
        edge: Colour | None = None,
        radius: float = 0,
    ) -> None:
        style = ("D" if edge else "") + ("F" if fill else "")
        if fill:
            self._pdf.set_fill_color(*fill)
        if edge:
            self._pdf.set_draw_color(*edge)
            self._pdf.set_line_width(0.25)
        self._pdf.rect(*at, *size, style=style, round_corners=radius > 0, corner_radius=radius)

    def rule(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        colour: Colour = LINE,
        thick: float = 0.25,
    ) -> None:
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(thick)
        self._pdf.line(*start, *end)

    def dot(self, at: tuple[float, float], radius: float, colour: Colour) -> None:
        self._pdf.set_fill_color(*colour)
        self._pdf.circle(*at, radius, style="F")

    def shape(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        self._pdf.set_fill_color(*colour)
        self._pdf.polygon(list(points), style="F")

    def _shown(self, char: str) -> str:
        if char.isspace():
            return " "
        if ord(char) in self._known:
            return char
        plain = [c for c in unicodedata.normalize("NFKD", char) if ord(c) in self._known]
        if plain and not unicodedata.combining(plain[0]):
            return plain[0]
        if unicodedata.category(char)[0] in "CM":
            return ""
        raise ValueError("a document can be written in Latin, Greek and Cyrillic letters only")

    def _fitted(self, text: str, size: float, width: float, *, bold: bool) -> tuple[str, float]:
        """Smaller letters, down to two thirds; what still does not fit ends in an ellipsis."""
        least = size * 2 / 3
        wide = self.wide(text, size, bold=bold)
        if wide <= width:
            return text, size
        size = max(least, size * width / wide)
        while len(text) > 1 and self.wide(text, size, bold=bold) > width + 0.01:
            text = text.removesuffix("…").rstrip()[:-1].rstrip() + "…"
        return text, size

    def _broken(self, word: str, size: float, width: float, *, bold: bool) -> list[str]:
        pieces = [""]
        for char in word:
            if pieces[-1] and self.wide(pieces[-1] + char, size, bold=bold) > width:
                pieces.append("")
            pieces[-1] += char
        return pieces


class _Pages(FPDF):
    """fpdf2 writes head and foot of a page by methods to be overridden."""

    def __init__(self, size: tuple[float, float], foot: str) -> None:
        super().__init__(unit="mm", format=size)
        self._foot = foot

    def header(self) -> None:
        if not self._foot:
            return
        self.set_fill_color(*DEEP)
        self.rect(0, 0, self.w, 3, style="F")
        self.set_fill_color(*BRASS)
        self.rect(0, 3, self.w, 0.9, style="F")

    def footer(self) -> None:
        if not self._foot:
            return
        self.set_font(_FAMILY, "", 8)
        self.set_text_color(*MUTED)
        self.set_draw_color(*LINE)
        self.set_line_width(0.25)
        self.line(15, self.h - 16, self.w - 15, self.h - 16)
        self.text(15, self.h - 11, self._foot)
        self.c_margin = 0
        self.set_xy(self.w - 65, self.h - 14.1)
        self.cell(50, 4, f"Page {self.page_no()} of {{nb}}", align="R")


def mark(paper: Paper, at: tuple[float, float], radius: float) -> None:
    """The house's mark: a cymbal seen from above. ``at`` is its centre."""
    paper.dot(at, radius, BRASS)
    for share in (0.82, 0.6):
        paper.dot(at, radius * share, WHITE)
        paper.dot(at, radius * share - 0.22, BRASS)
    paper.dot(at, radius * 0.26, WHITE)
    paper.dot(at, radius * 0.1, BRASS)


def plane(paper: Paper, at: tuple[float, float], length: float, colour: Colour) -> None:
    """An aeroplane seen from above, flying to the right. ``at`` is its centre."""
    outline = (
        (0.5, 0), (0.42, -0.05), (0.14, -0.06), (-0.12, -0.42), (-0.22, -0.42), (-0.08, -0.06),
        (-0.34, -0.05), (-0.42, -0.17), (-0.5, -0.17), (-0.45, 0),
    )  # fmt: skip
    whole = outline + tuple((x, -y) for x, y in reversed(outline))
    x, y = at
    paper.shape([(x + length * a, y + length * b) for a, b in whole], colour)
