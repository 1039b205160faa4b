"""Undo of one Change; redo is the undo of an undo."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from projects.actions.recorded import locked_for_edit, record, repeated
from projects.errors import ProjectError
from projects.last_state import last_states
from projects.models import Change, Flow
from projects.operations.apply import Applier
from projects.operations.foreign import ForeignWrites
from projects.operations.history import actor_name, author_of, missing
from projects.operations.inverse import Inverter
from projects.operations.rows import Rows
from projects.operations.sharing import finish
from projects.operations.wanted import wanted_to_undo
from projects.permissions import Person, require


def do_undo(
    person: Person, flow: Flow, change_rev: int, client_op_id: str, *, force: bool = False, rest: bool = False
) -> Change:
    """Takes back the Change with revision `change_rev` in one transaction, as a new Change.

    A field goes back only if it still has the value that Change wrote and nobody else has written it since, else 409
    `undo_conflict` naming who did. A deletion that would take along what others did since is a 409 too, unless `force`.
    With `rest` such parts stay as they are and the others are taken back. A node that comes back has its id, resource
    name, wires and last state. Raises ProjectError, with the `ways` there are.
    """
    with transaction.atomic():
        project, fresh = locked_for_edit(person, flow)
        first = repeated(person, fresh, client_op_id)
        if first is not None:
            return first
        change = Change.objects.filter(flow=fresh, rev=change_rev).first()
        if change is None:
            message = f"Change {change_rev} is not on record for this flow: it may be too old to undo."
            raise ProjectError("unknown_change", message, 404, field="/change")
        if change.follows is not None:
            raise _of_other_flow(change, change.follows)
        if change.undone_by is not None:
            undo = author_of(fresh, change.undone_by)
            message = f"{actor_name(undo)} has undone this change already."
            raise ProjectError("undo_conflict", message, 409, by=actor_name(undo))
        rows = Rows(project, fresh, project.rev + 1)
        wanted = wanted_to_undo(change)
        rows.load(wanted)
        names = [rows.nodes[op["id"]].name for op in change.ops if op["op"] == "add_node" and op["id"] in rows.nodes]
        applier = Applier(rows, partial(missing, fresh), last_states(names) if names else {})
        applier.moving = wanted.moved
        applier.allow = partial(require, person, "edit")
        foreign = partial(_foreign, person, fresh, range(change_rev + 1, rows.rev))
        writes = ForeignWrites(person, fresh, change_rev)
        inverter = Inverter(applier, partial(_conflict, fresh), foreign, writes, force, rest)
        try:
            inverter.invert(change.ops, change.before)
            finish(applier)
        except ProjectError as error:
            if not rest and len(change.ops) > 1:
                error.ways.append("rest")
            raise
        undo = record(person, rows, applier, client_op_id, undoes=change_rev)
        Change.objects.filter(pk=change.pk).update(undone_by=undo.rev)
        if change.undoes is not None:
            Change.objects.filter(project=project, rev=change.undoes).update(undone_by=None)
        return undo


def _of_other_flow(change: Change, follows: int) -> ProjectError:
    first = Change.objects.filter(project_id=change.project_id, rev=follows).select_related("flow").first()
    where = f"in the flow {first.flow.name}" if first else "in another flow"
    return ProjectError("undo_conflict", f"This was done {where}: undo it there.", 409, field="/change")


def _conflict(flow: Flow, op: int, message: str, revs: Sequence[int], forcible: bool) -> ProjectError:
    by = actor_name(author_of(flow, max(revs)))
    ways = ["force"] if forcible else []
    return ProjectError("undo_conflict", f"{message} Last change by {by}.", 409, op=op, by=by, ways=ways)


def _foreign(person: Person, flow: Flow, between: range, revs: Sequence[int]) -> bool:
    """Whether somebody else, or somebody no longer on record, wrote one of `revs` between the change and its undo."""
    later = {rev for rev in revs if rev in between}
    if not later:
        return False
    own = Change.objects.filter(project_id=flow.project_id, rev__in=later, actor_id=person.pk).count()
    return own < len(later)
