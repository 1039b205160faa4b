"""What a flow shows: its own nodes and those of others that are shared into it."""

from collections.abc import Iterable
from typing import Any

import orjson
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from projects.models import Edge, Flow, Node, Share
from projects.operations.sharing import shown_row


def nodes_shown(flow: Flow) -> QuerySet[Node]:
    """The nodes on the flow's canvas; the flow's own place on a shared one is on the Share."""
    return Node.objects.filter(Q(flow=flow) | Q(pk__in=Share.objects.filter(flow=flow).values("node")))


_NODE = ("pk", "name", "module", "component", "label", "comment", "x", "y", "group_id", "rev")
_EDGE = ("pk", "source_id", "source_port", "target_id", "target_port", "rev")


def rows_shown(flow: Flow) -> Iterable[dict[str, Any]]:
    """Their rows for the HTTP API, as this flow shows them."""
    shared = _shared(flow)
    for node in Node.objects.filter(flow=flow).order_by("pk"):
        yield shown_row(node, None, shared.get(node.pk, []))
    yield from _foreign(flow)


def written_nodes(flow: Flow) -> list[dict[str, Any]]:
    """The same rows, to be written by orjson at once: what the database holds as JSON goes on as the text it is, and no
    objects are made of thousands of rows."""
    shared = _shared(flow)
    rows = Node.objects.filter(flow=flow).order_by("pk")
    texts = rows.annotate(settings_text=text_of("settings"), schemas_text=text_of("schemas"))
    own = [
        {
            "id": pk, "name": name, "module": module, "component": component, "label": label, "comment": comment,
            "x": x, "y": y, "group": group, "foreign": None, "shared": shared.get(pk, []),
            "settings": orjson.Fragment(settings), "schemas": orjson.Fragment(schemas), "rev": rev,
        }
        for pk, name, module, component, label, comment, x, y, group, rev, settings, schemas in texts.values_list(
            *_NODE, "settings_text", "schemas_text"
        )
    ]  # fmt: skip
    return [*own, *_foreign(flow)]


def written_edges(flow: Flow) -> list[dict[str, Any]]:
    """The wires' rows (`Edge.as_row`), in the same way."""
    texts = Edge.objects.filter(flow=flow).order_by("pk").annotate(mapping_text=text_of("mapping"))
    return [
        {
            "id": pk, "source": source, "source_port": source_port, "target": target, "target_port": target_port,
            "mapping": orjson.Fragment(mapping), "rev": rev,
        }
        for pk, source, source_port, target, target_port, rev, mapping in texts.values_list(*_EDGE, "mapping_text")
    ]  # fmt: skip


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
