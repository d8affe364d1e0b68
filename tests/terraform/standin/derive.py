"""Write google.json anew: the facts of hashicorp/google's schema for the resources we use.

The provider itself is not at hand offline, but its CDK bindings name every argument:

    npm pack @cdktf/provider-google@16.12.1 && tar xzf cdktf-provider-google-16.12.1.tgz
    python tests/terraform/standin/derive.py package > tests/terraform/standin/google.json

16.12.1 is generated from hashicorp/google 6.50.0. Read are the generated classes: regular
expressions over generated code, so the version is exact. The bindings do not tell which
optional arguments the service fills in by itself, nor what is write-only: those that matter
here are listed below, from the provider's documentation.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

RESOURCES = (
    "artifact_registry_repository",
    "artifact_registry_repository_iam_member",
    "certificate_manager_certificate",
    "certificate_manager_certificate_map",
    "certificate_manager_certificate_map_entry",
    "certificate_manager_dns_authorization",
    "compute_address",
    "compute_global_address",
    "compute_network",
    "compute_router",
    "compute_router_nat",
    "compute_ssl_policy",
    "compute_subnetwork",
    "container_cluster",
    "dns_record_set",
    "monitoring_alert_policy",
    "monitoring_custom_service",
    "monitoring_dashboard",
    "monitoring_notification_channel",
    "monitoring_slo",
    "monitoring_uptime_check_config",
    "project_iam_member",
    "project_service",
    "secret_manager_secret",
    "secret_manager_secret_iam_member",
    "secret_manager_secret_version",
    "service_account",
    "service_networking_connection",
    "sql_database",
    "sql_database_instance",
    "sql_user",
)
DATA = ("project",)
# Optional, and answered by the service where unset.
ALSO_COMPUTED = {
    "*": {"id", "project", "region", "etag"},
    "google_compute_address": {"address", "network_tier"},
    "google_compute_global_address": {"address"},
    "google_compute_router_nat": {"auto_network_tier"},
    "google_container_cluster": {"location", "node_version", "default_max_pods_per_node"},
    "google_sql_database": {"charset", "collation"},
}
# A few whose change makes a new object; a new database would be an empty one.
FORCE_NEW = {
    "google_compute_global_address": {"name", "address"},
    "google_container_cluster": {"name", "location", "network", "subnetwork"},
    "google_secret_manager_secret": {"secret_id"},
    "google_secret_manager_secret_version": {"secret", "secret_data_wo_version"},
    "google_sql_database_instance": {"name", "region"},
}
SENSITIVE = {"password", "secret_data", "root_password", "auth_token", "service_key"}
PRIMITIVE = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}

_ENTRY = re.compile(
    r"^ +(\w+): \{\n +value: ([^\n]*),\n +isBlock: (true|false),\n"
    r' +type: "(\w+)",\n +storageClassType: "(\w+)",',
    re.M,
)
_READ_ONLY = re.compile(
    r"// (\w+) - computed: true, optional: false, required: false\n(.*?;)", re.S
)
_CLASS = re.compile(r"^class (\w+) extends cdktf\.\w+ \{(.*?)^\}", re.S | re.M)
_TO_HCL = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", re.S | re.M)
_INTERFACE = re.compile(r"^export interface (\w+)[^{]*\{(.*?)^\}", re.S | re.M)
_PROPERTY = re.compile(r"#(\w+)\}(?:(?!\*/).)*\*/\s*readonly \w+(\??):", re.S)


@dataclass(frozen=True)
class Binding:
    """One resource's generated module."""

    code: str
    types: str

    @cached_property
    def classes(self) -> dict[str, str]:
        return {name.lower(): body for name, body in _CLASS.findall(self.code)}

    @cached_property
    def entries(self) -> dict[str, str]:
        return {name.lower(): body for name, body in _TO_HCL.findall(self.code)}

    @cached_property
    def required(self) -> dict[str, set[str]]:
        return {
            name.lower(): {prop for prop, optional in _PROPERTY.findall(body) if not optional}
            for name, body in _INTERFACE.findall(self.types)
        }

    def whole(self) -> tuple[str, dict[str, Any]]:
        found = re.search(r'^(\w+)\.tfResourceType = "(\w+)"', self.code, re.M)
        if not found:
            raise SystemExit("no resource in this module: is it the version named above?")
        name, kind = found.groups()
        body = self.classes[name.lower()]
        return kind, self.block(kind, body, body, f"{name}Config".lower())

    def block(self, kind: str, entries: str, body: str, interface: str) -> dict[str, Any]:
        required = self.required.get(interface, set())
        attributes: dict[str, str] = {}
        blocks: dict[str, Any] = {}
        for name, value, is_block, shape, storage in _ENTRY.findall(entries):
            if is_block == "true" and not _primitive(storage):
                blocks[name] = self._nested(kind, value, shape, name in required)
            else:
                attributes[name] = f"{_flags(kind, name, required)} {_written(storage, shape)}"
        for name, getter in _READ_ONLY.findall(body):
            if name not in attributes and name not in blocks:
                kind_read = self._read_only(name, getter)
                written = kind_read if isinstance(kind_read, str) else json.dumps(kind_read)
                attributes[name] = f"c {written}"
        found: dict[str, Any] = {"attributes": dict(sorted(attributes.items()))}
        return {**found, "blocks": dict(sorted(blocks.items()))} if blocks else found

    def _nested(self, kind: str, value: str, shape: str, required: bool) -> dict[str, Any]:
        found = re.search(r"(\w+)ToHclTerraform", value)
        if not found:
            raise SystemExit(f"{kind}: cannot read {value}")
        base = found[1].lower()
        body = self.classes.get(f"{base}outputreference", "")
        inner = self.block("", self.entries[base], body, base)
        counts: dict[str, Any] = {"many": "one" if shape == "struct" else shape}
        if shape != "struct" and "listMapperHcl" not in value:
            counts["max"] = 1
        if required:
            counts["min"] = 1
        return {**counts, **inner}

    def _read_only(self, name: str, getter: str) -> Any:
        for word, kind in (("String", "string"), ("Number", "number"), ("Boolean", "bool")):
            if f"get{word}Attribute(" in getter:
                return kind
            if f"new cdktf.{word}Map(" in getter:
                return ["map", kind]
        if "ListAttribute(" in getter:
            inner = "number" if "getNumberList" in getter else "string"
            return ["set" if "Fn.tolist" in getter else "list", inner]
        found = re.search(
            r'new (?:\w+\.)?(\w+?)(?:List|OutputReference)\(this, "\w+"(?:, (true|false))?', getter
        )
        if not found:
            raise SystemExit(f"{name}: cannot read {getter}")
        body = self.classes.get(f"{found[1]}OutputReference".lower(), "")
        fields = {each: self._read_only(each, one) for each, one in _READ_ONLY.findall(body)}
        return ["set" if found[2] == "true" else "list", ["object", fields]]


def _primitive(storage: str) -> bool:
    return bool(re.fullmatch(r"(string|number|boolean|any)(List|Map)*", storage))


def _written(storage: str, shape: str) -> str:
    found = re.fullmatch(r"(string|number|boolean|any)((?:List|Map)*)", storage)
    if not found:
        return "dynamic"
    kind: Any = PRIMITIVE[found[1]]
    for layer in re.findall("List|Map", found[2]):
        kind = ["map" if layer == "Map" else "set" if shape == "set" else "list", kind]
    return kind if isinstance(kind, str) else json.dumps(kind)


def _flags(kind: str, name: str, required: set[str]) -> str:
    """``kind`` is empty in nested blocks."""
    flags = "r" if name in required else "o"
    if kind and flags == "o" and name in ALSO_COMPUTED["*"] | ALSO_COMPUTED.get(kind, set()):
        flags += "c"
    flags += "f" if name in FORCE_NEW.get(kind, set()) else ""
    flags += "s" if name in SENSITIVE else ""
    return flags + ("w" if name.endswith("_wo") else "")


def derive(package: Path) -> dict[str, Any]:
    """All of google.json but for what the stand-in answers."""

    def read(folder: str) -> tuple[str, dict[str, Any]]:
        where = package / "lib" / folder.replace("_", "-")
        code, types = (
            "\n".join(path.read_text() for path in sorted(where.rglob(pattern)))
            for pattern in ("*.js", "*.d.ts")
        )
        return Binding(code, types).whole()

    _, provider = read("provider")
    return {
        "provider": provider,
        "resources": dict(read(name) for name in RESOURCES),
        "data": dict(read(f"data_google_{name}") for name in DATA),
    }


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    json.dump(derive(Path(sys.argv[1])), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
