"""The one place that reads the environment: every room's settings, built and checked at start."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from conversation.gemini.settings import GeminiSettings
from conversation.settings import TalkSettings
from hotline.observing.settings import TraceSettings
from media.stereo_file import Codec
from telephony.settings import PhoneSettings
from tools.messages.settings import MailSettings, MessageSettings, OutboxSettings, SmsSettings
from tools.settings import ToolSettings
from web_demo.server.settings import WebSettings

# Prefixes that others use too: only what is nearly one of our names is taken for a slip.
_SHARED = ("TWILIO_", "DATABASE_", "GOOGLE_CLOUD_", "OTEL_")
# DATABASE_ULR is as near as that; OpenTelemetry's OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is not.
_A_SLIP = 0.916
# Nearer than that, and nevertheless somebody else's.
_OTHERS = {"GOOGLE_CLOUD_PROJECT_ID"}
M = TypeVar("M", bound=BaseModel)


class SettingsError(Exception):
    """A setting is wrong. The message is one line that names it and says how to mend it."""


class ServerSettings(BaseModel):
    """How the hotline serves. Environment prefix ``HOTLINE_``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(
        default="",
        description="address to listen on; empty: every address, or loopback only where "
        "TWILIO_AUTH_TOKEN is not set; no other is taken then",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0: any free")
    data_folder: Path = Field(
        default=Path("var"), description="database, journals, recordings, outbox, speech cache"
    )
    log_style: str = Field(default="text", pattern="^(text|json)$", description="text or json")
    log_level: str = Field(
        default="info",
        pattern="^(?i:debug|info|warning|error)$",
        description="debug, info, warning or error",
    )
    drain_seconds: float = Field(
        default=600, ge=0, description="how long a shutdown waits for running calls"
    )
    metrics_port: int = Field(
        default=9090,
        ge=0,
        le=65535,
        description="port of /metrics and of hotline top, for this machine and private networks; "
        "0: none. Where it is taken and webhooks are not authenticated, the hotline does without",
    )
    version: str = Field(
        default="dev", pattern=r"^[\w.+-]{1,64}$", description="what runs here, for the metrics"
    )
    journals: bool = Field(default=True, description="write a journal of every call")
    recordings: bool = Field(
        default=True,
        description="record the sound of every call, both sides; where callers must be told or "
        "asked first, do so (the greeting is yours to word) or switch it off",
    )
    recording_rate: int = Field(
        default=8000,
        ge=8000,
        le=16000,
        multiple_of=8000,
        description="samples a second of a recording: 8000 or 16000",
    )
    recording_codec: Codec = Field(
        default=Codec.PCM16,
        description="pcm16 (1.9 MB a minute at 8000) or mulaw (half of that, the telephone's own)",
    )
    keep_days: int = Field(
        default=30,
        ge=0,
        description="recordings, journals and transcripts of calls older than this are deleted, at "
        "the start and daily; 0: never. hotline forget CALL_ID deletes one call's at once",
    )
    emulator_voice: str = Field(
        default="speech",
        pattern="^(speech|plain|tones)$",
        description="the embedded emulator's voice: speech; plain, robotic but ready at once on a "
        "slow machine; or tones",
    )
    prompts_folder: Path | None = Field(
        default=None, description="recorded prompts of your own; empty: those that come along"
    )
    secrets_folder: Path | None = Field(
        default=None,
        description="a folder of files, each named as a setting here and holding its value, as "
        "a cluster mounts secrets; the environment wins over them. Read at the start",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Every room's settings."""

    server: ServerSettings
    phone: PhoneSettings
    gemini: GeminiSettings
    talk: TalkSettings
    tools: ToolSettings
    mail: MailSettings
    sms: SmsSettings
    outbox: OutboxSettings
    traces: TraceSettings
    web: WebSettings

    @property
    def messages(self) -> MessageSettings:
        return MessageSettings(self.mail, self.sms, self.outbox)


ROOMS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("server", "HOTLINE_", ServerSettings),
    ("phone", "PHONE_", PhoneSettings),
    ("gemini", "GEMINI_", GeminiSettings),
    ("talk", "TALK_", TalkSettings),
    ("tools", "TOOLS_", ToolSettings),
    ("mail", "MAIL_", MailSettings),
    ("sms", "SMS_", SmsSettings),
    ("outbox", "OUTBOX_", OutboxSettings),
    ("traces", "TRACES_", TraceSettings),
    ("web", "WEB_", WebSettings),
)


def env_name(prefix: str, name: str, field: FieldInfo) -> str:
    """The environment variable of a field: its own ``env`` or the prefix and its name."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and isinstance(extra.get("env"), str):
        return str(extra["env"])
    return f"{prefix}{name}".upper()


def names(prefix: str, model: type[BaseModel]) -> dict[str, str]:
    """Environment variable -> field, for every field of a settings model."""
    return {env_name(prefix, name, field): name for name, field in model.model_fields.items()}


def build(prefix: str, model: type[M], environ: Mapping[str, str]) -> M:
    """A room's settings from the environment; empty values count as unset.

    Raises:
        SettingsError: a value is not what the field takes; names the variable.
    """
    known = names(prefix, model)
    values = {field: environ[env] for env, field in known.items() if environ.get(env)}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        variable = next((env for env, name in known.items() if name == field), f"{prefix}*")
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{variable}: {message}. Mend it or unset it.") from None


def load(environ: Mapping[str, str]) -> Settings:
    """Every room's settings. A misspelt name of ours stops the start as a wrong value does.

    Raises:
        SettingsError: names the variable and says what is wrong with it.
    """
    known = {env for _, prefix, model in ROOMS for env in names(prefix, model)}
    ours = tuple(prefix for _, prefix, _ in ROOMS)
    for name in sorted(environ):
        if name in known or name in _OTHERS or not name.startswith((*ours, *_SHARED)):
            continue
        shared = name.startswith(_SHARED)
        near = difflib.get_close_matches(name, known, n=1, cutoff=_A_SLIP if shared else 0.6)
        if near or not shared:
            hint = f"did you mean {near[0]}?" if near else "see the table in docs/configuration.md."
            raise SettingsError(f"{name}: no such setting; {hint}")
    folder = environ.get("HOTLINE_DATA_FOLDER") or "var"
    whole = {**_kept_in(folder), **{name: value for name, value in environ.items() if value}}
    built: dict[str, Any] = {room: build(prefix, model, whole) for room, prefix, model in ROOMS}
    return Settings(**built)


def _kept_in(folder: str) -> dict[str, str]:
    """What follows the data folder where it is not set by itself."""
    return {
        "DATABASE_URL": f"sqlite:///{folder}/hotline.db",
        "OUTBOX_FOLDER": f"{folder}/outbox",
        "OUTBOX_LINKS_FOLDER": f"{folder}/documents",
    }


def environment(environ: Mapping[str, str], dotenv: Path) -> dict[str, str]:
    """The process environment over the files of ``HOTLINE_SECRETS_FOLDER`` over the values of a
    ``.env`` file, where there are such.

    Raises:
        SettingsError: a secret's file cannot be read.
    """
    values = {key: value for key, value in dotenv_values(dotenv).items() if value is not None}
    folder = environ.get("HOTLINE_SECRETS_FOLDER") or values.get("HOTLINE_SECRETS_FOLDER")
    return {**values, **(_secrets_in(Path(folder)) if folder else {}), **environ}


def _secrets_in(folder: Path) -> dict[str, str]:
    """A value from every file, by its name. A line's end after it is the editor's, not its."""
    try:
        files = [one for one in sorted(folder.iterdir()) if not one.name.startswith(".")]
        return {one.name: one.read_text().rstrip("\r\n") for one in files if one.is_file()}
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"HOTLINE_SECRETS_FOLDER={folder}: {why}") from None


def table() -> Iterator[str]:
    """Every setting as Markdown: variable, default, meaning. docs/configuration.md is this."""
    for _, prefix, model in ROOMS:
        title = (model.__doc__ or "").split(".")[0].replace("\n", " ").strip()
        yield f"\n## {prefix}*: {title}\n"
        yield "| variable | default | meaning |"
        yield "|---|---|---|"
        for name, field in model.model_fields.items():
            meaning = " ".join((field.description or "").split())
            yield f"| `{env_name(prefix, name, field)}` | {_shown(field)} | {meaning} |"


def _shown(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or value in (None, "", {}):
        return ""
    if isinstance(value, SecretStr):
        return ""
    return f"`{value}`"
