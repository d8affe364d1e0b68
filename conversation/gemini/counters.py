"""What the wing counts, for logs and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class ModelCounters:
    """Plain counters, one object a process.

    ``closes`` counts close codes and HTTP statuses (0: not reached), ``turn_ends`` the service's
    reasons for ending a turn. ``silent_turns``: the model ended a turn without sound or call.
    ``late_sound``: chunks of interrupted replies; ``foreign_sound``: chunks that are no PCM.
    ``told_answers``: tool answers told in words to a session that had forgotten the call.
    ``tokens`` are what the model charged for, by direction (``input``, ``output``) and modality
    (``audio``, ``text``, ...; ``unknown`` where the service does not say).
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
    tokens: dict[tuple[str, str], int] = field(default_factory=dict)

    def closed(self, code: int) -> None:
        self.closes[code] = self.closes.get(code, 0) + 1

    def turn_ended(self, reason: str) -> None:
        self.turn_ends[reason] = self.turn_ends.get(reason, 0) + 1

    def charged(self, direction: str, total: int, by_modality: Mapping[str, int]) -> None:
        """Tokens of one report; what its modalities leave of the total is ``unknown``."""
        rest = total - sum(by_modality.values())
        for modality, tokens in (*by_modality.items(), ("unknown", max(0, rest))):
            if tokens:
                key = direction, modality
                self.tokens[key] = self.tokens.get(key, 0) + tokens
