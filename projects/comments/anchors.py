"""What a thread is about: a node or a wire that the flow shows, or the flow itself."""

import uuid

from projects.errors import ProjectError
from projects.models import CommentThread, Edge, Flow, Node
from projects.shown import nodes_shown

_LONGEST = 600


def checked_label(flow: Flow, node: str, edge: uuid.UUID | None) -> str:
    """What the place is called now; 404 for one that the flow does not show. Empty for the flow itself."""
    label = _label(flow, node, edge)
    if label is None:
        what = "node" if node else "wire"
        message = f"This {what} is not in the flow any more: comment on another, or on the flow."
        raise ProjectError("not_found", message, 404, field=f"/{'node' if node else 'edge'}")
    return label


def fresh_label(thread: CommentThread) -> str:
    """What its place is called now; what it was called, where that is gone."""
    label = _label(thread.flow, thread.node, thread.edge)
    return thread.label if label is None else label


def _label(flow: Flow, node: str, edge: uuid.UUID | None) -> str | None:
    if node:
        found = nodes_shown(flow).filter(pk=node).only("label", "component").first()
        return None if found is None else str(found)
    if edge is not None:
        wire = Edge.objects.filter(flow=flow, pk=edge).select_related("source", "target").first()
        return None if wire is None else _wire(wire)[:_LONGEST]
    return ""


def _wire(wire: Edge) -> str:
    return f"{_end(wire.source, wire.source_port)} → {_end(wire.target, wire.target_port)}"


def _end(node: Node, port: str) -> str:
    return f"{node} · {port}"
