"""Demonstration hotel bookings."""

from __future__ import annotations

from tools.models.money import RefundStage
from tools.seed.plans import Nights, Plan, address, telephone

STAYS: tuple[Plan, ...] = (
    Plan(
        "MPE772",
        ("Marco Pellegrini",),
        "HOTEL_FLEX",
        "hotel, free to change and to cancel",
        stay=Nights(1, 12, 3),
        email=address("marco.pellegrini"),
        phone=telephone(107),
    ),
    Plan(
        "JGU649",
        ("June Gutierrez",),
        "HOTEL_SAVER",
        "hotel, not refundable, not changeable",
        stay=Nights(2, 8, 2),
        email=address("june.gutierrez"),
        phone=telephone(108),
    ),
    Plan(
        "FMH888",
        ("Fiona Maguire",),
        "HOTEL_FLEX",
        "hotel, begins today: too late to change",
        stay=Nights(1, 0, 2),
        email=address("fiona.maguire"),
        phone=telephone(133),
    ),
    Plan(
        "LWH933",
        ("Leonard Walsh", "Hannah Walsh"),
        "HOTEL_FLEX",
        "hotel, two suites for two guests, in pounds",
        stay=Nights(3, 33, 4, "suite", 2),
        email=address("leonard.walsh"),
        phone=telephone(134),
        currency="GBP",
    ),
    Plan(
        "MZA047",
        ("Miriam Zadeh",),
        "HOTEL_SAVER",
        "hotel stay in the past",
        stay=Nights(2, -4, 2),
        email=address("miriam.zadeh"),
        phone=telephone(135),
        flown=True,
    ),
    Plan(
        "CHD373",
        ("Hugo Christensen",),
        "HOTEL_FLEX",
        "hotel cancelled, refund processing",
        stay=Nights(1, 14, 2),
        email=address("hugo.christensen"),
        phone=telephone(137),
        cancelled=True,
        refund=RefundStage.PROCESSING,
        refund_number="510 812",
    ),
)
