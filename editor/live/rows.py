"""What the live side reads from the database: a flow as it opens, and changes it missed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from editor.push.rows import RowFacts, row_facts
from projects.models import Change, Edge, Flow, Node
from projects.shown import nodes_shown

_AT_ONCE = 500
MAX_MISSED = 500
"""Changes sent after a gap of our own; browsers that missed more fetch them."""


Titles = dict[str, str]
"""What a flow and its project are called: `{flow, project}`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A flow as read when its first editor opens."""

    rev: int
    comments_rev: int
    tests_rev: int
    project: str
    nodes: list[RowFacts]
    edges: list[tuple[str, str]]
    """Id and source node of each."""
    titles: Titles


def open_flow(flow_id: uuid.UUID) -> Opened | None:
    """Nodes and edges of the flow; None when there is no such flow."""
    flow = Flow.objects.select_related("project").filter(pk=flow_id).first()
    if flow is None:
        return None
    deferred = nodes_shown(flow).defer("settings", "comment", "last_state")
    edges = [(str(pk), source) for pk, source in Edge.objects.filter(flow=flow).values_list("pk", "source_id")]
    facts = [row_facts(node) for node in deferred]
    names = {"flow": flow.name, "project": flow.project.name}
    return Opened(flow.rev, flow.comments_rev, flow.tests_rev, flow.project.resource_name, facts, edges, names)


def titles(flow_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Titles]:
    """What these flows and their projects are called now."""
    rows = Flow.objects.filter(pk__in=list(flow_ids)).values_list("pk", "name", "project__name")
    return {flow_id: {"flow": name, "project": project} for flow_id, name, project in rows}


def all_facts() -> list[RowFacts]:
    """The facts of every node there is, to find those the cluster lost while nobody looked."""
    fields = (
        "pk", "name", "flow_id", "module", "desired_rev", "applied_rev", "applied_uid", "applied_generation", "dirty",
        "push_problem",
    )  # fmt: skip
    return [RowFacts(*row) for row in Node.objects.values_list(*fields).iterator(chunk_size=2000)]


def facts_since(flow_id: uuid.UUID, rev: int) -> list[RowFacts]:
    """The facts of the nodes of a flow that were changed after this revision."""
    return [row_facts(node) for node in _plain(nodes_shown(Flow(pk=flow_id)).filter(desired_rev__gt=rev))]


def settled(ids: list[str]) -> list[RowFacts]:
    """The facts of those of these nodes that were pushed, or could not be."""
    found: list[RowFacts] = []
    for start in range(0, len(ids), _AT_ONCE):
        told = Q(dirty=False) | Q(push_problem__isnull=False)
        found += [row_facts(node) for node in _plain(Node.objects.filter(told, pk__in=ids[start : start + _AT_ONCE]))]
    return found


def _plain(nodes: QuerySet[Node]) -> QuerySet[Node]:
    """Without what can be large."""
    return nodes.defer("settings", "schemas", "comment", "last_state")


def missed_changes(revs: dict[uuid.UUID, int]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Changes after the given revisions, by flow, oldest first; only of flows that moved on."""
    current = Flow.objects.filter(pk__in=list(revs)).values_list("pk", "rev")
    missed: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for flow_id, rev in current:
        if rev > revs[flow_id]:
            newer = Change.objects.filter(flow_id=flow_id, rev__gt=revs[flow_id]).select_related("actor")
            missed[flow_id] = [change.as_message() for change in newer.order_by("rev")[:MAX_MISSED]]
    return missed
