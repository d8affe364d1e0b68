"""terraform/monitoring on stand-in providers: from nothing to policies, and then to no change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.monitoring.written import dashboard, rules
from tests.terraform.workshop import (
    SOURCE,
    Workshop,
    attached,
    build_mirror,
    changes,
    need_tools,
    open_workshop,
)

pytestmark = pytest.mark.ops

GIVEN: dict[str, Any] = {
    "project": "cymbol-travels",
    "domain": "hotline.example.com",
    "page_emails": ["oncall@example.com"],
    "ticket_channels": ["projects/cymbol-travels/notificationChannels/123"],
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    need_tools()
    return build_mirror(tmp_path_factory.mktemp("monitoring"))


@pytest.fixture(scope="module")
def standing(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with the stand-ins running."""
    with attached(Path(environment["TMPDIR"]), environment) as running:
        yield running


@pytest.fixture
def workshop(tmp_path: Path, environment: dict[str, str]) -> Workshop:
    return open_workshop(tmp_path / "tf", environment, "monitoring", GIVEN)


@pytest.fixture(scope="module")
def applied(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str], standing: dict[str, str]
) -> Workshop:
    """Everything made once."""
    folder = tmp_path_factory.mktemp("applied") / "tf"
    opened = open_workshop(folder, environment, "monitoring", GIVEN)
    running = Workshop(opened.folder, standing, GIVEN)
    running.must("apply", "-auto-approve", "-input=false")
    return running


def policies(workshop: Workshop) -> dict[str, dict[str, Any]]:
    state = json.loads(workshop.must("show", "-json"))
    return {
        resource["values"]["display_name"]: resource["values"]
        for resource in state["values"]["root_module"]["resources"]
        if resource["type"] == "google_monitoring_alert_policy"
    }


def test_a_second_apply_changes_nothing(applied: Workshop) -> None:
    ran = applied.run("plan", "-detailed-exitcode", "-input=false")
    assert ran.code == 0, ran.text


def test_every_alert_is_a_policy_with_its_query_and_its_wait(applied: Workshop) -> None:
    made = policies(applied)
    assert set(made) == {rule["alert"] for rule in rules("alert")} | {"VoicebotUnreachable"}
    for rule in rules("alert"):
        policy = made[rule["alert"]]
        (condition,) = policy["conditions"]
        (query,) = condition["condition_prometheus_query_language"]
        assert query["query"] == rule["expr"]
        assert query["duration"] == f"{60 * int(rule['for'].removesuffix('m'))}s"
        assert query["alert_rule"] == rule["alert"]
        assert query["disable_metric_validation"] is True
        paged = rule["labels"]["severity"] == "page"
        assert policy["severity"] == ("CRITICAL" if paged else "WARNING")
        assert rule["annotations"]["runbook"] in policy["documentation"][0]["content"]
        channels = policy["notification_channels"]
        assert len(channels) == 1
        assert (channels == GIVEN["ticket_channels"]) is not paged


def test_the_dashboard_is_ours_and_healthz_is_watched(applied: Workshop) -> None:
    state = json.loads(applied.must("show", "-json"))
    by_type = {one["type"]: one["values"] for one in state["values"]["root_module"]["resources"]}
    made = json.loads(by_type["google_monitoring_dashboard"]["dashboard_json"])
    assert made == dashboard()
    check = by_type["google_monitoring_uptime_check_config"]
    assert check["http_check"][0]["path"] == "/healthz"
    assert check["monitored_resource"][0]["labels"]["host"] == "hotline.example.com"
    outputs = applied.outputs()
    assert outputs["uptime_check_id"]["value"]
    assert len(outputs["alert_policies"]["value"]) == len(rules("alert")) + 1
    assert len(outputs["notification_channels"]["value"]["page"]) == 1


def test_queries_are_checked_once_metrics_have_arrived(applied: Workshop) -> None:
    plan = applied.planned(metrics_arrived=True)
    changed = [
        one
        for one in changes(plan, "google_monitoring_alert_policy")
        if one["change"]["actions"] != ["no-op"]
    ]
    assert len(changed) == len(rules("alert"))
    assert {tuple(one["change"]["actions"]) for one in changed} == {("update",)}


def test_terraform_s_own_tests(workshop: Workshop) -> None:
    ran = workshop.run("test")
    assert ran.code == 0, ran.text
    assert "0 failed" in ran.text


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("main.tf", "evaluation_interval ", "evaluation_intervall "),
        ("main.tf", "validate_ssl = true", "validate_tls = true"),
        ("main.tf", "dashboard_json =", "dashboard ="),
        ("main.tf", 'combiner              = "OR"', ""),
    ],
)
def test_a_misspelt_argument_is_found(
    workshop: Workshop, file: str, right: str, wrong: str
) -> None:
    workshop.edit(file, right, wrong)
    assert workshop.run("validate").code != 0


def test_it_is_formatted(environment: dict[str, str]) -> None:
    where = Workshop(SOURCE / "monitoring", environment)
    ran = where.run("fmt", "-check", "-recursive", "-diff")
    assert ran.code == 0, ran.text
