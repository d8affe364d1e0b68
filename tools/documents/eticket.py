"""The e-ticket receipt and the hotel voucher, on A4."""

from __future__ import annotations

from tools.documents.paper import BRASS, DEEP, INK, LINE, MIST, MUTED, Align, Paper, mark
from tools.documents.trip import LEG_HEIGHT, STAY_HEIGHT, draw_leg, draw_stay
from tools.documents.wording import day, money
from tools.seams import Eticket, TicketedPassenger

A4 = (210.0, 297.0)
LEFT, RIGHT = 15.0, 195.0
_BOTTOM = 275.0
_TOP = 16.0


def eticket_pdf(ticket: Eticket) -> bytes:
    """Draw it, on as many pages as it needs.

    Raises:
        ValueError: a letter is of a script that the fonts do not have.
    """
    kind = "E-ticket" if ticket.legs or ticket.stay is None else "Hotel voucher"
    foot = f"Cymbol Travels  ·  booking {ticket.reference}"
    with Paper(A4, f"{kind} {ticket.reference}", ticket.issued_on, foot) as paper:
        _fill(paper, ticket, kind)
        return paper.finished()


def _fill(paper: Paper, ticket: Eticket, kind: str) -> None:
    flow = _Flow(paper, _head(paper, ticket, kind))
    _passengers(flow, ticket.passengers)
    if ticket.legs:
        flow.heading("Flights" if len(ticket.legs) > 1 else "Flight", LEG_HEIGHT)
        for leg in ticket.legs:
            draw_leg(paper, (LEFT, flow.take(LEG_HEIGHT + 4)), RIGHT - LEFT, leg)
    if ticket.stay is not None:
        flow.heading("Hotel", STAY_HEIGHT)
        draw_stay(paper, (LEFT, flow.take(STAY_HEIGHT + 4)), RIGHT - LEFT, ticket.stay)
    _conditions(flow, ticket)


class _Flow:
    """Where the next piece goes, turning the page when it would not fit."""

    def __init__(self, paper: Paper, y: float) -> None:
        self.paper = paper
        self.y = y

    def take(self, height: float) -> float:
        """Reserve so much height; returns its top."""
        if self.y + height > _BOTTOM:
            self.paper.turn()
            self.y = _TOP
        top, self.y = self.y, self.y + height
        return top

    def heading(self, text: str, followed_by: float) -> None:
        """A heading never stands alone at the foot of a page."""
        if self.y + 12 + followed_by > _BOTTOM:
            self.paper.turn()
            self.y = _TOP - 8
        top = self.take(12)
        self.paper.text((LEFT, top + 8), text, 11, bold=True, colour=DEEP)


def _head(paper: Paper, ticket: Eticket, kind: str) -> float:
    mark(paper, (LEFT + 6.5, 21), 6.5)
    paper.text((LEFT + 17, 23.4), "Cymbol Travels", 18, bold=True, colour=DEEP)
    paper.text((RIGHT, 20.6), kind, 15, colour=DEEP, align=Align.RIGHT)
    issued = f"Issued {day(ticket.issued_on)}"
    paper.text((RIGHT, 26.2), issued, 9, colour=MUTED, align=Align.RIGHT)
    paper.box((LEFT, 36), (RIGHT - LEFT, 19), fill=MIST, radius=2)
    cells = (
        (LEFT + 6, "BOOKING REFERENCE", ticket.reference, 16.0),
        (LEFT + 72, "FARE" if ticket.legs else "RATE", ticket.fare, 11.0),
        (LEFT + 128, "PAID, TAXES INCLUDED", money(ticket.paid, ticket.currency), 11.0),
    )
    for x, label, value, size in cells:
        paper.text((x, 42.5), label, 7, colour=MUTED)
        paper.text((x, 50.2), value, size, bold=True, fit=50)
    return 57.0


def _passengers(flow: _Flow, passengers: tuple[TicketedPassenger, ...]) -> None:
    paper = flow.paper
    ticketed = any(one.ticket_number for one in passengers)
    many = len(passengers) > 1
    label = ("Passenger" if ticketed else "Guest") + ("s" if many else "")
    flow.heading(label, 10)
    for passenger in passengers:
        lines = paper.lines(passenger.name, 11, 110, bold=True)
        top = flow.take(3.2 + 5 * len(lines))
        for number, line in enumerate(lines):
            paper.text((LEFT, top + 5 + 5 * number), line, 11, bold=True)
        if passenger.ticket_number:
            shown = f"{passenger.ticket_number[:3]}-{passenger.ticket_number[3:]}"
            right = paper.text((RIGHT, top + 5), shown, 10.5, align=Align.RIGHT)
            place = (RIGHT - right - 3, top + 5)
            paper.text(place, "E-TICKET", 7, colour=MUTED, align=Align.RIGHT)
        bottom = top + 2.6 + 5 * len(lines)
        paper.rule((LEFT, bottom), (RIGHT, bottom), LINE)


def _conditions(flow: _Flow, ticket: Eticket) -> None:
    if not ticket.conditions:
        return
    paper = flow.paper
    flow.heading("Conditions", 12)
    for condition in ticket.conditions:
        lines = paper.lines(condition, 9.5, RIGHT - LEFT - 6)
        top = flow.take(5 * len(lines) + 1.6)
        paper.dot((LEFT + 1.4, top + 2.4), 0.6, BRASS)
        for number, line in enumerate(lines):
            paper.text((LEFT + 6, top + 3.6 + 5 * number), line, 9.5, colour=INK)
    flow.take(4)
    note = "Questions or changes? Call the Cymbol Travels hotline and have your reference at hand."
    paper.text((LEFT, flow.take(6) + 3), note, 9, colour=MUTED)
