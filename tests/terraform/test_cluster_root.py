"""terraform/cluster against the stand-in: planned, applied, and safe to run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.installations import CLUSTER, DATABASE_PASSWORD
from tests.terraform.workshop import Workshop, changes, open_workshop

pytestmark = pytest.mark.ops

TAKE_DOWN = """
resource "google_compute_global_address" "public" {
  lifecycle {
    prevent_destroy = false
  }
}
resource "google_sql_database_instance" "this" {
  lifecycle {
    prevent_destroy = false
  }
}
"""


def resources(cluster: Workshop, kind: str) -> list[dict[str, Any]]:
    """The applied values of every resource of a type."""
    shown = json.loads(cluster.must("show", "-json"))
    held = shown["values"]["root_module"]["resources"]
    return [one["values"] for one in held if one["type"] == kind and one["mode"] == "managed"]


def test_a_second_plan_changes_nothing(cluster: Workshop) -> None:
    assert cluster.run("plan", "-detailed-exitcode", "-input=false").code == 0


def test_the_next_run_may_bring_any_password(cluster: Workshop) -> None:
    """Only a raised version sets a password; ops pass a random one each time."""
    other = "another-random-password-0123"
    assert cluster.run("plan", "-detailed-exitcode", database_password=other).code == 0
    plan = cluster.planned(database_password=other, database_password_version=2)
    rotated = {
        one["address"] for one in plan["resource_changes"] if one["change"]["actions"] != ["no-op"]
    }
    assert rotated == {
        "google_sql_user.this",
        "google_secret_manager_secret_version.database_url",
    }
    assert other not in json.dumps(plan)


def test_a_rotation_keeps_the_earlier_version_of_the_secret(cluster: Workshop) -> None:
    plan = cluster.planned(database_password_version=2)
    (version,) = changes(plan, "google_secret_manager_secret_version")
    assert version["change"]["actions"] == ["create", "delete"]
    assert version["change"]["before"]["deletion_policy"] == "ABANDON"


@pytest.mark.parametrize(
    ("tier", "edition"),
    [("db-custom-4-15360", "ENTERPRISE"), ("db-perf-optimized-N-8", "ENTERPRISE_PLUS")],
)
def test_the_edition_is_that_of_the_tier(cluster: Workshop, tier: str, edition: str) -> None:
    (database,) = changes(cluster.planned(database={"tier": tier}), "google_sql_database_instance")
    assert database["change"]["actions"] == ["update"]
    assert database["change"]["after"]["settings"][0]["edition"] == edition


def test_no_secret_is_in_the_state_nor_in_a_plan(cluster: Workshop) -> None:
    texts = [path.read_text() for path in cluster.folder.glob("*.tfstate*")]
    assert texts
    texts.append(json.dumps(cluster.planned()))
    assert not [text for text in texts if DATABASE_PASSWORD in text]


def test_a_password_is_handed_out_after_the_database_has_it(cluster: Workshop) -> None:
    configured = cluster.planned()["configuration"]["root_module"]["resources"]
    (version,) = (
        one for one in configured if one["type"] == "google_secret_manager_secret_version"
    )
    assert "google_sql_user.this" in version["depends_on"]


def test_secrets_are_made_empty_but_for_the_database(cluster: Workshop) -> None:
    versions = resources(cluster, "google_secret_manager_secret_version")
    assert [one["secret"].rpartition("/")[2] for one in versions] == ["hotline-database-url"]
    outputs = cluster.outputs()
    filled = set(outputs["secrets"]["value"]) - set(outputs["secrets_to_fill"]["value"])
    assert filled == {"DATABASE_URL"}


def test_the_pods_may_speak_with_the_model_and_read_their_own_secrets(cluster: Workshop) -> None:
    principal = cluster.outputs()["workload_identity"]["value"]["principal"]
    assert principal.endswith("/subject/ns/hotline/sa/hotline")
    project = resources(cluster, "google_project_iam_member")
    assert [one["role"] for one in project if one["member"] == principal] == [
        "roles/aiplatform.user"
    ]
    secrets = resources(cluster, "google_secret_manager_secret_iam_member")
    assert {one["role"] for one in secrets} == {"roles/secretmanager.secretAccessor"}
    assert {one["secret_id"] for one in secrets} == set(
        cluster.outputs()["secrets"]["value"].values()
    )


@pytest.mark.parametrize(
    ("account", "roles"),
    [
        ("ns/custom-metrics/sa/custom-metrics-stackdriver-adapter", {"monitoring.viewer"}),
        (
            "ns/opentelemetry/sa/opentelemetry-collector",
            {"cloudtrace.agent", "monitoring.metricWriter", "logging.logWriter"},
        ),
    ],
)
def test_the_cluster_s_additions_have_their_roles(
    cluster: Workshop, account: str, roles: set[str]
) -> None:
    project = resources(cluster, "google_project_iam_member")
    held = {one["role"] for one in project if one["member"].endswith(f"/subject/{account}")}
    assert held == {f"roles/{role}" for role in roles}


def test_no_one_holds_a_role_that_owns_the_project(cluster: Workshop) -> None:
    roles = {one["role"] for one in resources(cluster, "google_project_iam_member")}
    assert not roles & {"roles/owner", "roles/editor", "roles/viewer"}
    assert not [role for role in roles if role.endswith((".admin", "Admin"))]


def test_the_database_is_private_doubled_and_backed_up(cluster: Workshop) -> None:
    (database,) = resources(cluster, "google_sql_database_instance")
    (settings,) = database["settings"]
    (network,) = settings["ip_configuration"]
    (backup,) = settings["backup_configuration"]
    assert database["deletion_protection"]
    assert settings["deletion_protection_enabled"]
    assert settings["availability_type"] == "REGIONAL"
    assert network["ipv4_enabled"] is False
    assert network["private_network"]
    assert network["ssl_mode"] == "ENCRYPTED_ONLY"
    assert backup["enabled"]
    assert backup["point_in_time_recovery_enabled"]


def test_the_control_plane_and_the_nodes_have_no_public_address(cluster: Workshop) -> None:
    (gke,) = resources(cluster, "google_container_cluster")
    assert gke["enable_autopilot"]
    assert gke["private_cluster_config"][0]["enable_private_nodes"]
    assert gke["control_plane_endpoints_config"][0]["ip_endpoints_config"][0]["enabled"] is False
    (subnet,) = resources(cluster, "google_compute_subnetwork")
    assert subnet["private_ip_google_access"]


def test_dns_is_made_where_the_zone_is_ours_and_told_where_it_is_not(cluster: Workshop) -> None:
    records = {one["name"]: one for one in resources(cluster, "google_dns_record_set")}
    address = cluster.outputs()["address"]["value"]["ip"]
    assert records["voice.example.com."]["rrdatas"] == [address]
    assert records["_acme-challenge.voice.example.com."]["type"] == "CNAME"
    plan = cluster.planned(dns_zone=None)
    actions = {tuple(one["change"]["actions"]) for one in changes(plan, "google_dns_record_set")}
    assert actions == {("delete",)}
    assert set(plan["planned_values"]["outputs"]["dns_records"]["value"]) == {
        "address",
        "certificate",
    }


def test_destroy_is_refused_before_anything_is_destroyed(cluster: Workshop) -> None:
    before = cluster.must("state", "list")
    ran = cluster.run("destroy", "-auto-approve", "-input=false")
    assert ran.code != 0
    assert "Instance cannot be destroyed" in ran.flat
    assert cluster.must("state", "list") == before


def test_an_installation_is_taken_down_in_two_deliberate_steps(
    house: Path, environment: dict[str, str]
) -> None:
    workshop = open_workshop(house / "down", environment, "cluster", CLUSTER)
    workshop.must("apply", "-auto-approve", "-input=false")
    (workshop.folder / "down_override.tf").write_text(TAKE_DOWN)
    protected = workshop.run("destroy", "-auto-approve", "-target=google_container_cluster.this")
    assert "deletion is blocked" in protected.text
    workshop.must("apply", "-auto-approve", deletion_protection=False)
    workshop.must("destroy", "-auto-approve", deletion_protection=False)
    assert not workshop.must("state", "list").strip()


def test_the_roots_own_tests_pass(cluster: Workshop) -> None:
    assert "0 failed" in cluster.own_tests()
