"""Serving a whole house until somebody stops it."""

from __future__ import annotations

import contextlib
import gc
import logging
from collections.abc import AsyncIterator

from hotline.app import application
from hotline.house import House, open_house
from hotline.serving import address, drain, listen, look_for_room, serving, until_signalled
from hotline.settings import Settings

log = logging.getLogger(__name__)


def _introduce(house: House, host: str, port: int) -> None:
    settings = house.settings
    log.warning("model", extra={"is": settings.gemini.described})
    log.warning("database", extra={"is": house.database.url.get_backend_name()})
    if not settings.phone.checks_signatures:
        log.warning(
            "TWILIO_AUTH_TOKEN is not set: webhooks are NOT authenticated, "
            "for development on this machine only"
        )
    log.warning("serving", extra={"host": host, "port": port})


def _keep_what_is_loaded() -> None:
    """Take what start-up has made out of the garbage collector's sight. It stays for good, and
    looking through it stopped every call for 150 ms whenever a full collection came."""
    gc.collect()
    gc.freeze()


@contextlib.asynccontextmanager
async def serving_house(house: House) -> AsyncIterator[int]:
    """Serve while the block runs, then drain. Yields the port."""
    host, wanted = address(house.settings)
    listener = listen(host, wanted)
    port = int(listener.getsockname()[1])
    async with serving(application(house), listener):
        _introduce(house, host, port)
        _keep_what_is_loaded()
        try:
            yield port
        finally:
            await drain(house.door, house.settings.server.drain_seconds)


async def serve_until_stopped(settings: Settings) -> int:
    """``hotline serve``: the exit code."""
    look_for_room(settings)
    async with open_house(settings) as house, serving_house(house):
        await until_signalled()
    return 0
