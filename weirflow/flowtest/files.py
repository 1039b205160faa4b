"""Tests in flow files: each flow of a file with the tests that stand beside it."""

from __future__ import annotations

from collections.abc import Iterator

from weirflow.errors import JSON
from weirflow.flowfile import FileFlow, FileNode, FileProject, FlowFile
from weirflow.flowtest.flow import PortAddress, TestedFlow, TestedNode, TestedWire


def flows_in(file: FlowFile) -> Iterator[tuple[FileFlow, TestedFlow]]:
    """Every flow of the file, and what of it is tested: its own nodes and wires, and the nodes it shows of others."""
    if isinstance(file, FileFlow):
        yield file, tested_flow(file, None)
    else:
        for flow in file.flows.values():
            yield flow, tested_flow(flow, file)


def tested_flow(flow: FileFlow, project: FileProject | None) -> TestedFlow:
    """A flow of a file; ``project`` has the flows whose nodes it shows."""
    nodes = {name: _node(name, node) for name, node in flow.nodes.items()}
    for name, shown in flow.shown.items():
        other = project.flows.get(shown.flow) if project is not None else None
        if other is not None and shown.node in other.nodes:
            nodes[name] = _node(name, other.nodes[shown.node])
    wires = []
    for wire in flow.wires:
        source, target = PortAddress(wire.source, wire.source_port), PortAddress(wire.target, wire.target_port)
        options: dict[str, JSON] = {"timeoutMs": wire.timeout_ms, "retryPolicy": wire.retry_policy}
        known = {key: value for key, value in options.items() if value is not None}
        if wire.source in nodes and wire.target in nodes:
            wires.append(TestedWire(f"{source} -> {target}", source, target, wire.mapping, known))
    return TestedFlow(nodes, tuple(wires), flow.scenarios)


def _node(name: str, node: FileNode) -> TestedNode:
    return TestedNode(name, node.module, node.component, node.settings)
