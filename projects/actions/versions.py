"""Name, delete and go back to versions of a flow (ADR 82)."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from projects.actions.recorded import locked_for_edit, record, repeated
from projects.audit import audit
from projects.errors import ProjectError
from projects.history.document import read_document
from projects.history.snapshots import snapshot_at, snapshot_now
from projects.history.trim import forget_snapshots
from projects.last_state import last_states
from projects.models import Change, Flow, Snapshot, Version
from projects.operations.apply import Applier
from projects.operations.history import last_states_on_record, missing
from projects.operations.limits import MAX_VERSION_BYTES_OF_FLOW, MAX_VERSION_NOTE, MAX_VERSIONS
from projects.operations.rows import Rows
from projects.operations.sharing import finish
from projects.permissions import Person, can, require
from projects.titles import checked_title
from projects.versions.past import past_of, too_large, version_of
from projects.versions.restorer import Restorer, wanted_to_restore

TOLD = 5
"""Reasons that a refusal gives; of more it says how many."""


@transaction.atomic
def do_create_version(
    person: Person, flow: Flow, version_id: uuid.UUID, name: str, note: str = "", rev: int | None = None
) -> Version:
    """Keeps the flow as it is now, or was at `rev`, under a name. A repeat with the same id by the same person returns
    the first. Raises ProjectError: a name that is taken, limits, a revision that is out of reach."""
    _, fresh = locked_for_edit(person, flow)
    first = Version.objects.filter(pk=version_id).select_related("snapshot", "author").first()
    if first is not None:
        if first.flow_id != fresh.pk or first.author_id != person.pk:
            raise ProjectError("id_taken", "This id was used for another version: make a new one.", 409, field="/id")
        return first
    title = _free_name(fresh, name)
    if len(note) > MAX_VERSION_NOTE or "\0" in note:
        raise ProjectError("note_too_long", f"A note has at most {MAX_VERSION_NOTE} characters.", field="/note")
    snapshot = _snapshot(fresh, rev)
    kept = Snapshot.objects.filter(pk__in=fresh.versions.exclude(snapshot=snapshot).values("snapshot"))
    if fresh.versions.count() >= MAX_VERSIONS:
        message = f"The flow has {MAX_VERSIONS} versions, which is the limit: delete one first."
        raise ProjectError("too_many_versions", message)
    if (kept.aggregate(size=Sum("size"))["size"] or 0) + snapshot.size > MAX_VERSION_BYTES_OF_FLOW:
        limit = MAX_VERSION_BYTES_OF_FLOW // 1024 // 1024
        message = f"The versions of a flow have at most {limit} MiB together: delete one first."
        raise ProjectError("versions_too_large", message, 413)
    author = cast("User", person)  # nobody else may edit
    version = Version.objects.create(
        id=version_id, flow=fresh, snapshot=snapshot, name=title, note=note.strip(), author=author
    )
    audit(person, "version.create", version, project=fresh.project, after={"name": title, "rev": snapshot.rev})
    return version


@transaction.atomic
def do_delete_version(person: Person, flow: Flow, ref: str) -> uuid.UUID:
    """Deletes a version of one's own, or, for owners of the project, anybody's, and answers its id. The flow stays what
    it is."""
    _, fresh = locked_for_edit(person, flow)
    version = version_of(fresh, ref)
    pk = version.pk
    if version.author_id != person.pk and not can(person, "manage", fresh):
        by = version.author.get_username() if version.author else "a former member"
        message = f"{by} made this version: they or an owner of the project may delete it."
        raise ProjectError("forbidden", message, 403, by=by)
    audit(person, "version.delete", version, project=fresh.project, before={"name": version.name})
    version.delete()
    forget_snapshots(fresh)
    return pk


@transaction.atomic
def do_restore(
    person: Person, flow: Flow, ref: str, client_op_id: str, *, rest: bool = False
) -> tuple[Change, Sequence[str]]:
    """Makes the flow what it was, as one new Change that can be undone like any other. `ref` is that of a version, or
    `r<revision>`. Answers the Change and what was left as it is, in sentences; nothing is to be said at a repeat.

    Nodes that still exist keep their ids, names and states; those that were deleted come back under their ids, with
    their last states where these are on record. What cannot be as it was is refused with the reasons (409), unless
    `rest`.
    """
    project, fresh = locked_for_edit(person, flow)
    first = repeated(person, fresh, client_op_id)
    if first is not None:
        return first, []
    past = past_of(fresh, ref)
    now = read_document(fresh)
    rows = Rows(project, fresh, project.rev + 1)
    rows.load(wanted_to_restore(now, past.document))
    gone = [pk for pk in past.document.nodes if pk not in rows.nodes and pk not in now.nodes]
    deleted = [rows.nodes[pk].name for pk in now.nodes if pk not in past.document.nodes and pk in rows.nodes]
    applier = Applier(rows, partial(missing, fresh), last_states(deleted) if deleted else {})
    applier.allow = partial(require, person, "edit")
    states = last_states_on_record(fresh, gone) if gone else {}
    restorer = Restorer(applier, now, past.document, states)
    restorer.restore()
    finish(applier)
    if restorer.refused and not rest:
        raise _incomplete(restorer.refused)
    if not applier.applied:
        raise ProjectError("nothing_to_restore", "The flow is as it was then.", 409)
    change = record(person, rows, applier, client_op_id)
    what = {"version": past.name, "revision": past.rev}
    audit(person, "version.restore", fresh, project=project, before={"revision": change.prev_rev}, after=what)
    return change, [*restorer.refused, *restorer.left]


def _snapshot(flow: Flow, rev: int | None) -> Snapshot:
    if rev is None or rev == flow.rev:
        snapshot = snapshot_now(flow)
    else:
        past_of(flow, f"r{rev}")
        snapshot = snapshot_at(flow, rev)
    if snapshot is None:
        raise too_large(flow)
    return snapshot


def _free_name(flow: Flow, name: str) -> str:
    title = checked_title(name)
    if flow.versions.filter(name=title).exists():
        message = f"The flow has a version {title} already: give this one another name."
        raise ProjectError("name_taken", message, field="/name")
    return title


def _incomplete(reasons: Sequence[str]) -> ProjectError:
    told = " ".join(reasons[:TOLD])
    more = f" And {len(reasons) - TOLD} more." if len(reasons) > TOLD else ""
    return ProjectError("restore_incomplete", f"Not all of it can be as it was. {told}{more}", 409, ways=["rest"])
