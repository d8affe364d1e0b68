"""One declaration of a tool yields what the model is told of it and the validated call."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from tools.access import Access
from tools.contract import Caller, Declaration, When
from tools.database import Database
from tools.outcome import Next, Outcome, refused
from tools.seams import Articles, Documents, Messenger
from tools.settings import ToolSettings

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Clock = Callable[[], datetime]
"""The present instant, with its time zone."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What every tool of the house works with. One for the process."""

    database: Database
    messenger: Messenger
    documents: Documents
    articles: Articles
    clock: Clock
    settings: ToolSettings


@dataclass(frozen=True, slots=True)
class Deed:
    """One tool call in progress.

    ``key`` is the same for the same tool and arguments within one conversation. ``rights``
    are the bookings its caller was verified for, by reference: one mapping for all its calls.
    """

    shop: Shop
    caller: Caller
    call_id: str
    tool: str
    key: str
    now: datetime
    rights: dict[str, Access]


class Arguments(BaseModel):
    """A tool's parameters. What the model adds beyond them is ignored."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True
    )


def spoken(description: str, ask: str, following: Next, **constraints: Any) -> Any:
    """A required parameter; ``ask`` is what Myra says where the model left it out."""
    return Field(
        description=description,
        json_schema_extra={"ask": ask, "next": following.value},
        **constraints,
    )


Run = Callable[[Any, Deed], Awaitable[Outcome]]
A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool:
    """A declared tool. ``guarded``: no caller reaches it without verification."""

    declaration: Declaration
    arguments: type[Arguments]
    run: Run
    guarded: bool = False

    def read(self, args: Mapping[str, Any]) -> Arguments | Outcome:
        """The validated arguments, or the question that mends them."""
        given = {name: _printable(one) for name, one in args.items() if one not in (None, "")}
        try:
            return self.arguments.model_validate(given)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False)[0]
            name = str(wrong["loc"][0]) if wrong["loc"] else ""
            return _question(name, self.arguments.model_fields.get(name))


def _printable(value: Any) -> Any:
    """A text without control characters: nobody says them, and PostgreSQL takes no NUL."""
    return _CONTROL.sub("", value) if isinstance(value, str) else value


def _question(name: str, field: FieldInfo | None) -> Outcome:
    extra = field.json_schema_extra if field else None
    if isinstance(extra, dict) and "ask" in extra:
        return refused(str(extra["ask"]), Next(str(extra["next"])), argument=name)
    return refused(
        "I did not quite get that. Could you say it again?", argument=name, reason="not valid"
    )


def tool(
    name: str, description: str, *, when: When = When.IDLE, writes: bool = False, seconds: float = 8
) -> Callable[[Callable[[A, Deed], Awaitable[Outcome]]], Tool]:
    """Declare a coroutine function, whose first parameter's type hint names its arguments."""

    def declare(run: Callable[[A, Deed], Awaitable[Outcome]]) -> Tool:
        arguments = arguments_of(run)
        declaration = Declaration(name, description, schema(arguments), when, writes, seconds)
        return Tool(declaration, arguments, run)

    return declare


def arguments_of(run: Callable[..., Awaitable[Outcome]]) -> type[Arguments]:
    """The arguments model a tool's function takes first.

    Raises:
        TypeError: the first parameter is no ``Arguments``.
    """
    hints = get_type_hints(run)
    first = next(iter(hints.values()), None)
    if not (isinstance(first, type) and issubclass(first, Arguments)):
        raise TypeError(f"{run.__qualname__}: the first parameter must be an Arguments model")
    return first


def schema(arguments: type[Arguments]) -> dict[str, Any]:
    """The JSON schema of a model's fields, in the plain subset every Live model takes.

    An optional field is one that is not required, rather than one that may be null.
    """
    whole = arguments.model_json_schema()
    properties = {name: _plain(part) for name, part in whole.get("properties", {}).items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(whole.get("required", [])),
    }


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    options = [one for one in part.get("anyOf", []) if one.get("type") != "null"]
    merged = {**(options[0] if options else {}), **part}
    kept = {key: merged[key] for key in ("type", "description", "enum", "items") if key in merged}
    if "const" in merged:
        kept["enum"] = [merged["const"]]
    return kept


_HYPHEN, _SPACE = "\N{HYPHEN}", "\N{NO-BREAK SPACE}"
_TOLD = frozenset(f"'{_HYPHEN}{_SPACE}")
# A word has two letters at least: one by itself is spelled.
_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_]{2})[^\w']+(?=[^\W\d_]{2})")


def _essence(value: str) -> str:
    """Digits and letters: "C Y M 427" and "cym-427" are one request. Apostrophes too, and what
    stands between two words: there may be nothing else that a name is corrected by."""
    folded = value.casefold().replace("\u2019", "'")
    apart = _BETWEEN_WORDS.sub(lambda gap: _HYPHEN if "-" in gap[0] else _SPACE, folded)
    return "".join(c for c in apart if c.isalnum() or c in _TOLD)


def effect_key(conversation: str, name: str, arguments: Arguments) -> str:
    """Names what a call is to bring about: equal for equal requests of one conversation."""
    stated = arguments.model_dump(mode="json", exclude_none=True)
    plain = {key: _essence(str(value)) for key, value in stated.items()}
    packed = orjson.dumps([conversation, name, plain], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(packed).hexdigest()
