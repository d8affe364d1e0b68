"""The policies hold for every file, and each of them notices when it is broken."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.terraform import policies
from tests.terraform.policies import NUMBER, POLICIES, Parsed
from tests.terraform.workshop import PYTHON, ROOT, SOURCE, STANDIN, need_tools

pytestmark = pytest.mark.ops

Policy = Callable[[Parsed], Iterator[str]]


def parse(paths: Sequence[Path]) -> Parsed:
    done = subprocess.run(
        [PYTHON, "-B", STANDIN / "parse.py", *paths], capture_output=True, check=True, timeout=60
    )
    parsed: Parsed = json.loads(done.stdout)
    return {os.path.relpath(path, ROOT): content for path, content in parsed.items()}


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    need_tools()
    found = sorted(path for path in SOURCE.rglob("*.tf") if ".terraform" not in path.parts)
    assert len(found) > 15
    return parse(found)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.__name__)
def test_every_file_holds_to(policy: Policy, parsed: Parsed) -> None:
    assert not list(policy(parsed))


def test_every_file_is_formatted() -> None:
    need_tools("terraform")
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", "-recursive", SOURCE],
        env={"PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"terraform fmt -recursive terraform\n{done.stdout}"


def test_the_stand_ins_know_what_is_used_and_no_more(parsed: Parsed) -> None:
    known = {
        kind: provider
        for provider in ("google", "twilio")
        for kind in json.loads((STANDIN / f"{provider}.json").read_text())["resources"]
    }
    used = {kind for _, kind, _ in policies.resources(parsed)}
    assert used <= set(known)
    assert {kind for kind in set(known) - used if "monitoring" not in kind} == set()


def test_nothing_of_an_installation_is_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "terraform"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in listed if name.endswith((".tfvars", ".tfstate", ".tfplan"))]


NUMBER_BODY = """
  for_each     = var.numbers
  phone_number = each.value
  lifecycle {
    prevent_destroy = true
  }
"""
SQL_BODY = """
  deletion_protection = true
  lifecycle {
    prevent_destroy = true
  }
  settings {
    ip_configuration {
      ipv4_enabled = false
      ssl_mode     = "ENCRYPTED_ONLY"
    }
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
  }
"""
BROKEN: list[tuple[Policy, str]] = [
    (
        policies.what_cannot_be_had_again_is_not_destroyed,
        f'resource "{NUMBER}" "n" {{\n  phone_number = "+14155550100"\n}}',
    ),
    (
        policies.what_cannot_be_had_again_is_not_destroyed,
        f'resource "{NUMBER}" "n" {{\n  lifecycle {{\n    prevent_destroy = false\n  }}\n}}',
    ),
    (
        policies.google_guards_what_it_can,
        'resource "google_container_cluster" "c" {\n  deletion_protection = false\n}',
    ),
    (
        policies.google_guards_what_it_can,
        'variable "deletion_protection" {\n  default = false\n}',
    ),
    (
        policies.numbers_are_named,
        f'resource "{NUMBER}" "n" {{\n  for_each = {{}}\n  area_code = "415"\n}}',
    ),
    (
        policies.numbers_are_named,
        f'resource "{NUMBER}" "n" {{\n  count = 2\n  phone_number = "x"\n}}',
    ),
    (
        policies.webhooks_are_posted,
        f'resource "{NUMBER}" "n" {{\n  voice_url = "https://x"\n  voice_method = "GET"\n}}',
    ),
    (
        policies.webhooks_are_posted,
        f'resource "{NUMBER}" "n" {{\n  status_callback = "https://x"\n}}',
    ),
    (
        policies.providers_are_pinned,
        'terraform {\n  required_version = "< 2.0"\n  required_providers {\n    twilio = {\n'
        '      version = "~> 0.18"\n    }\n  }\n}',
    ),
    (
        policies.providers_are_pinned,
        'terraform {\n  required_version = "< 2.0"\n  required_providers {\n    google = {\n'
        '      source = "hashicorp/google"\n    }\n  }\n}',
    ),
    (policies.providers_are_pinned, 'terraform {\n  required_version = ">= 1.0"\n}'),
    (policies.modules_leave_providers_to_roots, 'provider "twilio" {}'),
    (policies.states_are_apart, 'terraform {\n  backend "gcs" {}\n}'),
    (policies.secrets_are_not_written_down, 'locals {\n  key = "SK' + "0" * 32 + '"\n}'),
    (
        policies.secrets_are_not_written_down,
        'resource "x" "y" {\n  nested {\n    password = "Battery5Staples"\n  }\n}',
    ),
    (
        policies.secrets_are_not_written_down,
        'variable "auth_token" {\n  default = "Battery5Staples"\n}',
    ),
    (policies.secrets_are_marked, 'variable "sip_passwords" {\n  type = map(string)\n}'),
    (
        policies.secrets_stay_out_of_the_state,
        'resource "google_sql_user" "u" {\n  password = var.password\n}',
    ),
    (
        policies.databases_are_private,
        'resource "google_sql_database_instance" "d" {'
        + SQL_BODY.replace("ipv4_enabled = false", "ipv4_enabled = true")
        + "}",
    ),
    (
        policies.databases_are_private,
        'resource "google_sql_database_instance" "d" {'
        + SQL_BODY.replace("enabled                        = true", "enabled = false")
        + "}",
    ),
    (policies.grants_are_small, 'resource "google_project_iam_binding" "b" {\n  role = "r"\n}'),
    (
        policies.grants_are_small,
        'resource "google_project_iam_member" "b" {\n  role = "roles/editor"\n}',
    ),
    (
        policies.grants_are_small,
        'resource "google_project_iam_member" "b" {\n  role = "roles/aiplatform.admin"\n}',
    ),
    (policies.everything_is_described, 'output "sid" {\n  value = 1\n}'),
    (policies.everything_is_described, 'variable "sid" {\n  description = "a SID"\n}'),
]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    need_tools()
    folder = tmp_path_factory.mktemp("modules")
    paths = [folder / f"{number:02}.tf" for number in range(len(BROKEN))]
    for path, (_, text) in zip(paths, BROKEN, strict=True):
        path.write_text(text + "\n")
    return list(parse(paths).values())


@pytest.mark.parametrize(
    "number",
    range(len(BROKEN)),
    ids=[f"{policy.__name__}-{n}" for n, (policy, _) in enumerate(BROKEN)],
)
def test_a_policy_notices(number: int, broken: list[dict[str, Any]]) -> None:
    policy, _ = BROKEN[number]
    assert list(policy({"modules/broken.tf": broken[number]}))


def test_a_policy_lets_what_is_right_pass(tmp_path: Path) -> None:
    need_tools()
    path = tmp_path / "right.tf"
    path.write_text(
        f'resource "{NUMBER}" "n" {{{NUMBER_BODY}}}\n'
        f'resource "google_sql_database_instance" "d" {{{SQL_BODY}}}\n'
    )
    content = parse([path])
    assert not [sentence for policy in POLICIES for sentence in policy(content)]
