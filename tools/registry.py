"""The tools by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.contract import Declaration
from tools.declare import Tool


class Registry:
    """An immutable set of tools with distinct names.

    Raises:
        ValueError: two tools share a name.
    """

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools: dict[str, Tool] = {}
        for one in tools:
            if one.declaration.name in self._tools:
                raise ValueError(f"two tools are called {one.declaration.name!r}")
            self._tools[one.declaration.name] = one

    def find(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        return tuple(one.declaration for one in self)
