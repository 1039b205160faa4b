"""The part of a flow that a test can reach: of a large one only that is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from weirflow.flowtest.cases import FlowTest
from weirflow.flowtest.flow import TestedFlow


def reached(flow: TestedFlow, test: FlowTest) -> TestedFlow:
    """What lies behind the nodes that messages are given at, and the nodes that the test speaks of besides. Nothing
    else gets a message, as sources do not start."""
    behind: dict[str, list[str]] = {}
    for wire in flow.wires:
        behind.setdefault(wire.source.node, []).append(wire.target.node)
    nodes = _closure((given.at.node for given in test.given), behind)
    # In the flow's own order, which is what people see in what is said of it.
    spoken = {at.node for at in test.answers} | test.state.keys() | {one.node for one in test.expect if one.node}
    kept = {name: node for name, node in flow.nodes.items() if name in nodes or name in spoken}
    wires = tuple(wire for wire in flow.wires if wire.source.node in kept and wire.target.node in kept)
    return replace(flow, nodes=kept, wires=wires)


def _closure(begin: Iterable[str], behind: dict[str, list[str]]) -> set[str]:
    """All that can be come to from there."""
    found: set[str] = set()
    left = list(begin)
    while left:
        if (name := left.pop()) not in found:
            found.add(name)
            left += behind.get(name, ())
    return found
