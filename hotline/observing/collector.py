"""What is read at the moment of a scrape: the numbers that others keep anyway."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from conversation.gemini.counters import ModelCounters
from hotline.observing.instruments import Instruments
from hotline.observing.labels import Channel, Direction, Outcome
from hotline.observing.state import Board
from telephony.counters import Count
from telephony.door import PhoneDoor
from telephony.sound import LINE_RATE

# Close codes (RFC 6455, 7.4.1) and HTTP statuses by which a session is known to end.
_CODES = frozenset(
    {0, *range(1000, 1016), 400, 401, 403, 404, 408, 409, 429, 500, 501, 502, 503, 504}
)
_WEBHOOK_REJECTED = {
    "bad_signature": Count.WEBHOOK_BAD_SIGNATURE,
    "wrong_account": Count.WEBHOOK_WRONG_ACCOUNT,
    "malformed": Count.WEBHOOK_MALFORMED,
    "draining": Count.CALLS_REFUSED_DRAINING,
    "capacity": Count.CALLS_REFUSED_FULL,
}
_STREAM_REJECTED = {
    "bad_signature": Count.STREAM_BAD_SIGNATURE,
    "replay": Count.TOKEN_REUSED,
    "wrong_token": Count.TOKEN_WRONG,
    "expired_token": Count.TOKEN_EXPIRED,
    "too_many_pending": Count.STREAM_TOO_MANY_PENDING,
    "no_start": Count.STREAM_NO_START,
    "bad_format": Count.STREAM_BAD_FORMAT,
    "wrong_account": Count.STREAM_WRONG_ACCOUNT,
}
_MODEL_EVENTS = (
    "orders_dropped",
    "unreadable",
    "unknown_answers",
    "told_answers",
    "silent_turns",
    "late_sound",
    "foreign_sound",
    "repeated_words",
    "phantom_interruptions",
)
_CHARGED = tuple((way, modality) for way in ("input", "output") for modality in ("audio", "text"))

Tallied = Iterable[tuple[tuple[str, ...], float]]


@dataclass(slots=True)
class Sources:
    """Where the numbers are kept. ``lost`` are facts that could not be kept, by kind;
    ``database_up`` is what the latest look at it found; ``spans`` are traces by outcome."""

    door: PhoneDoor
    model: ModelCounters
    board: Board
    instruments: Instruments
    lost: Callable[[], Mapping[str, int]]
    spans: Callable[[], Mapping[str, int]]
    version: str
    database_up: bool = True


class HouseCollector(Collector):
    """Reads ``Sources`` for each scrape."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterator[Metric]:
        yield from self._calls()
        yield from self._process()
        yield from self._phone()
        yield from self._model()

    def _calls(self) -> Iterator[Metric]:
        source = self._sources
        active = dict.fromkeys((Channel.PHONE, Channel.BROWSER), 0)
        unsent = 0.0
        for state in source.board:
            active[state.channel] = active.get(state.channel, 0) + 1
        for line in source.door.live.lines.values():
            unsent = max(unsent, line.outbox.audio_bytes / LINE_RATE)
        rejected = (Count.CALLS_REFUSED_FULL, Count.CALLS_REFUSED_DRAINING)
        calls = dict(source.instruments.calls)
        calls[Channel.PHONE, Outcome.REJECTED] = sum(source.door.counters[c] for c in rejected)
        yield _gauge("active_calls", "Calls in progress.", ["channel"], _each(active))
        yield _counter("calls", "Calls by how they ended.", ["channel", "outcome"], calls.items())
        sockets = {
            "twilio": source.door.pending_sockets + len(source.door.live),
            "browser": active[Channel.BROWSER],
            "gemini": sum(state.session for state in source.board),
        }
        yield _gauge("websocket_connections_active", "Open WebSockets.", ["peer"], _each(sockets))
        yield _gauge(
            "audio_queue_seconds",
            "Sound of Myra's not yet written to the line: the longest of any call.",
            ["direction"],
            [((Direction.OUT,), unsent)],
        )

    def _process(self) -> Iterator[Metric]:
        source = self._sources
        gauges = {
            "draining": ("1 while no new call is taken.", not source.door.live.accepting),
            "capacity_calls": ("Calls at once that are taken.", source.door.settings.max_calls),
            "database_up": ("1 while the booking database answers.", source.database_up),
        }
        for name, (help_, value) in gauges.items():
            yield GaugeMetricFamily(f"voicebot_{name}", help_, value=float(value))
        yield _gauge(
            "build_info",
            "1, with what runs here.",
            ["version", "python"],
            [((source.version, platform.python_version()), 1)],
        )
        yield _counter("records_lost", "Facts not kept.", ["kind"], _each(source.lost()))
        yield _counter("trace_spans", "Spans by outcome.", ["outcome"], _each(source.spans()))

    def _phone(self) -> Iterator[Metric]:
        counters = self._sources.door.counters
        ways = {Direction.IN: Count.FRAMES_IN, Direction.OUT: Count.FRAMES_OUT}
        yield _counter(
            "audio_frames",
            "Messages of sound on the telephone's streams.",
            ["channel", "direction"],
            [((Channel.PHONE, way), counters[count]) for way, count in ways.items()],
        )
        for name, kinds in (("webhook", _WEBHOOK_REJECTED), ("stream", _STREAM_REJECTED)):
            yield _counter(
                f"{name}_rejected",
                f"Requests of a {name} that were turned away.",
                ["reason"],
                [((reason,), counters[count]) for reason, count in kinds.items()],
            )
        everything = _each(counters.snapshot())
        yield _counter("phone_events", "All that the phone door counts.", ["kind"], everything)

    def _model(self) -> Iterator[Metric]:
        model = self._sources.model
        fresh = model.sessions - model.resumed
        yield _counter(
            "live_sessions",
            "Model sessions opened.",
            ["memory"],
            [(("fresh",), fresh), (("resumed",), model.resumed)],
        )
        codes: dict[str, int] = {"1000": 0}
        for code, number in model.closes.items():
            name = str(code) if code in _CODES else "other"
            codes[name] = codes.get(name, 0) + number
        yield _counter("live_closes", "Model sessions that ended, by code.", ["code"], _each(codes))
        tokens = {**dict.fromkeys(_CHARGED, 0), **model.tokens}
        yield _counter("model_tokens", "Tokens charged.", ["direction", "modality"], tokens.items())
        kinds = {kind: getattr(model, kind) for kind in _MODEL_EVENTS}
        yield _counter("model_events", "Oddities of the model.", ["kind"], _each(kinds))
        sound = {"dropped": model.audio_dropped_ms, "repeated": model.audio_repeated_ms}
        yield _counter(
            "model_audio_seconds",
            "The caller's sound that the model never got, or got twice.",
            ["fate"],
            [((fate,), ms / 1000) for fate, ms in sound.items()],
        )


def _each(numbers: Mapping[str, float] | Mapping[Channel, float]) -> Tallied:
    return [((str(name),), number) for name, number in numbers.items()]


def _gauge(name: str, help_: str, labels: list[str], samples: Tallied) -> Metric:
    return _filled(GaugeMetricFamily(f"voicebot_{name}", help_, labels=labels), samples)


def _counter(name: str, help_: str, labels: list[str], samples: Tallied) -> Metric:
    return _filled(CounterMetricFamily(f"voicebot_{name}", help_, labels=labels), samples)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, samples: Tallied) -> Metric:
    for labels, number in samples:
        family.add_metric(labels, number)
    return family
