"""Wrong input: variables are refused with a sentence that helps, and code that no provider knows
does not pass."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.installations import CLUSTER, NUMBERS, TELEPHONY
from tests.terraform.workshop import SOURCE, Workshop, open_workshop

pytestmark = pytest.mark.ops

SIP = TELEPHONY["sip"]
REFUSED_BY_TELEPHONY: list[tuple[dict[str, Any], str]] = [
    ({"public_base_url": "https://voice.example.com/"}, "no trailing slash"),
    ({"public_base_url": "https://voice.example.com/twilio"}, "no path"),
    ({"public_base_url": "http://voice.example.com"}, "is https://host"),
    ({"public_base_url": "https://Voice.example.com"}, "in lower case"),
    ({"public_base_url": None}, "No value for required variable"),
    ({"voice_fallback_url": None}, "No value for required variable"),
    ({"voice_fallback_url": "https://voice.example.com/busy"}, "own host and fails together"),
    ({"voice_fallback_url": "https://VOICE.example.com:8443/busy"}, "own host and fails together"),
    ({"voice_fallback_url": "https://handler.twilio.com"}, "URL with a path"),
    ({"name": "My Hotline"}, "name is 1 to 40"),
    ({"phone_numbers": {"main": {"phone_number": "415-555-0100"}}}, "written in E.164"),
    ({"phone_numbers": {"main": {"phone_number": "+0155550100"}}}, "written in E.164"),
    ({"phone_numbers": {"Main": NUMBERS["main"]}}, "labels of phone_numbers"),
    ({"phone_numbers": {"a": NUMBERS["main"], "b": NUMBERS["main"]}}, "under two labels"),
    ({"phone_numbers": {"main": {}}}, 'attribute "phone_number" is required'),
    (
        {"phone_numbers": {"main": {**NUMBERS["main"], "bundle_sid": "BU123"}}},
        "a bundle_sid BU and 32",
    ),
    ({"sip": {**SIP, "domain": "example.sip.twilio.com"}}, "before .sip.twilio.com alone"),
    (
        {"sip": {"domain": "example"}, "sip_passwords": {}},
        "turn every call away",
    ),
    ({"sip": {**SIP, "addresses": {"all": "0.0.0.0/0"}}}, "from /16 to /32"),
    ({"sip": {**SIP, "addresses": {"one": "203.0.113.10"}}}, "from /16 to /32"),
    ({"sip": {**SIP, "addresses": {"one": "203.0.113.300/32"}}}, "from /16 to /32"),
    (
        {"sip": {"domain": "x", "addresses": {"a": "203.0.113.1/32"}, "registration": True}},
        "registration needs users",
    ),
    ({"sip": {**SIP, "users": ["pbx", "two words"]}}, "A SIP user is"),
    ({"sip_passwords": {"pbx": "Correct4Horses"}}, "exactly one password"),
    ({"sip": None}, "exactly one password"),
    ({"sip_passwords": {"pbx": "short", "desk": "Battery5Staples"}}, "12 characters and more"),
]
REFUSED_BY_CLUSTER: list[tuple[dict[str, Any], str]] = [
    ({"project": "Hotline Production"}, "project is a project id"),
    ({"project": None}, "No value for required variable"),
    ({"region": "us-central1-a"}, "not a zone"),
    ({"name": "x"}, "name is 3 to 20"),
    ({"domain": "https://voice.example.com"}, "a host name alone"),
    ({"domain": "voice.example.com."}, "without a dot at its end"),
    ({"dns_zone": "example.com"}, "a managed zone's name"),
    ({"gemini_location": "Europe"}, "gemini_location is global"),
    ({"kubernetes": {"namespace": "Hot_Line"}}, "Kubernetes names"),
    ({"deployer": "build@hotline-test.iam.gserviceaccount.com"}, "an IAM member with its kind"),
    ({"ranges": {"nodes": "8.8.8.0/24"}}, "a private IPv4 range"),
    ({"ranges": {"pods": "10.20.0.0/20"}}, "ranges.pods is /18"),
    ({"nat_addresses": 0}, "nat_addresses is a whole number"),
    ({"database": {"tier": "db-f1-micro"}}, "a dedicated machine"),
    ({"database": {"version": "POSTGRES_9_6"}}, "POSTGRES_15 to POSTGRES_18"),
    ({"database": {"version": "MYSQL_8_0"}}, "POSTGRES_15 to POSTGRES_18"),
    ({"database": {"backups": 1}}, "database.backups is 7"),
    ({"database": {"disk_gb": 1}}, "database.disk_gb is 10"),
    ({"database_password": "short"}, "openssl rand -hex 24"),
    ({"database_password": "with/slash@and:colon-in-it-0000"}, "openssl rand -hex 24"),
    ({"database_password": None}, "No value for required variable"),
    ({"database_password_version": 0}, "database_password_version is a whole number"),
    ({"secrets": {"TWILIO_AUTH_TOKEN": "0123456789ABCDEF"}}, "Values do not belong here"),
    ({"secrets": {"DATABASE_URL": "database-url"}}, "leave it out of secrets"),
]
UNKNOWN_TO_THE_PROVIDER = [
    ("voice_fallback_url     =", "voice_fall_back_url    =", "Unsupported argument"),
    (
        'resource "twilio_api_accounts_applications"',
        'resource "twilio_api_accounts_application"',
        "Invalid resource type",
    ),
    ("domain_name                  = each.value.domain_name\n", "\n", "Missing required argument"),
    ("sip_registration             = each.value.registration", "sip_registration = {}", "bool"),
]


def questions(house: Path, mirrored: dict[str, str], root: str, given: dict[str, Any]) -> Workshop:
    """A root's variables alone: what they refuse is refused before anything else is looked at, and
    no provider has to start for it."""
    folder = house / f"{root}-variables"
    if not folder.exists():
        folder.mkdir()
        shutil.copy(SOURCE / root / "variables.tf", folder)
    return Workshop(folder, mirrored, given)


def refused(workshop: Workshop, wrong: dict[str, Any], because: str) -> None:
    ran = workshop.run("plan", "-input=false", **wrong)
    assert ran.code == 1, ran.text
    assert because in ran.flat


@pytest.mark.parametrize(("wrong", "because"), REFUSED_BY_TELEPHONY)
def test_telephony_refuses(
    house: Path, mirrored: dict[str, str], wrong: dict[str, Any], because: str
) -> None:
    refused(questions(house, mirrored, "telephony", TELEPHONY), wrong, because)


@pytest.mark.parametrize(("wrong", "because"), REFUSED_BY_CLUSTER)
def test_the_cluster_refuses(
    house: Path, mirrored: dict[str, str], wrong: dict[str, Any], because: str
) -> None:
    refused(questions(house, mirrored, "cluster", CLUSTER), wrong, because)


@pytest.mark.parametrize(("root", "given"), [("telephony", TELEPHONY), ("cluster", CLUSTER)])
def test_what_is_right_is_not_refused(
    house: Path, mirrored: dict[str, str], root: str, given: dict[str, Any]
) -> None:
    questions(house, mirrored, root, given).must("plan", "-input=false")


@pytest.mark.parametrize(("right", "wrong", "because"), UNKNOWN_TO_THE_PROVIDER)
def test_what_the_provider_does_not_know_is_not_valid(
    tmp_path: Path, environment: dict[str, str], right: str, wrong: str, because: str
) -> None:
    workshop = open_workshop(tmp_path, environment, "telephony", TELEPHONY)
    workshop.edit("../modules/twilio_telephony/main.tf", right, wrong)
    ran = workshop.run("validate")
    assert ran.code == 1
    assert because in ran.flat


@pytest.mark.parametrize(
    ("name", "right", "wrong", "because"),
    [
        ("database.tf", "ipv4_enabled ", "ipv4_enable ", "Unsupported argument"),
        ("database.tf", "backup_configuration {", "backups {", "Unsupported block type"),
        ("edge.tf", "  domain = var.domain\n", "", "Missing required argument"),
        ("secrets.tf", "replication {\n    auto {}\n  }", "", "Insufficient replication blocks"),
        ("cluster.tf", 'channel = "REGULAR"', "", "Missing required argument"),
        ("outputs.tf", "this.private_ip_address", "this.private_address", "Unsupported attribute"),
        (
            "secrets.tf",
            "deletion_protection = var.deletion_protection",
            "labels = { password = var.database_password }",
            "Invalid use of ephemeral value",
        ),
    ],
)
def test_what_google_does_not_know_is_not_valid(
    tmp_path: Path, environment: dict[str, str], name: str, right: str, wrong: str, because: str
) -> None:
    workshop = open_workshop(tmp_path, environment, "cluster", CLUSTER)
    workshop.edit(name, right, wrong)
    ran = workshop.run("validate")
    assert ran.code == 1, ran.text
    assert because in ran.flat


def test_another_version_of_a_provider_is_not_installed(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    workshop = open_workshop(tmp_path, environment, "telephony", TELEPHONY)
    workshop.edit("versions.tf", "= 0.18.46", "= 0.18.45")
    workshop.edit("../modules/twilio_telephony/versions.tf", "= 0.18.46", "= 0.18.45")
    alone = {k: v for k, v in environment.items() if k != "TF_REATTACH_PROVIDERS"}
    ran = Workshop(workshop.folder, alone).run("init", "-input=false", "-upgrade")
    assert ran.code == 1
    assert "0.18.45" in ran.flat
