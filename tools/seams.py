"""What the tools need of others: messages that leave the house, documents, policy articles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class NotDelivered(Exception):
    """A message was not taken by its carrier. The text says why, without the recipient."""


class NotWritten(Exception):
    """A document could not be made. The text says why."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message. ``media_type`` as "application/pdf"."""

    name: str
    media_type: str
    content: bytes


class Messenger(Protocol):
    """Sends what leaves the house. Returns the carrier's receipt (a message id or a path).

    ``key`` names the message uniquely; a carrier that knows it may use it to send only once.

    Raises:
        NotDelivered: the carrier refused it or could not be reached.
    """

    async def send_email(
        self,
        *,
        key: str,
        to: str,
        subject: str,
        text: str,
        attachments: Sequence[Attachment] = (),
    ) -> str: ...

    async def send_sms(
        self, *, key: str, to: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> str:
        """A text message cannot carry files: the messenger puts ``attachments`` where a link
        can reach them and adds the links to the text."""


@dataclass(frozen=True, slots=True)
class FlightLeg:
    """A flight as printed. Times are local to their airport."""

    number: str
    origin_code: str
    origin: str
    destination_code: str
    destination: str
    departs: dt.datetime
    arrives: dt.datetime
    cabin: str
    bags: int


@dataclass(frozen=True, slots=True)
class HotelStay:
    """A stay as printed."""

    hotel: str
    address: str
    city: str
    room: str
    rooms: int
    board: str
    arrives_on: dt.date
    leaves_on: dt.date


@dataclass(frozen=True, slots=True)
class TicketedPassenger:
    name: str
    ticket_number: str


@dataclass(frozen=True, slots=True)
class Eticket:
    """Everything an e-ticket (or a hotel voucher) says. ``paid`` in minor units."""

    reference: str
    issued_on: dt.date
    passengers: tuple[TicketedPassenger, ...]
    legs: tuple[FlightLeg, ...]
    stay: HotelStay | None
    fare: str
    conditions: tuple[str, ...]
    paid: int
    currency: str


@dataclass(frozen=True, slots=True)
class BoardingPass:
    """Everything a boarding pass says. ``sequence`` is the check-in number on the flight."""

    reference: str
    surname: str
    given_name: str
    leg: FlightLeg
    seat: str
    sequence: int
    boards: dt.datetime
    gate: str
    ticket_number: str


class Documents(Protocol):
    """Writes PDFs. Raises ``NotWritten`` where a document cannot be made."""

    async def eticket_pdf(self, ticket: Eticket) -> bytes: ...

    async def boarding_pass_pdf(self, boarding_pass: BoardingPass) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Passage:
    """The best article for a question and the part of it that answers. Speakable text."""

    article: str
    title: str
    text: str


class Articles(Protocol):
    """Searches the policy articles."""

    async def search(self, question: str) -> Passage | None:
        """The best passage, or None where no article speaks of it."""
