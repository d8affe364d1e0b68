"""Terraform files as JSON on standard output, by path; runs on the interpreter of .venv-ops."""

from __future__ import annotations

import json
import sys
from typing import Any

import hcl2


def plain(value: Any) -> Any:
    """Without the parser's own keys and the quotes it keeps around literal strings."""
    if isinstance(value, dict):
        return {
            plain(key): plain(inner)
            for key, inner in value.items()
            if not (key.startswith("__") and key.endswith("__"))
        }
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def main() -> None:
    parsed = {}
    for path in sys.argv[1:]:
        with open(path) as file:
            parsed[path] = plain(hcl2.load(file))
    json.dump(parsed, sys.stdout)


if __name__ == "__main__":
    main()
