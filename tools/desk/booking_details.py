"""Flight_Booking_Details_Agent: itinerary, passengers and status of a booking."""

from __future__ import annotations

from tools.access import Access
from tools.bookings import look
from tools.declare import Deed
from tools.describe import facts, itinerary
from tools.outcome import Outcome, done
from tools.verification import BookingArguments, booking_tool


@booking_tool(
    "Flight_Booking_Details_Agent",
    "Looks up a flight or hotel booking: itinerary, passengers, status. Call it at once and "
    "without announcing it whenever the traveller says a booking reference, and again when "
    "they add their surname.",
)
async def booking_details(args: BookingArguments, deed: Deed, access: Access) -> Outcome:
    async with deed.shop.database.reading() as session:
        booking = await look(session, access)
        return done(itinerary(booking, deed.now), **facts(booking))
