"""What all nodes of one component on this host have counted since its start, those that have ended included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weirflow.runtime.latency import Histogram
from weirflow.runtime.stats import EdgeStats, NodeStats

if TYPE_CHECKING:
    from weirflow.runtime.node import Node


def kind_of(node: Node) -> tuple[str, str]:
    """The module and the component that the node counts for. Names that the module does not know, which anybody may
    write into a resource, are one component without a name: what was counted for a component is kept for good."""
    return node.module.name, node.component if node.component in node.module.components else ""


@dataclass(slots=True)
class Kept:
    """``count`` and ``errors`` of what has ended; ``latency`` of all, but for the last seconds."""

    count: int = 0
    errors: int = 0
    latency: Histogram = field(default_factory=Histogram)

    def keep(self, stats: NodeStats | EdgeStats) -> None:
        """A node or an edge has ended: what it counted must not be missing from now on."""
        self.count += stats.count
        self.errors += stats.errors
        if stats.latency is not None:
            stats.latency.settle()


@dataclass(slots=True)
class Total:
    """Nodes of one component, and the edges that leave them."""

    nodes: Kept = field(default_factory=Kept)
    edges: Kept = field(default_factory=Kept)


class Totals:
    """By module and component."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str], Total] = {}

    def of(self, module: str, component: str) -> Total:
        """Made when it is first asked for. There are as many as components, which are part of the host's program."""
        key = module, component
        total = self._all.get(key)
        if total is None:
            total = self._all[key] = Total()
        return total

    def __iter__(self) -> Iterator[tuple[tuple[str, str], Total]]:
        return iter(self._all.items())
