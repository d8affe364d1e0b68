"""A YAML mapping read with care: the right kinds of values, no unknown names, every mistake
with its line."""

from __future__ import annotations

import re
from typing import Any

import yaml


class ScriptError(ValueError):
    """A script that cannot be followed: where, what is wrong, what would do."""


class Fields:
    """The named values of one mapping. ``what`` is what it is called in errors.

    Everything raises ``ScriptError`` for a value that is not as it must be.
    """

    def __init__(self, node: yaml.Node, what: str, document: str) -> None:
        self.what = what
        self.document = document
        self.line = node.start_mark.line + 1
        self.nodes: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            raise self.error(f"{what} is written as name: value")
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.error(f"{what} has a name that is no word", key)
            if key.value in self.nodes:
                raise self.error(f"{key.value} is there twice", value)
            self.nodes[key.value] = value

    def __contains__(self, name: str) -> bool:
        return name in self.nodes

    def error(self, reason: str, node: yaml.Node | None = None) -> ScriptError:
        line = self.line if node is None else node.start_mark.line + 1
        return ScriptError(f"{self.document}, line {line}: {reason}")

    def only(self, *known: str) -> None:
        """No names but these."""
        for name, node in self.nodes.items():
            if name not in known:
                raise self.error(f"{self.what} knows no {name}, only {', '.join(known)}", node)

    def inner(self, name: str) -> Fields:
        """The mapping under a name."""
        return Fields(self.nodes[name], name, self.document)

    def value(self, name: str) -> Any:
        """Whatever YAML makes of it; None if the name is not there."""
        node = self.nodes.get(name)
        try:
            return None if node is None else yaml.SafeLoader("").construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError) as error:
            raise self.error(f"{name} cannot be read: {error}", node) from None

    def text(self, name: str, default: str = "") -> str:
        value = self.value(name)
        if value is None and name not in self.nodes:
            return default
        if not isinstance(value, str):
            raise self.error(f"{name} is a text; put it in quotes", self.nodes[name])
        return value

    def number(self, name: str, default: float, low: float = 0.0, high: float = 3600.0) -> float:
        found = self.optional(name, low, high)
        return default if found is None else found

    def optional(self, name: str, low: float = 0.0, high: float = 3600.0) -> float | None:
        """A number between two bounds, or None if the name is not there."""
        if name not in self.nodes:
            return None
        value = self.value(name)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise self.error(f"{name} is a number from {low:g} to {high:g}", self.nodes[name])
        return float(value)

    def flag(self, name: str) -> bool | None:
        value = self.value(name)
        if name in self.nodes and not isinstance(value, bool):
            raise self.error(f"{name} is true or false", self.nodes[name])
        return None if value is None else bool(value)

    def choice(self, name: str, *choices: str) -> str | None:
        value = self.text(name)
        if name in self.nodes and value not in choices:
            raise self.error(f"{name} is {' or '.join(choices)}, not {value}", self.nodes[name])
        return value or None

    def pattern(self, name: str) -> str | None:
        """A regular expression."""
        text = self.text(name)
        try:
            re.compile(text)
        except re.error as error:
            reason = f"{name} is no regular expression: {error}"
            raise self.error(reason, self.nodes[name]) from None
        return text or None
