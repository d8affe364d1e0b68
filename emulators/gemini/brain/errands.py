"""What Myra can see to, which function does it, and what has to be known first."""

from __future__ import annotations

from dataclasses import dataclass

from emulators.gemini.brain import lines
from emulators.gemini.brain.intents import Intent
from emulators.gemini.brain.slots import (
    CHANNEL,
    CORRECTED,
    DATE,
    DETAILS,
    KIND,
    PASSENGER,
    QUESTION,
    REASON,
    REFERENCE,
    SEAT,
    SURNAME,
)

END_CALL = "End_Call_Tool"


@dataclass(frozen=True, slots=True)
class Errand:
    """``needs`` is asked for in this order before the call; ``takes`` goes along where known;
    ``filler`` is said while the function runs."""

    intent: Intent
    function: str
    filler: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        return (*self.needs, *self.takes)


_ERRANDS = (
    Errand(Intent.DETAILS, "Flight_Booking_Details_Agent", lines.LOOKING, (REFERENCE,), (SURNAME,)),
    Errand(Intent.CANCEL, "Booking_Cancellation_Agent", lines.QUOTING, (REFERENCE,), (SURNAME,)),
    Errand(Intent.CHANGE, "DateChangeAgent", lines.QUOTING, (REFERENCE, DATE), (SURNAME,)),
    Errand(
        Intent.NAME,
        "NameCorrectionAgent",
        lines.CHECKING,
        (REFERENCE, CORRECTED),
        (SURNAME, PASSENGER),
    ),
    Errand(
        Intent.CHECKIN,
        "Webcheckin_And_Boarding_Pass_Agent",
        lines.CHECKING,
        (REFERENCE,),
        (SURNAME, PASSENGER, SEAT, CHANNEL),
    ),
    Errand(
        Intent.ETICKET,
        "Eticket_Sender_Agent",
        lines.CHECKING,
        (REFERENCE,),
        (SURNAME, CHANNEL, PASSENGER),
    ),
    Errand(
        Intent.CLAIM,
        "SpecialClaimAgent",
        lines.CHECKING,
        (KIND, REFERENCE, DETAILS),
        (SURNAME, PASSENGER),
    ),
    Errand(Intent.PROGRESS, "ObservabilityAgent", lines.CHECKING, (REFERENCE,), (SURNAME, KIND)),
    Errand(Intent.ENQUIRY, "Enquiry_Tool", lines.CHECKING, (QUESTION,)),
    Errand(Intent.HUMAN, "Connect_To_Human_Tool", lines.CONNECTING, (), (REASON, DETAILS)),
)
ERRANDS = {errand.intent: errand for errand in _ERRANDS}
"""By the intent that begins them."""
