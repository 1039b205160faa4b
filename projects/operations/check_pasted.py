"""A batch that brings in what stood elsewhere: in another flow, project or installation (docs/adr/0048).

Components and ports that are not known here are let in, and so are settings that do not fit: each node and wire says
what is wrong with it, and can be mended. Sizes, directions and literal secrets are checked as ever.
"""

from collections.abc import Mapping, Sequence

from projects.catalogue import Catalogue, Port
from projects.errors import ProjectError
from projects.models import Node
from projects.operations.check import (
    check_mapping,
    refuse_broken_schema,
    refuse_direction,
    refuse_secrets,
    refuse_system_port,
)
from projects.operations.rows import Rows
from projects.operations.schemas import BrokenSchema, literal_secrets
from projects.operations.shape import (
    AddEdge,
    AddGroup,
    AddNode,
    AddNote,
    Op,
    SetSchema,
    check_schemas_size,
    check_settings_size,
)


def check_pasted(rows: Rows, ops: Sequence[Op], catalogue: Catalogue) -> None:
    for index, op in enumerate(ops):
        match op:
            case AddNode():
                _check_settings(op, catalogue, index)
            case AddEdge():
                _check_wire(rows, op, catalogue, index)
            case AddGroup() | AddNote():
                pass
            case SetSchema():
                check_schemas_size(rows.nodes[op.id].schemas, index)
                refuse_broken_schema(op, index)
            case _:
                message = f"Operation {index}: what is pasted is added; send {op.op} as a change of its own."
                raise ProjectError("invalid_operation", message, 400, op=index, field="/op")


def _check_settings(op: AddNode, catalogue: Catalogue, index: int) -> None:
    check_settings_size(op.settings, index)
    component = catalogue.component(op.module, op.component)
    port = component.ports.get("_settings") if component else None
    if port is None or not port.schema:
        return
    try:
        refuse_secrets(literal_secrets(port.schema, op.settings), "", index)
    except BrokenSchema as error:
        message = f"The settings schema of {op.module}/{op.component} is broken: {error}. Update the module."
        raise ProjectError("schema_broken", message, op=index) from None


def _check_wire(rows: Rows, op: AddEdge, catalogue: Catalogue, index: int) -> None:
    for end, node_id, name in (("source", op.source, op.source_port), ("target", op.target, op.target_port)):
        node, field = rows.nodes[node_id], f"/{end}_port"
        refuse_system_port(node, name, field, index)
        port = _ports(catalogue, node).get(name)
        if port is not None:
            refuse_direction(node, port, end, field, index)
        if end == "target":
            check_mapping(op.mapping, port, index)


def _ports(catalogue: Catalogue, node: Node) -> Mapping[str, Port]:
    """Those that are known: a router that has just come has not said which it has."""
    component = catalogue.component(node.module, node.component)
    return {**(component.ports if component else {}), **catalogue.node_ports(node.name)}
