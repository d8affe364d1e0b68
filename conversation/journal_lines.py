"""A journal's lines: events and actions as JSON and back. No sound, only how much of it.

Everything is a dataclass, so its fields are its form: ``{"k": kind, ...fields}``. ``Audio``
becomes ``[samples, rate]``; the two kinds that come fifty times a second are lists.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union

import orjson

from conversation.actions import Action, SendAudio
from conversation.core import Setting
from conversation.events import CallerAudio, Event
from conversation.line import LineInfo
from conversation.masking import number
from conversation.settings import TalkSettings
from media.audio import Audio

_EVENTS: dict[str, type] = {kind.__name__: kind for kind in typing.get_args(Event)}
_AUDIO, _SEND = "A", "S"
_PLAIN = frozenset({str, int, float, bool, type(None)})


class JournalError(ValueError):
    """A line that no journal of this version has."""


def dump(now: float, event: Any, done: list[Any]) -> bytes:
    """One decision, by the forms of its event and actions, as a line of JSON without its end."""
    return orjson.dumps([now, event, done] if done else [now, event], default=_default)


def event_form(event: Event) -> Any:
    if type(event) is CallerAudio:
        return [_AUDIO, event.audio.samples, event.audio.rate, event.speech, event.level_db]
    return _form(event)


def action_form(action: Action) -> Any:
    if type(action) is SendAudio:
        return [_SEND, action.audio.samples, action.audio.rate]
    return _form(action)


def setting_form(setting: Setting) -> Any:
    """The caller's number is masked; nothing hangs on it."""
    form = _fields(setting)
    form["talk"] = setting.talk.model_dump()
    form["line"]["caller"] = number(setting.line.caller)
    return form


def read_setting(form: Any) -> Setting:
    """What a journal's head says of what decisions depended on.

    Raises:
        JournalError: it is no setting of this version.
    """
    try:
        return Setting(
            line=read_value(LineInfo, form["line"]),
            talk=TalkSettings.model_validate(form["talk"]),
            writes=frozenset(form["writes"]),
            prompts=form["prompts"],
            model=form["model"],
        )
    except (KeyError, TypeError, ValueError) as error:
        why = " ".join(str(error).splitlines()[:3])
        raise JournalError(f"the journal's head is of another version: {why}") from error


def plain(form: Any) -> Any:
    """A form as it is after writing and reading: what recorded and replayed are compared as."""
    return orjson.loads(orjson.dumps(form, default=_default))


def read_event(form: Any) -> Event:
    """An event from its form, its sound replaced by silence of the same length.

    Raises:
        JournalError: it is no event's form.
    """
    try:
        if isinstance(form, list) and form[0] == _AUDIO:
            _, samples, rate, speech, level = form
            return CallerAudio(Audio(bytes(2 * samples), rate), speech, level)
        kind = _EVENTS[form["k"]]
        return typing.cast(Event, read_value(kind, {k: v for k, v in form.items() if k != "k"}))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise JournalError(f"not an event of this version: {str(form)[:80]}") from error


def read_value(kind: Any, form: Any) -> Any:
    """A value of a type from its form: dataclasses, enums, tuples, mappings, unions, plain."""
    origin = typing.get_origin(kind)
    if kind is Audio:
        return Audio(bytes(2 * form[0]), form[1])
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{name: read_value(hints[name], value) for name, value in form.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(form)
    if origin is tuple:
        return tuple(read_value(typing.get_args(kind)[0], item) for item in form)
    if origin is frozenset:
        return frozenset(form)
    if origin in (Union, UnionType):
        rest = [option for option in typing.get_args(kind) if option is not type(None)]
        return None if form is None else read_value(rest[0], form)
    return form


def _form(value: Any) -> Any:
    return {"k": type(value).__name__, **_fields(value)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _fields(value: Any) -> dict[str, Any]:
    return {name: _part(getattr(value, name)) for name in _names(value.__class__)}


def _part(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Audio):
        return [value.samples, value.rate]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if type(value).__module__ == "conversation.records":
            return _form(value)
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): _part(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_part(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _default(value: Any) -> Any:
    """Whatever else a tool may have answered with."""
    return str(value)
