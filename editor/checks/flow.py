"""The mappings of one flow, checked: kept in memory while people work on it, brought up to date by what they touch."""

import secrets
from collections.abc import Mapping
from typing import Any

from editor.checks.rows import NO_SAMPLES, EdgeRow, NodeRow, Rows, Samples
from weirflow.mappings.findings import Verdict
from weirflow.mappings.flow import FlowChecks
from weirflow.mappings.judge import Sample
from weirflow.schema.document import Document
from weirflow.schema.edited import edited_schema
from weirflow.schema.node import NodeSchemas, PortSchema, Wire
from weirflow.schema.simulate import simulate

Ports = Mapping[str, PortSchema]


class CheckedFlow:
    """``rev`` is the revision of the rows that are in. Used by one thread at a time."""

    def __init__(self) -> None:
        self.rev: int | None = None
        self.samples = NO_SAMPLES
        self.nodes: dict[str, NodeRow] = {}
        self.checks = FlowChecks()
        self._life = secrets.token_hex(6)
        self._version = 0
        self._changed_at: dict[str, int] = {}

    @property
    def token(self) -> str:
        """Names the present verdicts: whoever has it may ask for those that changed since."""
        return f"{self._life}.{self._version}"

    def update(self, rows: Rows, ports: Mapping[str, Ports], samples: Samples = NO_SAMPLES) -> None:
        """Take rows in, the ports of the nodes in ``ports`` (all that are new or have others now), and the messages
        that stand for those that the flow would make up."""
        checks = self.checks
        if rows.whole:
            for node in self.nodes.keys() - {row.id for row in rows.nodes}:
                self._drop(node)
            for edge in checks.schemas.wires.keys() - {row.id for row in rows.edges}:
                checks.drop_edge(edge)
        for gone in rows.gone:
            self._drop(gone)
            checks.drop_edge(gone)
        self.nodes.update((row.id, row) for row in rows.nodes)
        for node in ports.keys() | {row.id for row in rows.nodes}:
            self._put(node, ports.get(node))
        for row in rows.edges:
            checks.put_edge(row.id, _wire(row), row.mapping)
        if samples is not self.samples or rows.nodes:
            self._put_samples(samples)
        self.rev = rows.rev
        changed = checks.settle()
        if changed:
            self._version += 1
            self._changed_at.update(dict.fromkeys(changed, self._version))
        if len(self._changed_at) > 2 * len(checks.schemas.wires) + 100:
            self._changed_at = {edge: at for edge, at in self._changed_at.items() if edge in checks.schemas.wires}

    def answer(self, since: str) -> dict[str, Any]:
        """The verdicts that changed since the token ``since``; all of them when it is not one of this object's."""
        life, _, version = since.partition(".")
        known = int(version) if life == self._life and version.isdecimal() else None
        found = self.checks.verdicts()
        if known is not None:
            found = {edge: verdict for edge, verdict in found.items() if self._changed_at.get(edge, 0) > known}
        edges = {edge: as_json(verdict) for edge, verdict in found.items()}
        told = {"rev": self.rev, "token": self.token, "full": known is None, "edges": edges}
        return {**told, "scenario": self.samples.name or None}

    def judge(self, edge: str, mapping: Any) -> dict[str, Any] | None:
        """What would be said of another mapping on an edge; None when there is no such edge."""
        verdict = self.checks.judge_instead(edge, mapping)
        return as_json(verdict) if verdict is not None else None

    def sample(self, node: str, port: str) -> Any:
        """A message as it may stand at a port of the flow; None when there is no such port."""
        known = self.checks.schemas.nodes.get(node)
        if known is None or port not in known.ports:
            return None
        if known.ports[port].source:
            return self.checks.sample(node, port)
        document = self.checks.schemas.port(node, port)
        return simulate(document) if document is not None else None

    def _put_samples(self, samples: Samples) -> None:
        before = self.samples.messages.keys() - samples.messages.keys()
        for place in before:
            if place[0] in self.nodes:
                self.checks.put_data(*place, None)
        for (node, port), message in samples.messages.items():
            # Of a node that is gone, or not there yet, nothing is to be said.
            if node in self.nodes:
                self.checks.put_data(node, port, Sample(message, f"the scenario {samples.name}"))
        self.samples = samples

    def _put(self, node: str, ports: Ports | None) -> None:
        row = self.nodes.get(node)
        if row is None:
            return
        known = self.checks.schemas.nodes.get(node)
        if ports is None:
            ports = known.ports if known is not None else {}
        edited = {port: Document(edited_schema(said)) for port, said in row.schemas.items()}
        self.checks.put_node(node, NodeSchemas(ports, edited, settings=row.settings))

    def _drop(self, node: str) -> None:
        if self.nodes.pop(node, None) is not None:
            self.checks.drop_node(node)


def port_schemas(entries: Mapping[str, Mapping[str, Any]]) -> Ports:
    """The ports of a node, from the entries of the catalogue by name."""
    return {name: PortSchema(entry["source"], Document.of(entry["schema"])) for name, entry in entries.items()}


def as_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the API has it."""
    return {"outcome": verdict.outcome, "findings": [finding.as_json() for finding in verdict.findings]}


def _wire(row: EdgeRow) -> Wire:
    return Wire(row.source, row.source_port, row.target, row.target_port)
