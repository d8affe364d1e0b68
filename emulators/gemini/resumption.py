"""Handles under which a conversation is found again from another socket. Time is an argument."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from emulators.gemini.wire import Refused

T = TypeVar("T")

HANDLE_LENGTH = 88  # opaque; handles of 50 to 200 characters were seen
KEPT_HANDLES = 8
_ALPHABET = string.ascii_letters + string.digits


@dataclass(slots=True, eq=False)
class Stay(Generic[T]):
    """A conversation's stay with the service; its handles' lifetime runs from ``closed_at``.

    ``sockets`` counts those not yet done with, ``connected`` asks the newest whether it is open.
    """

    value: T
    model: str
    connected: Callable[[], bool]
    sockets: int = 1
    closed_at: float = 0.0
    handles: list[str] = field(default_factory=list)


class ResumptionStore(Generic[T]):
    """Knows every conversation that may be resumed. Handles rotate; the last few stay good."""

    def __init__(self, rng: random.Random, lifetime_seconds: float = 7200.0) -> None:
        self._rng = rng
        self._lifetime = lifetime_seconds
        self._stays: dict[str, Stay[T]] = {}

    def __len__(self) -> int:
        return len(self._stays)

    def issue(self, stay: Stay[T]) -> str:
        """A fresh handle for this conversation as it stands."""
        handle = "".join(self._rng.choices(_ALPHABET, k=HANDLE_LENGTH))
        self._stays[handle] = stay
        stay.handles.append(handle)
        for old in stay.handles[:-KEPT_HANDLES]:
            self._stays.pop(old, None)
        del stay.handles[:-KEPT_HANDLES]
        return handle

    def close(self, stay: Stay[T], now: float) -> None:
        """Its socket is gone; the lifetime of its handles runs from here."""
        stay.sockets -= 1
        stay.closed_at = now
        self._expire(now)

    def resume(
        self,
        handle: str,
        model: str,
        now: float,
        connected: Callable[[], bool],
        *,
        take_over: bool = False,
    ) -> Stay[T]:
        """The conversation of that handle, from now on that of the socket ``connected`` asks.

        Raises:
            Refused: 1008 unknown or expired; 1007 another model; 1011 its old socket is still
                open and ``take_over`` was not allowed.
        """
        self._expire(now)
        stay = self._stays.get(handle)
        if stay is None:
            raise Refused(1008, "BidiGenerateContent session not found")
        if stay.model != model:
            raise Refused(1007, "The model must match that of the session being resumed.")
        if stay.connected() and not take_over:
            raise Refused(1011, "Internal error encountered: the session is still connected.")
        stay.sockets += 1
        stay.connected = connected
        return stay

    def _expire(self, now: float) -> None:
        dead = [
            handle
            for handle, stay in self._stays.items()
            if not stay.sockets and now - stay.closed_at > self._lifetime
        ]
        for handle in dead:
            del self._stays[handle]
