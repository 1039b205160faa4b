"""The part of a flow that a test can reach: only that is made, and nothing else can make a result old."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from weirflow.error_port import ERROR_PORT
from weirflow.flowtest.cases import FlowTest
from weirflow.flowtest.flow import TestedFlow


@dataclass(frozen=True, slots=True)
class Part:
    """Names of nodes, and the places of wires in the flow's list. ``nodes`` may name some that the flow has not."""

    nodes: frozenset[str]
    wires: frozenset[int]


class Ways:
    """The wires of a flow by the outputs that they leave, to be asked for many tests. ``wires``: node and port that
    each leaves, and the node that it leads to."""

    def __init__(self, wires: Iterable[tuple[str, str, str]]) -> None:
        self._leaving: dict[str, list[tuple[str, int, str]]] = {}
        for index, (source, port, target) in enumerate(wires):
            self._leaving.setdefault(source, []).append((port, index, target))

    def part(self, test: FlowTest) -> Part:
        """What the test's messages can come to, and the nodes that it speaks of besides.

        Sources do not start, so that messages begin where the test gives them, and at nodes that it gives a state: what
        they had kept, they send. A node that a message comes to may send from any output, one that is answered for
        sends its answers alone. What fails leaves by the error port.
        """
        answered: dict[str, list[str | None]] = {}
        for at in test.answers:
            answered.setdefault(at.node, []).append(at.port)
        whole: list[str | None] = [None]
        spoken = {at.node for at in test.answers} | test.state.keys() | {one.node for one in test.expect if one.node}
        left = [(name, port) for name in test.state for port in answered.get(name, whole)]
        for given in test.given:
            ports = (
                [given.at.port] if self.is_output(given.at.node, given.at.port) else answered.get(given.at.node, whole)
            )
            left += [(given.at.node, port) for port in ports]
        nodes, wires, seen = set(spoken), set[int](), set[tuple[str, str | None]]()
        while left:
            if (at_port := left.pop()) in seen:
                continue
            seen.add(at_port)
            name, port = at_port
            nodes.add(name)
            for source_port, index, target in self._leaving.get(name, ()):
                if port is None or source_port in (port, ERROR_PORT):
                    wires.add(index)
                    nodes.add(target)
                    left += [(target, each) for each in answered.get(target, whole)]
        return Part(frozenset(nodes), frozenset(wires))

    def is_output(self, node: str, port: str) -> bool:
        """Whether a wire leaves there. An output that none leaves is as good as an input: what is behind it is no less
        than what is behind the node."""
        return any(port == source_port for source_port, _, _ in self._leaving.get(node, ()))


def ways_of(flow: TestedFlow) -> Ways:
    """Those of a flow as it was read."""
    return Ways((wire.source.node, wire.source.port, wire.target.node) for wire in flow.wires)


def reached(flow: TestedFlow, test: FlowTest, ways: Ways) -> TestedFlow:
    """The part that the test can reach, in the flow's own order, which is what people see in what is said of it."""
    part = ways.part(test)
    nodes = {name: node for name, node in flow.nodes.items() if name in part.nodes}
    return replace(flow, nodes=nodes, wires=tuple(flow.wires[index] for index in sorted(part.wires)))
