"""Documents as files: whole, the same for the same content, and never beyond their paper."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.documents.samples import (
    CODED,
    FLIGHT,
    PASS,
    TICKET,
    VOUCHER,
    pages,
    rectangles,
)
from tools.documents import PdfDocuments
from tools.documents.bcbp import encode
from tools.documents.paper import Paper
from tools.seams import Documents, NotWritten, TicketedPassenger

pytestmark = pytest.mark.pure

DOCUMENTS: Documents = PdfDocuments()
LATIN = st.characters(max_codepoint=0x24F, exclude_categories=["Cn", "Co"])


def test_the_same_ticket_gives_the_same_bytes() -> None:
    async def twice() -> tuple[bytes, bytes]:
        return await DOCUMENTS.eticket_pdf(TICKET), await DOCUMENTS.eticket_pdf(TICKET)

    first, second = asyncio.run(twice())
    assert first.startswith(b"%PDF-")
    assert first == second
    assert b"20261123" in first


def test_the_drawn_bar_code_is_the_symbol_of_its_text() -> None:
    """Read the modules back from the drawing and compare them with the QR code itself."""
    pdf = asyncio.run(DOCUMENTS.boarding_pass_pdf(PASS))
    symbol = [
        bytes(row) for row in segno.make_qr(encode(CODED), error="m", boost_error=False).matrix
    ]
    side = len(symbol)
    # The code's white ground is the one square that is as wide as symbol and margin together.
    ground = next(r for r in rectangles(pdf) if r[2] == pytest.approx(-r[3]) or r[2] == r[3])
    left, top, wide, _ = ground
    module = wide / (side + 8)
    drawn = [bytearray(side) for _ in range(side)]
    for x, y, w, h in rectangles(pdf):
        if abs(abs(h) / module - 1.02) > 0.01:
            continue
        column = round((x - left) / module) - 4
        row = round((top - y) / module) - 4
        for at in range(column, column + round(w / module)):
            drawn[row][at] = 1
    assert drawn == symbol


def test_long_lists_take_more_pages() -> None:
    crowd = tuple(TicketedPassenger(f"Passenger Number {n}", "2700004010148") for n in range(40))
    long = replace(TICKET, passengers=crowd, legs=(FLIGHT,) * 9, conditions=("Word " * 400,) * 2)
    assert pages(asyncio.run(DOCUMENTS.eticket_pdf(TICKET))) == 1
    assert pages(asyncio.run(DOCUMENTS.eticket_pdf(long))) == 4


def test_a_voucher_is_named_one() -> None:
    pdf = asyncio.run(DOCUMENTS.eticket_pdf(VOUCHER))
    assert "Hotel voucher".encode("utf-16-be") in pdf or b"Hotel voucher" in pdf


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(LATIN, max_size=120), min_size=1, max_size=9), st.integers(0, 10**9))
def test_any_latin_names_can_be_printed(names: list[str], paid: int) -> None:
    passengers = tuple(TicketedPassenger(name, "2700004010148") for name in names)
    ticket = replace(TICKET, passengers=passengers, conditions=tuple(names), paid=paid)
    assert asyncio.run(DOCUMENTS.eticket_pdf(ticket)).rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    "surname", ["Żółkiewska", "Fernández de la Cruz Montenegro y Villavicencio", "Å"]
)
def test_passes_for_names_long_short_and_accented(surname: str) -> None:
    content = replace(PASS, surname=surname, given_name="María José Guadalupe", gate="")
    assert pages(asyncio.run(DOCUMENTS.boarding_pass_pdf(content))) == 1


def test_a_name_that_cannot_be_written_is_an_error_without_the_name() -> None:
    with pytest.raises(NotWritten, match="boarding pass cannot be written") as refused:
        asyncio.run(DOCUMENTS.boarding_pass_pdf(replace(PASS, surname="王")))
    assert "王" not in str(refused.value)
    chinese = replace(TICKET, passengers=(TicketedPassenger("王伟", ""),))
    with pytest.raises(NotWritten, match="Latin, Greek and Cyrillic"):
        asyncio.run(DOCUMENTS.eticket_pdf(chinese))


def test_writing_leaves_the_event_loop_free() -> None:
    async def loop_runs_meanwhile() -> bool:
        written, ticking = asyncio.Event(), 0

        async def write() -> None:
            await DOCUMENTS.eticket_pdf(TICKET)
            written.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(write())
            while not written.is_set():
                await asyncio.sleep(0)
                ticking += 1
        return ticking > 10

    assert asyncio.run(loop_runs_meanwhile())


def test_times_without_zones_have_no_duration() -> None:
    naive = replace(
        FLIGHT, departs=dt.datetime(2026, 12, 20, 19), arrives=dt.datetime(2026, 12, 20, 23)
    )
    assert asyncio.run(DOCUMENTS.eticket_pdf(replace(TICKET, legs=(naive,)))).startswith(b"%PDF")


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    with Paper((100.0, 100.0), "Lines", dt.date(2026, 1, 1)) as opened:
        yield opened


@given(st.text(LATIN, max_size=200), st.floats(8, 80))
def test_broken_lines_keep_their_width_and_their_words(
    paper: Paper, text: str, width: float
) -> None:
    lines = paper.lines(text, 9, width)
    assert all(paper.wide(line, 9) <= width + 0.001 or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(paper.printable(text).split())


@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize("text", ["Io", "W" * 80, "San Francisco"])
def test_a_fitted_line_stays_within_its_place(paper: Paper, text: str, bold: bool) -> None:
    assert paper.text((0, 10), text, 16, bold=bold, fit=20) <= 20.02
