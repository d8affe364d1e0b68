"""Schemas as short JSON: what a provider takes and gives, one line an argument.

``{"resources": {TYPE: BLOCK}, "data": {TYPE: BLOCK}, "provider": BLOCK}``, where a BLOCK is
``{"attributes": {NAME: "FLAGS TYPE"}, "blocks": {NAME: {"many": "list|set|one", "min": 0,
"max": 0, ...BLOCK}}}``. FLAGS: r required, o optional, c computed, f forces replacement,
s sensitive, w write-only. TYPE is Terraform's: ``string`` or JSON such as ``["map","string"]``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Attribute:
    type: Any
    flags: str

    def has(self, flag: str) -> bool:
        return flag in self.flags


@dataclass(frozen=True)
class Block:
    """``many`` is how often it may stand in its parent: list, set or one."""

    attributes: dict[str, Attribute]
    blocks: dict[str, Block]
    many: str = "list"
    min: int = 0
    max: int = 0

    def names(self, flag: str) -> list[str]:
        return [name for name, attribute in self.attributes.items() if attribute.has(flag)]


@dataclass(frozen=True)
class Rule:
    """What the provider's own validation refuses: a text that does not match."""

    attribute: str
    regex: str
    message: str


@dataclass(frozen=True)
class Spec:
    provider: Block
    resources: dict[str, Block]
    data: dict[str, Block]
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    # type -> attribute -> what the service answers: format with {hash} and the arguments.
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_attribute(text: str) -> Attribute:
    flags, _, kind = text.partition(" ")
    return Attribute(json.loads(kind) if kind.startswith("[") else kind, flags)


def read_block(raw: dict[str, Any]) -> Block:
    return Block(
        {name: read_attribute(text) for name, text in raw.get("attributes", {}).items()},
        {name: read_block(block) for name, block in raw.get("blocks", {}).items()},
        raw.get("many", "list"),
        raw.get("min", 0),
        raw.get("max", 0),
    )


def read_spec(raw: dict[str, Any]) -> Spec:
    return Spec(
        read_block(raw["provider"]),
        {name: read_block(block) for name, block in raw["resources"].items()},
        {name: read_block(block) for name, block in raw.get("data", {}).items()},
        {name: [Rule(*rule) for rule in rules] for name, rules in raw.get("rules", {}).items()},
        raw.get("answers", {}),
    )
