"""Opens the desk of one conversation."""

from __future__ import annotations

from tools.contract import Caller
from tools.declare import Shop
from tools.desk.booking_details import booking_details
from tools.desk.cancellation import cancel_booking
from tools.desk.date_change import change_date
from tools.desk.end_call import end_call
from tools.desk.enquiry import enquire
from tools.desk.eticket import send_eticket
from tools.desk.human import connect
from tools.desk.name_correction import correct_name
from tools.desk.observability import track
from tools.desk.special_claim import special_claim
from tools.desk.web_checkin import web_checkin
from tools.queue import Desk
from tools.registry import Registry
from tools.undertakings import Undertakings

TOOLS = Registry(
    (
        booking_details,
        cancel_booking,
        change_date,
        correct_name,
        web_checkin,
        send_eticket,
        special_claim,
        track,
        enquire,
        connect,
        end_call,
    )
)


def open_desk(caller: Caller, shop: Shop) -> Desk:
    """The desk for one caller; its ``run`` belongs into the conversation's TaskGroup."""
    return Desk(TOOLS, caller, shop, Undertakings(shop.database, shop.clock))
