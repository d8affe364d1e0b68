"""What QA may see of a tool's arguments and results: names, contacts and references only by
their last characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

SHOWN = 3
_HIDDEN = "***"
# Parts of keys whose values are personal.
_PERSONAL = re.compile(
    r"surname|_name|passenger|traveller|reference$|e_?mail|phone|mobile|contact|address|ticket_n"
    r"|passport|document_n|birth|sent_to|recipient|link|url",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\b[A-Z]{3}\d{3}\b")
# A reference as Myra spells it: three letters and three figures, each by itself.
_SPELLED = re.compile(r"\b(?:[A-Z][\s,.-]+){3}(?:(?:\d|[a-z]{3,5})[\s,.-]*){3}(?![a-z])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Six figures and more, also with spaces between, and no date: numbers of telephones, tickets and
# documents.
_FIGURES = re.compile(r"(?<![\w.-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[\s()/-]?\d){5,}(?!\w)")
_WORD = re.compile(r"[^\W\d_]{2,}")


def ending(text: str) -> str:
    """The last characters of what is hidden; nothing of what is as short as that."""
    return _HIDDEN + (text[-SHOWN:] if len(text) > SHOWN else "")


def masked(fields: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The fields of a tool's call or result without what is personal in them.

    ``known`` is more of the same call: names that stand in it are hidden in texts too.
    """
    words = frozenset(word.casefold() for one in (fields, known or {}) for word in _names(one))
    return {key: _value(key, value, words) for key, value in fields.items()}


def _names(value: Any, *, personal: bool = False) -> Iterator[str]:
    """The words in personal fields, however deep."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _names(part, personal=personal or bool(_PERSONAL.search(str(key))))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _names(part, personal=personal)
    elif personal and isinstance(value, str):
        yield from (word for word in _WORD.findall(value) if len(word) > 2)


def _value(key: str, value: Any, words: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {str(inner): _value(str(inner), part, words) for inner, part in value.items()}
    if isinstance(value, list | tuple):
        return [_value(key, part, words) for part in value]
    if isinstance(value, bool) or value is None:
        return value
    if _PERSONAL.search(key) and isinstance(value, str | int):
        return ending(str(value)) if str(value) else ""
    return _text(value, words) if isinstance(value, str) else value


def _text(text: str, words: frozenset[str]) -> str:
    """A sentence with references, contacts, long numbers and known names hidden."""
    for pattern in (_MAIL, _REFERENCE, _SPELLED, _FIGURES):
        text = pattern.sub(lambda found: ending(found.group().strip(" ,.-")), text)
    return _WORD.sub(
        lambda found: ending(found.group()) if found.group().casefold() in words else found.group(),
        text,
    )
