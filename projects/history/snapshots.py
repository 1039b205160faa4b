"""Taking snapshots, so that replaying never has far to go and the change log can be trimmed behind them."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Subquery, Sum

from projects.errors import ProjectError
from projects.history.document import Document, pack, read_document, too_large
from projects.history.replay import replay
from projects.models import Change, Flow, Project, Snapshot

log = logging.getLogger(__name__)

SNAPSHOT_EVERY = 250
"""Changes of a flow between two snapshots,"""
SNAPSHOT_BYTES = 8 * 1024 * 1024
"""or so much of them."""
LEAST = 16
"""Revisions after a snapshot before the next one is thought of."""
FLOWS_AT_ONCE = 500


def keep(flow: Flow, rev: int, document: Document) -> Snapshot:
    """Keeps what the flow was at `rev`, unless it is kept already."""
    packed = pack(document)
    values = {"document": packed, "size": len(packed), "nodes": len(document.nodes), "edges": len(document.edges)}
    return Snapshot.objects.get_or_create(flow=flow, rev=rev, defaults=values)[0]


def snapshot_at(flow: Flow, rev: int) -> Snapshot | None:
    """Replays and keeps the flow as of `rev`, a revision of one of its changes. Without a snapshot to begin with, as it
    is now, by its rows; None when it is too large for that."""
    try:
        return keep(flow, rev, replay(flow, rev))
    except ProjectError as error:
        log.info("flow %s begins a new history: %s", flow.pk, error.message)
        return snapshot_now(flow)


def snapshot_now(flow: Flow) -> Snapshot | None:
    """Keeps the flow as its rows have it; None when it is gone, or too large for that."""
    with transaction.atomic():
        # The project's lock orders the changes of all its flows: nobody writes meanwhile.
        Project.objects.select_for_update().filter(pk=flow.project_id).first()
        fresh = Flow.objects.select_related("project").filter(pk=flow.pk).first()
        if fresh is None or too_large(fresh):
            return None
        return keep(fresh, fresh.rev, read_document(fresh))


def flows_due() -> Sequence[Flow]:
    """Flows of which so much happened since their last snapshot that the next is due; at most 500 at a time."""
    last = Snapshot.objects.filter(flow=OuterRef("pk")).order_by().values("flow").annotate(rev=Max("rev")).values("rev")
    flows = Flow.objects.select_related("project").annotate(kept=Subquery(last))
    found = list(flows.filter(kept=None, rev__gt=0)[:FLOWS_AT_ONCE])
    grown = flows.filter(rev__gte=F("kept") + LEAST).order_by(F("kept") - F("rev"))[:FLOWS_AT_ONCE]
    return found + [flow for flow in grown if _is_due(flow)]


def _is_due(flow: Flow) -> bool:
    since = Change.objects.filter(flow=flow, rev__gt=flow.kept)  # type: ignore[attr-defined]
    grown = since.aggregate(count=Count("pk"), size=Sum("size"))
    return grown["count"] >= SNAPSHOT_EVERY or (grown["size"] or 0) >= SNAPSHOT_BYTES
