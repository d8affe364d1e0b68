"""What every Terraform file here must hold to, whatever a plan would show. Each policy takes the
parsed files, by path, and yields a sentence for each place that breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Parsed = dict[str, dict[str, Any]]

NUMBER = "twilio_api_accounts_incoming_phone_numbers"
# Lost for ever when destroyed: a number, the bookings, the address that stands in DNS.
NEVER_DESTROYED = (NUMBER, "google_sql_database_instance", "google_compute_global_address.public")
GUARDED_BY_GOOGLE = (
    "google_sql_database_instance",
    "google_container_cluster",
    "google_secret_manager_secret",
)
SECRET_NAME = re.compile(r"(^|_)(password|passwords|token|secret|private_key|secret_data)$")
# Twilio's keys, Google's, and anything in PEM.
SECRET_TEXT = re.compile(r"\b(SK|AC)[0-9a-f]{32}\b|\bAIza[\w-]{35}\b|-----BEGIN ")
TOO_MUCH = re.compile(r"roles/(owner|editor)\b|[aA]dmin\b")
# These take others' grants away, or hand out keys that never end.
REFUSED_KINDS = re.compile(r"_iam_(policy|binding)$|^google_service_account_key$|^terraform_data$")


def resources(parsed: Parsed) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(address, type, body) of every resource."""
    for content in parsed.values():
        for block in content.get("resource", []):
            for kind, named in block.items():
                for name, body in named.items():
                    yield f"{kind}.{name}", kind, body


def named(parsed: Parsed, what: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """("path: name", body) of every variable or output."""
    for path, content in parsed.items():
        for block in content.get(what, []):
            for name, body in block.items():
                yield f"{path}: {name}", body


def inside(value: Any) -> Iterator[tuple[str, Any]]:
    """Every (argument, value) below, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from inside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from inside(inner)


def is_literal(value: Any) -> bool:
    return isinstance(value, str) and value != "" and "${" not in value


def what_cannot_be_had_again_is_not_destroyed(parsed: Parsed) -> Iterator[str]:
    for address, kind, body in resources(parsed):
        if kind in NEVER_DESTROYED or address in NEVER_DESTROYED:
            (lifecycle,) = body.get("lifecycle", [{}])
            if lifecycle.get("prevent_destroy") is not True:
                yield f"{address} lacks lifecycle prevent_destroy = true"


def google_guards_what_it_can(parsed: Parsed) -> Iterator[str]:
    for address, kind, body in resources(parsed):
        if kind in GUARDED_BY_GOOGLE and body.get("deletion_protection", False) is False:
            yield f"{address} lacks deletion_protection"
    for where, body in named(parsed, "variable"):
        if where.endswith(": deletion_protection") and body.get("default") is not True:
            yield f"{where} is not true by default"


def numbers_are_named(parsed: Parsed) -> Iterator[str]:
    for address, kind, body in resources(parsed):
        if kind == NUMBER:
            if "area_code" in body:
                yield f"{address} has area_code: every plan would replace the number"
            if "for_each" not in body or "count" in body:
                yield f"{address} is not made by for_each: labels stay, positions do not"
            if "phone_number" not in body:
                yield f"{address} has no phone_number"


def webhooks_are_posted(parsed: Parsed) -> Iterator[str]:
    for address, _, body in resources(parsed):
        for name in body:
            if name.endswith(("voice_url", "fallback_url", "callback_url", "status_callback")):
                method = re.sub(r"_url$", "", name) + "_method"
                if body.get(method) != "POST":
                    yield f"{address}: {name} without {method} = POST"


def providers_are_pinned(parsed: Parsed) -> Iterator[str]:
    for path, content in parsed.items():
        for block in content.get("terraform", []):
            if "<" not in str(block.get("required_version", "")):
                yield f"{path}: required_version has no upper bound"
            for wanted in block.get("required_providers", []):
                for name, provider in wanted.items():
                    version = provider.get("version", "")
                    exact = re.fullmatch(r"=? ?\d+\.\d+\.\d+", version)
                    if not exact and (name == "twilio" or "<" not in version):
                        yield f"{path}: {name} is {version or 'any version'}"


def modules_leave_providers_to_roots(parsed: Parsed) -> Iterator[str]:
    for path, content in parsed.items():
        if "modules/" in path and "provider" in content:
            yield f"{path} configures a provider; terraform test could not replace it"


def states_are_apart(parsed: Parsed) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path, content in parsed.items():
        for block in content.get("terraform", []):
            for backend in block.get("backend", []):
                prefix = backend.get("gcs", {}).get("prefix", "")
                if not prefix or prefix in seen:
                    yield f"{path}: state {prefix!r} is not this root's own"
                seen[prefix] = path
                if "bucket" in backend.get("gcs", {}):
                    yield f"{path}: the bucket is given at init"


def secrets_are_not_written_down(parsed: Parsed) -> Iterator[str]:
    for path, content in parsed.items():
        found = SECRET_TEXT.search(json.dumps(content))
        if found:
            yield f"{path} holds what looks like a secret: {found[0][:4]}..."
    for address, _, body in resources(parsed):
        for name, value in inside(body):
            if SECRET_NAME.search(name) and is_literal(value):
                yield f"{address}: {name} is a literal"
    for where, body in named(parsed, "variable"):
        if SECRET_NAME.search(where) and body.get("default") not in (None, {}):
            yield f"{where} has a default"


def secrets_are_marked(parsed: Parsed) -> Iterator[str]:
    for where, body in named(parsed, "variable"):
        if SECRET_NAME.search(where) and body.get("sensitive") is not True:
            yield f"{where} is not sensitive"


def secrets_stay_out_of_the_state(parsed: Parsed) -> Iterator[str]:
    for address, kind, body in resources(parsed):
        if kind.startswith("google_"):
            for name in ("password", "root_password", "secret_data"):
                if name in body:
                    yield f"{address}: {name} is kept in the state; {name}_wo is not"


def databases_are_private(parsed: Parsed) -> Iterator[str]:
    for address, kind, body in resources(parsed):
        if kind != "google_sql_database_instance":
            continue
        (settings,) = body["settings"]
        (network,) = settings.get("ip_configuration", [{}])
        if network.get("ipv4_enabled") is not False:
            yield f"{address} has a public address"
        if "authorized_networks" in network:
            yield f"{address} lets networks in"
        if network.get("ssl_mode") not in (
            "ENCRYPTED_ONLY",
            "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
        ):
            yield f"{address} takes connections in the clear"
        (backup,) = settings.get("backup_configuration", [{}])
        for name in ("enabled", "point_in_time_recovery_enabled"):
            if backup.get(name) is not True:
                yield f"{address}: backup_configuration.{name} is not true"


def grants_are_small(parsed: Parsed) -> Iterator[str]:
    for address, kind, body in resources(parsed):
        if REFUSED_KINDS.search(kind):
            yield f"{address}: {kind} is not used here"
        if "_iam_" in kind:
            if str(body.get("member", "")) in ("allUsers", "allAuthenticatedUsers"):
                yield f"{address} is for everybody"
            if TOO_MUCH.search(json.dumps(body)):
                yield f"{address} grants too much"


def everything_is_described(parsed: Parsed) -> Iterator[str]:
    for what in ("variable", "output"):
        for where, body in named(parsed, what):
            if not body.get("description"):
                yield f"{where}: {what} without a description"
            if what == "variable" and "type" not in body:
                yield f"{where}: variable without a type"


POLICIES = (
    what_cannot_be_had_again_is_not_destroyed,
    google_guards_what_it_can,
    numbers_are_named,
    webhooks_are_posted,
    providers_are_pinned,
    modules_leave_providers_to_roots,
    states_are_apart,
    secrets_are_not_written_down,
    secrets_are_marked,
    secrets_stay_out_of_the_state,
    databases_are_private,
    grants_are_small,
    everything_is_described,
)
