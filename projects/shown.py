"""What a flow shows: its own nodes and those of others that are shared into it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from projects.models import Edge, Flow, Node, Share
from projects.operations.sharing import shown_row


def nodes_shown(flow: Flow) -> QuerySet[Node]:
    """The nodes on the flow's canvas; the flow's own place on a shared one is on the Share."""
    return Node.objects.filter(Q(flow=flow) | Q(pk__in=Share.objects.filter(flow=flow).values("node")))


_NODE = ("pk", "name", "module", "component", "label", "comment", "x", "y", "group_id", "rev")
_EDGE = ("pk", "source_id", "source_port", "target_id", "target_port", "timeout_ms", "retry_policy", "rev")


def rows_shown(flow: Flow) -> Iterable[dict[str, Any]]:
    """Their rows for the HTTP API, as this flow shows them."""
    shared = _shared(flow)
    for node in Node.objects.filter(flow=flow).order_by("pk"):
        yield shown_row(node, None, shared.get(node.pk, []))
    yield from _foreign(flow)


def structure_of_nodes(flow: Flow) -> list[dict[str, Any]]:
    """The same rows without what nodes hold (docs/adr/0060), to be written by orjson at once: no objects are made of
    thousands of rows. Settings that are empty are known to be."""
    shared = _shared(flow)
    own = [
        {
            "id": pk, "name": name, "module": module, "component": component, "label": label, "comment": comment,
            "x": x, "y": y, "group": group, "foreign": None, "shared": shared.get(pk, []), "rev": rev,
            **(_NOTHING if empty else {}),
        }
        for pk, name, module, component, label, comment, x, y, group, rev, empty in Node.objects.filter(flow=flow)
        .order_by("pk")
        .annotate(empty=_is_empty("settings", "schemas"))
        .values_list(*_NODE, "empty")
    ]  # fmt: skip
    return [*own, *(_structure(row) for row in _foreign(flow))]


_NOTHING: dict[str, Any] = {"settings": {}, "schemas": {}}


def _structure(row: dict[str, Any]) -> dict[str, Any]:
    empty = not row["settings"] and not row["schemas"]
    return row if empty else {key: value for key, value in row.items() if key not in _NOTHING}


def structure_of_edges(flow: Flow) -> list[dict[str, Any]]:
    """The wires' rows in the same way, without mappings that are more than empty."""
    rows = Edge.objects.filter(flow=flow).order_by("pk").annotate(empty=_is_empty("mapping"))
    return [
        {
            "id": pk, "source": source, "source_port": source_port, "target": target, "target_port": target_port,
            "rev": rev, **({"mapping": {}} if empty else {}),
            **({"timeout_ms": timeout, "retry_policy": policy} if (timeout, policy) != (None, None) else {}),
        }
        for pk, source, source_port, target, target_port, timeout, policy, rev, empty in rows.values_list(
            *_EDGE, "empty"
        )
    ]  # fmt: skip


def _is_empty(*columns: str) -> ExpressionWrapper:
    """Whether columns of JSON hold empty objects, found out by the database: what they hold stays there."""
    empty = Q()
    for column in columns:
        empty &= Q(Exact(text_of(column), Value("{}")))
    return ExpressionWrapper(empty, output_field=BooleanField())


def text_of(column: str) -> Cast:
    """A column of JSON as the text that the database holds."""
    return Cast(column, TextField())


def _shared(flow: Flow) -> dict[str, list[str]]:
    """Into which flows each of the flow's nodes is shared."""
    shared: dict[str, list[str]] = {}
    for node_id, other in Share.objects.filter(node__flow=flow).order_by("flow_id").values_list("node_id", "flow_id"):
        shared.setdefault(node_id, []).append(str(other))
    return shared


def _foreign(flow: Flow) -> Iterable[dict[str, Any]]:
    for share in Share.objects.filter(flow=flow).select_related("node__flow").order_by("node_id"):
        yield shown_row(share.node, share, [])
