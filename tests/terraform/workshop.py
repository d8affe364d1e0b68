"""A copy of terraform/ in a temporary folder, a mirror of stand-in providers, and Terraform on it.

Nothing is written into the repository, no registry and no cloud is asked: the command line
configuration allows the mirror alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "terraform"
STANDIN = Path(__file__).resolve().parent / "standin"
PYTHON = ROOT / ".venv-ops" / "bin" / "python"
COMMAND_SECONDS = 60
# What each root is pinned to: another version is not in the mirror, and init fails.
PROVIDERS = {
    "twilio/twilio/0.18.46": ("twilio.json",),
    "hashicorp/google/6.50.0": ("google.json", "google_answers.json"),
}


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    text: str

    @property
    def flat(self) -> str:
        """The text without Terraform's line breaks and frames, for looking sentences up."""
        return " ".join(self.text.replace("│", " ").split())


@dataclass(frozen=True, slots=True)
class Workshop:
    """One root module's copy. ``variables`` are TF_VAR_* of every command."""

    folder: Path
    environment: Mapping[str, str]
    variables: dict[str, Any] = field(default_factory=dict)

    def run(self, *arguments: str, **variables: Any) -> Ran:
        given = {
            f"TF_VAR_{name}": value if isinstance(value, str) else json.dumps(value)
            for name, value in {**self.variables, **variables}.items()
            if value is not None
        }
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env={**self.environment, **given},
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    def must(self, *arguments: str, **variables: Any) -> str:
        ran = self.run(*arguments, **variables)
        assert ran.code == 0, f"terraform {' '.join(arguments)}:\n{ran.text}"
        return ran.text

    def planned(self, **variables: Any) -> dict[str, Any]:
        """The plan as Terraform's JSON."""
        self.must("plan", "-input=false", "-out=plan.bin", **variables)
        shown: dict[str, Any] = json.loads(self.must("show", "-json", "plan.bin"))
        return shown

    def outputs(self) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.must("output", "-json"))
        return shown

    def own_tests(self) -> str:
        """``terraform test``, with the variables its files give."""
        return replace(self, variables={}).must("test")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text()
        assert old in text, f"{name} does not say {old!r}"
        path.write_text(text.replace(old, new, 1))


def changes(plan: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """What the plan does to every resource of a type."""
    return [one for one in plan["resource_changes"] if one["type"] == kind]


def need_tools(*programs: str) -> None:
    """Skip where .venv-ops or one of the programs is absent; in CI that is a failure."""
    missing = [f"{name} on PATH" for name in programs if not shutil.which(name)]
    if not PYTHON.exists():
        missing.append(".venv-ops (scripts/test makes it)")
    if missing and os.environ.get("CI"):
        pytest.fail(f"missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"missing: {', '.join(missing)}")


def build_mirror(folder: Path) -> dict[str, str]:
    """Lay the stand-ins out as ``terraform providers mirror`` would, and the environment in which
    Terraform uses them and nothing else."""
    mirror = folder / "mirror"
    machine = json.loads(
        subprocess.run(
            ["terraform", "version", "-json"],
            env={"PATH": os.environ["PATH"], "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=True,
        ).stdout
    )["platform"]
    for name, facts in PROVIDERS.items():
        _install(mirror / "registry.terraform.io" / name / machine, facts)
    settings = folder / "mirror.tfrc"
    settings.write_text(
        "disable_checkpoint = true\n"
        f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n'
    )
    home = folder / "home"
    home.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "STANDIN_WORLD": str(folder / "world.json"),
        "TMPDIR": str(folder),
        "TF_CLI_CONFIG_FILE": str(settings),
        "TF_CLI_ARGS": "-no-color",
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }


def _install(place: Path, facts: Sequence[str]) -> None:
    place.mkdir(parents=True)
    host, namespace, name, version, _ = place.parts[-5:]
    program = place / f"terraform-provider-{name}_v{version}"
    address = f"{host}/{namespace}/{name}"
    given = ", ".join(repr(each) for each in (address, *(str(STANDIN / one) for one in facts)))
    program.write_text(
        f"#!{PYTHON}\nimport sys\n\nsys.dont_write_bytecode = True\n"
        f"sys.path.insert(0, {str(STANDIN)!r})\nimport provider\n\nprovider.main({given})\n"
    )
    program.chmod(0o755)


@contextmanager
def attached(folder: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment with every stand-in running once, for all commands: starting them anew for
    each step of each command is most of a test's time."""
    with ExitStack() as stack:
        addresses: dict[str, Any] = {}
        for program in sorted((folder / "mirror").rglob("terraform-provider-*")):
            started = subprocess.Popen(
                [str(program), "--dev"],
                env={**environment, "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(started)
            stack.callback(started.kill)
            assert started.stdout
            lines = (line for line in started.stdout if "TF_REATTACH_PROVIDERS=" in line)
            addresses |= json.loads(next(lines).partition("=")[2].strip().strip("'"))
        yield {**environment, "TF_REATTACH_PROVIDERS": json.dumps(addresses)}


def open_workshop(
    folder: Path, environment: Mapping[str, str], root: str, variables: dict[str, Any]
) -> Workshop:
    """Copy terraform/ into the folder, keep the state there, and initialise the root."""
    left_out = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars")
    shutil.copytree(SOURCE, folder, ignore=left_out, dirs_exist_ok=True)
    workshop = Workshop(folder / root, environment, variables)
    (workshop.folder / "state_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    workshop.must("init", "-input=false")
    return workshop
