"""The right to one booking. Without it no booking is loaded."""

from __future__ import annotations

_SEAL = object()


class Access:
    """The right to one booking, in one conversation. Only verification grants it."""

    __slots__ = ("booking_id", "reference")

    def __init__(self, booking_id: int, reference: str, seal: object = None) -> None:
        if seal is not _SEAL:
            raise PermissionError("access to a booking is granted by verification only")
        self.booking_id = booking_id
        self.reference = reference


def grant(booking_id: int, reference: str) -> Access:
    """For ``tools.verification`` alone."""
    return Access(booking_id, reference, _SEAL)
