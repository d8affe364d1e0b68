"""What the phone door's webhooks and streams share, for as long as the process lives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from conversation.line import Ending, Line
from telephony.caller import CallerId
from telephony.calls import CallControl, call_control
from telephony.counters import Counters
from telephony.hours import is_open, parse_hours
from telephony.registry import LiveCalls
from telephony.settings import PhoneSettings
from telephony.signature import SignatureCheck
from telephony.tokens import StreamTokens

# Tokens are kept for twice their life, so this many calls may come in within two minutes.
MIN_TOKENS = 4096

Converse = Callable[[Line], Awaitable[Ending]]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token lets its stream be: the call as its signed webhook described it.

    ``attempt`` counts the call's streams from 1; ``returning`` as in ``LineInfo``.
    """

    caller: CallerId
    attested: bool
    attempt: int = 1
    returning: str = ""


@dataclass(slots=True)
class PhoneDoor:
    """The door's memory and its way inside.

    ``converse`` holds a whole conversation on a line and answers how it let go; ``clock``
    counts seconds from anywhere; ``today`` is the time of day in UTC, for opening hours.
    """

    settings: PhoneSettings
    converse: Converse
    clock: Callable[[], float]
    today: Callable[[], datetime]
    counters: Counters
    tokens: StreamTokens[Grant]
    live: LiveCalls
    signatures: SignatureCheck | None
    control: CallControl | None
    pending_sockets: int = 0

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
) -> PhoneDoor:
    """A door for these settings, with signatures and call control where they allow it."""
    counters = Counters()
    return PhoneDoor(
        settings=settings,
        converse=converse,
        clock=clock,
        today=today,
        counters=counters,
        tokens=StreamTokens(settings.token_seconds, max(MIN_TOKENS, 8 * settings.max_calls)),
        live=LiveCalls(settings.max_calls),
        signatures=_signatures(settings),
        control=call_control(settings, counters),
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
