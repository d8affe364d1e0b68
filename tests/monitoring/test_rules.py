"""Alerts fire when they must and only then, and ask for nothing that is not there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.hotline.watched import Watched, talk, watch
from tests.monitoring.written import FOLDER, Labels, matches, rules, selectors, tile_queries

pytestmark = pytest.mark.ops

ROOT = FOLDER.parents[1]
TESTS = ("rules_test.yml", "rules_day_test.yml")


def promtool(*arguments: str, cwd: Path = FOLDER, given: str = "") -> tuple[int, str]:
    """Exit code and all output."""
    if not shutil.which("promtool"):
        pytest.skip("promtool is not on this machine: apt-get install prometheus")
    done = subprocess.run(
        ["promtool", *arguments],
        cwd=cwd,
        input=given,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def called() -> Watched:
    """What a hotline shows after a call."""
    return watch(talk, seconds=15)


@pytest.fixture(scope="module")
def series(called: Watched) -> list[tuple[str, Labels]]:
    return [
        (sample.name, sample.labels)
        for family in text_string_to_metric_families(called.scrape)
        for sample in family.samples
    ]


def test_the_rules_are_sound() -> None:
    code, said = promtool("check", "rules", "rules.yml")
    assert code == 0, said


def test_alerts_fire_when_they_must_and_only_then() -> None:
    code, said = promtool("test", "rules", *TESTS)
    assert code == 0, said


def test_an_alert_that_never_fires_fails_its_test(tmp_path: Path) -> None:
    """Every alert's test can fail: with all alerts dumb, each is missed."""
    written = yaml.safe_load((FOLDER / "rules.yml").read_text())
    for group in written["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                rule["expr"] = "vector(0) > 1"
    (tmp_path / "rules.yml").write_text(yaml.safe_dump(written))
    for name in TESTS:
        shutil.copy(FOLDER / name, tmp_path)
    code, said = promtool("test", "rules", *TESTS, cwd=tmp_path)
    assert code != 0
    assert {rule["alert"] for rule in rules("alert")} == set(re.findall(r"Voicebot\w+", said))


def test_every_alert_has_a_near_miss_or_a_quiet_moment() -> None:
    tests = [one for name in TESTS for one in yaml.safe_load((FOLDER / name).read_text())["tests"]]
    quiet = {
        check["alertname"]
        for test in tests
        for check in test.get("alert_rule_test", ())
        if not check["exp_alerts"]
    }
    assert quiet == {rule["alert"] for rule in rules("alert")}


def test_metrics_are_named_as_prometheus_wants_them(called: Watched) -> None:
    code, said = promtool("check", "metrics", given=called.scrape)
    assert (code, said) == (0, "")


@pytest.mark.parametrize(
    ("asks", "query"),
    [
        (rule.get("alert") or rule["record"], rule["expr"])
        for rule in [*rules("alert"), *rules("record")]
    ]
    + list(tile_queries()),
)
def test_what_is_asked_for_is_there(
    asks: str, query: str, series: list[tuple[str, Labels]]
) -> None:
    """Name and labels of every series in a rule or a tile, against the scrape."""
    wanted = list(selectors(query))
    assert wanted, f"{asks} asks for nothing of ours"
    for name, matchers in wanted:
        found = [labels for one, labels in series if one == name and matches(labels, matchers)]
        assert found, f"{asks}: no series {name} with {matchers}"


def test_every_alternative_of_a_matcher_is_there(series: list[tuple[str, Labels]]) -> None:
    """A misspelt word in ``=~"error|timeout"`` would go unnoticed beside a right one."""
    for rule in rules("alert"):
        for name, matchers in selectors(rule["expr"]):
            for label, how, values in matchers:
                known = {labels.get(label) for one, labels in series if one == name}
                wanted = values.split("|") if how == "=~" else [values]
                assert set(wanted) <= known, (rule["alert"], name, label)


def test_the_tiles_are_promql(tmp_path: Path) -> None:
    recorded = [
        {"record": f"tile:{number}", "expr": query}
        for number, (_, query) in enumerate(tile_queries())
    ]
    group = {"groups": [{"name": "tiles", "rules": recorded}]}
    (tmp_path / "tiles.yml").write_text(yaml.safe_dump(group))
    code, said = promtool("check", "rules", "tiles.yml", cwd=tmp_path)
    assert code == 0, said
