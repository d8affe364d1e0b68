"""The boarding pass: one page in the shape of a telephone's screen, which also prints on A4."""

from __future__ import annotations

from tools.documents.bcbp import Leg, encode
from tools.documents.codes import draw_code
from tools.documents.paper import (
    BRASS,
    DEEP,
    LAGOON,
    LINE,
    MIST,
    MUTED,
    WHITE,
    Align,
    Paper,
    mark,
    plane,
)
from tools.documents.wording import bags, clock, flight_number, short_day
from tools.seams import BoardingPass

WIDTH, HEIGHT, MARGIN = 105.0, 204.0, 9.0
_INNER = WIDTH - 2 * MARGIN
_COLUMNS = tuple(MARGIN + _INNER * share for share in (0.0, 0.36, 0.70))
_COLUMN_WIDTH = _INNER * 0.33
_CODE_SIDE = 72.0


def boarding_pass_pdf(content: BoardingPass) -> bytes:
    """Draw it.

    Raises:
        ValueError: a value fits neither the bar code nor the paper.
    """
    code = encode(_coded(content))
    leg = content.leg
    title = f"Boarding pass {flight_number(leg.number)}, {short_day(leg.departs.date())}"
    with Paper((WIDTH, HEIGHT), title, leg.departs.date()) as paper:
        _head(paper)
        y = _passenger(paper, content) + 1.5
        _route(paper, content, y)
        end = _grid(paper, content, y + 27.5)
        _bar_code(paper, content, code, end)
        return paper.finished()


def _coded(content: BoardingPass) -> Leg:
    leg = content.leg
    return Leg(
        surname=content.surname,
        given_name=content.given_name,
        reference=content.reference,
        origin=leg.origin_code,
        destination=leg.destination_code,
        flight=leg.number,
        date=leg.departs.date(),
        cabin=leg.cabin,
        seat=content.seat,
        sequence=content.sequence,
        ticket_number=content.ticket_number,
        bags=leg.bags,
    )


def _head(paper: Paper) -> None:
    paper.box((0, 0), (WIDTH, 19), fill=DEEP)
    paper.box((0, 19), (WIDTH, 0.9), fill=BRASS)
    mark(paper, (MARGIN + 4.6, 9.5), 4.6)
    paper.text((MARGIN + 12, 11.2), "Cymbol Travels", 12.5, bold=True, colour=WHITE)
    end = (WIDTH - MARGIN, 11.2)
    paper.text(end, "Boarding pass", 11, colour=WHITE, align=Align.RIGHT)


def _passenger(paper: Paper, content: BoardingPass) -> float:
    """The name, on two lines if need be; returns where it ends."""
    paper.text((MARGIN, 27.5), "PASSENGER", 6.5, colour=MUTED)
    name = f"{content.given_name} {content.surname}"
    size = 15 if len(paper.lines(name, 15, _INNER, bold=True)) == 1 else 12
    lines = paper.lines(name, size, _INNER, bold=True)
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    for number, line in enumerate(lines):
        paper.text((MARGIN, 34 + 5.4 * number), line, size, bold=True, fit=_INNER)
    return 34 + 5.4 * (len(lines) - 1)


def _route(paper: Paper, content: BoardingPass, y: float) -> None:
    leg = content.leg
    left, right = MARGIN, WIDTH - MARGIN
    for x, code, align in (
        (left, leg.origin_code, Align.LEFT),
        (right, leg.destination_code, Align.RIGHT),
    ):
        paper.text((x, y + 14), code, 30, bold=True, colour=DEEP, align=align)
    middle, height = WIDTH / 2, y + 10.2
    paper.rule((middle - 14, height), (middle - 5, height), LAGOON, 0.4)
    paper.rule((middle + 5, height), (middle + 14, height), LAGOON, 0.4)
    plane(paper, (middle, height), 7, LAGOON)
    half = _INNER / 2 - 3
    paper.text((left, y + 19.2), leg.origin, 9, colour=MUTED, fit=half)
    place = (right, y + 19.2)
    paper.text(place, leg.destination, 9, colour=MUTED, align=Align.RIGHT, fit=half)


def _grid(paper: Paper, content: BoardingPass, y: float) -> float:
    """Three rows of facts; returns where they end."""
    leg = content.leg
    first = (
        ("FLIGHT", flight_number(leg.number)),
        ("DATE", short_day(leg.departs.date())),
        ("DEPARTS", clock(leg.departs)),
    )
    main = (
        ("BOARDING", clock(content.boards)),
        ("GATE", content.gate or "on screens"),
        ("SEAT", content.seat),
    )
    last = (
        ("CABIN", leg.cabin.capitalize()),
        ("BAGGAGE", bags(leg.bags).capitalize()),
        ("CHECK-IN NO.", f"{content.sequence:03d}"),
    )
    _row(paper, first, y, 10.5)
    paper.box((MARGIN - 3, y + 8.2), (_INNER + 6, 17), fill=MIST, radius=2)
    _row(paper, main, y + 13.4, 16)
    _row(paper, last, y + 31, 9)
    paper.rule((MARGIN, y + 39.5), (WIDTH - MARGIN, y + 39.5), LINE)
    return y + 39.5


def _row(paper: Paper, cells: tuple[tuple[str, str], ...], y: float, size: float) -> None:
    for x, (label, value) in zip(_COLUMNS, cells, strict=True):
        paper.text((x, y), label, 6.5, colour=MUTED)
        place = (x, y + 1.6 + size * 0.34)
        paper.text(place, value, size, bold=True, fit=_COLUMN_WIDTH - 4)


def _bar_code(paper: Paper, content: BoardingPass, code: str, top: float) -> None:
    y = HEIGHT - 15
    place = ((WIDTH - _CODE_SIDE) / 2, (top + y - 2 - _CODE_SIDE) / 2)
    draw_code(paper, place, _CODE_SIDE, code)
    paper.text((MARGIN, y), "BOOKING", 6.5, colour=MUTED)
    paper.text((MARGIN, y + 4.6), content.reference, 10, bold=True)
    right = WIDTH - MARGIN
    paper.text((right, y), "E-TICKET", 6.5, colour=MUTED, align=Align.RIGHT)
    number = f"{content.ticket_number[:3]}-{content.ticket_number[3:]}"
    paper.text((right, y + 4.6), number, 10, bold=True, align=Align.RIGHT)
    note = "Boarding ends 15 minutes before departure. Have your photo ID at hand."
    paper.text((WIDTH / 2, HEIGHT - 4.6), note, 7, colour=MUTED, align=Align.CENTRE, fit=_INNER)
