"""All mappings of a flow, judged; after an edit only those that it can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from weirflow.errors import JSON
from weirflow.mappings.findings import Finding, Verdict
from weirflow.mappings.judge import Sample, judge
from weirflow.mappings.traces import NOTHING, Samples, Traces
from weirflow.schema.dataflow import Dataflow
from weirflow.schema.document import Document, digest_of_any
from weirflow.schema.flow import FlowSchemas
from weirflow.schema.node import NodeSchemas, Wire


@dataclass(frozen=True, slots=True)
class _Mapping:
    config: JSON = field(compare=False)
    digest: bytes


@dataclass(frozen=True, slots=True)
class Ends:
    """The schemas of an edge's two ports as they are for it (None: anything), a message as it may come out of the
    source, and what is to be said of the ports whatever the mapping.
    """

    source: Document | None
    target: Document | None
    message: JSON
    findings: tuple[Finding, ...] = ()


class FlowChecks:
    """A flow's nodes, wires with their mappings, and data that really came. Edit, then `settle`.

    Not for several threads at once.
    """

    def __init__(self) -> None:
        self.schemas = FlowSchemas()
        self._mappings: dict[str, _Mapping] = {}
        self._real: dict[tuple[str, str], Sample] = {}
        self._samples = Samples(self.schemas, self._config, self._message)
        self._traces: Dataflow[Traces] = Dataflow(self._traced, self.schemas.after, NOTHING, once=True)
        self._verdicts: dict[str, Verdict] = {}
        self._seeds: set[str] = set()
        self._rewired: set[str] = set()
        self._edges: set[str] = set()
        #: How many mappings were judged since the beginning.
        self.judged = 0

    # Edits

    def put_node(self, node: str, schemas: NodeSchemas) -> None:
        """Add a node, or replace what was there."""
        known = self.schemas.nodes.get(node)
        if known == schemas:
            return
        self.schemas.put_node(node, schemas)
        self._seeds.add(node)
        if known is None or known.ports.keys() != schemas.ports.keys():
            self._edges.update(self.schemas.edges_into(node), self.schemas.edges_out_of(node))

    def drop_node(self, node: str) -> None:
        """Take a node out, with its edges."""
        for edge in [*self.schemas.edges_into(node), *self.schemas.edges_out_of(node)]:
            self.drop_edge(edge)
        self.schemas.drop_node(node)
        self._traces.drop(node)
        self._real = {place: sample for place, sample in self._real.items() if place[0] != node}

    def put_edge(self, edge: str, wire: Wire, mapping: JSON) -> None:
        """Add an edge with its mapping, or replace them."""
        known = self.schemas.wires.get(edge)
        if known != wire:
            self.schemas.put_edge(edge, wire)
            self._rewired |= {wire.target} | ({known.target} if known is not None else set())
            self._edges.add(edge)
        made = _Mapping(mapping, digest_of_any(mapping))
        if self._mappings.get(edge) != made:
            self._mappings[edge] = made
            self._seeds.add(wire.target)
            self._edges.add(edge)

    def drop_edge(self, edge: str) -> None:
        """Take an edge out, if it is there."""
        wire = self.schemas.wires.get(edge)
        if wire is not None:
            self.schemas.drop_edge(edge)
            self._rewired.add(wire.target)
            for known in (self._mappings, self._verdicts):
                known.pop(edge, None)
            self._edges.discard(edge)

    def put_data(self, node: str, port: str, sample: Sample | None) -> None:
        """Data that really came out of a port (a scenario's, a trace's), laid over what is made up; None: no more."""
        if self._real.get((node, port)) == sample:
            return
        if sample is None:
            del self._real[node, port]
        else:
            self._real[node, port] = sample
        out = [edge for edge in self.schemas.edges_out_of(node) if self.schemas.wires[edge].source_port == port]
        self._edges.update(out)
        self._seeds.update(self.schemas.wires[edge].target for edge in out)

    def settle(self) -> set[str]:
        """Bring schemas, samples and verdicts up to date. Returns the edges with another verdict than before."""
        affected = self.schemas.settle()
        edges = self._edges | affected.edges
        for node, port in affected.ports:
            out = [edge for edge in self.schemas.edges_out_of(node) if self.schemas.wires[edge].source_port == port]
            edges.update(out)
            self._seeds.update(self.schemas.wires[edge].target for edge in out)
        nodes = self.schemas.nodes.keys()
        rewired = self._rewired & nodes
        for node in self._traces.settle(sorted((self._seeds & nodes) - rewired), sorted(rewired)):
            edges.update(self.schemas.edges_out_of(node))
        changed = {edge for edge in sorted(edges & self._mappings.keys()) if self._judge(edge)}
        for done in (self._seeds, self._rewired, self._edges):
            done.clear()
        return changed

    # Answers

    def verdict(self, edge: str) -> Verdict | None:
        """What is to be said about an edge's mapping, as of the last `settle`; None for an edge that is not there."""
        return self._verdicts.get(edge)

    def verdicts(self) -> dict[str, Verdict]:
        """Those of all edges."""
        return dict(self._verdicts)

    def judge_instead(self, edge: str, mapping: JSON) -> Verdict | None:
        """What would be said of another mapping on an edge; None for an edge that is not there."""
        return self._verdict(edge, mapping) if edge in self._mappings else None

    def ends(self, edge: str) -> Ends | None:
        """What an edge leads from and to; None for an edge that is not there. Others may read it meanwhile: what it
        holds is never changed.
        """
        wire = self.schemas.wires.get(edge)
        if wire is None:
            return None
        source = self.described(wire.source, wire.source_port)
        message = self.sample(wire.source, wire.source_port)
        return Ends(source, self.schemas.target(edge), message, tuple(self._about_ends(wire)))

    def sample(self, node: str, port: str) -> JSON:
        """A message as it may come out of a port."""
        return self._samples.output(node, port, self._traces.value(node))

    def described(self, node: str, port: str) -> Document | None:
        """The schema of an output, with what is traced of it."""
        return self._samples.described(node, port, self._traces.value(node))

    @property
    def traced(self) -> int:
        """How often a node's definitions were traced since the beginning."""
        return self._traces.worked_out

    # Works

    def _config(self, edge: str) -> JSON:
        return self._mappings[edge].config if edge in self._mappings else {}

    def _message(self, node: str, port: str) -> JSON:
        real = self._real.get((node, port))
        return real.message if real is not None else None

    def _traced(self, node: str, traces: Callable[[str], Traces]) -> Traces:
        return self._samples.traced(node, traces)

    def _judge(self, edge: str) -> bool:
        """Judge an edge's mapping; whether there is something else to say of it than before."""
        verdict = self._verdict(edge, self._mappings[edge].config)
        if self._verdicts.get(edge) == verdict:
            return False
        self._verdicts[edge] = verdict
        return True

    def _verdict(self, edge: str, config: JSON) -> Verdict:
        self.judged += 1
        wire = self.schemas.wires[edge]
        real = self._real.get((wire.source, wire.source_port))
        samples = [Sample(self.sample(wire.source, wire.source_port))] + ([real] if real is not None else [])
        source, target = self.described(wire.source, wire.source_port), self.schemas.target(edge)
        verdict = judge(config, source, target, samples)
        return Verdict((*self._about_ends(wire), *verdict.findings))

    def _about_ends(self, wire: Wire) -> Iterator[Finding]:
        """What the ends of a wire leave unsaid, whatever its mapping."""
        for node, port in ((wire.source, wire.source_port), (wire.target, wire.target_port)):
            schemas = self.schemas.nodes.get(node)
            if schemas is None or port not in schemas.ports:
                text = f"nobody says now what the port {port} is like: check that the module of its node is running"
                yield Finding("unverifiable", "port_unknown", text)
        if wire.target in self.schemas.restless:
            text = "the definitions of a loop of nodes do not come to rest: define them on one of its edges"
            yield Finding("unverifiable", "restless_loop", text)
