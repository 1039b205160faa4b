"""A flow at a revision: its last snapshot before, and what the change log says happened since."""

from projects.errors import ProjectError
from projects.history.document import Document, unpack
from projects.history.steps import Misfit, take_steps
from projects.models import Change, Flow, Snapshot

READ_AT_ONCE = 50


def replay(flow: Flow, until_rev: int) -> Document:
    """The flow's document as of its last change with a revision up to `until_rev`.

    What it reads is bounded by what lies between two snapshots. Raises ProjectError 404 `unknown_revision` for what the
    log does not reach back to.
    """
    base = Snapshot.objects.filter(flow=flow, rev__lte=until_rev).order_by("-rev").first()
    if base is None:
        raise _out_of_reach(until_rev)
    document, at = unpack(base.document), base.rev
    changes = Change.objects.filter(flow=flow, rev__gt=base.rev, rev__lte=until_rev).order_by("rev")
    for change in changes.only("rev", "prev_rev", "ops").iterator(chunk_size=READ_AT_ONCE):
        if change.prev_rev != at:
            raise _out_of_reach(until_rev)
        try:
            take_steps(document, change.own_ops, flow.project.resource_name)
        except Misfit as misfit:
            message = f"Revision {until_rev} cannot be worked out from the change log: at {change.rev}, {misfit}."
            raise ProjectError("unknown_revision", message, 404) from None
        at = change.rev
    if at not in (until_rev, flow.rev) and not _goes_on(flow, at, until_rev):
        raise _out_of_reach(until_rev)
    return document


def _goes_on(flow: Flow, at: int, until_rev: int) -> bool:
    """Whether nothing of the flow is missing in the log between these revisions."""
    return Change.objects.filter(flow=flow, rev__gt=until_rev, prev_rev=at).exists()


def _out_of_reach(rev: int) -> ProjectError:
    message = f"What the flow was at revision {rev} is not on record any more: only named versions stay."
    return ProjectError("unknown_revision", message, 404)
