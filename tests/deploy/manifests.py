"""The manifests as they would be applied, and how they are validated."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
OPS = ROOT / ".venv-ops/bin"
OVERLAYS = ("dev", "prod")
Doc = dict[str, Any]


def need(*programs: str) -> None:
    """Skip where one of the programs (of PATH or of .venv-ops) is absent; in CI that fails."""
    missing = [one for one in programs if not (shutil.which(one) or (OPS / one).exists())]
    if missing:
        how = f"missing: {', '.join(missing)}; scripts/test makes .venv-ops"
        pytest.fail(how) if os.environ.get("CI") else pytest.skip(how)


@functools.cache
def _rendered(folder: Path) -> str:
    done = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rendered(overlay: str) -> list[Doc]:
    """Every object of an overlay, anew for each caller."""
    need("kubectl")
    return list(yaml.safe_load_all(_rendered(ROOT / "deploy/overlays" / overlay)))


def one(docs: list[Doc], kind: str) -> Doc:
    """The only object of that kind."""
    (found,) = [doc for doc in docs if doc["kind"] == kind]
    return found


def settings_of(docs: list[Doc]) -> dict[str, str]:
    return dict(one(docs, "ConfigMap")["data"])


def secrets_of(docs: list[Doc]) -> list[dict[str, str]]:
    parameters = one(docs, "SecretProviderClass")["spec"]["parameters"]
    return list(yaml.safe_load(parameters["secrets"]))


def pod(doc: Doc) -> Doc:
    spec: Doc = doc["spec"]["template"]["spec"]
    return spec


def faults(docs: list[Doc]) -> list[str]:
    """What strict validation has against each of them; empty where nothing."""
    need("kubernetes-validate")
    done = subprocess.run(
        [OPS / "python", ROOT / "tests/deploy/validate.py"],
        input=json.dumps(docs),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found
