"""What a journal may leave out: words, keys, facts. Telephone numbers it never has in full.

A masked event replays as it was masked, so masking an action that follows from one changes
nothing more: every mask here, applied twice, is the same as applied once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

_SHOWN = 2
_WORD = re.compile(r"\w")


def number(text: str) -> str:
    """A telephone number of which its country code's first figure and its end are left."""
    if len(text) <= _SHOWN + 2:
        return text
    return f"{text[:2]}{'*' * (len(text) - 2 - _SHOWN)}{text[-_SHOWN:]}"


def words(text: str) -> str:
    """As long as before, and as many words."""
    return _WORD.sub("x", text)


def key(digit: str) -> str:
    return digit if digit in "#*" else "0"


class Mask:
    """Hides what is personal in the forms of events and actions.

    ``secret`` makes the marks that stand for a call's arguments: equal arguments stay equal
    within a journal and cannot be guessed from it.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._rules: dict[str, dict[str, Callable[[Any], Any]]] = {
            "CallerWords": {"text": words},
            "ModelWords": {"text": words},
            "CallerTyped": {"text": words},
            "Keypress": {"digit": key},
            "SendText": {"text": _nothing},
            "NoteToModel": {"text": _nothing},
            "RenewModel": {"summary": _nothing},
            "ToolCallRequested": {"call": self._call},
            "RunTool": {"call": self._call},
            "ToolFinished": {"result": _result},
            "AnswerTool": {"response": _facts},
            "HangUp": {"ending": _ending},
            "Record": {"fact": self._fact},
        }

    def form(self, form: Any) -> Any:
        """The form of an event or action without what is personal in it."""
        if not isinstance(form, dict) or form["k"] not in self._rules:
            return form
        rules = self._rules[form["k"]]
        return {k: rules[k](value) if k in rules else value for k, value in form.items()}

    def _arguments(self, args: Mapping[str, Any]) -> Mapping[str, Any]:
        if set(args) == {"masked"}:
            return args
        plain = orjson.dumps(args, option=orjson.OPT_SORT_KEYS, default=str)
        return {"masked": hmac.new(self._secret, plain, hashlib.sha256).hexdigest()[:12]}

    def _call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        return {**call, "args": self._arguments(call["args"])}

    def _fact(self, fact: Mapping[str, Any]) -> dict[str, Any]:
        masked = dict(fact)
        if fact["k"] == "TurnTaken":
            masked |= {"text": words(fact["text"]), "heard": words(fact["heard"])}
        elif fact["k"] == "ToolUsed":
            masked |= {"args": self._arguments(fact["args"]), "response": {}}
        return masked


def shown_number(form: Any) -> Any:
    """For every journal: the caller's number is never written in full."""
    if isinstance(form, dict) and form["k"] == "Record" and "caller" in form["fact"]:
        return {**form, "fact": {**form["fact"], "caller": number(form["fact"]["caller"])}}
    return form


def _nothing(text: str) -> str:
    return ""


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _result(result: Mapping[str, Any]) -> dict[str, Any]:
    return {**result, "response": {}, "order_detail": {}}


def _ending(ending: Mapping[str, Any]) -> dict[str, Any]:
    return {**ending, "detail": {}}
