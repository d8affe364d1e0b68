"""Gemini's settings: which service, which model, how it listens. Environment prefix GEMINI_."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from conversation.gemini.models import Family


class Backend(StrEnum):
    """Whom the live model is reached through."""

    VERTEX = "vertex"
    KEY = "key"
    EMULATOR = "emulator"


def _number(value: Any) -> Any:
    """An environment variable is text; a literal of numbers wants the number."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class GeminiSettings(BaseModel):
    """The model's name and the voice activity values of the founding text are the defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project: str = Field(
        default="",
        description="Google Cloud project: chooses Vertex AI, the production way",
        json_schema_extra={"env": "GOOGLE_CLOUD_PROJECT"},
    )
    location: str = Field(
        default="us-central1",
        description="Vertex AI location, or global",
        json_schema_extra={"env": "GOOGLE_CLOUD_LOCATION"},
    )
    api_key: SecretStr | None = Field(
        default=None, description="Gemini API key: chooses the Gemini API where no project is set"
    )
    base_url: str = Field(
        default="",
        pattern=r"^(https://\S+)?$",
        description="another address for the Live API, such as an emulator's",
    )
    ca_file: Path | None = Field(
        default=None, description="certificate authority (PEM) that vouches for the base URL"
    )
    model: str = Field(default="gemini-3.8-live", min_length=1, description="the live model")
    api_version: str = Field(
        default="", description="API version; empty: v1beta, on Vertex AI v1beta1"
    )
    voice: str = Field(default="Kore", description="one of the service's prebuilt voices")
    input_rate: Annotated[Literal[8000, 16000], BeforeValidator(_number)] = Field(
        default=16000,
        description="rate of the caller's sound; 8000 sends telephone sound as it is",
    )
    chunk_ms: int = Field(default=40, ge=20, le=200, description="length of a chunk to the model")
    start_sensitivity: Literal["low", "high"] = Field(
        default="low", description="how readily the model hears speech begin"
    )
    end_sensitivity: Literal["low", "high"] = Field(
        default="low", description="how readily the model hears speech end"
    )
    silence_ms: int = Field(
        default=1200, ge=100, le=6000, description="silence that ends the caller's turn"
    )
    prefix_padding_ms: int | None = Field(
        default=None, ge=0, le=2000, description="speech before a start counts; empty: Google's"
    )
    turn_coverage: Literal["all_input", "only_activity"] = Field(
        default="all_input", description="what of the caller's sound belongs to a turn"
    )
    compression_trigger_tokens: int = Field(
        default=25_000, ge=5_000, le=128_000, description="context size that starts compression"
    )
    compression_target_tokens: int = Field(
        default=8_000, ge=1_000, le=128_000, description="context size after compression"
    )
    tool_behaviour: Literal["auto", "non_blocking", "blocking"] = Field(
        default="auto", description="whether the model talks on while a tool runs; auto: by model"
    )
    thinking_level: Literal["", "low", "medium", "high"] = Field(
        default="", description="for models that take one; extended-thinking: low where unset"
    )
    connect_seconds: float = Field(
        default=10.0, gt=0, description="longest wait for a session to open"
    )
    buffer_seconds: float = Field(
        default=20.0, gt=0, description="caller's sound kept while no session is open"
    )
    repeat_seconds: float = Field(
        default=6.0,
        ge=0,
        description="caller's sound that a lost session had not answered, said again to the next",
    )

    @property
    def backend(self) -> Backend:
        """Vertex AI by project, else the Gemini API by key, else the emulator."""
        if self.project:
            return Backend.VERTEX
        return Backend.KEY if self.api_key else Backend.EMULATOR

    @property
    def described(self) -> str:
        """One line for the start-up message."""
        match self.backend:
            case Backend.VERTEX:
                return f"{self.model} on Vertex AI, project {self.project}, {self.location}"
            case Backend.KEY:
                return f"{self.model} on the Gemini API by key"
            case Backend.EMULATOR:
                return "the Gemini Live emulator (it is not the model)"

    @property
    def answering(self) -> str:
        """Who answers, for a call's record: the emulator is not the model it stands in for."""
        return "Gemini Live emulator" if self.backend is Backend.EMULATOR else self.model

    @property
    def family(self) -> Family:
        return Family.of(self.model)

    @property
    def non_blocking_tools(self) -> bool:
        """Whether the model talks on while a tool runs, as set or as the model is able to."""
        if self.tool_behaviour != "auto":
            return self.tool_behaviour == "non_blocking"
        return self.family.may_talk_on(vertex=self.backend is Backend.VERTEX)

    @property
    def thinking(self) -> str:
        """The thinking level to ask for, empty for none."""
        needed = "low" if self.family.extended_thinking else ""
        return self.thinking_level or needed

    @model_validator(mode="after")
    def _consistent(self) -> GeminiSettings:
        if self.thinking_level and not self.family.takes_thinking_level:
            raise ValueError(f"thinking_level: {self.model} takes none")
        if self.tool_behaviour == "blocking" and self.family.extended_thinking:
            raise ValueError(f"tool_behaviour: {self.model} knows non_blocking only")
        if self.compression_target_tokens >= self.compression_trigger_tokens:
            raise ValueError(
                "compression_target_tokens must be less than compression_trigger_tokens"
            )
        return self
