"""Edits of a project's dashboard: one batch of operations becomes one PageChange, or nothing."""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import transaction

from projects.actions.told import tell_pages
from projects.audit_changes import audit_page_change
from projects.errors import ProjectError
from projects.models import PageChange, Project
from projects.pages.apply import PageApplier
from projects.pages.history import missing
from projects.pages.inverse import PageInverter
from projects.pages.limits import KEPT_CHANGES
from projects.pages.shape import read_page_ops
from projects.permissions import Person, require


def do_change_pages(person: Person, project: Project, ops: Sequence[Any], client_op_id: str) -> PageChange:
    """Applies the operations in one transaction and returns the change with its `ops` as applied.

    Edits merge field by field, the later write of one field wins; only what meets a page or widget that is gone is
    refused (409, naming who). A repeat of `client_op_id` returns the first change. Raises ProjectError.
    """
    batch = read_page_ops(ops)
    with transaction.atomic():
        locked = _locked(person, project)
        first = _repeated(person, locked, client_op_id)
        if first is not None:
            return first
        applier = PageApplier(person, locked, locked.rev + 1, partial(missing, locked))
        for index, op in enumerate(batch):
            applier.apply(op, index)
        return _record(person, locked, applier, client_op_id)


def do_undo_pages(
    person: Person, project: Project, change_rev: int, client_op_id: str, *, force: bool = False
) -> PageChange:
    """Takes back the change with revision `change_rev` as a new change; redo is the undo of an undo.

    A field that somebody wrote since, and (without `force`) a deletion that would take along what others did since, is
    a 409 `undo_conflict` naming who did. Raises ProjectError.
    """
    with transaction.atomic():
        locked = _locked(person, project)
        first = _repeated(person, locked, client_op_id)
        if first is not None:
            return first
        change = PageChange.objects.filter(project=locked, rev=change_rev).first()
        if change is None:
            message = f"Change {change_rev} is not on record for this dashboard: it may be too old to undo."
            raise ProjectError("unknown_change", message, 404, field="/change")
        if change.undone_by is not None:
            raise ProjectError("undo_conflict", "This change has been undone already.", 409)
        applier = PageApplier(person, locked, locked.rev + 1, partial(missing, locked))
        PageInverter(applier, person, locked, change, force).invert()
        undo = _record(person, locked, applier, client_op_id, undoes=change_rev)
        PageChange.objects.filter(pk=change.pk).update(undone_by=undo.rev)
        if change.undoes is not None:
            PageChange.objects.filter(project=locked, rev=change.undoes).update(undone_by=None)
        return undo


def _locked(person: Person, project: Project) -> Project:
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "edit", locked)
    assert locked is not None
    return locked


def _repeated(person: Person, project: Project, client_op_id: str) -> PageChange | None:
    if not 0 < len(client_op_id) <= 64:
        raise ProjectError("invalid_client_op_id", "client_op_id has 1 to 64 characters.", 400, field="/client_op_id")
    first = PageChange.objects.filter(project=project, client_op_id=client_op_id).first()
    if first is not None and first.actor_id != person.pk:
        message = "This client_op_id was used for another change: make a new one."
        raise ProjectError("client_op_id_taken", message, 409, field="/client_op_id")
    return first


def _record(
    person: Person, project: Project, applier: PageApplier, client_op_id: str, undoes: int | None = None
) -> PageChange:
    rev = project.rev + 1
    project.rev = rev
    project.save(update_fields=["rev"])
    log = PageChange.objects.filter(project=project)
    last = log.order_by("-rev").values_list("rev", flat=True).first()
    change = PageChange.objects.create(
        project=project,
        rev=rev,
        prev_rev=last or 0,
        client_op_id=client_op_id,
        ops=applier.applied,
        before=applier.before,
        undoes=undoes,
        actor=cast("User", person),  # nobody else may edit
    )
    audit_page_change(person, project, change)
    oldest = log.order_by("-rev").values_list("rev", flat=True)[KEPT_CHANGES : KEPT_CHANGES + 1]
    if oldest:
        log.filter(rev__lte=oldest[0]).delete()
    tell_pages(change)
    return change
