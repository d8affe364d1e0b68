"""Where traces go: to a collector by OTLP over HTTP, from a thread of its own.

A collector that is slow or gone costs spans, never a call: spans wait in a bounded queue, the
oldest are dropped when it is full, and what could not be delivered is counted and logged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Tracer
from opentelemetry.util.re import parse_env_headers

from hotline.observing.settings import TraceSettings

log = logging.getLogger(__name__)

# A call leaves two spans a turn, and one for each tool and session.
SPANS_WAITING = 8192
BATCH = 512
EVERY_MS = 2000
INSTRUMENTATION = "cymbol.hotline"


class _Counted(SpanExporter):
    """Delivers and counts. One warning when it begins to fail, one note when it is mended."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exported = 0
        self.failed = 0
        self._exporter = exporter
        self._failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        failing = result is not SpanExportResult.SUCCESS
        if failing:
            self.failed += len(spans)
        else:
            self.exported += len(spans)
        if failing and not self._failing:
            log.warning("traces are not delivered", extra={"spans": len(spans)})
        elif self._failing and not failing:
            log.info("traces are delivered again", extra={"lost_spans": self.failed})
        self._failing = failing
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


class Tracing:
    """The way to the collector, for as long as the process lives."""

    def __init__(self, settings: TraceSettings, version: str) -> None:
        self._exporter = _Counted(
            OTLPSpanExporter(
                endpoint=f"{settings.endpoint.rstrip('/')}/v1/traces",
                headers=parse_env_headers(settings.headers.get_secret_value(), liberal=True),
                timeout=settings.timeout_seconds,
            )
        )
        self._provider = TracerProvider(
            resource=Resource.create(
                {"service.name": settings.service, "service.version": version}
            ),
            sampler=ParentBasedTraceIdRatio(settings.ratio),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(
                self._exporter,
                max_queue_size=SPANS_WAITING,
                schedule_delay_millis=EVERY_MS,
                max_export_batch_size=BATCH,
            )
        )
        self.tracer: Tracer = self._provider.get_tracer(INSTRUMENTATION, version)

    @property
    def spans(self) -> dict[str, int]:
        """Spans by what became of them."""
        return {"exported": self._exporter.exported, "failed": self._exporter.failed}

    async def aclose(self) -> None:
        """Deliver what waits, within the collector's deadline; blocks no event loop."""
        await asyncio.to_thread(self._provider.shutdown)
