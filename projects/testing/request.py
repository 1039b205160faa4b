"""What the runner of tests is handed: the flow as it stands, by the ids of its nodes and wires."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from projects.models import Flow, FlowTest
from projects.testing.as_run import flow_as_run
from projects.testing.matters import Matters, samples_of


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
    scenarios = samples_of(flow)
    document = {
        "flow": {"nodes": nodes, "wires": wires, "scenarios": scenarios},
        "tests": [{**test.body, "name": str(test.pk)} for test in chosen],
        "seconds": seconds,
    }
    matters = Matters(nodes, wires, scenarios)
    of = {str(test.pk): matters.digest(test.body) for test in chosen}
    return TestRequest(document, flow.rev, {str(test.pk): test.rev for test in chosen}, of)
