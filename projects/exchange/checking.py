"""What of a file must not come in: what no document may hold, and secrets as such. The rest comes in as it is: a
component that nobody offers here, or settings that do not fit, say so on their nodes and can be mended (ADR 48)."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from projects.errors import ProjectError
from projects.exchange.flow_export import Schemas
from projects.operations.schemas import BrokenSchema, literal_secrets
from projects.operations.shape import RetryPolicy, check_mapping_size, check_schemas_size, check_settings_size
from weirflow.flowfile import Fault, FileFlow, FileProject, FlowFile, FlowFileError
from weirflow.flowfile.faults import Path
from weirflow.flowfile.limits import MAX_FAULTS

LITERAL = "this field is a secret: write a reference like [[secret:name/key]], never the value itself"


def check_file(file: FlowFile, schemas: Schemas) -> None:
    """Raises FlowFileError, without lines."""
    flows = {"": file} if isinstance(file, FileFlow) else file.flows
    faults: list[Fault] = []
    for key, flow in flows.items():
        top: Path = ("flows", key) if key else ()
        for fault in _of_flow(flow, top, schemas):
            faults.append(fault)
            if len(faults) >= MAX_FAULTS:
                raise FlowFileError(faults)
    if faults:
        raise FlowFileError(faults)


def nodes_and_wires(file: FlowFile) -> int:
    flows = file.flows.values() if isinstance(file, FileProject) else [file]
    return sum(len(flow.nodes) + len(flow.wires) for flow in flows)


def _of_flow(flow: FileFlow, top: Path, schemas: Schemas) -> Iterator[Fault]:
    for name, node in flow.nodes.items():
        at = (*top, "nodes", name)
        if node.settings:
            yield from _sized(check_settings_size, node.settings, (*at, "settings"))
            schema = schemas(node.module, node.component, "_settings")
            yield from _secrets(schema, node.settings, (*at, "settings"), expressions=False)
        if node.schemas:
            yield from _sized(check_schemas_size, node.schemas, (*at, "schemas"))
    for index, wire in enumerate(flow.wires):
        at = (*top, "wires", index)
        for end, port in (("from", wire.source_port), ("to", wire.target_port)):
            if port.startswith("_"):
                yield Fault(f"the system port {port} takes no wires: connect another port", (*at, end))
        if wire.mapping:
            yield from _sized(check_mapping_size, wire.mapping, (*at, "mapping"))
            target = flow.nodes.get(wire.target)
            if target is not None:
                schema = schemas(target.module, target.component, wire.target_port)
                yield from _secrets(schema, wire.mapping, (*at, "mapping"), expressions=True)
        if wire.retry_policy is not None:
            yield from _policy(wire.retry_policy, (*at, "retryPolicy"))


def _sized(check: Any, value: Any, path: Path) -> Iterator[Fault]:
    try:
        check(value, None)
    except ProjectError as error:
        yield Fault(error.message, path)


def _secrets(schema: Any, value: dict[str, Any], path: Path, *, expressions: bool) -> Iterator[Fault]:
    if not schema:
        return
    try:
        found = literal_secrets(schema, value, expressions=expressions)
    except BrokenSchema:
        # The node says so itself once it is there.
        return
    for pointer in sorted(found):
        yield Fault(LITERAL, (*path, *pointer.split("/")[1:]))


def _policy(value: dict[str, Any], path: Path) -> Iterator[Fault]:
    try:
        RetryPolicy.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        yield Fault(first["msg"], (*path, *first["loc"]))
