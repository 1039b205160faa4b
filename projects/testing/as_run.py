"""A flow as tests run it: its own nodes and those it shows of others, its wires, by their ids."""

from collections.abc import Iterable
from typing import Any

from projects.models import Edge, Flow
from projects.shown import nodes_shown


def flow_as_run(flow: Flow) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """Its nodes by their ids, and its wires, as the runner reads them."""
    nodes = {
        node.pk: {
            "component": f"{node.module}/{node.component}",
            "settings": node.settings,
            "title": node.label or node.component.replace("_", " "),
        }
        for node in nodes_shown(flow)
    }
    return nodes, list(_wires(flow))


def _wires(flow: Flow) -> Iterable[dict[str, Any]]:
    for edge in Edge.objects.filter(flow=flow).order_by("pk"):
        wire: dict[str, Any] = {
            "id": str(edge.pk),
            "from": f"{edge.source_id}.{edge.source_port}",
            "to": f"{edge.target_id}.{edge.target_port}",
            "mapping": edge.mapping,
        }
        if edge.timeout_ms is not None:
            wire["timeoutMs"] = edge.timeout_ms
        if edge.retry_policy:
            wire["retryPolicy"] = edge.retry_policy
        yield wire
