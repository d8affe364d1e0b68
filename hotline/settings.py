"""The one place that reads the environment: every room's settings, built and checked at start."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

M = TypeVar("M", bound=BaseModel)


class SettingsError(Exception):
    """A setting is wrong. The message is one line that names it and says how to mend it."""


class ServerSettings(BaseModel):
    """How the hotline serves. Environment prefix ``HOTLINE_``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="0.0.0.0", description="address to listen on")  # noqa: S104
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on")
    data_folder: Path = Field(
        default=Path("var"), description="database, journals, recordings, outbox, speech cache"
    )
    log_style: str = Field(default="text", pattern="^(text|json)$", description="text or json")
    log_level: str = Field(
        default="info", pattern="^(?i:debug|info|warning|error)$", description="least severity"
    )
    drain_seconds: float = Field(
        default=600, ge=0, description="how long a shutdown waits for running calls"
    )
    journals: bool = Field(default=True, description="write a journal of every call")


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
        variable = next((env for env, name in known.items() if name == field), field or prefix)
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{variable}: {message}. Mend it or unset it.") from None


def refuse_unknown(environ: Mapping[str, str], prefixes: Iterable[str], known: set[str]) -> None:
    """A misspelt setting stops the start instead of being silently ignored.

    Raises:
        SettingsError: a variable has one of our prefixes but nobody reads it.
    """
    ours = tuple(prefixes)
    for name in sorted(environ):
        if name.startswith(ours) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see the table in README.md."
            raise SettingsError(f"{name}: no such setting; {hint}")


def environment(environ: Mapping[str, str], dotenv: Path) -> dict[str, str]:
    """The process environment over the values of a ``.env`` file, where there is one."""
    values = {key: value for key, value in dotenv_values(dotenv).items() if value is not None}
    return {**values, **environ}
