"""The documents' writer: layouts run on a thread, so that calls in progress are not held up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fpdf.errors import FPDFException

from tools.documents.boarding_pass import boarding_pass_pdf
from tools.documents.eticket import eticket_pdf
from tools.seams import BoardingPass, Eticket, NotWritten

T = TypeVar("T")


class PdfDocuments:
    """Writes documents as PDF. Implements ``tools.seams.Documents``.

    The same input gives the same bytes.
    """

    async def eticket_pdf(self, ticket: Eticket) -> bytes:
        """An A4 e-ticket, or a voucher where it is for a stay.

        Raises:
            NotWritten: the ticket holds what cannot be printed.
        """
        return await _written("e-ticket", eticket_pdf, ticket)

    async def boarding_pass_pdf(self, boarding_pass: BoardingPass) -> bytes:
        """A boarding pass of the size of a telephone's screen, with its bar code.

        Raises:
            NotWritten: the pass holds what its bar code or the paper cannot.
        """
        return await _written("boarding pass", boarding_pass_pdf, boarding_pass)


async def _written(kind: str, layout: Callable[[T], bytes], content: T) -> bytes:
    try:
        return await asyncio.to_thread(layout, content)
    except (ValueError, FPDFException) as error:
        raise NotWritten(f"the {kind} cannot be written: {error}") from error
