"""A Terraform provider that speaks plugin protocol 6, knows a real provider's schema, and calls
no service: what it creates exists in Terraform's state alone.

Runs on the interpreter of .venv-ops. Where there is a file that ``STANDIN_WORLD`` names, it tells
what exists already, as JSON by id: what an import finds, and what somebody changed behind
Terraform's back.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack
import tf.provider
import tf.runner
from schema import Attribute, Block, Spec, read_spec
from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc
from values import UNKNOWN, Values, completed, invented, is_unknown, nothing, replaced, settle

_NESTING = {"one": 1, "list": 2, "set": 3}
# Field 11 of Schema.Attribute, write_only, since protocol 6.8; the stubs of tf are older.
_WRITE_ONLY = b"\x58\x01"
_IMPORTED = b"imported"


def load(value: Any) -> Any:
    return msgpack.unpackb(value.msgpack, strict_map_key=False) if value.msgpack else None


def dump(value: Any) -> pb.DynamicValue:
    return pb.DynamicValue(msgpack=msgpack.packb(value))


def attribute_message(name: str, attribute: Attribute) -> pb.Schema.Attribute:
    message = pb.Schema.Attribute(
        name=name,
        type=json.dumps(attribute.type).encode(),
        required=attribute.has("r"),
        optional=attribute.has("o"),
        computed=attribute.has("c"),
        sensitive=attribute.has("s"),
    )
    if attribute.has("w"):
        message.MergeFromString(_WRITE_ONLY)
    return message


def block_message(block: Block) -> pb.Schema.Block:
    nested = [
        pb.Schema.NestedBlock(
            type_name=name,
            nesting=_NESTING[inner.many],
            block=block_message(inner),
            min_items=inner.min,
            max_items=inner.max,
        )
        for name, inner in block.blocks.items()
    ]
    attributes = [attribute_message(name, one) for name, one in block.attributes.items()]
    return pb.Schema.Block(version=0, attributes=attributes, block_types=nested)


def schema_message(block: Block) -> pb.Schema:
    return pb.Schema(version=0, block=block_message(block))


def refusal(summary: str, detail: str) -> pb.Diagnostic:
    return pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=summary, detail=detail)


class StandIn(rpc.ProviderServicer):
    """The protocol's calls; names and signatures are the protocol's."""

    def __init__(self, spec: Spec, world: Path | None) -> None:
        self._spec = spec
        self._world = world

    def GetMetadata(self, request: Any, context: Any) -> Any:
        return pb.GetMetadata.Response(server_capabilities=pb.ServerCapabilities(plan_destroy=True))

    def GetProviderSchema(self, request: Any, context: Any) -> Any:
        spec = self._spec
        return pb.GetProviderSchema.Response(
            provider=schema_message(spec.provider),
            provider_meta=pb.Schema(version=0, block=pb.Schema.Block()),
            resource_schemas={name: schema_message(one) for name, one in spec.resources.items()},
            data_source_schemas={name: schema_message(one) for name, one in spec.data.items()},
            server_capabilities=pb.ServerCapabilities(plan_destroy=True),
        )

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateProviderConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:
        return pb.ConfigureProvider.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateDataResourceConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:
        config = load(request.config)
        wrong = []
        for rule in self._spec.rules.get(request.type_name, []):
            value = config.get(rule.attribute)
            if isinstance(value, str) and not re.search(rule.regex, value):
                wrong.append(refusal(f"invalid {rule.attribute}", rule.message))
        return pb.ValidateResourceConfig.Response(diagnostics=wrong)

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:
        state = nothing(self._spec.resources[request.type_name])
        return pb.UpgradeResourceState.Response(
            upgraded_state=dump(state | json.loads(request.raw_state.json))
        )

    def PlanResourceChange(self, request: Any, context: Any) -> Any:
        before, after = load(request.prior_state), load(request.proposed_new_state)
        block = self._spec.resources[request.type_name]
        if after is None:
            return pb.PlanResourceChange.Response(planned_state=dump(None))
        new = replaced(block, before, after) if before else []
        if new:
            config = load(request.config)
            known = {name: config.get(name) for name in block.attributes}
            after = {**after, **known}
        if before is None or new:
            planned = settle(block, after, lambda path, attribute: UNKNOWN)
        else:
            planned = {**after, **dict.fromkeys(block.names("w"))}
        step = pb.AttributePath.Step
        paths = [pb.AttributePath(steps=[step(attribute_name=name)]) for name in new]
        return pb.PlanResourceChange.Response(planned_state=dump(planned), requires_replace=paths)

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:
        before, planned = load(request.prior_state), load(request.planned_state)
        respond = pb.ApplyResourceChange.Response
        if planned is None:
            if before.get("deletion_protection"):
                why = "deletion_protection is true: set it to false and apply, then destroy"
                return respond(
                    new_state=dump(before), diagnostics=[refusal("deletion is blocked", why)]
                )
            return respond(new_state=dump(None))
        block = self._spec.resources[request.type_name]
        known = {name: None if is_unknown(value) else value for name, value in planned.items()}
        seed = json.dumps(known, default=str, sort_keys=True)
        digest = hashlib.sha256(f"{request.type_name}{seed}".encode()).hexdigest()[:32]
        fill = self._answers(request.type_name, digest, planned)
        return respond(new_state=dump(settle(block, planned, fill)))

    def _answers(self, kind: str, digest: str, planned: Values) -> Any:
        given = self._spec.answers.get(kind, {})
        arguments = {name: value for name, value in planned.items() if isinstance(value, str)}

        def fill(path: str, attribute: Attribute) -> Any:
            if path not in given:
                return invented(attribute.type, f"{path}-{digest[:8]}")
            return completed(given[path], {**arguments, "hash": digest})

        return fill

    def ReadResource(self, request: Any, context: Any) -> Any:
        state = load(request.current_state)
        block = self._spec.resources[request.type_name]
        if state is not None:
            state |= self._existing().get(state["id"], {})
            if request.private == _IMPORTED:
                state = settle(block, state, lambda path, one: invented(one.type, ""))
        return pb.ReadResource.Response(new_state=dump(state))

    def _existing(self) -> dict[str, Values]:
        if self._world is None or not self._world.exists():
            return {}
        existing: dict[str, Values] = json.loads(self._world.read_text())
        return existing

    def ImportResourceState(self, request: Any, context: Any) -> Any:
        state = nothing(self._spec.resources[request.type_name]) | {"id": request.id}
        if "sid" in state:
            state["sid"] = request.id
        imported = pb.ImportResourceState.ImportedResource(
            type_name=request.type_name, state=dump(state), private=_IMPORTED
        )
        return pb.ImportResourceState.Response(imported_resources=[imported])

    def ReadDataSource(self, request: Any, context: Any) -> Any:
        config = load(request.config)
        fill = self._answers(f"data.{request.type_name}", "0" * 32, config)
        return pb.ReadDataSource.Response(
            state=dump(settle(self._spec.data[request.type_name], config, fill))
        )

    def GetFunctions(self, request: Any, context: Any) -> Any:
        return pb.GetFunctions.Response()

    def StopProvider(self, request: Any, context: Any) -> Any:
        return pb.StopProvider.Response()


@dataclass(frozen=True)
class _Named:
    """All that tf's runner wants of a provider object whose servicer is ours."""

    address: str

    def full_name(self) -> str:
        return self.address


def main(address: str, *facts: str) -> None:
    """Serve until Terraform says stop, or with ``--dev`` until killed, as a provider that several
    commands attach to. ``address``: registry.terraform.io/NAMESPACE/NAME. ``facts``: JSON files
    that make one specification."""
    world = os.environ.get("STANDIN_WORLD")
    raw: dict[str, Any] = {}
    for path in facts:
        raw |= json.loads(Path(path).read_text())
    servicer = StandIn(read_spec(raw), Path(world) if world else None)
    # The runner looks the servicer up when it starts; its own knows single and set blocks only.
    tf.provider.ProviderServicer = lambda provider: servicer
    tf.runner.run_provider(_Named(address))
