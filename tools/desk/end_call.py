"""End_Call_Tool: the line closes once the goodbye has been heard."""

from __future__ import annotations

from pydantic import Field

from tools.contract import Order, Status
from tools.declare import Arguments, Deed, tool
from tools.outcome import Outcome


class EndCallArguments(Arguments):
    reason: str | None = Field(
        default=None, max_length=500, description="Why the call ends, in a few words"
    )


@tool(
    "End_Call_Tool",
    "Ends the call after your goodbye has been heard in full. Call it when the traveller says "
    "goodbye or needs nothing more, then say goodbye in one short sentence.",
    seconds=3,
)
async def end_call(args: EndCallArguments, deed: Deed) -> Outcome:
    return Outcome(
        Status.OK,
        "Thank you for calling Cymbol Travels. Goodbye!",
        order=Order.HANG_UP,
        order_detail={"reason": args.reason or "goodbye"},
    )
