"""What a flow shows: its own nodes and those of others that are shared into it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from projects.models import Flow, Node, Share
from projects.operations.sharing import shown_row


def nodes_shown(flow: Flow) -> QuerySet[Node]:
    """The nodes on the flow's canvas; the flow's own place on a shared one is on the Share."""
    return Node.objects.filter(Q(flow=flow) | Q(pk__in=Share.objects.filter(flow=flow).values("node")))


def rows_shown(flow: Flow) -> Iterable[dict[str, Any]]:
    """Their rows for the HTTP API, as this flow shows them."""
    shared: dict[str, list[str]] = {}
    for node_id, other in Share.objects.filter(node__flow=flow).order_by("flow_id").values_list("node_id", "flow_id"):
        shared.setdefault(node_id, []).append(str(other))
    for node in Node.objects.filter(flow=flow).order_by("pk"):
        yield shown_row(node, None, shared.get(node.pk, []))
    for share in Share.objects.filter(flow=flow).select_related("node__flow").order_by("node_id"):
        yield shown_row(share.node, share, [])
