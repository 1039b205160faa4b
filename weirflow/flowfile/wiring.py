"""A file against the components that there are: what in it nobody knows here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from weirflow.flowfile.document import FileFlow, FileNode, FileProject, FlowFile
from weirflow.flowfile.faults import Fault, Path


class KnownComponents(Protocol):
    def ports(self, node: FileNode) -> Mapping[str, bool] | None:
        """The ports that the node has with its settings, each with whether it is an output; None for a component that
        nobody offers."""


def unknown_in(file: FlowFile, known: KnownComponents) -> Sequence[Fault]:
    """Components that are unknown, and wires to ports that their nodes do not have or that go the other way."""
    flows = {"": file} if isinstance(file, FileFlow) else file.flows
    return [fault for key, flow in flows.items() for fault in _in_flow(file, key, flow, known)]


def _in_flow(file: FlowFile, key: str, flow: FileFlow, known: KnownComponents) -> Iterator[Fault]:
    top: Path = ("flows", key) if key else ()
    ports = {}
    for name, node in flow.nodes.items():
        ports[name] = found = known.ports(node)
        if found is None:
            message = f"nobody offers {node.module}/{node.component} here: is the module {node.module} running?"
            yield Fault(message, (*top, "nodes", name, "component"))
    if isinstance(file, FileProject):
        for name, shown in flow.shown.items():
            ports[name] = known.ports(file.flows[shown.flow].nodes[shown.node])
    for index, wire in enumerate(flow.wires):
        at = (*top, "wires", index)
        for end, name, port, source in (
            ("from", wire.source, wire.source_port, True),
            ("to", wire.target, wire.target_port, False),
        ):
            have = ports.get(name)
            if have is None:
                continue
            if port not in have or port.startswith("_"):
                there = ", ".join(sorted(one for one, out in have.items() if out == source and not one.startswith("_")))
                yield Fault(f"{name} has no port {port} (there are {there or 'none'})", (*at, end))
            elif have[port] != source:
                wanted = "an output" if source else "an input"
                yield Fault(f"the port {port} of {name} is not {wanted}", (*at, end))
