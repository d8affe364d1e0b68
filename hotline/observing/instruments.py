"""The instruments that a conversation moves: what is counted and timed as it happens.

Names and units follow Prometheus: base units, ``_total`` for what only rises.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from conversation.directions import Prompt
from hotline.observing.labels import (
    UNKNOWN_TOOL,
    Channel,
    Loss,
    Outcome,
    Renewal,
    Stage,
    ToolOutcome,
)

# 2 s is the objective for a reply's first sound (the model alone waits for 1.2 s of silence), 0.3 s
# for a stop: each has a bucket of its own.
REPLY = (0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0)
STOP = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0)
GAP = (0.01, 0.015, 0.025, 0.04, 0.06, 0.1, 0.2, 0.5, 1.0)
TOOL = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
CALL = (5.0, 15.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0)


class Instruments:
    """All of them, in a registry of their own. Every series of a fixed label set is there from
    the start, so that a rate can be had of its first event."""

    def __init__(self, registry: CollectorRegistry, tools: Iterable[str]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.tools = frozenset(tools)
        self.calls: Tally[tuple[Channel, Outcome]] = Tally()

        def timed(name: str, help_: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"voicebot_{name}", help_, labels, buckets=buckets, registry=registry)

        def counted(name: str, help_: str, *labels: str) -> Counter:
            return Counter(f"voicebot_{name}", help_, labels, registry=registry)

        self._time(timed)
        self._count(counted)
        self._begin()

    def _time(self, timed: Callable[..., Histogram]) -> None:
        self.duration = timed(
            "call_duration_seconds", "Length of calls.", CALL, "channel", "outcome"
        )
        self.first_audio = timed(
            "first_audio_latency_seconds",
            "From the end of the caller's speech to the reply's first sound on the line.",
            REPLY,
            "channel",
        )
        self.greeting = timed(
            "greeting_latency_seconds",
            "From the moment the line is up to Myra's first sound on it.",
            REPLY,
            "channel",
        )
        self.stages = timed("reply_stage_seconds", "Where a reply's time went.", REPLY, "stage")
        self.stops = timed(
            "barge_in_stop_seconds",
            "From the first speech over Myra to the order that silences the line.",
            STOP,
            "channel",
        )
        self.gaps = timed(
            "audio_frame_gap_seconds",
            "Between two frames of a call; a telephone sends one every 20 ms.",
            GAP,
            "channel",
            "direction",
        )
        self.tool_durations = timed("tool_duration_seconds", "Length of tool calls.", TOOL, "tool")

    def _count(self, counted: Callable[..., Counter]) -> None:
        self.tool_calls = counted("tool_calls", "Tool calls by outcome.", "tool", "outcome")
        self.turns = counted("turns", "Turns taken.", "channel", "speaker")
        self.interruptions = counted("interruptions", "Myra's turns cut short.", "channel")
        self.prompts = counted(
            "prompts", "Recorded prompts played because the model did not speak.", "prompt"
        )
        self.renewals = counted(
            "live_reconnects", "Model sessions that took another's place.", "reason"
        )
        self.losses = counted("live_losses", "Model sessions lost or not had.", "cause")

    def tool(self, name: str) -> str:
        """A tool's label. A model may ask for one that does not exist: that name stays out."""
        return name if name in self.tools else UNKNOWN_TOOL

    def _begin(self) -> None:
        for channel in (Channel.PHONE, Channel.BROWSER):
            self.calls.update({(channel, outcome): 0 for outcome in Outcome})
            for family in (self.first_audio, self.greeting, self.stops, self.interruptions):
                family.labels(channel)
            for speaker in ("caller", "myra"):
                self.turns.labels(channel, speaker)
        for tool in (*self.tools, UNKNOWN_TOOL):
            self.tool_durations.labels(tool)
            for outcome in ToolOutcome:
                self.tool_calls.labels(tool, outcome)
        for stage in Stage:
            self.stages.labels(stage)
        for prompt in Prompt:
            self.prompts.labels(prompt)
        for reason in Renewal:
            self.renewals.labels(reason)
        for cause in Loss:
            self.losses.labels(cause)
