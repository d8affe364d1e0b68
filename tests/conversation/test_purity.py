"""What decides neither waits, nor looks at a clock, nor throws dice."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import conversation

pytestmark = pytest.mark.pure

ROOM = Path(conversation.__file__ or "").parent
# What touches the event loop, threads, files or logs; everything else in the room is pure.
SHELL = {"runtime", "performing", "inbox", "timers", "journal", "replay"}
IMPURE = {"asyncio", "logging", "os", "random", "secrets", "socket", "threading", "time", "uuid"}
MODULES = sorted(path.stem for path in ROOM.glob("*.py") if path.stem not in SHELL)


def imported(module: str) -> set[str]:
    tree = ast.parse((ROOM / f"{module}.py").read_text())
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("module", MODULES)
def test_what_decides_is_pure(module: str) -> None:
    names = imported(module)
    assert not {name.split(".")[0] for name in names} & IMPURE
    assert not {name for name in names if name.removeprefix("conversation.") in SHELL}
