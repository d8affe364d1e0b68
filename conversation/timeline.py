"""When the line should be done playing, by arithmetic: for lost marks, and for the echo guard."""

from __future__ import annotations

from collections.abc import Iterable

from conversation.ledger import Piece
from media.echo import EchoGuard


class LineTimeline:
    """``free_at`` is when the line will have played all it has. ``guard`` is told what is heard
    when; None where the line removes echoes itself."""

    def __init__(self, guard: EchoGuard | None, patience_seconds: float) -> None:
        self._guard = guard
        self._patience = patience_seconds
        self.free_at = 0.0

    def sent(self, pieces: Iterable[Piece], now: float, round_trip_ms: float) -> None:
        """These pieces were handed to the line, to be played after what it has."""
        for piece in pieces:
            start = max(now + round_trip_ms / 2000, self.free_at)
            self.free_at = start + piece.ms / 1000
            if self._guard is not None and piece.levels:
                self._guard.played(start, piece.levels)

    def cleared(self, now: float, round_trip_ms: float) -> None:
        """The line will have stopped within one way from now."""
        self.free_at = now + round_trip_ms / 2000
        if self._guard is not None:
            self._guard.cleared(self.free_at)

    def overdue_in(self, now: float) -> float:
        """Seconds until the last mark is later than patience allows."""
        return self.free_at + self._patience - now
