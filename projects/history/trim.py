"""The change log is kept by count and by bytes, and goes only where a snapshot stands in for it."""

import uuid
from collections.abc import Iterable

from django.db.models import Count, Max, Q, Sum

from projects.history.snapshots import flows_due, snapshot_at
from projects.models import Change, Flow, Project, Snapshot
from projects.operations.limits import KEPT_BYTES, KEPT_CHANGES


def keep_history() -> int:
    """Takes the snapshots that are due and trims the logs that have grown too long. Returns how many changes went.

    To be run again and again in the background; what one run leaves is the next one's.
    """
    for flow in flows_due():
        snapshot_at(flow, flow.rev)
    return sum(trim(project) for project in _overgrown())


def _overgrown() -> Iterable[uuid.UUID]:
    grown = Change.objects.order_by().values("project").annotate(count=Count("pk"), bytes=Sum("size"))
    over = grown.filter(Q(count__gt=KEPT_CHANGES) | Q(bytes__gt=KEPT_BYTES))
    return list(over.values_list("project", flat=True))


def is_overfull(project: Project) -> bool:
    """Whether the log is twice as long as it should be: the background is late, and somebody else has to trim it."""
    grown = Change.objects.filter(project=project).aggregate(count=Count("pk"), bytes=Sum("size"))
    return grown["count"] > 2 * KEPT_CHANGES or (grown["bytes"] or 0) > 2 * KEPT_BYTES


def trim(project_id: uuid.UUID) -> int:
    """Deletes the oldest changes of a project, down to what is kept, behind a snapshot of each flow concerned."""
    cut = _cut(project_id)
    if cut is None:
        return 0
    old = Change.objects.filter(project=project_id, rev__lte=cut)
    last = dict(old.order_by().values_list("flow").annotate(rev=Max("rev")))
    went = 0
    for flow in Flow.objects.select_related("project").filter(pk__in=last):
        if not Snapshot.objects.filter(flow=flow, rev__gte=last[flow.pk], rev__lte=cut).exists():
            # A flow without one, being too large, has no history but its log.
            snapshot_at(flow, last[flow.pk])
        went += old.filter(flow=flow).delete()[0]
        forget_snapshots(flow)
    return went


def _cut(project_id: uuid.UUID) -> int | None:
    """The newest revision that is not kept any more. The last change always is."""
    count = size = 0
    newest = Change.objects.filter(project=project_id).order_by("-rev").values_list("rev", "size")
    for rev, bytes_of in newest.iterator():
        count, size = count + 1, size + bytes_of
        if count > 1 and (count > KEPT_CHANGES or size > KEPT_BYTES):
            return rev
    return None


def forget_snapshots(flow: Flow) -> None:
    """Those from which nothing is replayed any more, and that no version shows."""
    first = Change.objects.filter(flow=flow).order_by("rev").values_list("prev_rev", flat=True).first()
    snapshots = Snapshot.objects.filter(flow=flow)
    begin = snapshots.filter(rev__lte=flow.rev if first is None else first).aggregate(rev=Max("rev"))["rev"]
    if begin is not None:
        snapshots.filter(rev__lt=begin, versions=None).delete()
