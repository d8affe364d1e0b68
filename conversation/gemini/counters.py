"""What the wing counts, for logs and metrics."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ModelCounters:
    """Plain counters, one object a process.

    ``closes`` counts close codes and HTTP statuses (0: not reached), ``turn_ends`` the service's
    reasons for ending a turn. ``silent_turns``: the model ended a turn without sound or call.
    ``late_sound``: chunks of interrupted replies; ``foreign_sound``: chunks that are no PCM.
    ``told_answers``: tool answers told in words to a session that had forgotten the call.
    """

    sessions: int = 0
    resumed: int = 0
    audio_dropped_ms: float = 0.0
    audio_repeated_ms: float = 0.0
    orders_dropped: int = 0
    unreadable: int = 0
    unknown_answers: int = 0
    told_answers: int = 0
    silent_turns: int = 0
    late_sound: int = 0
    foreign_sound: int = 0
    repeated_words: int = 0
    phantom_interruptions: int = 0
    closes: dict[int, int] = field(default_factory=dict)
    turn_ends: dict[str, int] = field(default_factory=dict)

    def closed(self, code: int) -> None:
        self.closes[code] = self.closes.get(code, 0) + 1

    def turn_ended(self, reason: str) -> None:
        self.turn_ends[reason] = self.turn_ends.get(reason, 0) + 1
