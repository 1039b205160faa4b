"""A batch against the catalogue: known components and ports, settings that fit their schema, no literal secrets.

Runs after the batch was applied to the rows in memory and before anything is written, so that two operations that
are right only together pass. Undo is not checked: it brings back what was accepted once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from projects.catalogue import Catalogue, Component, Port
from projects.errors import ProjectError
from projects.models import Node
from projects.operations.edited import open_definitions, schema_fault
from projects.operations.rows import Rows
from projects.operations.schemas import BrokenSchema, Fault, faults, literal_secrets
from projects.operations.shape import (
    AddEdge,
    AddNode,
    Op,
    SetMapping,
    SetSchema,
    SetSetting,
    check_mapping_size,
    check_schemas_size,
    check_settings_size,
)


def check_batch(
    rows: Rows, ops: Sequence[Op], catalogue: Catalogue, settings_before: Mapping[str, dict[str, Any]]
) -> None:
    """`settings_before` holds the settings, as they were, of each node that existed before the batch."""
    touched: dict[str, int] = {}
    for index, op in enumerate(ops):
        match op:
            case AddNode():
                _component(catalogue, op.module, op.component, index)
                touched[op.id] = index
            case SetSetting():
                touched[op.id] = index
            case SetSchema() if op.id in rows.nodes:
                _check_schema(rows.nodes[op.id], op, catalogue, index)
            case AddEdge() if op.id in rows.edges:
                _check_wire(rows, op, catalogue, index)
            case SetMapping() if op.id in rows.edges:
                target = rows.nodes.get(rows.edges[op.id].target_id)
                if target is None:
                    target = Node.objects.get(pk=rows.edges[op.id].target_id)
                port = _ports(catalogue, target, index).get(rows.edges[op.id].target_port)
                check_mapping(op.mapping, port, index)
    for node_id, index in touched.items():
        node = rows.nodes.get(node_id)
        if node is not None:
            _check_settings(node, settings_before.get(node_id, {}), catalogue, ops, index)


def _component(catalogue: Catalogue, module: str, component: str, index: int) -> Component:
    found = catalogue.component(module, component)
    if found is None:
        message = f"No module offers {module}/{component} now: check that the module {module} is running."
        raise ProjectError("unknown_component", message, op=index, field="/component")
    return found


def _ports(catalogue: Catalogue, node: Node, index: int) -> Mapping[str, Port]:
    """The component's ports, and those the running node reports besides."""
    component = _component(catalogue, node.module, node.component, index)
    return {**component.ports, **catalogue.node_ports(node.name)}


def _check_wire(rows: Rows, op: AddEdge, catalogue: Catalogue, index: int) -> None:
    ends = (("source", op.source, op.source_port), ("target", op.target, op.target_port))
    for end, node_id, port_name in ends:
        node = rows.nodes[node_id]
        port = _ports(catalogue, node, index).get(port_name)
        field = f"/{end}_port"
        refuse_system_port(node, port_name, field, index)
        if port is None:
            message = f"{node} has no port {port_name!r}: reload the flow to see the ports it has."
            raise ProjectError("unknown_port", message, op=index, field=field)
        refuse_direction(node, port, end, field, index)
        if end == "target":
            check_mapping(op.mapping, port, index)


def refuse_system_port(node: Node, name: str, field: str, index: int) -> None:
    """System ports carry settings and controls, never a wire."""
    if name.startswith("_"):
        message = f"The system port {name!r} of {node} takes no wires: connect another port."
        raise ProjectError("unknown_port", message, op=index, field=field)


def refuse_direction(node: Node, port: Port, end: str, field: str, index: int) -> None:
    """`end` is the wire's: `source` or `target`."""
    if port.source != (end == "source"):
        wanted = "an output" if end == "source" else "an input"
        message = f"The port {port.name!r} of {node} is not {wanted}: wires go from an output to an input."
        raise ProjectError("wrong_direction", message, op=index, field=field)


def check_mapping(mapping: dict[str, Any], port: Port | None, index: int) -> None:
    """Its size, and that no secret of the port stands in it."""
    check_mapping_size(mapping, index)
    if port is None or not port.schema:
        return
    try:
        found = literal_secrets(port.schema, mapping, expressions=True)
    except BrokenSchema as error:
        message = f"The schema of the port {port.name!r} is broken: {error}. Update the module."
        raise ProjectError("schema_broken", message, op=index) from None
    refuse_secrets(found, "/mapping", index)


def _check_schema(node: Node, op: SetSchema, catalogue: Catalogue, index: int) -> None:
    check_schemas_size(node.schemas, index)
    if op.said is None:
        # What stands there may be of a port or a definition that the component does not have any more.
        return
    port = _ports(catalogue, node, index).get(op.port)
    if port is None:
        message = f"{node} has no port {op.port!r}: reload the flow to see the ports it has."
        raise ProjectError("unknown_port", message, op=index, field="/port")
    if op.definition not in open_definitions(port.schema):
        message = f"The port {op.port!r} of {node} has no definition {op.definition!r} that people may edit."
        raise ProjectError("unknown_definition", message, op=index, field="/definition")
    refuse_broken_schema(op, index)


def refuse_broken_schema(op: SetSchema, index: int) -> None:
    """What is said of a definition has to be a schema."""
    fault = schema_fault(op.said) if op.said is not None else None
    if fault is not None:
        message = f"This is no schema that can be used: {fault.message}."
        raise ProjectError("invalid_schema", message, op=index, field=f"/schema{fault.field}")


def _check_settings(node: Node, before: dict[str, Any], catalogue: Catalogue, ops: Sequence[Op], last: int) -> None:
    """Refuses faults that this batch brings in; one that was there before must not block the way out of it."""
    check_settings_size(node.settings, last)
    port = _component(catalogue, node.module, node.component, last).ports.get("_settings")
    if port is None or not port.schema:
        return
    try:
        introduced = literal_secrets(port.schema, node.settings) - literal_secrets(port.schema, before)
        now = faults(port.schema, node.settings)
        known = set(faults(port.schema, before)) if now else set()
    except BrokenSchema as error:
        message = f"The settings schema of {node.module}/{node.component} is broken: {error}. Update the module."
        raise ProjectError("schema_broken", message, op=last) from None
    refuse_secrets(introduced, "", last)
    for fault in now:
        if fault not in known:
            index = _author(node.pk, fault, ops, last)
            raise ProjectError("invalid_settings", f"{node}: {fault.message}.", op=index, field=fault.field or "/")


def refuse_secrets(pointers: set[str], prefix: str, index: int) -> None:
    """ProjectError for the first of these places, if there is one."""
    if pointers:
        message = "This field is a secret: write a reference like [[secret:name/key]], never the value itself."
        raise ProjectError("secret_literal", message, op=index, field=prefix + min(pointers))


def _author(node_id: str, fault: Fault, ops: Sequence[Op], last: int) -> int:
    """The operation that set the faulty field, else the last that touched the node."""
    for index in range(len(ops) - 1, -1, -1):
        op = ops[index]
        if isinstance(op, SetSetting) and op.id == node_id:
            pointer = "/" + "/".join(str(step) for step in op.path)
            if (fault.field + "/").startswith(pointer + "/") or (pointer + "/").startswith(fault.field + "/"):
                return index
    return last
