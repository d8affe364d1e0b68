"""The manifests are valid, strictly: what is misspelt fails."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.manifests import OVERLAYS, ROOT, Doc, faults, need, one, pod, rendered

pytestmark = pytest.mark.ops


def test_every_overlay_is_valid() -> None:
    docs = [doc for overlay in OVERLAYS for doc in rendered(overlay)]
    wrong = zip(docs, faults(docs), strict=True)
    assert not [f"{doc['kind']}: {fault}" for doc, fault in wrong if fault]


def part_of(doc: Doc, path: str) -> tuple[Doc, str]:
    """What holds the last step of ``a.0.b``, and that step."""
    *parents, last = path.split(".")
    part: Any = doc
    for step in parents:
        part = part[int(step)] if isinstance(part, list) else part[step]
    return part, last


def test_what_is_misspelt_fails() -> None:
    misspelt = [
        ("Deployment", "spec.template.spec.terminationGracePeriodSeconds", "terminationGrace"),
        ("Deployment", "spec.template.spec.containers.0.readinessProbe", "readynessProbe"),
        (
            "Deployment",
            "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem",
            "ro",
        ),
        ("HorizontalPodAutoscaler", "spec.behavior", "behaviour"),
        ("NetworkPolicy", "spec.egress", "outgress"),
        ("GCPBackendPolicy", "spec.default.timeoutSec", "timeoutSecs"),
        ("GCPBackendPolicy", "spec.default.connectionDraining", "connectionDrain"),
        ("HealthCheckPolicy", "spec.default.config.httpHealthCheck.requestPath", "path"),
        ("Gateway", "spec.gatewayClassName", "gatewayClass"),
        ("HTTPRoute", "spec.hostnames", "hosts"),
        ("GCPGatewayPolicy", "spec.default.sslPolicy", "tlsPolicy"),
        ("PodMonitoring", "spec.endpoints.0.interval", "every"),
        ("SecretProviderClass", "spec.parameters.secrets", "secret"),
    ]
    docs = []
    for kind, path, name in misspelt:
        docs.append(one(rendered("prod"), kind))
        part, last = part_of(docs[-1], path)
        part[name] = part.pop(last)
    for (kind, path, name), fault in zip(misspelt, faults(docs), strict=True):
        last = path.rpartition(".")[2]
        assert name in fault or last in fault, f"{kind} {path} as {name}: {fault!r}"


def test_what_has_a_wrong_value_or_no_schema_fails() -> None:
    wrong: list[tuple[str, str, Any]] = [
        ("GCPBackendPolicy", "spec.default.connectionDraining.drainingTimeoutSec", 3601),
        ("GCPBackendPolicy", "spec.default.timeoutSec", "14400"),
        ("GCPBackendPolicy", "spec.default.sessionAffinity.type", "ClientIP"),
        ("Gateway", "apiVersion", "gateway.networking.k8s.io/v1beta9"),
        ("HTTPRoute", "spec.rules.0.matches.0.path.value", "twilio"),
        ("Service", "spec.sessionAffinity", 10800),
        ("Job", "kind", "Jobs"),
    ]
    docs = []
    for kind, path, value in wrong:
        docs.append(one(rendered("prod"), kind))
        part, last = part_of(docs[-1], path)
        part[last] = value
    for (kind, path, value), fault in zip(wrong, faults(docs), strict=True):
        assert fault, f"{kind} {path} = {value}"


def test_the_component_for_shared_files_fits(tmp_path: Path) -> None:
    need("kubectl")
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    prod = tmp_path / "deploy/overlays/prod/kustomization.yaml"
    prod.write_text(prod.read_text().replace("# components:", "components:"))
    done = subprocess.run(
        ["kubectl", "kustomize", prod.parent, "-o", tmp_path / "all.yaml"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    docs = list(yaml.safe_load_all((tmp_path / "all.yaml").read_text()))
    assert not any(faults(docs))
    volumes = {v["name"]: v for v in pod(one(docs, "Deployment"))["volumes"]}
    claim = volumes["data"]["persistentVolumeClaim"]["claimName"]
    assert claim == one(docs, "PersistentVolumeClaim")["metadata"]["name"]
    kind = one(docs, "StorageClass")
    assert (
        one(docs, "PersistentVolumeClaim")["spec"]["storageClassName"] == kind["metadata"]["name"]
    )
    # Terraform's network is called by its variable name, as the certificate map is.
    gateway = one(docs, "Gateway")["metadata"]["annotations"]
    assert kind["parameters"]["network"] == gateway["networking.gke.io/certmap"]
    assert one(docs, "ConfigMap")["data"]["HOTLINE_RECORDINGS"] == "true"
    assert json.dumps(docs).count("emptyDir") == 2, "the Job's and the pods' /tmp"
