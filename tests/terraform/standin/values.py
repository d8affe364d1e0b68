"""What happens to a resource's values between configuration, plan and service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgpack.ext import ExtType
from schema import Attribute, Block

# Terraform's "known after apply" (docs/plugin-protocol/object-wire-format.md).
UNKNOWN = ExtType(0, b"\x00")
Values = dict[str, Any]
Fill = Callable[[str, Attribute], Any]


def is_unknown(value: Any) -> bool:
    return isinstance(value, ExtType)


def nothing(block: Block) -> Values:
    """An object of this shape in which nothing is set."""
    bare: Values = dict.fromkeys(block.attributes)
    return bare | {name: None if b.many == "one" else [] for name, b in block.blocks.items()}


def settle(block: Block, values: Values, fill: Fill, path: str = "") -> Values:
    """The same object with ``fill`` in place of what only the service knows: computed and unset,
    or unknown. Write-only values are dropped, as the protocol asks."""
    settled = dict(values)
    for name, attribute in block.attributes.items():
        value = settled.get(name)
        if attribute.has("w"):
            settled[name] = None
        elif is_unknown(value) or (value is None and attribute.has("c")):
            settled[name] = fill(path + name, attribute)
    for name, inner in block.blocks.items():
        value, below = settled.get(name), f"{path}{name}."
        if value is None or is_unknown(value):
            continue
        if inner.many == "one":
            settled[name] = settle(inner, value, fill, below)
        else:
            settled[name] = [settle(inner, element, fill, below) for element in value]
    return settled


def invented(kind: Any, seed: str) -> Any:
    """A value of a Terraform type, as plain as possible."""
    if isinstance(kind, list):
        if kind[0] == "object":
            return {name: invented(inner, seed) for name, inner in kind[1].items()}
        return {} if kind[0] == "map" else []
    return {"number": 0, "bool": False}.get(kind, seed)


def completed(answer: Any, arguments: dict[str, str]) -> Any:
    """An answer with its {placeholders} filled in, at every depth."""
    if isinstance(answer, str):
        return answer.format(**arguments)
    if isinstance(answer, list):
        return [completed(one, arguments) for one in answer]
    if isinstance(answer, dict):
        return {name: completed(one, arguments) for name, one in answer.items()}
    return answer


def replaced(block: Block, before: Values, after: Values) -> list[str]:
    """The arguments whose change makes a new object."""
    return [name for name in block.names("f") if before.get(name) != after.get(name)]
