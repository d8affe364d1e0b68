"""How an image comes to the cluster: Dockerfile, cloudbuild.yaml, scripts/deploy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.manifests import OPS, ROOT, need, one, pod

pytestmark = pytest.mark.ops

DIGEST = "sha256:" + "ab" * 32
IMAGE = f"us-central1-docker.pkg.dev/p/hotline/hotline@{DIGEST}"


def cloudbuild() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text())
    return found


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    need("check-jsonschema")
    command = [str(OPS / "check-jsonschema"), "--builtin-schema", "vendor.cloudbuild", str(path)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_dockerfile_passes_the_linter() -> None:
    need("hadolint")
    done = subprocess.run([OPS / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_image_takes_what_a_production_hotline_needs_and_nothing_else() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert set(re.findall(r"requirements/(\w+)", text)) == {"base"}
    assert "--require-hashes --only-binary=:all:" in text
    assert 'CMD ["hotline", "serve"]' in text
    assert "USER 10001:10001" in text
    assert "COPY . " not in text
    copied = set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE))
    assert copied == {"media", "tools", "conversation", "telephony", "hotline"}


def test_cloudbuild_is_valid_and_a_misspelt_key_is_not(tmp_path: Path) -> None:
    assert checked(ROOT / "cloudbuild.yaml").returncode == 0
    wrong = tmp_path / "cloudbuild.yaml"
    wrong.write_text((ROOT / "cloudbuild.yaml").read_text().replace("entrypoint:", "entry:"))
    assert checked(wrong).returncode == 1


def test_the_list_of_what_is_in_the_image_is_whole(tmp_path: Path) -> None:
    """The command of the step, run here: as many components as there are locked packages."""
    need("cyclonedx-py")
    (step,) = [step for step in cloudbuild()["steps"] if step["id"] == "sbom"]
    (command,) = re.findall(r"bin/(cyclonedx-py .*)", step["args"][1])
    words = command.replace("sbom.json", str(tmp_path / "sbom.json")).split()
    subprocess.run([str(OPS / words[0]), *words[1:]], cwd=ROOT, check=True, capture_output=True)
    found = {
        part["name"] for part in json.loads((tmp_path / "sbom.json").read_text())["components"]
    }
    lock = (ROOT / "requirements/base.txt").read_text()
    assert found == set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", lock, re.MULTILINE))


def test_nothing_is_pushed_untested_or_deployed_unpushed() -> None:
    steps = {step["id"]: step for step in cloudbuild()["steps"]}
    for step in steps.values():
        assert {"-", *steps} >= set(step.get("waitFor", []))
    assert "test" in steps["build"]["waitFor"]
    assert {"build", "sbom", "sbom-page"} <= set(steps["push"]["waitFor"])
    assert steps["deploy"]["waitFor"] == ["push"]
    assert "scripts/deploy" in steps["deploy"]["args"][1]


def deployed(
    tmp_path: Path, **environment: str
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run scripts/deploy with a kubectl that renders as ever and only notes the rest."""
    need("kubectl")
    real, noted = shutil.which("kubectl"), tmp_path / "noted"
    noted.touch()
    stand_in = tmp_path / "kubectl"
    stand_in.write_text(
        f"""#!/bin/sh
if [ "$1" = kustomize ]; then
    {real} "$@" && cp "$4" {tmp_path}/all.yaml
    exit
fi
echo "$*" >>{noted}
case "$*" in
    *"${{FAILING:-none}}"*) exit 1 ;;
    *"get deployment"*) echo 7 ;;
    *"get replicaset"*) echo "${{HASH-5d4f}}" ;;
esac
"""
    )
    stand_in.chmod(0o755)
    done = subprocess.run(
        [ROOT / "scripts/deploy"],
        capture_output=True,
        text=True,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", **environment},
    )
    return done, noted.read_text().splitlines()


def test_tables_come_before_pods_and_the_drain_is_waited_out(tmp_path: Path) -> None:
    done, noted = deployed(tmp_path, IMAGE=IMAGE)
    assert done.returncode == 0, done.stderr
    wanted = [
        r"apply .*component=foundation$",
        r"delete job hotline-migration --ignore-not-found",
        r"apply .*component=migration$",
        r"wait --for=condition=complete .*job/hotline-migration$",
        r"apply .*notin \(foundation, migration\)$",
        r"rollout status deployment/hotline",
        r"get deployment hotline .*revision}$",
        r"get replicaset .*revision=='7'\)\]",
        r"wait --for=delete pod .*pod-template-hash!=5d4f --timeout=2100s$",
    ]
    assert len(noted) == len(wanted)
    for line, pattern in zip(noted, wanted, strict=True):
        assert re.search(pattern, line), line
    docs = list(yaml.safe_load_all((tmp_path / "all.yaml").read_text()))
    for kind in ("Deployment", "Job"):
        assert pod(one(docs, kind))["containers"][0]["image"] == IMAGE
    grace = pod(one(docs, "Deployment"))["terminationGracePeriodSeconds"]
    assert grace < 2100, "the script waits longer than a drain may last"


def test_the_deploying_step_has_what_speaks_with_the_cluster() -> None:
    """The slim image of Google's command line has neither."""
    (step,) = [step for step in cloudbuild()["steps"] if step["id"] == "deploy"]
    script = step["args"][1]
    installed = script.index("kubectl google-cloud-cli-gke-gcloud-auth-plugin")
    assert installed < script.index("get-credentials") < script.index("scripts/deploy")


def test_what_git_ignores_is_not_sent_to_the_builder_either() -> None:
    """Google's client reads .gcloudignore alone: nested files of git do not count there."""
    sent = (ROOT / ".gcloudignore").read_text()
    assert "#!include:.gitignore" in sent
    ours = set((ROOT / "terraform/.gitignore").read_text().split("\n")) - {""}
    assert ours <= set(sent.split("\n"))


class ReplicaSets(BaseHTTPRequestHandler):
    """As much of Kubernetes' API as `kubectl get replicaset` asks. The current one is the older."""

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        group = {"groupVersion": "apps/v1", "version": "v1"}
        kind = {"name": "replicasets", "namespaced": True, "kind": "ReplicaSet", "verbs": ["list"]}
        answers: dict[str, dict[str, Any]] = {
            "/api": {"kind": "APIVersions", "versions": ["v1"]},
            "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": []},
            "/apis": {
                "kind": "APIGroupList",
                "groups": [{"name": "apps", "versions": [group], "preferredVersion": group}],
            },
            "/apis/apps/v1": {
                "kind": "APIResourceList",
                "groupVersion": "apps/v1",
                "resources": [kind],
            },
            "/apis/apps/v1/namespaces/hotline/replicasets": {
                "kind": "ReplicaSetList",
                "apiVersion": "apps/v1",
                "items": [replica_set("older", "10", "01"), replica_set("younger", "9", "02")],
            },
        }
        body = json.dumps(answers.get(path, {"kind": "Status", "code": 404})).encode()
        self.send_response(200 if path in answers else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def replica_set(template: str, revision: str, month: str) -> dict[str, Any]:
    return {
        "metadata": {
            "name": f"hotline-{template}",
            "labels": {"pod-template-hash": template},
            "annotations": {"deployment.kubernetes.io/revision": revision},
            "creationTimestamp": f"2026-{month}-01T00:00:00Z",
        }
    }


def test_who_goes_back_to_an_earlier_image_does_not_wait_for_the_pods_that_stay(
    tmp_path: Path,
) -> None:
    """The Deployment takes its old ReplicaSet up again then: the youngest is not the current."""
    need("kubectl")
    (asked,) = re.findall(r'is_current="(.*)"', (ROOT / "scripts/deploy").read_text())
    (path,) = re.findall(r'jsonpath="(.*\$is_current.*)"\)', (ROOT / "scripts/deploy").read_text())
    path = path.replace("$is_current", asked.replace("$revision", "10"))
    with ThreadingHTTPServer(("127.0.0.1", 0), ReplicaSets) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            where = f"http://127.0.0.1:{server.server_port}"
            command = ["kubectl", f"--server={where}", f"--cache-dir={tmp_path}"]
            command += ["-n", "hotline", "get", "replicaset", "-o", f"jsonpath={path}"]
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=30,
                env={"PATH": os.environ["PATH"], "KUBECONFIG": os.devnull},
            )
        finally:
            server.shutdown()
            thread.join()
    assert done.stdout == "older", done.stderr


def test_a_revision_that_is_not_found_is_said_and_nothing_waited_for(tmp_path: Path) -> None:
    done, noted = deployed(tmp_path, IMAGE=IMAGE, HASH="")
    assert done.returncode == 1
    assert "revision '7'" in done.stderr
    assert not any("--for=delete" in line for line in noted)


def test_every_object_is_applied_by_exactly_one_of_the_three(tmp_path: Path) -> None:
    deployed(tmp_path, IMAGE=IMAGE)
    for doc in yaml.safe_load_all((tmp_path / "all.yaml").read_text()):
        assert doc["metadata"]["labels"]["app.kubernetes.io/component"]


def test_a_migration_that_fails_leaves_the_running_pods_alone(tmp_path: Path) -> None:
    done, noted = deployed(tmp_path, IMAGE=IMAGE, FAILING="condition=complete")
    assert done.returncode == 1
    assert "left as they are" in done.stderr
    assert not any("notin" in line for line in noted)


def test_a_tag_is_not_deployed(tmp_path: Path) -> None:
    done, noted = deployed(tmp_path, IMAGE="us-central1-docker.pkg.dev/p/hotline/hotline:latest")
    assert done.returncode == 2
    assert noted == []
