"""terraform/telephony against the stand-in: planned, applied, imported, and never released."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from hotline.numbers.applied import read
from hotline.numbers.drift import State, compare
from telephony.routes import routes
from tests.terraform.installations import FALLBACK, NUMBERS, TELEPHONY
from tests.terraform.workshop import Workshop, changes, open_workshop

pytestmark = pytest.mark.ops

NUMBER = "twilio_api_accounts_incoming_phone_numbers"
OWNED = "PN00000000000000000000000000000001"


@pytest.fixture
def world(house: Path) -> Iterator[Path]:
    """What exists at Twilio besides what Terraform made."""
    path = house / "world.json"
    yield path
    path.unlink(missing_ok=True)


def test_terraform_starts_the_providers_and_accepts_the_root(
    house: Path, mirrored: dict[str, str]
) -> None:
    workshop = open_workshop(house / "started", mirrored, "telephony", TELEPHONY)
    assert "valid" in workshop.must("validate")
    locked = (workshop.folder / ".terraform.lock.hcl").read_text()
    assert 'version     = "0.18.46"' in locked


def test_every_webhook_is_a_route_of_the_hotline(telephony: Workshop) -> None:
    door = object()  # the routes keep it, and ask nothing of it before a request comes
    served = {
        route.path: route.methods or set()
        for route in routes(door)  # type: ignore[arg-type]
        if isinstance(route, Route)
    }
    webhooks = telephony.outputs()["webhooks"]["value"]
    for name in ("voice", "status"):
        path = webhooks[name].removeprefix("https://voice.example.com")
        assert "POST" in served[path]


def test_a_number_has_its_voice_its_fallback_elsewhere_and_its_status(telephony: Workshop) -> None:
    number = telephony.outputs()["numbers"]["value"]["berlin"]
    assert number.pop("sid").startswith("PN")
    assert number == {
        "phone_number": "+4930555010",
        "friendly_name": "Berlin office",
        "voice_url": "https://voice.example.com/twilio/voice",
        "voice_method": "POST",
        "voice_fallback_url": FALLBACK,
        "voice_fallback_method": "POST",
        "status_callback": "https://voice.example.com/twilio/status",
        "status_callback_method": "POST",
    }


def test_sip_calls_come_to_the_same_webhook_encrypted(telephony: Workshop) -> None:
    domain = telephony.outputs()["sip_domains"]["value"]["example-hotline.sip.twilio.com"]
    number = telephony.outputs()["numbers"]["value"]["main"]
    assert domain["voice_url"] == number["voice_url"]
    assert domain["voice_fallback_url"] == FALLBACK
    assert domain["secure"]
    assert domain["sip_registration"]


def test_a_second_plan_changes_nothing(telephony: Workshop) -> None:
    assert telephony.run("plan", "-detailed-exitcode", "-input=false").code == 0


@pytest.mark.parametrize(
    "left",
    [
        {},
        {"main": NUMBERS["main"]},
        {"main": {"phone_number": "+14155550199"}, "berlin": NUMBERS["berlin"]},
        {"head": NUMBERS["main"], "berlin": NUMBERS["berlin"]},
    ],
    ids=["all gone", "one gone", "another number under its label", "another label"],
)
def test_no_change_of_the_map_releases_a_number(telephony: Workshop, left: object) -> None:
    ran = telephony.run("plan", "-input=false", phone_numbers=left)
    assert ran.code != 0
    assert "lifecycle.prevent_destroy set" in ran.flat


@pytest.fixture
def second(house: Path, environment: dict[str, str], telephony: Workshop) -> Workshop:
    """Another checkout on a copy of the same state, to change."""
    folder = Path(tempfile.mkdtemp(dir=house))
    workshop = open_workshop(folder, environment, "telephony", TELEPHONY)
    shutil.copy(telephony.folder / "terraform.tfstate", workshop.folder)
    return workshop


def test_a_label_changes_by_a_moved_block(second: Workshop) -> None:
    (second.folder / "moved.tf").write_text(
        f'moved {{\n  from = module.telephony.{NUMBER}.this["main"]\n'
        f'  to   = module.telephony.{NUMBER}.this["head"]\n}}\n'
    )
    renamed = {"head": NUMBERS["main"], "berlin": NUMBERS["berlin"]}
    plan = second.planned(phone_numbers=renamed)
    actions = {one["index"]: one["change"]["actions"] for one in changes(plan, NUMBER)}
    assert actions == {"head": ["update"], "berlin": ["no-op"]}


def test_a_number_is_given_up_by_forgetting_it_first(second: Workshop) -> None:
    second.must("state", "rm", f'module.telephony.{NUMBER}.this["berlin"]')
    plan = second.planned(phone_numbers={"main": NUMBERS["main"]})
    assert [one["change"]["actions"] for one in changes(plan, NUMBER)] == [["no-op"]]


def test_destroy_is_refused_before_anything_is_destroyed(telephony: Workshop) -> None:
    before = telephony.must("state", "list")
    ran = telephony.run("destroy", "-auto-approve", "-input=false")
    assert ran.code != 0
    assert "Instance cannot be destroyed" in ran.flat
    assert telephony.must("state", "list") == before


def test_a_hotline_that_moves_changes_its_numbers_in_place(telephony: Workshop) -> None:
    plan = telephony.planned(public_base_url="https://elsewhere.example.com:8443")
    moved = changes(plan, NUMBER)
    assert [one["change"]["actions"] for one in moved] == [["update"], ["update"]]
    url = "https://elsewhere.example.com:8443/twilio/voice"
    assert {one["change"]["after"]["voice_url"] for one in moved} == {url}


def test_nothing_is_bought_unless_a_number_is_named(telephony: Workshop) -> None:
    telephony.must("workspace", "new", "empty")
    try:
        plan = telephony.planned(phone_numbers=None, sip=None, sip_passwords=None)
    finally:
        telephony.must("workspace", "select", "default")
    kinds = [one["type"] for one in plan["resource_changes"]]
    assert kinds == ["twilio_api_accounts_applications"]


def test_a_number_the_account_owns_is_imported_and_not_bought(
    house: Path, environment: dict[str, str], world: Path
) -> None:
    world.write_text(
        json.dumps({OWNED: {"phone_number": "+14155550100", "voice_url": "https://old.example"}})
    )
    numbers = {"main": NUMBERS["main"]}
    variables = {**TELEPHONY, "phone_numbers": numbers}
    workshop = open_workshop(house / "imported", environment, "telephony", variables)
    (workshop.folder / "import.tf").write_text(
        f'import {{\n  to = module.telephony.{NUMBER}.this["main"]\n  id = "{OWNED}"\n}}\n'
    )
    (number,) = changes(workshop.planned(), NUMBER)
    assert number["change"]["importing"] == {"id": OWNED}
    assert number["change"]["actions"] == ["update"]
    assert number["change"]["before"]["voice_url"] == "https://old.example"


def test_what_was_changed_in_the_console_is_changed_back(telephony: Workshop, world: Path) -> None:
    sid = telephony.outputs()["number_sids"]["value"]["main"]
    world.write_text(json.dumps({sid: {"voice_url": "https://demo.twilio.com/welcome"}}))
    plan = telephony.planned()
    changed = [one for one in changes(plan, NUMBER) if one["change"]["actions"] != ["no-op"]]
    assert [one["change"]["actions"] for one in changed] == [["update"]]
    assert changed[0]["change"]["after"]["voice_url"] == "https://voice.example.com/twilio/voice"


def test_hotline_numbers_reads_what_terraform_prints(telephony: Workshop) -> None:
    applied = read(telephony.must("output", "-json").encode())
    assert applied.public_url == "https://voice.example.com"
    assert {entry.label for entry in applied.entries} == {
        "main",
        "berlin",
        "example-hotline.sip.twilio.com",
    }
    findings = list(compare(applied.entries, applied.entries, applied.public_url))
    assert {finding.state for finding in findings} == {State.SAME}


def test_sip_passwords_are_shown_to_nobody(telephony: Workshop) -> None:
    passwords = {"pbx": "Another6Phrase", "desk": "Battery5Staples"}
    text = telephony.must("plan", "-input=false", sip_passwords=passwords)
    assert "(sensitive value)" in text
    assert "Another6Phrase" not in text
    assert "Battery5Staples" not in telephony.must("output", "-json")


def test_the_roots_own_tests_pass(telephony: Workshop) -> None:
    assert "0 failed" in telephony.own_tests()
