"""Settings of the traces. Environment prefix TRACES_, and OpenTelemetry's own names."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class TraceSettings(BaseModel):
    """Where traces of calls go. Environment prefix ``TRACES_``, and OpenTelemetry's own names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="base URL of an OTLP/HTTP collector, as http://collector:4318; empty: none",
        json_schema_extra={"env": "OTEL_EXPORTER_OTLP_ENDPOINT"},
    )
    headers: SecretStr = Field(
        default=SecretStr(""),
        description="headers for the collector, as name=value,name=value",
        json_schema_extra={"env": "OTEL_EXPORTER_OTLP_HEADERS"},
    )
    service: str = Field(
        default="cymbol-hotline",
        min_length=1,
        description="the service's name in traces",
        json_schema_extra={"env": "OTEL_SERVICE_NAME"},
    )
    ratio: float = Field(default=1.0, ge=0, le=1, description="share of the calls to trace")
    timeout_seconds: float = Field(
        default=5.0, gt=0, description="longest wait for the collector, with its repetitions"
    )
