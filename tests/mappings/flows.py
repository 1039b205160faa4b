"""Flows of shipped components, for what is said about their mappings."""

from __future__ import annotations

from typing import Any

from modules.common import module as common
from modules.http import module as http
from weirflow.mappings.flow import FlowChecks
from weirflow.schema.document import Document
from weirflow.schema.node import NodeSchemas, PortSchema, Wire

COMPONENTS = {**common.components, **http.components}


def node(component: str, settings: Any = None) -> NodeSchemas:
    """A node of a shipped component."""
    ports = {port.name: PortSchema(port.source, Document.of(port.schema)) for port in COMPONENTS[component].ports}
    return NodeSchemas(ports, settings=settings or {})


def signal(**message: Any) -> NodeSchemas:
    return node("signal", {"message": message})


def flow_of(nodes: dict[str, NodeSchemas], **edges: tuple[Wire, Any]) -> FlowChecks:
    flow = FlowChecks()
    for name, schemas in nodes.items():
        flow.put_node(name, schemas)
    for edge, (wire, mapping) in edges.items():
        flow.put_edge(edge, wire, mapping)
    flow.settle()
    return flow


def wire(source: str, target: str, mapping: Any, out: str = "out", into: str = "in") -> tuple[Wire, Any]:
    return Wire(source, out, target, into), mapping


def outcomes(flow: FlowChecks) -> dict[str, str]:
    return {edge: verdict.outcome for edge, verdict in flow.verdicts().items()}
