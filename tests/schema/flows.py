"""Small flows of nodes that pass on what they take, for the propagation of schemas."""

from __future__ import annotations

from typing import Any

from weirflow.schema.document import Document
from weirflow.schema.flow import FlowSchemas
from weirflow.schema.node import NodeSchemas, PortSchema, Wire

Schema = dict[str, Any]


def message(id: str, **fields: str) -> Schema:
    """The schema of a port that is all of a definition; without fields an open one."""
    definition: Schema = {"x-id": id, "configurable": True}
    if fields:
        definition |= {"type": "object", "properties": {name: {"type": kind} for name, kind in fields.items()}}
    return {"$ref": "#/$defs/Message", "$defs": {"Message": definition}}


def passing(id: str, **edited: Schema) -> NodeSchemas:
    """A node with the ports `in` and `out`, both the definition `id`; `edited` by port."""
    document = Document.of(message(id))
    ports = {"in": PortSchema(False, document), "out": PortSchema(True, document)}
    return NodeSchemas(ports, {{"in_": "in"}.get(name, name): Document(schema) for name, schema in edited.items()})


def wired(source: str, target: str, edited: Schema | None = None) -> Wire:
    return Wire(source, "out", target, "in", Document(edited) if edited is not None else None)


def fields(document: Document | None) -> dict[str, str]:
    """Name and type of the fields that a schema's message has."""
    assert document is not None
    return {name: field["type"] for name, field in document.root.get("properties", {}).items()}


def snapshot(flow: FlowSchemas) -> dict[str, Any]:
    """All schemas in effect."""
    shown: dict[str, Any] = {edge: _schema(flow.target(edge)) for edge in flow.wires}
    for node, schemas in flow.nodes.items():
        shown |= {f"{node}.{name}": _schema(flow.port(node, name)) for name in schemas.ports}
    return shown


def _schema(document: Document | None) -> Schema | None:
    return document.schema if document is not None else None
