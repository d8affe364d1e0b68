"""What the manifests must say so that calls are not lost and nothing is open that need not be."""

from __future__ import annotations

import re

import pytest
from pydantic import SecretStr

from hotline.settings import ROOMS, Settings, load, names
from tests.deploy.manifests import (
    OVERLAYS,
    ROOT,
    Doc,
    one,
    pod,
    rendered,
    secrets_of,
    settings_of,
)

pytestmark = pytest.mark.ops

KNOWN = {env: model.model_fields[f] for _, p, model in ROOMS for env, f in names(p, model).items()}
# A stand-in for each secret's value that the settings take.
VALUES = {"DATABASE_URL": "postgresql://hotline@10.40.0.3/hotline"}


@pytest.fixture(params=OVERLAYS)
def docs(request: pytest.FixtureRequest) -> list[Doc]:
    return rendered(request.param)


def loaded(docs: list[Doc]) -> Settings:
    secrets = {one["path"]: VALUES.get(one["path"], "s" * 32) for one in secrets_of(docs)}
    return load({**settings_of(docs), **secrets})


def container(docs: list[Doc], kind: str = "Deployment") -> Doc:
    (only,) = pod(one(docs, kind))["containers"]
    found: Doc = only
    return found


def test_the_settings_are_known_and_the_hotline_takes_them(docs: list[Doc]) -> None:
    settings = loaded(docs)
    assert settings.phone.checks_signatures
    assert settings.server.log_style == "json"
    for name in settings_of(docs):
        assert KNOWN[name].annotation is not SecretStr, f"{name} is a secret: secrets.yaml"
    for secret in secrets_of(docs):
        hidden = KNOWN[secret["path"]].annotation is SecretStr or secret["path"] == "DATABASE_URL"
        assert hidden, f"{secret['path']} is no secret: settings.env"


def test_the_secrets_are_those_that_terraform_makes(docs: list[Doc]) -> None:
    """Of the overlay's own project; those beyond the defaults are named by the same rule."""
    variables = (ROOT / "terraform/cluster/variables.tf").read_text()
    made = dict(re.findall(r'^    ([A-Z_]+) += "([a-z-]+)"$', variables, re.MULTILINE))
    assert made
    example = (ROOT / "terraform/cluster/hotline.tfvars.example").read_text()
    shown = dict(re.findall(r'^  (?:# )?([A-Z_]+) += "([a-z-]+)"$', example, re.MULTILINE))
    assert made.keys() <= shown.keys() <= KNOWN.keys()
    for variable, secret_id in {**made, **shown}.items():
        assert secret_id == variable.lower().replace("_", "-")
    project = settings_of(docs)["GOOGLE_CLOUD_PROJECT"]
    paths = {secret["path"] for secret in secrets_of(docs)}
    assert {"DATABASE_URL", "TWILIO_AUTH_TOKEN", "TWILIO_PREVIOUS_AUTH_TOKEN"} <= paths
    for secret in secrets_of(docs):
        name = secret["path"].lower().replace("_", "-")
        wanted = f"projects/{project}/secrets/hotline-{name}/versions/latest"
        assert secret["resourceName"] == wanted


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_pods_are_as_restricted_as_can_be(docs: list[Doc], kind: str) -> None:
    spec, only = pod(one(docs, kind)), container(docs, kind)
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == 10001
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    for limit in ("cpu", "memory", "ephemeral-storage"):
        assert only["resources"]["limits"][limit]
        assert only["resources"]["requests"][limit]
    account = one(docs, "ServiceAccount")["metadata"]["name"]
    assert spec["serviceAccountName"] == account
    assert one(docs, "Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == (
        "restricted"
    )


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_images_are_named_by_digest(docs: list[Doc], kind: str) -> None:
    assert re.fullmatch(r"[a-z0-9./-]+@sha256:[0-9a-f]{64}", container(docs, kind)["image"])


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_what_is_written_to_is_mounted(docs: list[Doc], kind: str) -> None:
    mounts = {one["mountPath"]: one for one in container(docs, kind)["volumeMounts"]}
    settings = loaded(docs).server
    assert mounts[str(settings.secrets_folder)]["readOnly"]
    assert "/tmp" in mounts  # noqa: S108
    if kind == "Deployment":
        assert str(settings.data_folder) in mounts


def test_a_drain_fits_into_the_grace_and_the_longest_call_into_the_drain(docs: list[Doc]) -> None:
    settings, spec = loaded(docs), pod(one(docs, "Deployment"))
    before = container(docs)["lifecycle"]["preStop"]["sleep"]["seconds"]
    grace = spec["terminationGracePeriodSeconds"]
    assert settings.talk.max_call_seconds < settings.server.drain_seconds
    assert before + settings.server.drain_seconds + 60 <= grace
    policy = one(docs, "GCPBackendPolicy")["spec"]["default"]
    assert grace < policy["connectionDraining"]["drainingTimeoutSec"]
    assert settings.talk.max_call_seconds < policy["timeoutSec"] <= 86400
    template = one(docs, "Deployment")["spec"]["template"]
    annotations = template["metadata"]["annotations"]
    assert annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false"


def test_a_rollout_takes_no_pod_before_its_successor_answers(docs: list[Doc]) -> None:
    spec = one(docs, "Deployment")["spec"]
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert "replicas" not in spec, "the autoscaler decides"
    assert one(docs, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    assert "migration" not in str(one(docs, "Service")["spec"]["selector"])


def test_probes_ask_what_the_hotline_answers(docs: list[Doc]) -> None:
    only = container(docs)
    source = (ROOT / "hotline/app.py").read_text()
    wanted = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    for probe, path in wanted.items():
        assert only[probe]["httpGet"] == {"path": path, "port": "http"}
        assert f'Route("{path}"' in source
    check = one(docs, "HealthCheckPolicy")["spec"]["default"]["config"]["httpHealthCheck"]
    assert check["requestPath"] == "/healthz", "a draining pod must keep its calls"


def test_ports_match(docs: list[Doc]) -> None:
    settings = loaded(docs).server
    ports = {one["name"]: one["containerPort"] for one in container(docs)["ports"]}
    assert ports == {"http": settings.port, "metrics": settings.metrics_port}
    (service,) = one(docs, "Service")["spec"]["ports"]
    assert service["targetPort"] == "http"
    (rule,) = one(docs, "HTTPRoute")["spec"]["rules"]
    assert rule["backendRefs"] == [{"name": "hotline", "port": service["port"]}]
    check = one(docs, "HealthCheckPolicy")["spec"]["default"]["config"]["httpHealthCheck"]
    assert check["port"] == ports["http"]
    assert one(docs, "PodMonitoring")["spec"]["endpoints"][0]["port"] == "metrics"
    allowed = [one["ports"] for one in one(docs, "NetworkPolicy")["spec"]["ingress"]]
    assert [p["port"] for entry in allowed for p in entry] == [ports["http"], ports["metrics"]]


def test_every_public_path_is_served_and_no_private_one_is_public(docs: list[Doc]) -> None:
    (rule,) = one(docs, "HTTPRoute")["spec"]["rules"]
    public = {match["path"]["value"] for match in rule["matches"]}
    assert public == {"/twilio", "/documents", "/demo", "/healthz"}
    assert one(docs, "HTTPRoute")["spec"]["hostnames"] == [
        settings_of(docs)["PHONE_PUBLIC_URL"].removeprefix("https://")
    ]


def test_what_the_network_lets_out_reaches_the_database(docs: list[Doc]) -> None:
    variables = (ROOT / "terraform/cluster/variables.tf").read_text()
    ranges = re.findall(r'private +=? *optional\(string, "([0-9./]+)"\)', variables)
    egress = str(one(docs, "NetworkPolicy")["spec"]["egress"])
    assert ranges
    assert all(block in egress for block in ranges)
    assert "5432" in egress


def test_what_the_network_lets_out_reaches_the_collector_of_the_guide(docs: list[Doc]) -> None:
    guide = (ROOT / "docs/monitoring.md").read_text()
    (found,) = re.findall(r"ENDPOINT=http://[\w-]+\.([\w-]+):(\d+)`", guide)
    namespace, port = found
    assert f"/subject/ns/{namespace}/" in (ROOT / "terraform/cluster/identity.tf").read_text()
    label = {"kubernetes.io/metadata.name": namespace}
    (rule,) = [
        rule
        for rule in one(docs, "NetworkPolicy")["spec"]["egress"]
        if {"namespaceSelector": {"matchLabels": label}} in rule.get("to", [])
    ]
    assert rule["ports"] == [{"protocol": "TCP", "port": int(port)}]


def test_a_rollout_at_the_most_pods_leaves_the_database_connections(docs: list[Doc]) -> None:
    """db-custom-2-7680 has 400 (cloud.google.com/sql/docs/postgres/flags, max_connections)."""
    variables = (ROOT / "terraform/cluster/variables.tf").read_text()
    assert '"db-custom-2-7680"' in variables
    if "example" not in settings_of(docs)["GOOGLE_CLOUD_PROJECT"]:
        pytest.skip("an installation's own size; its database's tier is not in the repository")
    most = one(docs, "HorizontalPodAutoscaler")["spec"]["maxReplicas"]
    assert 2 * most * loaded(docs).tools.database_pool <= 0.9 * 400


def test_the_autoscaler_goes_by_a_metric_that_there_is(docs: list[Doc]) -> None:
    spec = one(docs, "HorizontalPodAutoscaler")["spec"]
    assert spec["scaleTargetRef"]["name"] == one(docs, "Deployment")["metadata"]["name"]
    pods = next(metric["pods"] for metric in spec["metrics"] if metric["type"] == "Pods")
    _, name, kind = pods["metric"]["name"].split("|")
    written = (ROOT / "docs/monitoring.md").read_text()
    assert f"| `{name}` | channel |" in written
    assert kind == "gauge"
    assert "cpu" in str(spec["metrics"]), "growing goes on when the metric's path is broken"
    most = loaded(docs).phone.max_calls
    assert int(pods["target"]["averageValue"]) < 0.75 * most, "a node takes minutes to come"
