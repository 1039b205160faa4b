"""What it costs to know the schemas in effect in a flow of 5,000 nodes, to judge its mappings, and one more edit.

CPU time: the web process does this on a thread of its own, beside other work.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.row import Row
from modules.common import module
from weirflow.mappings.flow import FlowChecks
from weirflow.schema.document import Document
from weirflow.schema.flow import FlowSchemas
from weirflow.schema.node import NodeSchemas, PortSchema, Wire

NODES = 5_000
EDITS = 50
RUNS = 3
#: One line of the flow, repeated: what each node is, and how it takes what the one before it sends.
LINE: list[tuple[str, str, str, Callable[[int], Any]]] = [
    ("signal", "", "out", lambda index: {}),
    ("transform", "in", "out", lambda index: {"count": "{{ $.count }}", "label": f"no. {index} of {{{{ $.who }}}}"}),
    ("router", "in", "a", lambda index: {"context": "{{ $ }}", "conditions": [
        {"route": "a", "condition": f"{{{{ $.count > {index} }}}}"}]}),
    ("stateful_counter", "increment", "value", lambda index: {"amount": "{{ $.count }}", "source": f"line {index}"}),
    ("transform", "in", "out", lambda index: {"total": f"{{{{ $.value + {index} }}}}"}),
    ("debug", "in", "", lambda index: {"total": "{{ $.total }}", "line": index}),
]  # fmt: skip


async def measure() -> list[Row]:
    schemas, checks, edits = [], [], []
    for _ in range(RUNS):
        schemas.append(_seconds(lambda: _drawn(FlowSchemas())))
        flow = FlowChecks()
        checks.append(_seconds(lambda flow=flow: _drawn(flow)))
        outcomes = {verdict.outcome for verdict in flow.verdicts().values()}
        assert outcomes == {"valid"}, outcomes
        edits.append(_seconds(lambda flow=flow: _edited(flow)) / EDITS)
    return [
        Row("schemas_5000_cpu_s", round(median(schemas), 3), "s", "lower", aim=0.5),
        Row("mappings_5000_cpu_s", round(median(checks), 3), "s", "lower"),
        Row("mappings_one_edit_cpu_ms", round(median(edits) * 1000, 3), "ms", "lower"),
    ]


def _drawn(flow: FlowSchemas | FlowChecks) -> None:
    for index in range(NODES):
        line, place = divmod(index, len(LINE))
        component, into, _, mapping = LINE[place]
        flow.put_node(f"n{index}", _node(component, line))
        if not place:
            continue
        wire = Wire(f"n{index - 1}", LINE[place - 1][2], f"n{index}", into)
        if isinstance(flow, FlowChecks):
            flow.put_edge(f"e{index}", wire, mapping(line))
        else:
            flow.put_edge(f"e{index}", wire)
    flow.settle()


def _edited(flow: FlowChecks) -> None:
    """Settings at the head of a line in the middle: its five wires are judged again."""
    head = NODES // 2 // len(LINE) * len(LINE)
    for number in range(EDITS):
        flow.put_node(f"n{head}", _node("signal", 10_000 + number))
        flow.settle()


def _node(component: str, number: int) -> NodeSchemas:
    ports = {
        port.name: PortSchema(port.source, Document.of(port.schema)) for port in module.components[component].ports
    }
    settings = {"message": {"count": number, "who": "somebody"}} if component == "signal" else {}
    return NodeSchemas(ports, settings=settings)


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
