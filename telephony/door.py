"""What the phone door's webhooks and streams share, for as long as the process lives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from conversation.line import Ending, Line
from telephony.calls import CallControl, call_control
from telephony.counters import Count, Counters
from telephony.hours import is_open, parse_hours
from telephony.registry import LiveCalls
from telephony.settings import PhoneSettings
from telephony.signature import SignatureCheck
from telephony.tokens import StreamTokens, keys_from

# This many calls may be about to come at once, whatever the settings say.
MIN_TOKENS = 4096

Converse = Callable[[Line], Awaitable[Ending]]


class Endings(Protocol):
    """How conversations let go of their lines, kept where every process of the hotline sees it.

    Neither method raises anything of the storage's; what did not work was logged.
    """

    async def keep(self, call_sid: str, attempt: int, ending: Ending) -> bool:
        """Keep how the call's ``attempt``-th stream was let go; false if that did not work."""

    async def recall(self, call_sid: str, attempt: int | None = None) -> Ending | None:
        """How that stream (None: the call's latest) was let go; None if nobody knows."""


@dataclass(slots=True)
class PhoneDoor:
    """The door's memory and its way inside.

    ``converse`` holds a whole conversation on a line and answers how it let go; ``clock``
    counts seconds from anywhere; ``today`` is the time of day in UTC, for opening hours and for
    tokens. ``endings`` is what the hotline's processes share; None: there is but this one.
    """

    settings: PhoneSettings
    converse: Converse
    clock: Callable[[], float]
    today: Callable[[], datetime]
    counters: Counters
    tokens: StreamTokens
    live: LiveCalls
    signatures: SignatureCheck | None
    control: CallControl | None
    endings: Endings | None = None
    pending_sockets: int = 0

    def wall(self) -> float:
        """Seconds since 1970."""
        return self.today().timestamp()

    async def ending(self, call_sid: str, attempt: int | None = None) -> Ending | None:
        """How the call's ``attempt``-th stream (None: its latest) was let go, whichever process
        had it; None when nobody knows: it was lost."""
        if here := self.live.ending(call_sid, attempt):
            return here
        found = await self.endings.recall(call_sid, attempt) if self.endings else None
        if found:
            self.counters.add(Count.ENDINGS_RECALLED)
        return found

    def can_transfer(self) -> bool:
        """Whether somebody is there to take a call now."""
        settings = self.settings
        local = self.today().astimezone(ZoneInfo(settings.transfer_timezone))
        return bool(settings.transfer_number) and is_open(
            parse_hours(settings.transfer_hours), local
        )

    async def aclose(self) -> None:
        """Close connections to Twilio. The calls are over by then."""
        if self.control:
            await self.control.aclose()


def open_door(
    settings: PhoneSettings,
    converse: Converse,
    clock: Callable[[], float],
    today: Callable[[], datetime] = lambda: datetime.now(UTC),
    endings: Endings | None = None,
) -> PhoneDoor:
    """A door for these settings, with signatures and call control where they allow it."""
    counters = Counters()
    return PhoneDoor(
        settings=settings,
        converse=converse,
        clock=clock,
        today=today,
        counters=counters,
        tokens=StreamTokens(
            settings.token_seconds,
            max(MIN_TOKENS, 8 * settings.max_calls),
            keys_from(_stream_secrets(settings)),
        ),
        live=LiveCalls(settings.max_calls),
        signatures=_signatures(settings),
        control=call_control(settings, counters),
        endings=endings,
    )


def _signatures(settings: PhoneSettings) -> SignatureCheck | None:
    if not settings.checks_signatures:
        return None
    tokens = {
        "current": settings.auth_token.get_secret_value(),
        "previous": settings.previous_auth_token.get_secret_value(),
    }
    return SignatureCheck(
        settings.public_url,
        {name: token for name, token in tokens.items() if token},
        {name: key.get_secret_value() for name, key in settings.shared_keys.items()},
    )


def _stream_secrets(settings: PhoneSettings) -> list[str]:
    """What stream tokens may be sealed by; the first seals ours."""
    keys = [settings.shared_keys[key] for key in sorted(settings.shared_keys)]
    twilios = (settings.auth_token, settings.previous_auth_token, *keys)
    every = (settings.stream_secret, *twilios, settings.previous_stream_secret)
    return [one.get_secret_value() for one in every if one.get_secret_value()]
