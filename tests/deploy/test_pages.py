"""Whatever the pages for ops name is there: settings, commands, alerts, metrics, outputs, files."""

from __future__ import annotations

import math
import re
from pathlib import Path

import click
import pytest

from hotline.cli import main
from hotline.settings import ROOMS, names
from tests.deploy.manifests import ROOT

pytestmark = pytest.mark.pure

RUNBOOKS = sorted((ROOT / "docs/runbooks").glob("*.md"))
OTHERS = ("deploy", "scaling", "agent-runtime-and-cloud-run")
PAGES = [*RUNBOOKS, *(ROOT / f"docs/{name}.md" for name in OTHERS)]
KNOWN = {env for _, prefix, model in ROOMS for env in names(prefix, model)}
# The Terraform provider's own, and the pages' shell variables.
NOT_OURS = {"TWILIO_API_KEY", "TWILIO_API_SECRET"}
PREFIXES = "|".join(sorted({name.partition("_")[0] for name in KNOWN}))


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def page(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text()


def test_the_six_runbooks_are_there() -> None:
    assert {path.stem for path in RUNBOOKS} == {
        "rollout-and-drain",
        "gemini-quota",
        "twilio-outage",
        "number-loss",
        "database-failover",
        "rotating-secrets",
    }


def test_every_setting_is_known(page: str) -> None:
    named = set(re.findall(rf"(?<![A-Z_])(?:{PREFIXES})_[A-Z][A-Z_]*[A-Z](?![a-z])", page))
    assert not named - KNOWN - NOT_OURS


def test_every_secret_has_its_rotation() -> None:
    runbook = (ROOT / "docs/runbooks/rotating-secrets.md").read_text()
    secrets = {
        env
        for _, prefix, model in ROOMS
        for env, field in names(prefix, model).items()
        if "SecretStr" in repr(model.model_fields[field].annotation)
    }
    assert len(secrets) > 8
    assert not {name for name in secrets | {"DATABASE_URL"} if f"`{name}`" not in runbook}


def test_every_command_of_the_hotline_is_known(page: str) -> None:
    assert isinstance(main, click.Group)
    context = click.Context(main)
    known = set(main.list_commands(context))
    for called, rest in re.findall(
        r"(?:`|-- |\| |^|scripts/)hotline ([a-z][a-z-]*)([^\n`|]*)", page, re.MULTILINE
    ):
        assert called in known
        command = main.get_command(context, called)
        assert command is not None
        options = {opt for parameter in command.params for opt in parameter.opts}
        assert set(re.findall(r" (--[a-z-]+)", rest)) <= options, f"hotline {called}{rest}"


def test_every_target_and_script_is_there(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", page)) <= targets
    for script in re.findall(r"\bscripts/[a-z-]+", page):
        assert (ROOT / script).exists(), script


def test_every_alert_and_metric_is_there(page: str) -> None:
    monitoring = (ROOT / "docs/monitoring.md").read_text()
    for name in re.findall(r"\b(?:Voicebot[A-Z]\w+|voicebot_\w+)", page):
        plain = re.sub(r"_(bucket|sum|count)$", "", name)
        assert f"`{plain}`" in monitoring, name


def test_every_output_of_terraform_is_there(page: str) -> None:
    declared = {
        name
        for path in ROOT.glob("terraform/*/outputs.tf")
        for name in re.findall(r'^output "(\w+)"', path.read_text(), re.MULTILINE)
    }
    named = re.findall(r"terraform (?:-chdir=\S+ )?output (?:-json )?(\w+)", page)
    named += re.findall(r"outputs? `(\w+)`", page)
    assert set(named) <= declared


def test_every_link_and_file_leads_somewhere(page: str) -> None:
    (path,) = [one for one in PAGES if one.read_text() == page]
    for target in re.findall(r"\]\(([^)#]+)", page):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target
    for name in re.findall(r"`((?:deploy|terraform|hotline|conversation)/[\w./-]+)`", page):
        assert (ROOT / name).exists(), name


def test_every_output_of_the_cluster_has_its_place_in_the_guide() -> None:
    guide = (ROOT / "docs/deploy.md").read_text()
    outputs = (ROOT / "terraform/cluster/outputs.tf").read_text()
    for name in re.findall(r'^output "(\w+)"', outputs, re.MULTILINE):
        assert f"`{name}`" in guide, name


def test_the_builder_reads_no_bucket_but_its_own() -> None:
    """Terraform's states lie in a bucket of the same project, with the SIP passwords in them."""
    guide = (ROOT / "docs/deploy.md").read_text()
    everywhere = re.findall(r"projects add-iam-policy-binding .*--role (\S+)", guide)
    assert everywhere == ["roles/logging.logWriter"]
    buckets = re.findall(r"buckets add-iam-policy-binding (\S+)", guide)
    assert buckets
    assert set(buckets) == {"gs://$PROJECT-hotline-builds"}
    assert "--gcs-source-staging-dir gs://$PROJECT-hotline-builds/source" in guide
    assert "_BUCKET: ${PROJECT_ID}-hotline-builds" in (ROOT / "cloudbuild.yaml").read_text()


def test_what_the_guide_has_replaced_is_what_the_overlay_holds() -> None:
    guide = (ROOT / "docs/deploy.md").read_text()
    overlay = "".join(p.read_text() for p in (ROOT / "deploy/overlays/prod").iterdir())
    if "example-hotline" not in overlay:
        pytest.skip("the guide was followed: these are an installation's own names")
    for placeholder in re.findall(r"s/([a-z0-9.-]+)/\$", guide):
        assert placeholder in overlay
        overlay = overlay.replace(placeholder, "")
    assert "example" not in overlay


def test_every_alert_s_page_is_there_and_speaks_of_it() -> None:
    rules = (ROOT / "terraform/monitoring/rules.yml").read_text()
    found = re.findall(r"- alert: (\w+).*?runbook: (\S+)", rules, re.DOTALL)
    assert len(found) > 10
    for alert, path in found:
        assert f"`{alert}`" in (ROOT / path).read_text(), f"{path} on {alert}"


def test_the_table_of_growth_adds_up() -> None:
    text = (ROOT / "docs/scaling.md").read_text()

    def row(label: str) -> list[int]:
        (line,) = re.findall(rf"^\| {label}.*?\|(.*)\|$", text, re.MULTILINE)
        return [int(re.sub(r"\D", "", cell)) for cell in line.split("|")]

    most = 30
    autoscaler = (ROOT / "deploy/base/autoscaling.yaml").read_text()
    (target,) = map(int, re.findall(r'averageValue: "(\d+)"', autoscaler))
    assert f"PHONE_MAX_CALLS={most}" in (ROOT / "deploy/base/settings.env").read_text()
    calls = [100, 10_000, 1_000_000]
    assert row("pods at 18 calls") == [math.ceil(one / target) for one in calls]
    assert row("pods at 30 calls") == [math.ceil(one / most) for one in calls]
    assert row("vCPU requested") == row("pods at 18 calls")
    base = (ROOT / "deploy/base/settings.env").read_text()
    (pool,) = map(int, re.findall(r"^TOOLS_DATABASE_POOL=(\d+)$", base, re.MULTILINE))
    assert row("database connections") == [2 * pool * one for one in row("pods at 18 calls")]
    assert row("facts written") == [one * 12 // 60 for one in calls]


def test_the_cpu_of_a_call_is_what_was_measured() -> None:
    """The pages for ops say the figure of docs/performance.md, and what follows from it."""
    measured = (ROOT / "docs/performance.md").read_text()
    (low, high) = re.findall(r"server CPU per call-second.*?(\d+) to (\d+) ms", measured)[0]
    for name in ("scaling", "agent-runtime-and-cloud-run"):
        text = (ROOT / f"docs/{name}.md").read_text()
        assert f"{low} to {high} ms of CPU a call-second" in text
    scaling = " ".join((ROOT / "docs/scaling.md").read_text().split())
    assert f"all of it for {round(1000 / int(high))} to {1000 // int(low)};" in scaling


def test_what_a_call_minute_costs_adds_up() -> None:
    text = (ROOT / "docs/scaling.md").read_text()
    variables = {
        name: float(value.replace(" ", ""))
        for name, value in re.findall(r"^\| `([A-Z]+)` \| ([\d. ]*\d)", text, re.MULTILINE)
    }
    v = variables
    twilio = v["V"] + v["M"]
    context = v["X"] * v["C"] * v["AI"] / 1e6
    speech = v["S"] * v["T"] * v["AO"] / 1e6
    assert f"= {twilio:.4f}" in text
    assert f"= {context:.4f} + {speech:.4f} = {context + speech:.4f}" in text
    assert f"= {v['P'] / 60 / 18:.5f}" in text
    assert f"| {twilio + context + speech + v['P'] / 60 / 18 + 0.0001:.3f} |" in text
