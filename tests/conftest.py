"""The order of the tests: what fails fastest is run first, what wants the whole machine last."""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ORDER = ("pure", "socket", "node", "postgres", "ops", "speech", "call", "voice", "browser")


def _place(item: pytest.Item) -> int:
    return max(ORDER.index(mark.name) for mark in item.iter_markers() if mark.name in ORDER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by category; within one the order stays."""
    items.sort(key=_place)
