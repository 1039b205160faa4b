"""What an edit and an undo have in common: the lock, the idempotency and the Change."""

from typing import Any, cast

import orjson
from django.contrib.auth.models import User
from django.db import transaction

from projects.actions.told import tell_change
from projects.audit_changes import audit_change
from projects.errors import ProjectError
from projects.history.trim import is_overfull, trim
from projects.models import Change, Flow, Project, Scenario
from projects.operations.apply import Applier
from projects.operations.limits import TRIM_EVERY
from projects.operations.rows import Rows
from projects.permissions import Person, require
from projects.prepared import Prepared
from projects.programs import refuse_programs
from projects.stored import insert_row, update_row

_locked_project = Prepared(lambda flow: Project.objects.select_for_update(of=("self",)).filter(flows=flow))
_flow = Prepared(lambda flow: Flow.objects.filter(pk=flow))
_made_by = Prepared(lambda project, op_id: Change.objects.filter(project_id=project, client_op_id=op_id))


def locked_for_edit(person: Person, flow: Flow) -> tuple[Project, Flow]:
    """The project under its lock, which orders the changes of all its flows, and the flow as it is now.

    The flow is read once the lock is held, and not locked itself: a change may reach into other flows, and two that
    waited for each other's would never end.
    """
    assert transaction.get_connection().in_atomic_block
    project = _locked_project.first(flow.pk)
    fresh = _flow.first(flow.pk) if project is not None else None
    if project is not None and fresh is not None:
        fresh.project = project
    require(person, "edit", fresh)
    assert project is not None
    assert fresh is not None
    return project, fresh


def repeated(person: Person, flow: Flow, client_op_id: str) -> Change | None:
    """The Change that this `client_op_id` made already. Somebody else's id, or another flow's, is refused."""
    if not 0 < len(client_op_id) <= 64:
        raise ProjectError("invalid_client_op_id", "client_op_id has 1 to 64 characters.", 400, field="/client_op_id")
    first = _made_by.first(flow.project_id, client_op_id)
    if first is not None and (first.flow_id != flow.pk or first.actor_id != person.pk):
        message = "This client_op_id was used for another change: make a new one."
        raise ProjectError("client_op_id_taken", message, 409, field="/client_op_id")
    return first


def record(person: Person, rows: Rows, applier: Applier, client_op_id: str, undoes: int | None = None) -> Change:
    """Writes the rows and the Change, and tells of it after the commit. Raises ProjectError for code that the person
    may not write."""
    flow, project, rev = rows.flow, rows.project, rows.rev
    refuse_programs(person, project, applier)
    prev_rev = flow.rev
    rows.write()
    project.rev = rev
    update_row(project, "rev")
    change = Change(
        project=project,
        flow=flow,
        rev=rev,
        prev_rev=prev_rev,
        client_op_id=client_op_id,
        ops=applier.applied,
        before=applier.before,
        size=_size(applier.applied) + _size(applier.before),
        undoes=undoes,
        actor=cast("User", person),  # nobody else may edit
    )
    insert_row(change)
    audit_change(person, change, rows)
    if any(op["op"] == "delete_node" or (undoes is not None and op["op"] == "add_node") for op in applier.applied):
        # Their resources speak of the nodes that there are: these go, or come back.
        Scenario.objects.filter(project=project).update(dirty=True)
    followers = [_follow(change, rows.other_flow(flow_id), ops) for flow_id, ops in applier.elsewhere.items() if ops]
    if rev % TRIM_EVERY == 0 and is_overfull(project):
        trim(project.pk)
    for told in (change, *followers):
        tell_change(told)
    return change


def _follow(change: Change, flow: Flow, ops: list[dict[str, Any]]) -> Change:
    """Tells another flow what a change did in it, as a change of its own that cannot be undone by itself."""
    project = change.project
    project.rev += 1
    update_row(project, "rev")
    prev_rev, flow.rev = flow.rev, project.rev
    update_row(flow, "rev")
    follower = Change(
        project=project,
        flow=flow,
        rev=project.rev,
        prev_rev=prev_rev,
        client_op_id=f" {project.rev}",  # with a space, which no client's may have
        ops=ops,
        before=[{}] * len(ops),
        size=_size(ops),
        follows=change.rev,
        actor=change.actor,
    )
    insert_row(follower)
    return follower


def _size(values: list[dict[str, Any]]) -> int:
    return len(orjson.dumps(values))
