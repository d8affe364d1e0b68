"""Serving a whole house until somebody stops it."""

from __future__ import annotations

import contextlib
import gc
import logging
import socket
from collections.abc import AsyncIterator

from hotline.app import application
from hotline.house import House, open_house
from hotline.observing.collector import HouseCollector, Sources
from hotline.observing.page import page
from hotline.serving import (
    ServeError,
    address,
    drain,
    listen,
    look_for_room,
    serving,
    until_signalled,
)
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
    if not house.browser.gate.signs_in:
        log.warning(
            "neither WEB_PASSWORD nor WEB_LINK_SECRET is set: the browser demo is open, "
            "to this machine only"
        )
    log.warning("serving", extra={"host": host, "port": port})


def _keep_what_is_loaded() -> None:
    """Take what start-up has made out of the garbage collector's sight. It stays for good, and
    looking through it stopped every call for 150 ms whenever a full collection came."""
    gc.collect()
    gc.freeze()


def metrics_listener(settings: Settings) -> socket.socket | None:
    """Where metrics are served; None where there are none.

    Raises:
        ServeError: the port cannot be had, and somebody may count on it.
    """
    port = settings.server.metrics_port
    if not port:
        return None
    try:
        return listen(address(settings)[0], port, "HOTLINE_METRICS_PORT")
    except ServeError as error:
        if settings.phone.checks_signatures:
            raise
        log.warning("no metrics and no hotline top", extra={"why": str(error)})
        return None


@contextlib.asynccontextmanager
async def serving_metrics(house: House, listener: socket.socket | None) -> AsyncIterator[None]:
    """Serve metrics and the list of calls while the block runs."""
    if listener is None:
        yield
        return
    seen, journals, recordings = house.observation, house.journals, house.recordings
    sources = Sources(
        door=house.door,
        model=house.model_counters,
        board=seen.board,
        instruments=seen.instruments,
        lost=lambda: {
            "call_record": house.recorder.dropped,
            "journal": journals.truncated if journals else 0,
            "recording": recordings.dropped + recordings.failed if recordings else 0,
        },
        spans=lambda: seen.spans,
        version=house.settings.server.version,
    )
    collector = HouseCollector(sources)
    seen.registry.register(collector)
    try:
        async with serving(page(sources, seen.registry, house.database.check), listener):
            yield
    finally:
        seen.registry.unregister(collector)


@contextlib.asynccontextmanager
async def serving_house(house: House) -> AsyncIterator[int]:
    """Serve while the block runs, then drain. Yields the port."""
    host, wanted = address(house.settings)
    listener = listen(host, wanted)
    port = int(listener.getsockname()[1])
    metrics = metrics_listener(house.settings)
    # Metrics outlive the calls: a drain is when they are looked at.
    async with serving_metrics(house, metrics), serving(application(house), listener):
        _introduce(house, host, port)
        _keep_what_is_loaded()
        try:
            yield port
        finally:
            await drain(house.door, house.settings.server.drain_seconds, house.browser)


async def serve_until_stopped(settings: Settings) -> int:
    """``hotline serve``: the exit code."""
    look_for_room(settings)
    async with open_house(settings) as house, serving_house(house):
        await until_signalled()
    return 0
