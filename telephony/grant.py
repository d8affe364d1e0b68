"""What a stream is let be, and how that travels within its token."""

from __future__ import annotations

from dataclasses import dataclass

from telephony.caller import CallerId, Kind

# Twilio takes parameters of at most 500 characters; a number is always far shorter.
_LONGEST_USER = 200


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token lets its stream be: the call as its signed webhook described it.

    ``attempt`` counts the call's streams from 1; ``returning`` as in ``LineInfo``.
    """

    caller: CallerId
    attested: bool
    attempt: int = 1
    returning: str = ""

    def packed(self) -> bytes:
        """All of it in at most 300 bytes. A user name beyond 200 bytes loses its end."""
        user = self.caller.user.encode()[:_LONGEST_USER].decode(errors="ignore")
        parts = (
            str(self.attempt),
            self.returning,
            str(int(self.attested)),
            self.caller.kind.value,
            self.caller.number,
            user,
        )
        return "\n".join(parts).encode()


def unpacked(packed: bytes) -> Grant:
    """What ``packed`` made.

    Raises:
        ValueError: this is nothing that it makes.
    """
    attempt, returning, attested, kind, number, user = packed.decode().split("\n", 5)
    return Grant(CallerId(Kind(kind), number, user), attested == "1", int(attempt), returning)
