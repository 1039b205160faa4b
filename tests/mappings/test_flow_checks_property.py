"""Whatever people edit: what is said about the mappings is what is said when the flow is opened anew."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mappings.flows import node, signal, wire
from weirflow.mappings.flow import FlowChecks
from weirflow.mappings.judge import Sample

NODES = st.sampled_from(["a", "b", "c", "d"])
EDGES = ["e1", "e2", "e3", "e4", "e5"]
MAPPINGS = st.sampled_from(
    [
        {},
        {"x": "{{ $.x }}"},
        {"y": "{{ $.x + 1 }}", "x": 1},
        {"x": {"deeper": "{{ $ }}"}},
        {"context": "{{ $ }}", "conditions": [{"route": "a", "condition": "{{ $.x > 1 }}"}]},
        {"context": {"x": "{{ $.y }}"}},
        {"amount": "{{ $.x }}"},
        {"x": "{{ 1 / ($.x - 1) }}"},
        {"x": "{{ bro ken"},
    ]
)
SCHEMAS = st.one_of(
    st.builds(lambda value: signal(x=value), st.sampled_from([0, 1, True, "text", None, {"y": 1}])),
    st.sampled_from(["transform", "transform", "router", "stateful_counter", "debug"]).map(node),
)
WIRES = st.builds(
    lambda source, target, mapping, out, into: wire(source, target, mapping, out, into),
    NODES,
    NODES,
    MAPPINGS,
    st.sampled_from(["out", "out", "a", "value"]),
    st.sampled_from(["in", "in", "increment"]),
)
DATA = st.sampled_from([None, Sample({"x": 5}, "a message"), Sample({"x": "five"}, "a message"), Sample([1], "a list")])
EDITS = st.one_of(
    st.tuples(st.just("put_node"), NODES, SCHEMAS),
    st.builds(lambda edge, made: ("put_edge", edge, *made), st.sampled_from(EDGES), WIRES),
    st.tuples(st.just("drop_node"), NODES),
    st.tuples(st.just("drop_edge"), st.sampled_from(EDGES)),
    st.tuples(st.just("put_data"), NODES, st.sampled_from(["out", "a"]), DATA),
)


@st.composite
def beginnings(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    nodes = [("put_node", name, draw(SCHEMAS)) for name in "abcd"]
    return nodes + [("put_edge", edge, *draw(WIRES)) for edge in EDGES]


def shown(flow: FlowChecks) -> dict[str, Any]:
    samples = {
        f"{name}.{port}": flow.sample(name, port)
        for name, schemas in flow.schemas.nodes.items()
        for port in schemas.ports
    }
    return {**flow.verdicts(), **samples}


@settings(max_examples=100, deadline=None)
@given(
    beginnings(),
    st.lists(st.lists(EDITS, min_size=1, max_size=2), max_size=6),
    st.randoms(use_true_random=False),
)
def test_edits_lead_where_opening_anew_leads(beginning: list[Any], batches: list[list[Any]], random: Any) -> None:
    flow = FlowChecks()
    data: dict[tuple[str, str], Any] = {}
    mappings: dict[str, Any] = {}
    for batch in [beginning, *batches]:
        before = flow.verdicts()
        for name, *arguments in batch:
            getattr(flow, name)(*arguments)
            if name == "put_edge":
                mappings[arguments[0]] = arguments[2]
            elif name == "put_data":
                data[arguments[0], arguments[1]] = arguments[2]
            elif name == "drop_node":
                data = {place: sample for place, sample in data.items() if place[0] != arguments[0]}
        changed = flow.settle()

        fresh = FlowChecks()
        everything = [("put_node", *item) for item in flow.schemas.nodes.items()]
        everything += [("put_edge", edge, made, mappings[edge]) for edge, made in flow.schemas.wires.items()]
        everything += [("put_data", *place, sample) for place, sample in data.items() if sample is not None]
        random.shuffle(everything)
        for name, *arguments in everything:
            getattr(fresh, name)(*arguments)
        fresh.settle()
        assert shown(flow) == shown(fresh)
        assert {edge for edge, verdict in flow.verdicts().items() if before.get(edge) != verdict} <= changed
    assert flow.settle() == set()
