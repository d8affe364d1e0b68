"""What a person gets to see: alerts that lead to a page of ours, tiles that lie on the grid."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.monitoring.written import FOLDER, dashboard, rules, selectors, tile_queries

pytestmark = pytest.mark.pure

ROOT = FOLDER.parents[1]
DOC = ROOT / "docs" / "monitoring.md"


@pytest.mark.parametrize("rule", rules("alert"), ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert re.fullmatch(r"\d+m", rule["for"]), "main.tf reads minutes"
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["runbook"].startswith("docs/")
    assert f"| `{rule['alert']}` |" in DOC.read_text()
    assert "voicebot:" not in rule["expr"], "an alert stands on no recording"


def test_every_metric_is_explained() -> None:
    from tests.hotline.watched import talk, watch

    explained = set(re.findall(r"^\| `(voicebot_\w+)`", DOC.read_text(), re.MULTILINE))
    names = set(re.findall(r"^# TYPE (voicebot_\w+)", watch(talk, seconds=12).scrape, re.MULTILINE))
    assert explained == names


def test_tiles_lie_on_the_grid_side_by_side() -> None:
    layout = dashboard()["mosaicLayout"]
    taken: set[tuple[int, int]] = set()
    for tile in layout["tiles"]:
        cells = {
            (x, y)
            for x in range(tile["xPos"], tile["xPos"] + tile["width"])
            for y in range(tile["yPos"], tile["yPos"] + tile["height"])
        }
        assert not cells & taken, tile["widget"]["title"]
        assert max(x for x, _ in cells) < layout["columns"]
        taken |= cells
    height = max(y for _, y in taken) + 1
    assert len(taken) == height * layout["columns"], "no holes"


def test_what_must_be_seen_is_on_the_dashboard() -> None:
    """WebSockets, the stream's latency and tool errors, by the founding text; and the rest."""
    shown = {name for _, query in tile_queries() for name, _ in selectors(query)}
    assert {
        "voicebot_websocket_connections_active",
        "voicebot_first_audio_latency_seconds_bucket",
        "voicebot_audio_frame_gap_seconds_bucket",
        "voicebot_tool_calls_total",
        "voicebot_active_calls",
        "voicebot_draining",
    } <= shown
