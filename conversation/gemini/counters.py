"""What the wing counts, for logs and metrics."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ModelCounters:
    """Plain counters, one object a process. ``closes`` counts close codes and HTTP statuses."""

    sessions: int = 0
    resumed: int = 0
    audio_dropped_ms: float = 0.0
    orders_dropped: int = 0
    unreadable: int = 0
    unknown_answers: int = 0
    closes: dict[int, int] = field(default_factory=dict)

    def closed(self, code: int) -> None:
        self.closes[code] = self.closes.get(code, 0) + 1
