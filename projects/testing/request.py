"""What the runner of tests is handed: the flow as it stands, by the ids of its nodes and wires."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from projects.models import Edge, Flow, FlowTest
from projects.shown import nodes_shown


@dataclass(frozen=True, slots=True)
class TestRequest:
    """`document` is the runner's input (weirflow/flowtest/__main__.py); `revs` are those of the tests, in its order."""

    __test__ = False

    document: dict[str, Any]
    flow_rev: int
    revs: dict[str, int] = field(default_factory=dict)


def request_of(flow: Flow, tests: Iterable[FlowTest], seconds: float) -> TestRequest:
    """The flow's own nodes and wires, those it shows of others, and its scenarios, with the tests, named by id."""
    chosen = list(tests)
    nodes = {
        node.pk: {
            "component": f"{node.module}/{node.component}",
            "settings": node.settings,
            "title": node.label or node.component.replace("_", " "),
        }
        for node in nodes_shown(flow)
    }
    document = {
        "flow": {"nodes": nodes, "wires": list(_wires(flow)), "scenarios": _scenarios(flow)},
        "tests": [{**test.body, "name": str(test.pk)} for test in chosen],
        "seconds": seconds,
    }
    return TestRequest(document, flow.rev, {str(test.pk): test.rev for test in chosen})


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


def _scenarios(flow: Flow) -> dict[str, dict[str, Any]]:
    return {
        scenario.name: {f"{sample['node']}.{sample['port']}": sample["data"] for sample in scenario.ports}
        for scenario in flow.scenarios.all()
    }
