"""Opens the desk of one conversation."""

from __future__ import annotations

from tools.contract import Caller
from tools.declare import Shop
from tools.desk.booking_details import booking_details
from tools.desk.end_call import end_call
from tools.queue import Desk
from tools.registry import Registry
from tools.undertakings import Undertakings

TOOLS = Registry((booking_details, end_call))


def open_desk(caller: Caller, shop: Shop) -> Desk:
    """The desk for one caller; its ``run`` belongs into the conversation's TaskGroup."""
    return Desk(TOOLS, caller, shop, Undertakings(shop.database, shop.clock))
