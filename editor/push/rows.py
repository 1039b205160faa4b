"""The database's side of the push: what should be on the cluster, and the memory of what was applied."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Field, Q

from editor.push.desired import DesiredEdge, DesiredNode, DesiredPort
from editor.push.pages import DesiredPage, dirty_pages
from editor.push.scenarios import DesiredScenario, dirty_scenarios
from projects.models import Edge, Flow, Kind, Node, Project, Removed, Scenario, Share, WidgetPage
from projects.outbound import outbound_text
from projects.prepared import Prepared
from weirflow.kube.resources import encode_json
from weirflow.schema.edited import edited_schema
from weirflow.spec import SETTINGS_PORT

READ_AT_ONCE = 50
"""Operations of a change whose rows are read for the push where it was made, before its thread goes on to other work;
a larger change may be one of several in a row."""

_project_named = Prepared(lambda name: Project.objects.filter(resource_name=name))
_removed_from = Prepared(lambda project: Removed.objects.filter(project_name=project).order_by("pk"))
_flows_of = Prepared(lambda project: Flow.objects.filter(project_id=project))
_dirty_of = Prepared(lambda project: Node.objects.filter(project_id=project, dirty=True))
_named_wires = (
    Edge.objects.select_related("source", "target").only(
        "id", "flow_id", "source_port", "target_port", "mapping", "timeout_ms", "retry_policy",
        "source__name", "target__name",
    )
)  # fmt: skip
_wires_of = Prepared(lambda node: _named_wires.filter(Q(source_id=node) | Q(target_id=node)))


class Wire(NamedTuple):
    """What the push needs of an edge's row. Not the row itself: thousands are read at once."""

    pk: uuid.UUID
    flow: uuid.UUID
    source: str
    source_name: str
    source_port: str
    target: str
    target_name: str
    target_port: str
    mapping: dict[str, Any]
    timeout_ms: int | None
    retry_policy: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What the push state of a node is computed from, as the row has it."""

    id: str
    name: str
    flow_id: uuid.UUID
    module: str
    desired_rev: int
    applied_rev: int
    applied_uid: str
    applied_generation: int
    dirty: bool
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Titled:
    """A project or flow whose own resource has to be written. ``owner`` is the project's resource name."""

    pk: uuid.UUID
    name: str
    title: str
    rev: int
    owner: str
    outbound: str = ""
    """Of a project: what its flows may call, as module hosts read it; empty for the default."""


@dataclass(slots=True)
class Work:
    """One round's share of a project: everything dirty, with what its order depends on."""

    project_name: str = ""
    own_flows: set[str] = field(default_factory=set)
    projects: list[Titled] = field(default_factory=list)
    flows: list[Titled] = field(default_factory=list)
    pages: list[DesiredPage] = field(default_factory=list)
    nodes: dict[str, DesiredNode] = field(default_factory=dict)
    facts: dict[str, RowFacts] = field(default_factory=dict)
    doomed: dict[str, str] = field(default_factory=dict)
    """Uid by name of the TinyNodes to delete."""
    scenarios: list[DesiredScenario] = field(default_factory=list)
    doomed_owners: list[tuple[Kind, str]] = field(default_factory=list)
    """TinyFlows, TinyScenarios and TinyProjects to delete after the nodes."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of one node: written (``problem`` is None) or failed."""

    id: str
    rev: int
    uid: str = ""
    generation: int = 0
    problem: dict[str, Any] | None = None


def projects_with_work() -> list[str]:
    """Resource names of the projects that have something to push."""
    names = set(Project.objects.filter(dirty=True).values_list("resource_name", flat=True))
    names |= set(Flow.objects.filter(dirty=True).values_list("project__resource_name", flat=True))
    names |= set(Node.objects.filter(dirty=True).values_list("project__resource_name", flat=True).distinct())
    names |= set(Scenario.objects.filter(dirty=True).values_list("project__resource_name", flat=True).distinct())
    names |= set(WidgetPage.objects.filter(dirty=True).values_list("project__resource_name", flat=True).distinct())
    names |= set(Removed.objects.values_list("project_name", flat=True))
    return sorted(names)


def load_work(project_name: str, also: Collection[str] = ()) -> Work:
    """Everything dirty in a project, and the nodes called ``also``: neighbours, or nodes that drifted."""
    work = Work(project_name=project_name)
    project = _project_named.first(project_name)
    for removed in _removed_from(project_name):
        if removed.kind == Kind.NODE:
            work.doomed[removed.resource_name] = removed.uid
        else:
            work.doomed_owners.append((Kind(removed.kind), removed.resource_name))
            if removed.kind == Kind.FLOW:
                work.own_flows.add(removed.resource_name)
    if project is None:
        return work
    if project.dirty:
        rules = outbound_text(project)
        work.projects.append(Titled(project.pk, project.resource_name, project.name, project.desired_rev, "", rules))
    flows = {flow.pk: flow for flow in _flows_of(project.pk)}
    work.own_flows |= {flow.resource_name for flow in flows.values()}
    work.flows = [
        Titled(flow.pk, flow.resource_name, flow.name, flow.desired_rev, project_name)
        for flow in flows.values()
        if flow.dirty
    ]
    work.scenarios = dirty_scenarios(project.pk, {pk: flow.resource_name for pk, flow in flows.items()}, project_name)
    work.pages = dirty_pages(project.pk)
    nodes = _dirty_of(project.pk)
    if also:
        known = {node.name for node in nodes}
        nodes += Node.objects.filter(project=project, name__in=[name for name in also if name not in known])
    _take_nodes(work, nodes, flows)
    return work


def row_facts(node: Node) -> RowFacts:
    """The facts of one row."""
    return RowFacts(
        node.pk,
        node.name,
        node.flow_id,
        node.module,
        node.desired_rev,
        node.applied_rev,
        node.applied_uid,
        node.applied_generation,
        node.dirty,
        node.push_problem,
    )


def _take_nodes(work: Work, nodes: list[Node], flows: dict[uuid.UUID, Flow]) -> None:
    ports: dict[str, list[DesiredPort]] = {node.pk: [] for node in nodes}
    edges: dict[str, list[DesiredEdge]] = {node.pk: [] for node in nodes}
    for wire in _wires(list(ports)):
        flow = flows[wire.flow].resource_name
        if wire.target in ports:
            source = f"{wire.source_name}:{wire.source_port}"
            ports[wire.target].append(DesiredPort(source, wire.target_port, flow, encode_json(wire.mapping)))
        if wire.source in edges:
            to = f"{wire.target_name}:{wire.target_port}"
            edges[wire.source].append(DesiredEdge(str(wire.pk), wire.source_port, to, flow, _options(wire)))
    shared: dict[str, list[str]] = {}
    if any(node.shared for node in nodes):
        shares = Share.objects.filter(node__in=list(ports)).values_list("node_id", "flow_id")
        for node_id, flow_id in shares:
            shared.setdefault(node_id, []).append(flows[flow_id].resource_name)
    for node in nodes:
        flow = flows[node.flow_id].resource_name
        work.facts[node.name] = row_facts(node)
        work.nodes[node.name] = DesiredNode(
            id=node.pk,
            name=node.name,
            project=work.project_name,
            flow=flow,
            module=node.module,
            component=node.component,
            label=node.label,
            comment=node.comment,
            x=node.x,
            y=node.y,
            rev=node.desired_rev,
            ports=(*_own_ports(node, flow), *ports[node.pk]),
            edges=tuple(edges[node.pk]),
            restore=node.last_state,
            shared=tuple(sorted(shared.get(node.pk, ()))),
        )


def _own_ports(node: Node, flow: str) -> Iterator[DesiredPort]:
    """The settings, and what people say of the definitions of the node's ports."""
    schemas = {port: encode_json(edited_schema(said)) for port, said in sorted(node.schemas.items())}
    yield DesiredPort("", SETTINGS_PORT, flow, encode_json(node.settings), schemas.pop(SETTINGS_PORT, ""))
    for port, schema in schemas.items():
        yield DesiredPort("", port, flow, "", schema)


def _wires(ids: list[str]) -> Iterable[Wire]:
    """All wires at these nodes."""
    if len(ids) == 1:
        for edge in _wires_of(ids[0]):
            yield Wire(
                edge.pk, edge.flow_id, edge.source_id, edge.source.name, edge.source_port, edge.target_id,
                edge.target.name, edge.target_port, edge.mapping, edge.timeout_ms, edge.retry_policy,
            )  # fmt: skip
        return
    at_these = Edge.objects.filter(Q(source__in=ids) | Q(target__in=ids))
    yield from map(Wire._make, at_these.values_list(
        "pk", "flow_id", "source_id", "source__name", "source_port", "target_id", "target__name", "target_port",
        "mapping", "timeout_ms", "retry_policy",
    ))  # fmt: skip


def _options(wire: Wire) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if wire.timeout_ms is not None:
        options["timeoutMs"] = wire.timeout_ms
    if wire.retry_policy:
        # A text there: modules in other languages read the field as one.
        factor = wire.retry_policy.get("backoffCoefficient", 2.0)
        options["retryPolicy"] = {**wire.retry_policy, "backoffCoefficient": str(factor)}
    return options


def record(applied: Iterable[Applied], titled: Iterable[tuple[type[Project] | type[Flow], Titled]]) -> None:
    """Remember what was applied. An edit made meanwhile has raised ``desired_rev`` and keeps its row dirty."""
    with transaction.atomic():
        good: list[Applied] = []
        for result in applied:
            if result.problem is None:
                good.append(result)
            else:
                Node.objects.filter(pk=result.id, dirty=True).update(push_problem=result.problem)
        _record_applied(good)
        for model, row in titled:
            model.objects.filter(pk=row.pk).update(applied_rev=row.rev, push_problem=None)
            model.objects.filter(pk=row.pk, desired_rev=row.rev).update(dirty=False)


def _record_applied(results: list[Applied]) -> None:
    """One statement for all: Django takes longer to write an update than the database to do it."""
    if not results:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_record_statement(), [(r.rev, r.uid, r.generation, r.rev, r.id, r.rev) for r in results])


@cache
def _record_statement() -> str:
    quote = connection.ops.quote_name

    def column(name: str) -> str:
        field = Node._meta.get_field(name)
        assert isinstance(field, Field)
        return quote(str(field.get_attname_column()[1]))

    dirty = column("dirty")
    return (
        f"UPDATE {quote(Node._meta.db_table)} SET {column('applied_rev')} = %s, {column('applied_uid')} = %s, "  # noqa: S608
        f"{column('applied_generation')} = %s, {column('push_problem')} = NULL, {column('last_state')} = NULL, "
        f"{dirty} = ({dirty} AND {column('desired_rev')} <> %s) "
        # One that was overtaken does not count: the node is seen to differ then, and is pushed anew.
        f"WHERE {column('id')} = %s AND {column('applied_rev')} <= %s"
    )


def forget_removed(kind: Kind, names: Collection[str]) -> None:
    """The resources are gone from the cluster."""
    Removed.objects.filter(kind=kind, resource_name__in=list(names)).delete()


def record_removal_problem(name: str, problem: dict[str, Any]) -> None:
    """Deleting the node failed; the sweeper tries again."""
    Removed.objects.filter(kind=Kind.NODE, resource_name=name).update(problem=problem)
