"""Run by .venv-ops: objects of Kubernetes as a JSON list in, what is wrong with each of them out.

Kubernetes' own kinds are checked by its published schemas in their strict form, ours by crds.yaml,
in which no object takes a field that is not named.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
from ruamel.yaml import YAML

# GKE's regular channel offers it; all fields in use are in the older ones too.
KUBERNETES = "1.35.0"
WORDS = {"type": "object", "additionalProperties": {"type": "string"}}
METADATA = {
    "properties": {
        "name": {"type": "string"},
        "namespace": {"type": "string"},
        "labels": WORDS,
        "annotations": WORDS,
    }
}


def closed(schema: Any) -> Any:
    """The same, with every object closed against fields that are not named."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    done = {name: closed(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict):
        done.update(type="object", additionalProperties=False)
    return done


def of_kind(spec: dict[str, Any]) -> Any:
    """The schema of a whole object from that of its spec."""
    version = {"const": spec["apiVersion"]}
    rest = {name: part for name, part in spec.items() if name != "apiVersion"}
    properties = {"apiVersion": version, "kind": {}, "metadata": METADATA, "spec": rest}
    return closed({"properties": properties, "required": ["apiVersion", "metadata", "spec"]})


def fault(doc: dict[str, Any], ours: dict[str, Any]) -> str:
    """What is wrong with one object; empty when nothing is."""
    try:
        if doc["kind"] in ours:
            jsonschema.validate(doc, of_kind(ours[doc["kind"]]))
        else:
            kubernetes_validate.validate(doc, KUBERNETES, strict=True)
    except jsonschema.ValidationError as error:
        return f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
    except kubernetes_validate.ValidationError as error:
        return f"{'.'.join(map(str, error.path))}: {error.message}"
    except kubernetes_validate.SchemaNotFoundError as error:
        return f"no schema: {error.kind}"
    return ""


if __name__ == "__main__":
    schemas = YAML(typ="safe").load(Path(__file__).with_name("crds.yaml"))
    json.dump([fault(doc, schemas) for doc in json.load(sys.stdin)], sys.stdout)
