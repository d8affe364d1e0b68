"""What terraform/monitoring asks of Prometheus, and a scrape to ask it of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "terraform" / "monitoring"
_SELECTOR = re.compile(r"\b(voicebot_[a-z_]+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r"([a-z_]+)(=~|!=|=)\"([^\"]*)\"")

Labels = dict[str, str]


def rules(kind: str) -> list[dict[str, Any]]:
    """Every rule that is an ``alert``, or every one that is a ``record``."""
    groups = yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if kind in rule]


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text())
    return loaded


def tile_queries() -> Iterator[tuple[str, str]]:
    """Title and query of every time series on the dashboard."""
    for tile in dashboard()["mosaicLayout"]["tiles"]:
        widget = tile["widget"]
        chart = widget.get("xyChart")
        for shown in chart["dataSets"] if chart else [widget["scorecard"]]:
            yield widget["title"], shown["timeSeriesQuery"]["prometheusQuery"]


def selectors(query: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Each series a query asks for, with its matchers."""
    for name, matchers in _SELECTOR.findall(query):
        yield name, _MATCHER.findall(matchers)


def matches(labels: Labels, matchers: list[tuple[str, str, str]]) -> bool:
    """Whether a series is one that a selector means."""
    for name, how, wanted in matchers:
        has = labels.get(name, "")
        if how == "=~":
            fits = re.fullmatch(wanted, has) is not None
        else:
            fits = (has == wanted) is (how == "=")
        if not fits:
            return False
    return True
