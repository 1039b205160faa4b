"""What a check reads of a flow: everything once, then what its change log says was touched."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from projects.models import Change, Edge, Flow, Scenario
from projects.permissions import visible_flow
from projects.shown import nodes_shown

MAX_CHANGES = 200
"""After more changes than this, reading everything again is the shorter way."""


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node, as far as its schemas go."""

    id: str
    name: str
    module: str
    component: str
    settings: dict[str, Any]
    schemas: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A wire with its mapping."""

    id: str
    source: str
    source_port: str
    target: str
    target_port: str
    mapping: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The flow at ``rev``: all of it (``whole``), or what was touched since; ``gone`` are ids of rows that are not."""

    rev: int
    whole: bool
    nodes: list[NodeRow]
    edges: list[EdgeRow]
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class Samples:
    """The messages of a scenario at ``rev``, by node and port; none where there is no such scenario."""

    rev: int
    name: str
    messages: dict[tuple[str, str], Any]


NO_SAMPLES = Samples(0, "", {})


def read_samples(flow_id: uuid.UUID, scenario_id: uuid.UUID | None, known: Samples) -> Samples:
    """The samples of a flow's scenario; ``known`` itself where these are still they."""
    if scenario_id is None:
        return NO_SAMPLES
    found = Scenario.objects.filter(flow_id=flow_id, pk=scenario_id)
    if known.rev and found.values_list("rev", flat=True).first() == known.rev:
        return known
    row = found.first()
    if row is None:
        return NO_SAMPLES
    return Samples(row.rev, row.name, {(one["node"], one["port"]): one["data"] for one in row.ports})


def read_rows(person: User, flow_id: uuid.UUID, known: int | None) -> Rows:
    """Rows changed after the revision ``known``; all of them for None, or when the log does not reach back so far."""
    flow = visible_flow(person, flow_id)
    touched = _touched(flow, known) if known is not None else None
    if touched is None:
        return Rows(flow.rev, True, _nodes(flow, None), _edges(flow, None), frozenset())
    nodes, edges = touched
    node_rows, edge_rows = _nodes(flow, nodes), _edges(flow, edges)
    gone = (nodes - {row.id for row in node_rows}) | (edges - {row.id for row in edge_rows})
    return Rows(flow.rev, False, node_rows, edge_rows, frozenset(gone))


def _touched(flow: Flow, known: int) -> tuple[set[str], set[str]] | None:
    """Ids of nodes and wires that changes after ``known`` name; None when the log cannot say."""
    nodes: set[str] = set()
    edges: set[str] = set()
    if known == flow.rev:
        return nodes, edges
    changes = Change.objects.filter(flow=flow, rev__gt=known).order_by("rev").values_list("prev_rev", "rev", "ops")
    at = known
    for prev_rev, rev, ops in changes[: MAX_CHANGES + 1]:
        if prev_rev != at:
            return None
        at = rev
        for op in ops:
            if op["op"] in ("add_edge", "set_mapping", "delete_edge"):
                edges.add(op["id"])
            elif op["op"] == "set_delivery":
                continue
            elif not op["op"].endswith(("_group", "_note")):
                nodes.add(op["id"])
    return (nodes, edges) if at >= flow.rev else None


def _nodes(flow: Flow, ids: Iterable[str] | None) -> list[NodeRow]:
    rows = nodes_shown(flow) if ids is None else nodes_shown(flow).filter(pk__in=list(ids))
    return [NodeRow(*row) for row in rows.values_list("pk", "name", "module", "component", "settings", "schemas")]


def _edges(flow: Flow, ids: Iterable[str] | None) -> list[EdgeRow]:
    rows = Edge.objects.filter(flow=flow) if ids is None else Edge.objects.filter(flow=flow, pk__in=list(ids))
    fields = ("pk", "source_id", "source_port", "target_id", "target_port", "mapping")
    return [EdgeRow(str(pk), *row) for pk, *row in rows.values_list(*fields)]
