"""The browser door, with the telephone's own path behind its phone-line mode."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from conversation.records import Fact
from conversation.runtime import Conversation
from hotline.phone_path import open_telephone_path
from web_demo.server.door import BrowserDoor, Converse
from web_demo.server.settings import WebSettings
from web_demo.server.sign_in import Gate


def browser_door(
    settings: WebSettings,
    record: Callable[[str, Fact], None],
    converse: Converse,
    live: Callable[[], Mapping[str, Conversation]],
) -> BrowserDoor:
    """See ``BrowserDoor``; it is to be opened. ``live`` are the conversations by their ids."""

    def wind_up(call: str) -> None:
        if conversation := live().get(call):
            conversation.end("limit")

    return BrowserDoor(
        settings=settings,
        converse=converse,
        clock=time.monotonic,
        record=record,
        open_phone=open_telephone_path,
        gate=Gate(settings, time.time),
        wind_up=wind_up,
    )
