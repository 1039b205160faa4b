"""What the runner of tests is handed: the flow as it stands, by the ids of its nodes and wires."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from projects.models import Flow, FlowTest
from projects.testing.as_run import flow_as_run
from projects.testing.matters import digest_of_flow, digest_of_test, scenarios_of


@dataclass(frozen=True, slots=True)
class TestRequest:
    """`document` is the runner's input (weirflow/flowtest/__main__.py); `revs` are those of the tests, in its order,
    `of` the digests of what each is run with."""

    __test__ = False

    document: dict[str, Any]
    flow_rev: int
    revs: dict[str, int] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)


def request_of(flow: Flow, tests: Iterable[FlowTest], seconds: float) -> TestRequest:
    """The flow's own nodes and wires, those it shows of others, and its scenarios, with the tests, named by id."""
    chosen = list(tests)
    nodes, wires = flow_as_run(flow)
    document = {
        "flow": {"nodes": nodes, "wires": wires, "scenarios": _scenarios(flow)},
        "tests": [{**test.body, "name": str(test.pk)} for test in chosen],
        "seconds": seconds,
    }
    of_flow, scenarios = digest_of_flow(nodes, wires), scenarios_of(flow)
    of = {str(test.pk): digest_of_test(of_flow, test.body.get("scenario"), scenarios) for test in chosen}
    return TestRequest(document, flow.rev, {str(test.pk): test.rev for test in chosen}, of)


def _scenarios(flow: Flow) -> dict[str, dict[str, Any]]:
    return {
        scenario.name: {f"{sample['node']}.{sample['port']}": sample["data"] for sample in scenario.ports}
        for scenario in flow.scenarios.all()
    }
