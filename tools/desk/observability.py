"""ObservabilityAgent: where a refund or a request stands, and by when."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from tools import requests
from tools.access import Access
from tools.bookings import look
from tools.declare import Deed
from tools.models import Refund, ServiceRequest
from tools.models.money import RefundStage
from tools.outcome import Next, Outcome, done, refused
from tools.spoken import date, money, spelled
from tools.verification import BookingArguments, booking_tool

_STAGES = {
    RefundStage.REQUESTED: "has been requested and waits for approval",
    RefundStage.APPROVED: "has been approved",
    RefundStage.PROCESSING: "is being processed",
    RefundStage.SENT_TO_BANK: "has been sent to your bank",
    RefundStage.PAID: "has been paid",
    RefundStage.REJECTED: "was rejected",
}
_MOST = 3
"""Matters told in one answer."""


class StatusArguments(BookingArguments):
    kind: Literal["refund", "request"] | None = Field(
        default=None, description="What the traveller asks after; both unless said"
    )


@booking_tool(
    "ObservabilityAgent",
    "Tells where a refund or a request (name change, assistance, claim) stands and by when it "
    "will be settled.",
)
async def track(args: StatusArguments, deed: Deed, access: Access) -> Outcome:
    today = deed.now.date()
    async with deed.shop.database.reading() as session:
        booking = await look(session, access)
        refunds = await session.scalars(
            select(Refund).where(Refund.booking_id == booking.id).order_by(Refund.id.desc())
        )
        told = []
        if args.kind != "request":
            told += [(_refund(one, today), _refund_facts(one)) for one in refunds]
        if args.kind != "refund":
            found = await requests.on_booking(session, booking)
            told += [(_request(one, today), _request_facts(one)) for one in found]
    if not told:
        what = args.kind or "refund or request"
        return refused(f"I see no {what} on this booking.", Next.OFFER_PERSON)
    told = told[:_MOST]
    return done(" ".join(say for say, _ in told), matters=[facts for _, facts in told])


def _refund(refund: Refund, today: dt.date) -> str:
    stage = RefundStage(refund.stage)
    amount = money(refund.amount, refund.currency)
    say = f"The refund of {amount}, number {spelled(refund.number)}, {_STAGES[stage]}."
    if stage is RefundStage.REJECTED:
        return f"{say} The reason: {refund.note}."
    if stage is RefundStage.PAID:
        return say
    if refund.expected_by < today:
        return f"{say} It is late; a colleague can look into it."
    return f"{say} It should be on your card by {date(refund.expected_by, today)}."


def _refund_facts(refund: Refund) -> dict[str, str]:
    return {
        "kind": "refund",
        "number": refund.number,
        "stage": refund.stage,
        "amount": money(refund.amount, refund.currency),
        "expected_by": refund.expected_by.isoformat(),
    }


def _request(request: ServiceRequest, today: dt.date) -> str:
    noun = "name change" if request.kind == "legal name" else request.kind
    say = f"The {noun} request, number {spelled(request.number)}, is {request.status}."
    if request.status in ("done", "declined"):
        return say
    if request.due_on < today:
        return f"{say} It is late; a colleague can look into it."
    return f"{say} You will hear from us by {date(request.due_on, today)}."


def _request_facts(request: ServiceRequest) -> dict[str, str]:
    return {
        "kind": request.kind,
        "number": request.number,
        "stage": request.status,
        "due_on": request.due_on.isoformat(),
    }
