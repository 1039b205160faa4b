"""Create, rename and delete flows."""

from functools import partial

from django.db import transaction

from projects.actions.recorded import record
from projects.actions.told import tell_project
from projects.audit import audit
from projects.errors import ProjectError
from projects.history.document import Document
from projects.history.snapshots import keep
from projects.models import (
    Change,
    Edge,
    Flow,
    FlowTest,
    Group,
    Kind,
    Node,
    Note,
    Project,
    Removed,
    Scenario,
    Share,
    Snapshot,
    Version,
)
from projects.names import resource_name
from projects.operations.apply import Applier
from projects.operations.history import missing
from projects.operations.rows import Rows
from projects.operations.sharing import unshare_node
from projects.operations.wanted import Wanted
from projects.permissions import Person, require
from projects.titles import checked_title

MAX_FLOWS_PER_PROJECT = 500


@transaction.atomic
def do_create_flow(person: Person, project: Project, name: str, description: str = "") -> Flow:
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "edit", locked)
    assert locked is not None
    title = checked_title(name)
    if locked.flows.count() >= MAX_FLOWS_PER_PROJECT:
        message = f"The project has {MAX_FLOWS_PER_PROJECT} flows, which is the limit: delete one or start a project."
        raise ProjectError("too_many_flows", message)
    rev = next_rev(locked)
    flow = Flow.objects.create(
        project=locked,
        name=title,
        description=description,
        resource_name=resource_name(title),
        rev=rev,
        desired_rev=rev,
    )
    keep(flow, rev, Document())
    audit(person, "flow.create", flow)
    tell_project(locked.id, flow.id)
    return flow


@transaction.atomic
def do_rename_flow(person: Person, flow: Flow, name: str) -> Flow:
    """Changes the title; the resource keeps its name. Not a step of the document, so `flow.rev` stays."""
    project, locked = locked_flow(person, flow)
    before, locked.name = locked.name, checked_title(name)
    locked.desired_rev, locked.dirty = next_rev(project), True
    locked.save(update_fields=["name", "desired_rev", "dirty"])
    audit(person, "flow.rename", locked, before={"name": before}, after={"name": locked.name})
    tell_project(project.id, locked.id)
    return locked


@transaction.atomic
def do_delete_flow(person: Person, flow: Flow) -> None:
    """Deletes the flow with its nodes, here now and on the cluster by the pusher. Nodes of others that it shows stay
    in these; raises ProjectError while others show its own."""
    project, locked = locked_flow(person, flow)
    _refuse_shared(locked)
    _take_out_guests(person, project, locked)
    removed = [
        Removed(kind=Kind.NODE, project_name=project.resource_name, resource_name=name, uid=uid)
        for name, uid in locked.nodes.values_list("name", "applied_uid")
    ]
    removed += [
        Removed(kind=Kind.SCENARIO, project_name=project.resource_name, resource_name=name, uid=uid)
        for name, uid in locked.scenarios.values_list("resource_name", "applied_uid")
    ]
    removed.append(
        Removed(
            kind=Kind.FLOW,
            project_name=project.resource_name,
            resource_name=locked.resource_name,
            uid=locked.applied_uid,
        )
    )
    Removed.objects.bulk_create(removed, batch_size=500)
    audit(person, "flow.delete", locked, before={"nodes": locked.node_count, "wires": locked.edge_count})
    flow_id = locked.pk
    for model in (Version, Snapshot, Change, Edge, Node, Group, Note, Scenario, FlowTest):
        model._default_manager.filter(flow_id=flow_id).delete()
    locked.delete()
    next_rev(project)
    tell_project(project.id, flow_id)


def locked_flow(person: Person, flow: Flow) -> tuple[Project, Flow]:
    """The project under its lock, and the flow as it is now, for somebody who may edit it."""
    project = Project.objects.select_for_update().filter(pk=flow.project_id).first()
    locked = Flow.objects.filter(pk=flow.pk).first() if project else None
    require(person, "edit", locked)
    assert project is not None
    assert locked is not None
    return project, locked


def next_rev(project: Project) -> int:
    """Takes the project's next revision, for a change that is no step of a flow's document."""
    project.rev += 1
    project.save(update_fields=["rev"])
    return project.rev


def _refuse_shared(flow: Flow) -> None:
    shown = Share.objects.filter(node__flow=flow).select_related("flow")
    names = sorted({share.flow.name for share in shown})
    if names:
        message = f"Nodes of this flow are shown in {', '.join(names)}: take them out there, or move them there."
        raise ProjectError("flow_shared", message, 409)


def _take_out_guests(person: Person, project: Project, flow: Flow) -> None:
    """A change like any other: the flows that the nodes belong to hear of it, and their wires leave the cluster."""
    guests = list(Share.objects.filter(flow=flow).values_list("node_id", flat=True))
    if not guests:
        return
    rows = Rows(project, flow, project.rev + 1)
    rows.load(Wanted(nodes=set(guests), wires_of=set(guests)))
    applier = Applier(rows, partial(missing, flow))
    for node in sorted(guests):
        unshare_node(applier, node, flow.pk, True, None)
    record(person, rows, applier, f" deletion of {flow.pk}")
