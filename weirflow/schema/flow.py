"""The schemas that the ports of a whole flow have in effect: what is known about a definition at one place is told to
all places that have it (docs/adr/0035).

Within a node all ports share what their definitions are. Along an edge the target's open definitions take over what
the source knows of the same ones; what somebody has defined on an edge counts for its target. An output's open
definitions take over what the targets of its edges know. Nothing is told that the component itself has said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce

from weirflow.schema.dataflow import Dataflow
from weirflow.schema.definitions import NONE, Definitions, union
from weirflow.schema.document import Definition, Document
from weirflow.schema.node import NodeSchemas, Wire
from weirflow.schema.overlay import overlaid


@dataclass(slots=True)
class Affected:
    """Which schemas are others after an edit: of ports `(node, port)`, and of targets as seen through edges."""

    ports: set[tuple[str, str]] = field(default_factory=set)
    edges: set[str] = field(default_factory=set)


class FlowSchemas:
    """Nodes and wires of a flow, and the schemas in effect. Edit with `put_...` and `drop_...`, then `settle`.

    Each edit costs what it can reach, not what the flow holds.
    """

    def __init__(self) -> None:
        self.nodes: dict[str, NodeSchemas] = {}
        self.wires: dict[str, Wire] = {}
        self._into: dict[str, dict[str, None]] = {}
        self._out_of: dict[str, dict[str, None]] = {}
        self._after: dict[str, dict[str, int]] = {}
        self._known: Dataflow[Definitions] = Dataflow(self._work_out, self.after, NONE)
        self._ports: dict[str, dict[str, Document | None]] = {}
        self._targets: dict[str, Document | None] = {}
        self._edited: set[str] = set()
        self._rewired: set[str] = set()
        self._sources: set[str] = set()
        self._edges: set[str] = set()
        #: How many schemas of ports and edges were worked out since the beginning.
        self.worked_out = 0

    # Edits

    def put_node(self, node: str, schemas: NodeSchemas) -> None:
        """Add a node, or replace what was there."""
        if self.nodes.get(node) != schemas:
            self.nodes[node] = schemas
            self._edited.add(node)

    def drop_node(self, node: str) -> None:
        """Take a node out, with its edges."""
        for edge in [*self.edges_into(node), *self.edges_out_of(node)]:
            self.drop_edge(edge)
        if self.nodes.pop(node, None) is not None:
            self._known.drop(node)
            self._ports.pop(node, None)

    def put_edge(self, edge: str, wire: Wire) -> None:
        """Add an edge, or replace it. Its ends need not be there yet, and may be the same node."""
        if self.wires.get(edge) == wire:
            return
        self.drop_edge(edge)
        self.wires[edge] = wire
        self._into.setdefault(wire.target, {})[edge] = None
        self._out_of.setdefault(wire.source, {})[edge] = None
        behind = self._after.setdefault(wire.source, {})
        behind[wire.target] = behind.get(wire.target, 0) + 1
        self._edges.add(edge)
        self._rewired.add(wire.target)
        self._sources.add(wire.source)

    def drop_edge(self, edge: str) -> None:
        """Take an edge out, if it is there."""
        wire = self.wires.pop(edge, None)
        if wire is None:
            return
        self._targets.pop(edge, None)
        self._edges.discard(edge)
        del self._into[wire.target][edge]
        del self._out_of[wire.source][edge]
        behind = self._after[wire.source]
        behind[wire.target] -= 1
        if not behind[wire.target]:
            del behind[wire.target]
        self._rewired.add(wire.target)
        self._sources.add(wire.source)

    def settle(self) -> Affected:
        """Bring all schemas up to date. Returns those that are others now."""
        edited, rewired = self._edited & self.nodes.keys(), self._rewired & self.nodes.keys()
        changed = self._known.settle(sorted(edited - rewired), sorted(rewired))
        told_back = {self.wires[edge].source for node in changed for edge in self.edges_into(node)}
        edges = self._edges.union(*(self.edges_into(node) for node in edited))
        edges.update(*(self.edges_out_of(node) for node in changed))
        affected = Affected()
        for node in sorted((edited | changed | told_back | self._sources) & self.nodes.keys()):
            self._show_ports(node, affected)
        for edge in sorted(edges):
            self._show_edge(edge, affected)
        for done in (self._edited, self._rewired, self._sources, self._edges):
            done.clear()
        return affected

    # Answers

    def port(self, node: str, port: str) -> Document | None:
        """The schema that a port has in effect; None where it takes or gives anything."""
        return self._ports.get(node, {}).get(port)

    def target(self, edge: str) -> Document | None:
        """The schema of an edge's target as it is for what comes along this edge."""
        return self._targets.get(edge)

    def known(self, node: str) -> Definitions:
        """What is known of the definitions that a node's ports share."""
        return self._known.value(node)

    def after(self, node: str) -> dict[str, int]:
        """The nodes behind a node."""
        return self._after.get(node, {})

    def edges_into(self, node: str) -> list[str]:
        """The edges that end at a node, in the order of their ids."""
        return sorted(self._into.get(node, ()))

    def edges_out_of(self, node: str) -> list[str]:
        """The edges that start at a node, in the order of their ids."""
        return sorted(self._out_of.get(node, ()))

    @property
    def restless(self) -> dict[str, tuple[str, ...]]:
        """Nodes of loops whose definitions never came to rest, with the loop; theirs are as far as they came."""
        return self._known.restless

    @property
    def nodes_worked_out(self) -> int:
        """How often a node's definitions were worked out since the beginning."""
        return self._known.worked_out

    # Works

    def _work_out(self, node: str, known: Callable[[str], Definitions]) -> Definitions:
        schemas = self.nodes.get(node)
        if schemas is None or not schemas.own:
            return NONE
        return self._filled(schemas.own, self.edges_into(node), known)

    def _filled(self, own: Definitions, edges: Iterable[str], known: Callable[[str], Definitions]) -> Definitions:
        """`own`, with what has been defined on the edges, and what their sources know where it says nothing."""
        wires = [self.wires[edge] for edge in edges]
        filled: list[Definition] = []
        for mine in own:
            told = None
            if not mine.edited:
                told = _all(wire.definitions.like(mine.key, mine.id) for wire in wires if wire.edited)
            if told is None and mine.bare:
                told = _all(known(wire.source).like(mine.key, mine.id) for wire in wires)
                told = told and told.told_to(mine, edited=False)
            elif told is not None:
                told = told.told_to(mine, edited=True)
            filled.append(told or mine)
        return own if filled == list(own) else Definitions.best(filled)

    def _show_ports(self, node: str, affected: Affected) -> None:
        schemas, known = self.nodes[node], self.known(node)
        shown: dict[str, Document | None] = {}
        for name, port in schemas.ports.items():
            self.worked_out += 1
            base = schemas.base(name)
            if base is not None and base.defined:
                found = self._with_targets(node, name, base, known) if port.source else known
                base = overlaid(base, found, schemas.edited_at.get(name), promised=port.source)
            shown[name] = base
        before = self._ports.get(node, {})
        affected.ports |= {
            (node, name)
            for name in shown.keys() | before.keys()
            if name not in before or name not in shown or shown[name] != before[name]
        }
        self._ports[node] = shown

    def _with_targets(self, node: str, port: str, base: Document, known: Definitions) -> Definitions:
        """What is known at an output: where the node itself knows nothing, what the targets of its edges do."""
        wires = [self.wires[edge] for edge in self.edges_out_of(node)]
        behind = [self.known(wire.target) for wire in wires if wire.source_port == port]
        if all(other.bare for other in behind) or all(not definition.bare for definition in known):
            return known
        told = []
        for mine in known:
            found = _all(other.like(mine.key, mine.id) for other in behind) if mine.bare else None
            told.append(mine if found is None else found.without_promises().told_to(mine, edited=False))
        return Definitions.best(told)

    def _show_edge(self, edge: str, affected: Affected) -> None:
        wire = self.wires[edge]
        schemas = self.nodes.get(wire.target)
        base = schemas.base(wire.target_port) if schemas is not None else None
        self.worked_out += 1
        if schemas is not None and base is not None and base.defined:
            found = self._filled(schemas.own, [edge], self.known)
            base = overlaid(base, found, schemas.edited_at.get(wire.target_port))
        if edge not in self._targets or self._targets[edge] != base:
            affected.edges.add(edge)
        self._targets[edge] = base


def _all(found: Iterable[Definition | None]) -> Definition | None:
    """What several places say together; None where none says anything."""
    said = [definition for definition in found if definition is not None and not definition.bare]
    return reduce(union, said) if said else None
